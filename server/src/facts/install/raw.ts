/** Reads rendered objects: istiod's Deployment, ztunnel's DaemonSet and the ConfigMap `istio` (oracle `raw-*`). */
import { below } from '../../base/anchor.ts';
import { childPath } from '../../base/path.ts';
import { type Cursor, embedded, get, items } from '../../yaml/read.ts';
import { type Field, isKnown, isUnknown } from '../field.ts';
import type { SettingPlace } from '../install.ts';
import { containerNamed } from '../install-statements.ts';
import { readNonEmpty, readString, unknownNode } from '../read-scalar.ts';
import { aliasesIn } from './cluster-aliases.ts';
import {
  type FormReading,
  gapsOf,
  type LayeredStatement,
  mergedTree,
  NO_CONTROL_PLANE,
  placeOf,
} from './control-plane.ts';
import { envSigns, foreignAddress } from './control-plane-signs.ts';
import { envFlag, envValue, readEnvList, trustedNamespace } from './env.ts';
import { chartVersion, tagOfImage, versionField } from './istio-version.ts';
import { type MeshConfig, readMeshConfig, readMeshNetworks } from './mesh-config.ts';

/** Where a new variable goes in a container's list. */
function newVariable(container: Cursor, name: string): SettingPlace {
  const list = below(container.at, 'env');
  return {
    at: { doc: list.doc, path: childPath(list.path, items(get(container, 'env')).length) },
    envList: { at: list, name },
  };
}

/** The version in the image's tag, else in the label that the charts write since 1.24: an image may be named by its digest. */
function imageVersion(object: Cursor, container: Cursor): Field<string> {
  const image = readString(get(container, 'image'));
  const tag = isKnown(image) ? tagOfImage(image.value) : undefined;
  const stated = isKnown(image) && tag !== undefined ? versionField({ value: tag, at: image.at }) : undefined;
  return stated ?? chartVersion(readString(get(object, 'metadata', 'labels', 'app.kubernetes.io/version')));
}

export function readIstiodDeployment(layered: LayeredStatement): FormReading {
  const object = mergedTree(layered);
  const container = containerNamed(object, 'discovery');
  if (container === undefined) return {};
  const env = readEnvList(get(container, 'env'));
  const gaps = gapsOf(container.at, layered.layersOpen ?? false);
  const name = envValue(env, 'CLUSTER_ID');
  const flag = envFlag(env, 'AMBIENT_ENABLE_MULTI_NETWORK');
  const ambient = envFlag(env, 'PILOT_ENABLE_AMBIENT');
  const ambientAt = placeOf(ambient, newVariable(container, 'PILOT_ENABLE_AMBIENT'));
  return {
    controlPlane: {
      ...NO_CONTROL_PLANE,
      hasIstiod: true,
      clusterName: gaps.fill(name, 'Kubernetes', 'clusterName'),
      revision: envValue(env, 'REVISION'),
      istioNamespace: readNonEmpty(get(object, 'metadata', 'namespace')),
      istioVersion: imageVersion(object, container),
      ambient: gaps.fill(ambient, false, 'ambient'),
      multiNetworkFlag: gaps.fill(flag, false, 'multiNetworkFlag'),
      clusterAliases: aliasesIn(get(container, 'args')),
      trustedZtunnelNamespace: trustedNamespace(env),
      pilotEnv: env.vars,
      pilotEnvOpen:
        env.open ?? (get(container, 'envFrom') === undefined ? undefined : { unknown: 'value-from', at: container.at }),
      defaulted: gaps.defaulted,
      places: {
        ...NO_CONTROL_PLANE.places,
        clusterName: placeOf(name, newVariable(container, 'CLUSTER_ID')),
        pilotEnv: { at: below(container.at, 'env'), isList: true },
        multiNetworkFlag: placeOf(flag, newVariable(container, 'AMBIENT_ENABLE_MULTI_NETWORK')),
        ambient: ambientAt === undefined ? undefined : { ...ambientAt, value: 'true' },
      },
    },
    signs: envSigns(env),
  };
}

