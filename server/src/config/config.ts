/** The configuration in force in a part of the world: what its configuration file says, else the editor's settings, else the defaults. */
import type { Anchor, DocumentId } from '../base/anchor.ts';
import { sameData } from '../base/same-data.ts';
import { parseDocument } from '../yaml/parse.ts';
import { type Cursor, get, rootCursor } from '../yaml/read.ts';
import { type ConfigArea, WHOLE_WORLD } from './config-area.ts';
import {
  type Boundary,
  CONFIGURATION,
  type ConfigurationFile,
  type DeclaredMesh,
  type IgnoreEntry,
  type RuleSetting,
} from './configuration-schema.ts';
import { type ConfigProblem, readBySchema } from './read-by-schema.ts';

export type {
  Boundary,
  ConfiguredSeverity,
  DeclaredCluster,
  DeclaredMesh,
  IgnoreEntry,
} from './configuration-schema.ts';
export { ignores, isExpired } from './ignore.ts';
export type { ConfigProblem } from './read-by-schema.ts';
export { isWeighed, severityOf } from './rule-severity.ts';

/** The kinds that are in the workspace completely; true: all but Secret. */
export type Completeness = boolean | ReadonlySet<string>;

/** Plain data: two configurations that say the same are equal. */
export interface Config {
  /** For clusters that do not say. */
  readonly istioVersion: string | undefined;
  /** Where the configuration file says so; undefined where a setting does, or nothing. */
  readonly istioVersionAt: Anchor | undefined;
  readonly complete: Completeness;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly meshes: readonly DeclaredMesh[];
  readonly imports: readonly string[];
  readonly boundaries: readonly Boundary[];
  readonly rules: ReadonlyMap<string, RuleSetting>;
  readonly ignore: readonly IgnoreEntry[];
  /** What it holds for. */
  readonly area: ConfigArea;
}

/** Those of a world, at least one, in order of their files. What is in a file is decided by the one that holds for it. */
export type Configs = readonly [Config, ...Config[]];

/** The configuration that holds for a file: that of the innermost folder. A configuration file is judged by what it says itself. */
export function configOf(configs: Configs, file: string): Config {
  const [first, ...others] = configs;
  if (others.length === 0) return first;
  let found: Config | undefined;
  let length = -1;
  for (const config of configs) {
    if (config.area.file === file) return config;
    for (const part of config.area.parts) {
      if (part.length <= length || !file.startsWith(part)) continue;
      found = config;
      length = part.length;
    }
  }
  return found ?? first;
}

/** The configurations that hold for some files, in their order. */
export function configsOf(configs: Configs, files: Iterable<string>): readonly Config[] {
  if (configs.length === 1) return configs;
  const holding = new Set<Config>();
  for (const file of files) holding.add(configOf(configs, file));
  return configs.filter((config) => holding.has(config));
}

/** True if two lists of configurations place all files in the same clusters: the rest is about what is found there. */
export function placesAlike(a: Configs, b: Configs): boolean {
  const placing = ({ boundaries: _b, rules: _r, ignore: _i, ...config }: Config): Partial<Config> => config;
  return sameData(a.map(placing), b.map(placing));
}

/** True if two lists of configurations give every finding the same severity in every file. */
export function weighsAlike(a: Configs, b: Configs): boolean {
  const weighing = ({ area, rules }: Config): Partial<Config> => ({ area, rules });
  return sameData(a.map(weighing), b.map(weighing));
}

/** The editor's settings as they come: the keys of the configuration file, as JSON. What does not fit is left out. */
export type Settings = Readonly<Record<string, unknown>>;

/** Ids outside the catalogue of rules whose severity can be configured too. */
const OWN_IDS = ['invalid-configuration', 'invalid-kustomization', 'unused-suppression'] as const;

const DEFAULT_INCLUDE: readonly string[] = ['**/*.yaml', '**/*.yml'];
const NOTHING: readonly never[] = [];

/** No document has it: what stands in the settings has no place in a file. */
const SETTINGS_DOCUMENT = -1 as DocumentId;

/**
 * Reads the configuration.
 * @param root the configuration file's root; undefined if there is no such file, or nothing in it
 * @param settings the same keys as editor settings; the file wins, key by key
 * @param ruleIds the rules that there are
 * @param area what the file holds for
 * @returns the configuration, and what is wrong in the file; the rest of the file still counts
 */
export function readConfig(
  root: Cursor | undefined,
  settings: Settings,
  ruleIds: ReadonlySet<string>,
  area: ConfigArea = WHOLE_WORLD,
): { readonly config: Config; readonly problems: readonly ConfigProblem[] } {
  const ids = new Set([...ruleIds, ...OWN_IDS]);
  // JSON is YAML, so one reader serves both.
  const json = parseDocument(JSON.stringify(settings)).root;
  const editor = json && readBySchema(CONFIGURATION, rootCursor(SETTINGS_DOCUMENT, json), ids);
  const file = root && readBySchema(CONFIGURATION, root, ids);
  const written = file?.value as Stated;
  const stated = { ...(editor?.value as Stated), ...written };
  const at = written?.istioVersion === undefined ? undefined : get(root as Cursor, 'istioVersion')?.at;
  return { config: resolve(stated, at, area), problems: file?.problems ?? [] };
}

/** What is written, as far as it fits the schema. */
type Stated = Partial<ConfigurationFile> | undefined;

function resolve(stated: Partial<ConfigurationFile>, istioVersionAt: Anchor | undefined, area: ConfigArea): Config {
  return {
    istioVersion: stated.istioVersion,
    istioVersionAt,
    complete: completeness(stated.complete) ?? false,
    include: stated.include ?? DEFAULT_INCLUDE,
    exclude: stated.exclude ?? NOTHING,
    meshes: stated.meshes ?? NOTHING,
    imports: stated.imports ?? NOTHING,
    boundaries: stated.boundaries ?? NOTHING,
    rules: stated.rules ?? new Map(),
    ignore: stated.ignore ?? NOTHING,
    area,
  };
}

/** `complete` as a question that can be asked of a kind. */
export function completeness(stated: boolean | readonly string[] | undefined): Completeness | undefined {
  return stated === undefined || typeof stated === 'boolean' ? stated : new Set(stated);
}
