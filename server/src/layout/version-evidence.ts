/** Collects what told a cluster's Istio version, in the order in which it counts (`mesh/version.ts`). */
import { type IstioVersion, mayBeSame, parseIstioVersion } from '../base/istio-version.ts';
import type { Config } from '../config/config.ts';
import { CONFIGURATION_FILE } from '../config/config-area.ts';
import { SETTINGS_SECTION } from '../config/editor-settings.ts';
import { isKnown } from '../facts/field.ts';
import type { InstallSettings } from '../facts/install.ts';
import type { DeclaredGroup } from './declared-clusters.ts';
import type { Evidence } from './layout.ts';

/** Versions given from outside: for clusters that do not say, and for all of them. */
export interface VersionAssumptions {
  readonly istioVersion?: string;
  readonly assumeIstioVersion?: string;
}

export interface VersionGrounds {
  readonly declared: DeclaredGroup | undefined;
  readonly install: InstallSettings;
  /** The first that gives a version to clusters which do not say. */
  readonly config: Pick<Config, 'area' | 'istioVersion' | 'istioVersionAt'> | undefined;
  readonly versions: VersionAssumptions;
}

/** Evidence without its file: an anchor knows its file, `compute-layout` adds the first one elsewhere. */
export type Found = Omit<Evidence, 'file'> & Partial<Pick<Evidence, 'file'>>;

/** The configuration file that declares something; without one it is the command line. */
export function declaredWhy(config: Pick<Config, 'area'> | undefined): string {
  return config === undefined ? '--cluster' : config.area.file || CONFIGURATION_FILE;
}

export function* versionEvidence(grounds: VersionGrounds): Generator<Found> {
  let first: IstioVersion | undefined;
  for (const { text, ...found } of saidVersions(grounds)) {
    const version = parseIstioVersion(text);
    first ??= version;
    yield version === undefined || first === undefined || mayBeSame(first, version)
      ? found
      : { ...found, contradicts: true };
  }
  if (first === undefined) yield* forClustersThatDoNotSay(grounds);
}

function* saidVersions({ declared, install, versions }: VersionGrounds): Generator<Found & { readonly text: string }> {
  const field = 'istioVersion';
  if (versions.assumeIstioVersion !== undefined) {
    yield { field, text: versions.assumeIstioVersion, at: undefined, file: '', why: '--assume-istio-version' };
  }
  if (declared?.istioVersion !== undefined) {
    const { value, at } = declared.istioVersion;
    yield { field, text: value, at, why: declaredWhy(declared.config) };
  }
  const { istioVersion } = install;
  if (isKnown(istioVersion)) yield { field, text: istioVersion.value, at: istioVersion.at, why: 'version of istiod' };
}

function* forClustersThatDoNotSay({ config, versions }: VersionGrounds): Generator<Found> {
  const field = 'istioVersion';
  if (versions.istioVersion !== undefined) yield { field, at: undefined, file: '', why: '--istio-version' };
  else if (config?.istioVersionAt !== undefined) yield { field, at: config.istioVersionAt, why: declaredWhy(config) };
  else if (config?.istioVersion !== undefined)
    yield { field, at: undefined, file: '', why: `setting ${SETTINGS_SECTION}.istioVersion` };
}