export function readZtunnelDaemonSet(layered: LayeredStatement): FormReading {
  const object = mergedTree(layered);
  const container = containerNamed(object, 'istio-proxy');
  if (container === undefined) return {};
  const env = readEnvList(get(container, 'env'));
  const gaps = gapsOf(container.at, layered.layersOpen ?? false);
  const name = envValue(env, 'ISTIO_META_CLUSTER_ID');
  const network = envValue(env, 'NETWORK');
  return {
    ztunnel: {
      settings: {
        at: container.at,
        clusterName: gaps.fill(name, 'Kubernetes', 'ztunnel.clusterName'),
        network: gaps.leave(network, 'ztunnel.network'),
        namespace: readNonEmpty(get(object, 'metadata', 'namespace')),
        istioVersion: imageVersion(object, container),
        inheritsGlobal: false,
        misspelt: [],
      },
      defaulted: gaps.defaulted,
      places: {
        clusterName: placeOf(name, newVariable(container, 'ISTIO_META_CLUSTER_ID')),
        network: placeOf(network, newVariable(container, 'NETWORK')),
      },
    },
    signs: [
      ...foreignAddress(envValue(env, 'XDS_ADDRESS'), 'ztunnel XDS_ADDRESS'),
      ...foreignAddress(envValue(env, 'CA_ADDRESS'), 'ztunnel CA_ADDRESS'),
    ],
  };
}

/** The mesh config of a ConfigMap's key `mesh`; every field unknown where the text is a placeholder or no YAML. */
function embeddedMesh(text: Cursor): MeshConfig {
  const mesh = embedded(text);
  if (mesh !== undefined) return readMeshConfig(mesh, 'typed');
  const unknown = { unknown: unknownNode(text.node) ?? 'wrong-type', at: text.at } as const;
  return {
    trustDomain: unknown,
    meshID: unknown,
    discoveryAddress: unknown,
    scopeConfigs: unknown,
    discoverySelectors: unknown,
    serviceSettings: unknown,
    caCertificates: text.at,
  };
}

/** The ConfigMap `istio` (or `istio-<revision>`): a mesh config without a control plane. */
export function readMeshConfigMap(layered: LayeredStatement): FormReading {
  const { statement } = layered;
  const object = mergedTree(layered);
  const text = get(object, 'data', 'mesh');
  if (text === undefined) return {};
  const mesh = embeddedMesh(text);
  const gaps = gapsOf(text.at, layered.layersOpen ?? false);
  const networksText = get(object, 'data', 'meshNetworks');
  const networks = networksText === undefined ? undefined : get(embedded(networksText), 'networks');
  const meshAt = embedded(text)?.at;
  const revision = statement.name?.replace(/^istio-?/, '') ?? '';
  const noScopes = { entries: [], at: text.at, fromProfile: false };
  return {
    controlPlane: {
      ...NO_CONTROL_PLANE,
      revision: revision === '' ? undefined : { value: revision, at: below(statement.at, 'metadata', 'name') },
      istioNamespace: readNonEmpty(get(object, 'metadata', 'namespace')),
      meshID: gaps.leave(mesh.meshID, 'meshID'),
      trustDomain: gaps.fill(mesh.trustDomain, 'cluster.local', 'trustDomain'),
      scopeConfigs: gaps.fill(mesh.scopeConfigs, noScopes, 'scopeConfigs'),
      discoverySelectors: gaps.leave(mesh.discoverySelectors),
      serviceSettings: gaps.leave(mesh.serviceSettings),
      otherCa: mesh.caCertificates,
      meshNetworks: isUnknown(mesh.meshID) ? undefined : readMeshNetworks(networks),
      defaulted: gaps.defaulted,
      places: {
        ...NO_CONTROL_PLANE.places,
        meshID: isKnown(mesh.meshID) ? { at: mesh.meshID.at } : undefined,
        scopeConfigs:
          meshAt === undefined ? undefined : placeOf(mesh.scopeConfigs, { at: below(meshAt, 'serviceScopeConfigs') }),
      },
    },
    signs: foreignAddress(mesh.discoveryAddress, 'defaultConfig.discoveryAddress'),
  };
}
