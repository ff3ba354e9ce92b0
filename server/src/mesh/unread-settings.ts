/** Settings of a cluster that are Istio's defaults for all that was read, and that may be set in what was not: those are not known. */
import { type Field, knownValue } from '../facts/field.ts';
import { chartTraits } from '../facts/install/istio-version.ts';
import { defaultScopeConfigs } from '../facts/install/profiles.ts';
import type { InstallSettings } from '../facts/install.ts';
import type { Sign } from '../facts/unread-signs.ts';
import type { Cluster } from '../layout/layout.ts';

type Defaulted = InstallSettings['defaulted'] extends ReadonlySet<infer Name> ? Name : never;

/** What tells that a setting may be made. */
const SIGNS: Readonly<Record<Defaulted, Sign>> = {
  ambient: 'PILOT_ENABLE_AMBIENT',
  multiNetworkFlag: 'AMBIENT_ENABLE_MULTI_NETWORK',
  meshID: 'meshID',
  clusterName: 'clusterName',
  trustDomain: 'trustDomain',
  scopeConfigs: 'serviceScopeConfigs',
  'ztunnel.clusterName': 'clusterName',
  'ztunnel.network': 'network',
};

/**
 * @param cluster a view: its properties are tracked reads, and so are those of what is returned
 * @param isShown a tracked read of whether a file that may be of the cluster shows the sign; documentation does for no cluster of a mesh
 * where one of them is known not to leave it out
 */
export function withUnreadSettings(
  cluster: Cluster,
  isShown: (sign: Sign, isLeftOut: (install: InstallSettings) => boolean) => boolean,
): Cluster {
  const { install } = cluster;
  const isOpen = (name: Defaulted): boolean =>
    install.defaulted.has(name) &&
    // A profile brings scopes, too.
    (isShown(SIGNS[name], ({ defaulted }) => defaulted.has(name)) || (name === 'scopeConfigs' && isOpen('ambient')));
  const unless = <T>(name: Defaulted, field: Field<T>): Field<T> =>
    field !== undefined && isOpen(name) ? { unknown: 'layered', at: field.at } : field;
  const settings: { readonly [K in keyof InstallSettings]?: () => InstallSettings[K] } = {
    defaulted: () => new Set([...install.defaulted].filter((name) => !isOpen(name))),
    ambient: () => unless('ambient', install.ambient),
    multiNetworkFlag: () => unless('multiNetworkFlag', install.multiNetworkFlag),
    clusterName: () => unless('clusterName', install.clusterName),
    trustDomain: () => unless('trustDomain', install.trustDomain),
    scopeConfigs: () => {
      const scopes = unless('scopeConfigs', install.scopeConfigs);
      if (scopes === install.scopeConfigs || scopes === undefined) return scopes;
      const isStated = isShown('serviceScopeConfigs', ({ defaulted }) => defaulted.has('scopeConfigs'));
      const isOfProfile = !isStated && isShown('ambient-profile', ({ defaulted }) => defaulted.has('ambient'));
      const { scopeDefault } = chartTraits(knownValue(install.istioVersion));
      // Where the profile is another one after all, no scope has any effect.
      return isOfProfile && scopeDefault ? { value: defaultScopeConfigs(scopes.at), at: scopes.at } : scopes;
    },
    cniAmbient: () => {
      const { cniAmbient } = install;
      return cniAmbient && lacksProfileOfCni(install) && isShown('PILOT_ENABLE_AMBIENT', lacksProfileOfCni)
        ? { unknown: 'layered', at: cniAmbient.at }
        : cniAmbient;
    },
    ztunnel: () => {
      const { ztunnel } = install;
      return ztunnel && { ...ztunnel, clusterName: unless('ztunnel.clusterName', ztunnel.clusterName) };
    },
  };
  const view = Object.create(
    install,
    Object.fromEntries(Object.entries(settings).map(([key, get]) => [key, { get, enumerable: true }])),
  ) as InstallSettings;
  return Object.create(cluster, { install: { value: view, enumerable: true } }) as Cluster;
}

function lacksProfileOfCni({ cniAmbient, places }: InstallSettings): boolean {
  return knownValue(cniAmbient) === false && places.cniAmbient?.value !== true;
}
