/**
 * What the istiod chart makes of its values (manifests/charts/istio-control/istio-discovery): the part that Helm,
 * IstioOperator and Sail share. Order: defaults < profile < values < `pilot.*`, which the chart copies over the root
 * (templates/zzz_profile.yaml, templates/zzy_descope_legacy.yaml; semantics.md A.0.1, A.0.4).
 */
import { type Anchor, below } from '../../base/anchor.ts';
import { childPath } from '../../base/path.ts';
import { type Cursor, get, items } from '../../yaml/read.ts';
import { type Field, isKnown, knownValue } from '../field.ts';
import type { EnvPlace, ScopeConfigs, SettingPlace } from '../install.ts';
import { isNull, reach, readList, readStringItem } from '../read-scalar.ts';
import { readServiceOverlay } from '../service-overlay.ts';
import { leftEmpty, named, printed, type Reading, switchedOn } from './chart-values.ts';
import { aliasesIn } from './cluster-aliases.ts';
import {
  ambientPlace,
  type ControlPlane,
  type FormReading,
  type Gaps,
  gapsOf,
  NO_CONTROL_PLANE,
  placeOf,
  type TraitsOf,
} from './control-plane.ts';
import { envSigns, foreignAddress, valuesSigns } from './control-plane-signs.ts';
import { type Env, envFlag, envValue, mergeEnv, NO_ENV, readEnvList, readEnvMap, trustedNamespace } from './env.ts';
import { type ChartTraits, tagOfImage, versionField } from './istio-version.ts';
import { mergeValues } from './merge-values.ts';
import { type MeshConfig, readMeshConfig, readMeshNetworks } from './mesh-config.ts';
import { misspeltMeshConfig, misspeltValues } from './misspelt-values.ts';
import { type ChartProfile, chartProfile, defaultScopeConfigs } from './profiles.ts';
import { refusedValues } from './refusals.ts';

export interface IstiodChartInput {
  /** The values, all layers merged. */
  readonly values: Cursor | undefined;
  /** What overrides `meshConfig` of the values, key by key (IstioOperator's `spec.meshConfig`). */
  readonly meshConfigOver?: Cursor | undefined;
  /** What overrides the rendered environment (IstioOperator's `k8s.env` and overlays). */
  readonly envOver?: Env;
  readonly profile: Field<string>;
  readonly reading: Reading;
  /** The statement: where values that are left out are shown. */
  readonly at: Anchor;
  /** Where values are written; they need not exist yet. */
  readonly valuesAt: Anchor;
  /** Where a profile is written if none is. */
  readonly profileAt: Anchor;
  /** Where a mesh config is written. */
  readonly meshConfigAt: Anchor;
  /** A list to which new variables of istiod belong, if the user writes them in one. */
  readonly envListPlace?: Cursor | undefined;
  readonly namespace: Field<string>;
  /** The version that the installer or the chart names, if the image does not. */
  readonly version: Field<string>;
  /** A tag that beats those of the values (`components.pilot.tag`). */
  readonly tagOver?: Field<string>;
  /** Revision that the installer names (IstioOperator's `spec.revision`, the name of Sail's `Istio`). */
  readonly revision?: Field<string>;
  readonly layersOpen: boolean;
  /** Whether a profile that only the installer has brings Istio's default scopes. */
  readonly bringsScopes?: (profile: string | undefined) => boolean | undefined;
}

/** A value as the chart sees it after `pilot.*` was copied over the root. */
function chartValue(values: Cursor | undefined, ...path: readonly string[]): Cursor | undefined {
  return reach(get(values, 'pilot'), ...path) ?? reach(values, ...path);
}

/** istiod's environment: root `env` < the profile's `pilot.env` < `pilot.env` < `envVarFrom` < what the installer lays over it. */
function istiodEnv(input: IstiodChartInput, profile: ChartProfile | undefined): Env {
  const { values } = input;
  const fromProfile: Env =
    profile?.ambient === true && isKnown(input.profile)
      ? { vars: new Map([['PILOT_ENABLE_AMBIENT', { value: 'true', at: input.profile.at }]]), open: undefined }
      : NO_ENV;
  return mergeEnv(
    readEnvMap(reach(values, 'env')),
    fromProfile,
    readEnvMap(reach(values, 'pilot', 'env')),
    readEnvList(chartValue(values, 'envVarFrom')),
    input.envOver ?? NO_ENV,
  );
}

/** The tag of istiod's image. */
function istiodTag(input: IstiodChartInput): Field<string> {
  const { values } = input;
  const image = printed(chartValue(values, 'image'));
  if (isKnown(image) && image.value.includes('/')) {
    const tag = tagOfImage(image.value);
    if (tag !== undefined) return { value: tag, at: image.at };
  }
  return input.tagOver ?? printed(chartValue(values, 'tag')) ?? printed(chartValue(values, 'global', 'tag'));
}

