/** The configuration in force: the editor's settings or the command line's options, overridden by the configuration file. */
import type { DocumentId } from '../base/anchor.ts';
import { sameData } from '../base/same-data.ts';
import { type Config, type ConfigProblem, readConfig, type Settings } from '../config/config.ts';
import type { DocumentTable } from '../yaml/documents.ts';
import { get, items, rootCursor } from '../yaml/read.ts';
import type { EngineOptions } from './engine.ts';
import type { FileChange } from './file-facts.ts';
import type { ImportEntry } from './imports.ts';

export class Configuration {
  config: Config;
  /** What is wrong in the configuration file. */
  problems: readonly ConfigProblem[];
  /** What it imports, with the places where the file says so. */
  imports: readonly ImportEntry[] = [];
  private document: DocumentId | undefined;
  private settings: Settings;

  constructor(
    private readonly documents: DocumentTable,
    private readonly options: Pick<EngineOptions, 'settings' | 'globBase'>,
    private readonly ruleIds: ReadonlySet<string>,
  ) {
    this.settings = options.settings ?? {};
    ({ config: this.config, problems: this.problems, imports: this.imports } = this.read());
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
    ({ config: this.config, problems: this.problems, imports: this.imports } = this.read());
    return !sameData(before, this.config);
  }

  private read() {
    const root = this.document === undefined ? undefined : this.documents.parsed(this.document)?.root;
    const cursor = root === undefined || this.document === undefined ? undefined : rootCursor(this.document, root);
    const read = readConfig(cursor, this.settings, this.ruleIds, this.options.globBase);
    const written = items(get(cursor, 'imports'));
    const imports = read.config.imports.map(
      (path): ImportEntry => ({
        path,
        at: written.find(({ node }) => node.type === 'scalar' && node.text === path)?.at,
      }),
    );
    return { ...read, imports };
  }
}
