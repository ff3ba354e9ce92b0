/** Reads the installation of a cluster from a saved report (`report/installation-json.ts` writes it). */
import { type Cursor, get, items } from '../../yaml/read.ts';
import { type Field, isKnown, knownValue } from '../field.ts';
import { NO_CONTROL_PLANE } from '../install/control-plane.ts';
import { readMeshConfig } from '../install/mesh-config.ts';
import type { InstallForm, InstallSettings, ZtunnelSettings } from '../install.ts';
import { isNull, readBoolean, readList, readString, readStringItem } from '../read-scalar.ts';

const ROLES: readonly InstallSettings['controlPlane'][] = ['primary', 'remote', 'external', 'none'];

/** Nothing in a report is a place where a fix could write. */
const NO_PLACES: InstallSettings['places'] = {
  ...NO_CONTROL_PLANE.places,
  cniAmbient: undefined,
  ztunnelClusterName: undefined,
  ztunnelNetwork: undefined,
};

export function readSavedInstallation(installation: Cursor): InstallSettings {
  const text = (key: string): Field<string> => readString(get(installation, key));
  const flag = (key: string): Field<boolean> => readBoolean(get(installation, key));
  const config = readMeshConfig(get(installation, 'meshConfig'), 'typed');
  const { scopeConfigs } = config;
  const fromProfile = knownValue(flag('scopesFromProfile')) ?? false;
  const role = ROLES.find((word) => word === knownValue(text('controlPlane'))) ?? 'none';
  return {
    statements: [],
    hasIstiod: knownValue(flag('hasIstiod')) ?? false,
    forms: new Set(words(get(installation, 'forms')) as InstallForm[]),
    clusterName: text('clusterName'),
    network: text('network'),
    meshID: text('meshID'),
    trustDomain: text('trustDomain'),
    profile: text('profile'),
    revision: text('revision'),
    revisionTags: readList(get(installation, 'revisionTags'), readStringItem),
    defaultRevision: text('defaultRevision'),
    istioNamespace: text('istioNamespace'),
    istioVersion: text('istioVersion'),
    ambient: flag('ambient'),
    multiNetworkFlag: flag('multiNetworkFlag'),
    cniAmbient: flag('cniAmbient'),
    enablementSelectors: get(installation, 'enablementSelectors')?.at,
    scopeConfigs: isKnown(scopeConfigs)
      ? { ...scopeConfigs, value: { ...scopeConfigs.value, fromProfile } }
      : scopeConfigs,
    discoverySelectors: config.discoverySelectors,
    serviceSettings: config.serviceSettings,
    meshNetworks: undefined,
    eastWestService: undefined,
    otherCa: get(installation, 'otherCa')?.at,
    clusterAliases: get(installation, 'clusterAliases')?.at,
    misspeltValues: [],
    ofSolo: knownValue(flag('ofSolo')) ?? false,
    controlPlaneSigns: [],
    controlPlane: role,
    ztunnel: readZtunnel(get(installation, 'ztunnel')),
    trustedZtunnelNamespace: text('trustedZtunnelNamespace'),
    pilotEnv: new Map(),
    // Reports leave variables out, since people put all sorts of things into them.
    pilotEnvOpen: { unknown: 'layered', at: installation.at },
    defaulted: new Set(
      words(get(installation, 'defaulted')) as InstallSettings['defaulted'] extends ReadonlySet<infer N> ? N[] : never,
    ),
    places: NO_PLACES,
    namespaceLabels: undefined,
    refusals: [],
  };
}

function readZtunnel(ztunnel: Cursor | undefined): ZtunnelSettings | undefined {
  if (ztunnel === undefined || isNull(ztunnel.node)) return undefined;
  return {
    at: ztunnel.at,
    clusterName: readString(get(ztunnel, 'clusterName')),
    network: readString(get(ztunnel, 'network')),
    namespace: readString(get(ztunnel, 'namespace')),
    istioVersion: readString(get(ztunnel, 'istioVersion')),
    inheritsGlobal: knownValue(readBoolean(get(ztunnel, 'inheritsGlobal'))) ?? false,
    misspelt: [],
  };
}

function words(list: Cursor | undefined): readonly string[] {
  return items(list).flatMap((item) => knownValue(readStringItem(item)) ?? []);
}
