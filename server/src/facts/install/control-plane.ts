/** What one install statement says of one control plane, one ztunnel and one CNI, before statements are put together. */
import type { Anchor } from '../../base/anchor.ts';
import type { Cursor } from '../../yaml/read.ts';
import { type Field, isKnown, type Known } from '../field.ts';
import type {
  ControlPlaneSign,
  InstallSettings,
  InstallStatement,
  Refusal,
  SettingPlace,
  SwitchPlace,
  ZtunnelSettings,
} from '../install.ts';
import type { ChartTraits } from './istio-version.ts';
import { mergeValues } from './merge-values.ts';

export type DefaultedName = InstallSettings['defaulted'] extends ReadonlySet<infer Name> ? Name : never;

/** The settings of one istiod. */
export type ControlPlane = Pick<
  InstallSettings,
  | 'hasIstiod'
  | 'clusterName'
  | 'network'
  | 'meshID'
  | 'trustDomain'
  | 'profile'
  | 'revision'
  | 'revisionTags'
  | 'defaultRevision'
  | 'istioNamespace'
  | 'istioVersion'
  | 'ambient'
  | 'multiNetworkFlag'
  | 'scopeConfigs'
  | 'discoverySelectors'
  | 'serviceSettings'
  | 'meshNetworks'
  | 'eastWestService'
  | 'otherCa'
  | 'clusterAliases'
  | 'misspeltValues'
  | 'trustedZtunnelNamespace'
  | 'pilotEnv'
  | 'pilotEnvOpen'
  | 'defaulted'
> & {
  readonly places: Omit<InstallSettings['places'], 'cniAmbient' | 'ztunnelClusterName' | 'ztunnelNetwork'>;
};

/** The settings of one ztunnel, with what composing needs. */
export interface ZtunnelReading {
  readonly settings: ZtunnelSettings;
  readonly defaulted: ReadonlySet<DefaultedName>;
  readonly places: { readonly clusterName: SettingPlace | undefined; readonly network: SettingPlace | undefined };
}

/** All that one statement (with its layers) says. */
export interface FormReading {
  readonly controlPlane?: ControlPlane | undefined;
  readonly ztunnel?: ZtunnelReading | undefined;
  readonly cniAmbient?: Field<boolean>;
  readonly cniPlace?: SwitchPlace | undefined;
  readonly defaultRevision?: Field<string>;
  readonly enablementSelectors?: Anchor | undefined;
  readonly signs?: readonly ControlPlaneSign[];
  readonly refusals?: readonly Refusal[];
}

/** A control plane of which nothing is known. */
export const NO_CONTROL_PLANE: ControlPlane = {
  hasIstiod: false,
  clusterName: undefined,
  network: undefined,
  meshID: undefined,
  trustDomain: undefined,
  profile: undefined,
  revision: undefined,
  revisionTags: undefined,
  defaultRevision: undefined,
  istioNamespace: undefined,
  istioVersion: undefined,
  ambient: undefined,
  multiNetworkFlag: undefined,
  scopeConfigs: undefined,
  discoverySelectors: undefined,
  serviceSettings: undefined,
  meshNetworks: undefined,
  eastWestService: undefined,
  otherCa: undefined,
  clusterAliases: undefined,
  misspeltValues: [],
  trustedZtunnelNamespace: undefined,
  pilotEnv: new Map(),
  pilotEnvOpen: undefined,
  defaulted: new Set(),
  places: {
    clusterName: undefined,
    network: undefined,
    meshID: undefined,
    multiNetworkFlag: undefined,
    pilotEnv: undefined,
    scopeConfigs: undefined,
    ambient: undefined,
    revisionTags: undefined,
    trustedZtunnelNamespace: undefined,
  },
};

/** Finds out how the charts of an installation behave, from the version that it states itself, if any. */
export type TraitsOf = (stated: Field<string>) => ChartTraits;

