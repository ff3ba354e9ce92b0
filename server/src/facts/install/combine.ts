/** Puts together what several statements say of the same thing: a stated value beats a default, a contradiction is unknown. */
import type { Field } from '../field.ts';
import type { MisspeltValue } from '../install.ts';
import type { ControlPlane, DefaultedName, ZtunnelReading } from './control-plane.ts';

/** Equality of read values, wherever they are written. */
function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (a instanceof Map) {
    return (
      b instanceof Map &&
      a.size === b.size &&
      [...a].every(([key, value]) => b.has(key) && sameValue(value, b.get(key)))
    );
  }
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => sameValue(item, b[i]));
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  keys.delete('at');
  // Where a list comes from does not make it another list.
  keys.delete('fromProfile');
  return [...keys].every((key) => sameValue(a[key as never], b[key as never]));
}

/** Two statements of one field; `aDefault` tells that `a` is merely a default, `bDefault` the same of `b`. */
function combineField<T>(a: Field<T>, aDefault: boolean, b: Field<T>, bDefault: boolean): Field<T> {
  if (a === undefined || (aDefault && b !== undefined && !bDefault)) return b ?? a;
  if (b === undefined || (bDefault && !aDefault)) return a;
  if ('unknown' in a) return a.unknown === 'layered' ? b : a;
  if ('unknown' in b) return b.unknown === 'layered' ? a : b;
  return sameValue(a.value, b.value) ? a : { unknown: 'contradicted', at: b.at };
}

/** A field is a default in the combination only if it is one in every part that has it. */
function combineDefaulted(
  a: ReadonlySet<DefaultedName>,
  b: ReadonlySet<DefaultedName>,
  stated: (name: DefaultedName) => boolean,
): ReadonlySet<DefaultedName> {
  return new Set([...a, ...b].filter((name) => !stated(name)));
}

/** One control plane from two statements of it (its Deployment and its ConfigMap; values and rendered objects). */
export function combineControlPlanes(a: ControlPlane, b: ControlPlane): ControlPlane {
  const fields = <K extends keyof ControlPlane & DefaultedName>(name: K) =>
    combineField(
      a[name] as Field<unknown>,
      a.defaulted.has(name),
      b[name] as Field<unknown>,
      b.defaulted.has(name),
    ) as ControlPlane[K];
  const plain = <T>(x: Field<T>, y: Field<T>): Field<T> => combineField(x, false, y, false);
  const stated = (name: DefaultedName): boolean => {
    const has = (plane: ControlPlane): boolean =>
      name in plane && plane[name as keyof ControlPlane] !== undefined && !plane.defaulted.has(name);
    return has(a) || has(b);
  };
  return {
    hasIstiod: a.hasIstiod || b.hasIstiod,
    clusterName: fields('clusterName'),
    network: plain(a.network, b.network),
    meshID: fields('meshID'),
    trustDomain: fields('trustDomain'),
    profile: plain(a.profile, b.profile),
    revision: plain(a.revision, b.revision),
    revisionTags: plain(a.revisionTags, b.revisionTags),
    defaultRevision: plain(a.defaultRevision, b.defaultRevision),
    istioNamespace: plain(a.istioNamespace, b.istioNamespace),
    istioVersion: plain(a.istioVersion, b.istioVersion),
    ambient: fields('ambient'),
    multiNetworkFlag: fields('multiNetworkFlag'),
    scopeConfigs: fields('scopeConfigs'),
    discoverySelectors: plain(a.discoverySelectors, b.discoverySelectors),
    serviceSettings: plain(a.serviceSettings, b.serviceSettings),
    meshNetworks: plain(a.meshNetworks, b.meshNetworks),
    eastWestService: plain(a.eastWestService, b.eastWestService),
    otherCa: a.otherCa ?? b.otherCa,
    clusterAliases: a.clusterAliases ?? b.clusterAliases,
    misspeltValues: misspeltInBoth(a.misspeltValues, b.misspeltValues),
    trustedZtunnelNamespace: plain(a.trustedZtunnelNamespace, b.trustedZtunnelNamespace),
    pilotEnv: new Map([...b.pilotEnv, ...a.pilotEnv]),
    pilotEnvOpen: a.pilotEnvOpen ?? b.pilotEnvOpen,
    defaulted: combineDefaulted(a.defaulted, b.defaulted, stated),
    places: {
      clusterName: a.places.clusterName ?? b.places.clusterName,
      network: a.places.network ?? b.places.network,
      meshID: a.places.meshID ?? b.places.meshID,
      multiNetworkFlag: a.places.multiNetworkFlag ?? b.places.multiNetworkFlag,
      pilotEnv: a.places.pilotEnv ?? b.places.pilotEnv,
      scopeConfigs: a.places.scopeConfigs ?? b.places.scopeConfigs,
      ambient: a.places.ambient ?? b.places.ambient,
      revisionTags: a.places.revisionTags ?? b.places.revisionTags,
      trustedZtunnelNamespace: a.places.trustedZtunnelNamespace ?? b.places.trustedZtunnelNamespace,
    },
  };
}

function misspeltInBoth(a: readonly MisspeltValue[], b: readonly MisspeltValue[]): readonly MisspeltValue[] {
  return [...a, ...b.filter(({ path }) => !a.some((one) => one.path === path))];
}

/** One ztunnel from two statements of it. */
export function combineZtunnels(a: ZtunnelReading, b: ZtunnelReading): ZtunnelReading {
  const nameDefault = [a.defaulted.has('ztunnel.clusterName'), b.defaulted.has('ztunnel.clusterName')] as const;
  const networkDefault = [a.defaulted.has('ztunnel.network'), b.defaulted.has('ztunnel.network')] as const;
  const defaulted = new Set<DefaultedName>();
  const idle = a.settings.idle ?? b.settings.idle;
  const idleNetwork = a.settings.idleNetwork ?? b.settings.idleNetwork;
  if (nameDefault[0] && nameDefault[1]) defaulted.add('ztunnel.clusterName');
  if (networkDefault[0] && networkDefault[1]) defaulted.add('ztunnel.network');
  return {
    settings: {
      at: a.settings.at,
      clusterName: combineField(a.settings.clusterName, nameDefault[0], b.settings.clusterName, nameDefault[1]),
      network: combineField(a.settings.network, networkDefault[0], b.settings.network, networkDefault[1]),
      namespace: combineField(a.settings.namespace, false, b.settings.namespace, false),
      istioVersion: combineField(a.settings.istioVersion, false, b.settings.istioVersion, false),
      inheritsGlobal: a.settings.inheritsGlobal || b.settings.inheritsGlobal,
      misspelt: misspeltInBoth(a.settings.misspelt, b.settings.misspelt),
      ...(idle === undefined ? {} : { idle }),
      ...(idleNetwork === undefined ? {} : { idleNetwork }),
    },
    defaulted,
    places: {
      clusterName: a.places.clusterName ?? b.places.clusterName,
      network: a.places.network ?? b.places.network,
    },
  };
}

/** `cniAmbient` of two statements. */
export function combineSwitch(a: Field<boolean>, b: Field<boolean>): Field<boolean> {
  return combineField(a, false, b, false);
}