/** Where variables of istiod that are not written yet go: where the user writes the others. */
function envPlace({ values, valuesAt, envListPlace }: IstiodChartInput): EnvPlace {
  if (get(values, 'pilot', 'env') === undefined) {
    if (envListPlace?.node.type === 'seq') return { at: envListPlace.at, isList: true };
    if (get(values, 'env')?.node.type === 'map') return { at: below(valuesAt, 'env'), isList: false };
  }
  return { at: below(valuesAt, 'pilot', 'env'), isList: false };
}

function newVariable(input: IstiodChartInput, name: string): SettingPlace {
  const { at, isList } = envPlace(input);
  if (!isList) return { at: below(at, name) };
  const path = childPath(at.path, items(input.envListPlace).length);
  return { at: { doc: at.doc, path }, envList: { at, name } };
}

/** The scope list; a profile of which it is not certain what it brings leaves it unknown. */
function readScopes(
  profile: ChartProfile | undefined,
  input: IstiodChartInput,
  mesh: MeshConfig,
  traits: ChartTraits,
  gaps: Gaps,
): Field<ScopeConfigs> {
  const brings = profile?.scopes ?? input.bringsScopes?.(knownValue(input.profile));
  if (mesh.scopeConfigs !== undefined || brings === undefined) return mesh.scopeConfigs;
  const at = isKnown(input.profile) ? input.profile.at : input.at;
  const brought = brings && traits.scopeDefault ? defaultScopeConfigs(at) : { entries: [], at, fromProfile: false };
  return gaps.fill(undefined, brought, 'scopeConfigs', at);
}

/** Platform `openshift` brings this namespace for ztunnel; profile `openshift-ambient` of an installer brings the platform. */
function platformsNamespace({ values, profile }: IstiodChartInput): Field<string> {
  const platform =
    named(chartValue(values, 'platform'), 'printed') ?? named(chartValue(values, 'global', 'platform'), 'printed');
  const chosen = platform ?? (isKnown(profile) && profile.value.startsWith('openshift') ? profile : undefined);
  if (chosen === undefined || !isKnown(chosen)) return chosen;
  return chosen.value.startsWith('openshift') ? { value: 'kube-system', at: chosen.at } : undefined;
}

/** The null that takes away what layers below it, or the chart, say of a setting. */
function nullAt(values: Cursor | undefined, ...keys: readonly string[]): Anchor | undefined {
  for (const path of [keys, ['pilot', ...keys]]) {
    let cursor = values;
    for (const key of path) {
      cursor = cursor && get(cursor, key);
      if (cursor !== undefined && isNull(cursor.node)) return cursor.at;
    }
  }
  return undefined;
}

/** The fields that a fix may set, as far as they are stated. */
interface Stated {
  readonly clusterName: Field<string>;
  readonly network: Field<string>;
  readonly meshID: Field<string>;
  readonly multiNetworkFlag: Field<boolean>;
  readonly scopeConfigs: Field<ScopeConfigs>;
  readonly ambient: Field<boolean>;
  readonly trustedZtunnelNamespace: Field<string>;
  readonly revisionTags: ControlPlane['revisionTags'];
}

function placesOf(input: IstiodChartInput, stated: Stated): ControlPlane['places'] {
  const { valuesAt, meshConfigAt } = input;
  return {
    clusterName: placeOf(stated.clusterName, { at: below(valuesAt, 'global', 'multiCluster', 'clusterName') }),
    network: placeOf(stated.network, { at: below(valuesAt, 'global', 'network') }),
    meshID: placeOf(stated.meshID, { at: below(valuesAt, 'global', 'meshID') }),
    multiNetworkFlag: placeOf(stated.multiNetworkFlag, newVariable(input, 'AMBIENT_ENABLE_MULTI_NETWORK')),
    pilotEnv: envPlace(input),
    scopeConfigs: placeOf(stated.scopeConfigs, { at: below(meshConfigAt, 'serviceScopeConfigs') }),
    trustedZtunnelNamespace: placeOf(stated.trustedZtunnelNamespace, {
      // The typed values of installers know it below `pilot` only.
      at: below(input.reading === 'typed' ? below(valuesAt, 'pilot') : valuesAt, 'trustedZtunnelNamespace'),
    }),
    revisionTags: placeOf(stated.revisionTags, { at: below(valuesAt, 'revisionTags') }),
    ambient: ambientPlace(
      stated.ambient,
      'true',
      input.profile,
      input.profileAt,
      input.reading === 'typed' ? 'installer' : 'chart',
    ),
  };
}

