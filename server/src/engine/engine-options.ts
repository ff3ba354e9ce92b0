/** What an engine is told when it is made. */
import type { Failure } from '../base/failure.ts';
import type { Settings } from '../config/config.ts';
import type { ConfigArea } from '../config/config-area.ts';
import type { Rule } from '../rules/rule.ts';

export interface EngineOptions {
  /** The editor's settings or the command line's options; the configuration file wins over them. */
  readonly settings?: Settings;
  /** Where several configuration files hold; if there are none, one holds for all there is. Their contents come as file changes. */
  readonly areas?: readonly ConfigArea[];
  /** Path of the one configuration file, relative to the root of the world; its content comes as a file change. */
  readonly configFile?: string;
  /** The root as the configuration file's globs see it: '' or such as `clusters/east/` if the file is two folders up. */
  readonly globBase?: string;
  /** True if only a part of the root is read: what matches nothing may match something elsewhere. */
  readonly isPart?: boolean;
  /** `--cluster NAME=PATH`. */
  readonly declaredClusters?: readonly { readonly name: string; readonly path: string }[];
  /** For clusters that do not say. */
  readonly istioVersion?: string;
  /** What if all clusters had it. */
  readonly assumeIstioVersion?: string;
  /** ISO date of today, for entries of `ignore` with an end. */
  readonly today?: string;
  readonly rules?: readonly Rule[];
  /** Ids of rules to report although they are off by default; the configuration can still turn them off. */
  readonly askedFor?: readonly string[];
  /** False for rules whose findings are not going to be told: as if they were off, what follows from them is. */
  readonly isTold?: (rule: string) => boolean;
  /** Told of bugs: what fails is not known, or says nothing, and the rest goes on. By default the first one is thrown. */
  readonly onFailure?: Failure;
}
