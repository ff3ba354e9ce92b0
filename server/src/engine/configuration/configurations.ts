/** The configuration files of a world, one or one for each of several folders, and which of them holds where. */
import type { ConfigProblem, Configs, Settings } from '../../config/config.ts';
import { type ConfigArea, WHOLE_WORLD } from '../../config/config-area.ts';
import type { DocumentTable } from '../../yaml/documents.ts';
import type { EngineOptions } from '../engine-options.ts';
import type { FileChange } from '../file-facts.ts';
import type { ImportEntry } from '../imports.ts';
import { Configuration } from './configuration.ts';

export class Configurations {
  /** In order of their files: where two contradict each other, the first one counts. */
  readonly all: readonly Configuration[];
  configs: Configs;

  constructor(
    documents: DocumentTable,
    options: Pick<EngineOptions, 'settings' | 'areas' | 'configFile' | 'globBase' | 'isPart'>,
    ruleIds: ReadonlySet<string>,
  ) {
    const { settings = {} } = options;
    const areas = [...areasOf(options)].sort((a, b) => (a.file < b.file ? -1 : 1));
    this.all = areas.map((area) => new Configuration(documents, area, settings, ruleIds));
    this.configs = this.read();
  }

  /** True if a file is one of them. */
  has(file: string): boolean {
    return this.all.some(({ area }) => area.file === file);
  }

  /** What is wrong in each of them. */
  get problems(): readonly ConfigProblem[] {
    return this.all.flatMap(({ problems }) => problems);
  }

  get imports(): readonly ImportEntry[] {
    return this.all.flatMap(({ imports }) => imports);
  }

  /** Replaces the settings; true if any configuration is another one now. */
  configure(settings: Settings): boolean {
    return this.changed(this.all.filter((one) => one.configure(settings)).length > 0);
  }

  /** Takes a change of one of the files; true if its configuration is another one now. */
  update(change: FileChange): boolean {
    return this.changed(this.all.find(({ area }) => area.file === change.file)?.update(change) === true);
  }

  private changed(isAnother: boolean): boolean {
    if (isAnother) this.configs = this.read();
    return isAnother;
  }

  private read(): Configs {
    return this.all.map(({ config }) => config) as unknown as Configs;
  }
}

function areasOf({
  areas = [],
  configFile = '',
  globBase = '',
  isPart = false,
}: Pick<EngineOptions, 'areas' | 'configFile' | 'globBase' | 'isPart'>): readonly ConfigArea[] {
  return areas.length > 0 ? areas : [{ ...WHOLE_WORLD, file: configFile, globBase, isPart }];
}