/** Reads a control plane from the values of its chart. */
export function readIstiodChart(
  input: IstiodChartInput,
  traitsOf: TraitsOf,
): Required<Pick<FormReading, 'signs' | 'refusals'>> & { readonly controlPlane: ControlPlane } {
  const { values, reading } = input;
  const gaps = gapsOf(input.at, input.layersOpen);
  const profile =
    isKnown(input.profile) || input.profile === undefined ? chartProfile(knownValue(input.profile)) : undefined;
  const env = istiodEnv(input, profile);
  const mesh = readMeshConfig(
    mergeValues(mergeValues(reach(values, 'meshConfig'), reach(values, 'pilot', 'meshConfig')), input.meshConfigOver),
    reading,
  );
  const remote = profile?.remote === true || switchedOn(chartValue(values, 'istiodRemote', 'enabled'));
  const configMap = chartValue(values, 'configMap');
  const hasConfigMap = configMap === undefined ? profile?.remote !== true : switchedOn(configMap);

  const trusted = chartValue(values, 'trustedZtunnelNamespace');
  const stated: Stated = {
    clusterName:
      envValue(input.envOver ?? NO_ENV, 'CLUSTER_ID') ??
      named(chartValue(values, 'global', 'multiCluster', 'clusterName'), reading) ??
      leftEmpty(chartValue(values, 'global', 'multiCluster', 'clusterName')),
    network: named(chartValue(values, 'global', 'network'), reading),
    meshID: mesh.meshID ?? named(chartValue(values, 'global', 'meshID'), reading),
    multiNetworkFlag: envFlag(env, 'AMBIENT_ENABLE_MULTI_NETWORK'),
    scopeConfigs: mesh.scopeConfigs,
    ambient: envFlag(env, 'PILOT_ENABLE_AMBIENT'),
    revisionTags: readList(chartValue(values, 'revisionTags'), readStringItem),
    trustedZtunnelNamespace: named(trusted, reading),
  };
  const version = versionField(istiodTag(input)) ?? input.version;
  // A profile that cannot be read leaves open whether it switches ambient on.
  const unknownProfile = input.profile !== undefined && 'unknown' in input.profile ? input.profile : undefined;

  const controlPlane: ControlPlane = {
    ...NO_CONTROL_PLANE,
    hasIstiod: !remote,
    clusterName: gaps.fill(stated.clusterName, 'Kubernetes', 'clusterName'),
    network: gaps.leave(stated.network),
    meshID: hasConfigMap ? gaps.leave(stated.meshID, 'meshID') : undefined,
    trustDomain: hasConfigMap
      ? gaps.fill(mesh.trustDomain, 'cluster.local', 'trustDomain', nullAt(values, 'meshConfig', 'trustDomain'))
      : undefined,
    profile: gaps.leave(input.profile),
    revision: input.revision ?? named(chartValue(values, 'revision'), reading),
    revisionTags: gaps.leave(stated.revisionTags),
    // The chart base reads it, but one file may serve both.
    defaultRevision: named(chartValue(values, 'defaultRevision'), 'printed'),
    istioNamespace: input.namespace,
    istioVersion: gaps.leave(version),
    ambient: remote ? undefined : (stated.ambient ?? unknownProfile ?? gaps.fill(undefined, false, 'ambient')),
    multiNetworkFlag: remote
      ? undefined
      : gaps.fill(
          stated.multiNetworkFlag,
          false,
          'multiNetworkFlag',
          nullAt(values, 'env', 'AMBIENT_ENABLE_MULTI_NETWORK'),
        ),
    scopeConfigs: hasConfigMap
      ? (readScopes(profile, input, mesh, traitsOf(version), gaps) ?? unknownProfile)
      : undefined,
    discoverySelectors: gaps.leave(mesh.discoverySelectors),
    serviceSettings: gaps.leave(mesh.serviceSettings),
    meshNetworks: gaps.leave(readMeshNetworks(chartValue(values, 'global', 'meshNetworks'))),
    eastWestService: gaps.leave(readServiceOverlay(chartValue(values, 'gatewayClasses', 'istio-east-west', 'service'))),
    otherCa: named(chartValue(values, 'global', 'caAddress'), 'printed')?.at ?? mesh.caCertificates,
    clusterAliases: aliasesIn(chartValue(values, 'extraContainerArgs')),
    misspeltValues: [...misspeltValues('istiod', values), ...misspeltMeshConfig(input.meshConfigOver)],
    trustedZtunnelNamespace: gaps.leave(
      trustedNamespace(env) ?? (trusted === undefined ? platformsNamespace(input) : stated.trustedZtunnelNamespace),
    ),
    pilotEnv: env.vars,
    pilotEnvOpen: env.open ?? (input.layersOpen ? { unknown: 'layered', at: input.at } : undefined),
    defaulted: gaps.defaulted,
    places: placesOf(input, stated),
  };
  return {
    controlPlane,
    refusals: refusedValues(values, 'istiod'),
    signs: [
      ...valuesSigns(values, input.profile),
      ...envSigns(env),
      ...foreignAddress(mesh.discoveryAddress, 'meshConfig.defaultConfig.discoveryAddress'),
    ],
  };
}
