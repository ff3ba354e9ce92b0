/** The configuration in force: the editor's settings or the command line's options, overridden by the configuration file. */
import type { DocumentId } from '../base/anchor.ts';
import { sameData } from '../base/incremental.ts';
import { type Config, type ConfigProblem, readConfig, type Settings } from '../config/config.ts';
import type { DocumentTable } from '../yaml/documents.ts';
import { rootCursor } from '../yaml/read.ts';
import type { EngineOptions } from './engine.ts';
import type { FileChange } from './file-facts.ts';

export class Configuration {
  config: Config;
  /** What is wrong in the configuration file. */
  problems: readonly ConfigProblem[];
  private document: DocumentId | undefined;
  private settings: Settings;

  constructor(
    private readonly documents: DocumentTable,
    private readonly options: Pick<EngineOptions, 'settings' | 'globBase'>,
    private readonly ruleIds: ReadonlySet<string>,
  ) {
    this.settings = options.settings ?? {};
    ({ config: this.config, problems: this.problems } = this.read());
  }

  /** Replaces the settings; true if the configuration is another one now. */
  configure(settings: Settings): boolean {
    this.settings = settings;
    return this.reread();
  }

  /** Takes a change of the configuration file; true if the configuration is another one now. */
  update(change: FileChange): boolean {
    if ('text' in change) this.document = this.documents.update(change.file, change.text).documents[0]?.id;
    else {
      this.documents.remove(change.file);
      this.document = undefined;
    }
    return this.reread();
  }

  private reread(): boolean {
    const before = this.config;
    ({ config: this.config, problems: this.problems } = this.read());
    return !sameData(before, this.config);
  }

  private read() {
    const root = this.document === undefined ? undefined : this.documents.parsed(this.document)?.root;
    const cursor = root === undefined || this.document === undefined ? undefined : rootCursor(this.document, root);
    return readConfig(cursor, this.settings, this.ruleIds, this.options.globBase);
  }
}