/** A statement with the layers below it, and what its file layout tells. */
export interface LayeredStatement {
  readonly statement: InstallStatement;
  /** Earlier files of the same installation (`-f base -f cluster`), lowest first. */
  readonly layers?: readonly InstallStatement[];
  /** True if another layer may exist that is not in sight: what is left out is then unknown. */
  readonly layersOpen?: boolean;
  /** The version of the chart, where a dependency or an installer names it. */
  readonly chartVersion?: Known<string>;
  /** The `Chart.yaml` of the umbrella chart that the values are for, where an installer or the folder tells it. */
  readonly chartFile?: InstallStatement;
}

/** The statement with what its installer tells of it. */
export function withInstaller(layered: LayeredStatement): LayeredStatement {
  const { installer, chartFile: ofFolder } = layered.statement;
  if (installer === undefined) return ofFolder === undefined ? layered : { ...layered, chartFile: ofFolder };
  const { layersOpen, chartVersion, chartFile } = installer;
  return {
    ...layered,
    ...(layersOpen ? { layersOpen } : {}),
    ...(chartVersion === undefined ? {} : { chartVersion }),
    ...(chartFile === undefined ? {} : { chartFile }),
  };
}

/** The statement's tree upon those of its layers. */
export function mergedTree({ statement, layers }: LayeredStatement): Cursor {
  const top: Cursor = { node: statement.root, at: statement.at };
  let base: Cursor | undefined;
  for (const layer of layers ?? []) base = mergeValues(base, { node: layer.root, at: layer.at });
  return mergeValues(base, top);
}

/** Decides what a value is that the statement at `at` leaves out: Istio's default, or unknown if a layer may set it. */
export interface Gaps {
  /** The field, or the default. `name` records in `defaulted` that it is one; `at` is where to show it, if not at the statement. */
  fill<T>(field: Field<T>, value: T, name: DefaultedName, at?: Anchor): Field<T>;
  /** The field, or nothing: there is no default to show. */
  leave<T>(field: Field<T>, name?: DefaultedName): Field<T>;
  readonly defaulted: ReadonlySet<DefaultedName>;
}

export function gapsOf(at: Anchor, layersOpen: boolean): Gaps {
  const defaulted = new Set<DefaultedName>();
  return {
    defaulted,
    fill(field, value, name, shownAt = at) {
      if (field !== undefined) return field;
      if (layersOpen) return { unknown: 'layered', at };
      defaulted.add(name);
      return { value, at: shownAt };
    },
    leave(field, name) {
      if (field !== undefined) return field;
      if (layersOpen) return { unknown: 'layered', at };
      if (name !== undefined) defaulted.add(name);
      return undefined;
    },
  };
}

/** The place of a stated value, else `otherwise`. What is written but cannot be read has no place to write to. */
export function placeOf(field: Field<unknown>, otherwise: SettingPlace): SettingPlace | undefined {
  if (field === undefined) return otherwise;
  return 'unknown' in field ? undefined : { at: field.at };
}

/**
 * Where ambient mode is turned on where it is off: at its own switch if that is written, else by the profile. Only installers have
 * profiles for OpenShift: the charts, which have none, are to be given the platform beside profile ambient.
 * @param otherwise where a profile is written if none is
 * @param by who reads the profile
 */
export function ambientPlace(
  stated: Field<boolean>,
  on: string | boolean,
  profile: Field<string>,
  otherwise: Anchor,
  by: 'installer' | 'chart',
): SwitchPlace | undefined {
  if (stated !== undefined) return isKnown(stated) && !stated.value ? { at: stated.at, value: on } : undefined;
  const chosen = placeOf(profile, { at: otherwise });
  const openshift = isKnown(profile) && profile.value.startsWith('openshift');
  if (chosen === undefined || (openshift && by === 'chart')) return undefined;
  return { ...chosen, value: openshift ? 'openshift-ambient' : 'ambient' };
}
