/** The labels of a namespace's objects whose key is nearly one that Istio reads, and what is not read therefore. */
import type { Anchor } from '../../base/anchor.ts';
import { sameData } from '../../base/same-data.ts';
import { isKnown, type Known, knownValue } from '../../facts/field.ts';
import type { GatewayObject, Labels, Selector } from '../../facts/objects.ts';
import type { ClusterId } from '../../layout/layout.ts';
import { DATAPLANE_MODE } from '../../mesh/ambient.ts';
import { controllerOf } from '../../mesh/gateway-classes.ts';
import type { Mesh } from '../../mesh/model.ts';
import { istioNamespace, NETWORK_LABEL } from '../../mesh/network.ts';
import { relation } from '../../mesh/relation.ts';
import { INGRESS_USE_WAYPOINT, USE_WAYPOINT, USE_WAYPOINT_NAMESPACE } from '../../mesh/waypoint.ts';
import { goParseBool } from '../../yaml/scalar.ts';
import { GLOBAL_LABEL } from '../scope-not-uniform.ts';
import { misspelt } from './misspelt.ts';
import { ownScope } from './taking-part.ts';
import { WAYPOINT_FOR } from './traffic-types.ts';
import { clusterOf } from './wording.ts';

const OF_SERVICES = [USE_WAYPOINT, USE_WAYPOINT_NAMESPACE, INGRESS_USE_WAYPOINT] as const;

export interface MisspeltLabel {
  readonly kind: string;
  readonly name: string;
  /** As it is written, and what it is meant to be. */
  readonly key: string;
  readonly meant: string;
  readonly label: Known<string> & { readonly keyAt?: Anchor };
  /** What does not come about, such as `the Service stays local`; undefined if the value asks for nothing else than what is so anyway. */
  readonly consequence: string | undefined;
  /** False if other labels of the object are meant to be the same one: only one of them can be. */
  readonly isOnly: boolean;
}

/** Those of a namespace of a cluster. */
export const misspeltLabels = relation(find, sameData);

/** True if a Service, or its Namespace, has nearly a label that would name its waypoint. */
export function misnamesWaypoint(mesh: Mesh, cluster: ClusterId, namespace: string, service: string): boolean {
  return misspeltLabels(mesh, cluster, namespace).some(
    ({ kind, name, meant }) =>
      meant === USE_WAYPOINT && (kind === 'Namespace' || (kind === 'Service' && name === service)),
  );
}

function find(mesh: Mesh, cluster: ClusterId, namespace: string): readonly MisspeltLabel[] {
  // A key that Istio does not read is wrong whether or not the cluster is open to others.
  if (!mesh.multicluster || !mesh.ambient(cluster)) return [];
  const { keys: selected, isOpen } = selectedKeys(mesh);
  const ownModes = clusterOf(mesh, cluster)?.install.enablementSelectors !== undefined;
  const found: MisspeltLabel[] = [];
  for (const one of labelled(mesh, cluster, namespace)) {
    const own: Omit<MisspeltLabel, 'isOnly'>[] = [];
    for (const [key, label] of one.labels.entries) {
      const meant = misspelt(key, one.keys);
      if (meant === undefined || one.labels.entries.has(meant) || !isKnown(label) || selected.includes(key)) continue;
      if ((meant === GLOBAL_LABEL && isOpen) || (meant === DATAPLANE_MODE && ownModes)) continue;
      const { kind, name } = one;
      own.push({ kind, name, key, meant, label, consequence: one.without(meant, label.value) });
    }
    for (const label of own)
      found.push({ ...label, isOnly: own.filter(({ meant }) => meant === label.meant).length === 1 });
  }
  return found;
}

/** The keys that the mesh configuration of any cluster selects by: istiod reads whatever these are; `isOpen` if some are not known. */
const selectedKeys = relation((mesh): { readonly keys: readonly string[]; readonly isOpen: boolean } => {
  const installs = mesh.clusters.map(({ install }) => install);
  const scopes = installs.map(({ scopeConfigs }) => scopeConfigs);
  const selectors = [
    ...scopes
      .flatMap((scope) => knownValue(scope)?.entries ?? [])
      .flatMap((entry) => [entry.namespaceSelector, entry.servicesSelector]),
    ...installs.flatMap(({ discoverySelectors }) => knownValue(discoverySelectors) ?? []),
  ];
  return {
    keys: selectors.flatMap((selector) => (selector === undefined ? [] : keysOf(selector))),
    isOpen: scopes.some((scope) => scope !== undefined && !isKnown(scope)),
  };
}, sameData);

function keysOf({ matchLabels, matchExpressions }: Selector): readonly string[] {
  return [...matchLabels.entries.keys(), ...matchExpressions.flatMap(({ key }) => knownValue(key) ?? [])];
}

interface Labelled {
  readonly kind: string;
  readonly name: string;
  readonly labels: Labels;
  /** What Istio reads there. */
  readonly keys: readonly string[];
  /** What does not come about without a label of a key and value; undefined if nothing. */
  without(key: string, value: string): string | undefined;
}

function* labelled(mesh: Mesh, cluster: ClusterId, namespace: string): Iterable<Labelled> {
  const written = mesh.object(cluster, 'Namespace', '', namespace);
  if (written !== undefined) {
    // Of the networks of Namespaces istiod reads that of its own one (networks.go:69-112).
    const isHome = istioNamespace(clusterOf(mesh, cluster)) === namespace;
    yield {
      kind: 'Namespace',
      name: namespace,
      labels: written.labels,
      keys: [DATAPLANE_MODE, ...(isHome ? [NETWORK_LABEL] : []), ...OF_SERVICES],
      without: withoutOnNamespace,
    };
  }
  for (const { name, labels } of mesh.objects(cluster, 'Service', namespace)) {
    const isLocal = (): boolean => ownScope(mesh, cluster, namespace, name.value) === 'LOCAL';
    const without = (key: string, value: string): string | undefined => {
      if (key !== GLOBAL_LABEL) return withoutWaypoint('Service', key, value);
      if (value !== 'true') return undefined;
      return isLocal() ? 'the Service stays local' : 'it does not make the Service global';
    };
    yield { kind: 'Service', name: name.value, labels, keys: [GLOBAL_LABEL, ...OF_SERVICES], without };
  }
  for (const { name, labels } of mesh.objects(cluster, 'ServiceEntry', namespace)) {
    const without = (key: string, value: string): string | undefined => withoutWaypoint('ServiceEntry', key, value);
    yield { kind: 'ServiceEntry', name: name.value, labels, keys: OF_SERVICES, without };
  }
  for (const gateway of mesh.objects(cluster, 'Gateway', namespace)) {
    yield {
      kind: 'Gateway',
      name: gateway.name.value,
      labels: gateway.labels,
      keys: [GLOBAL_LABEL, WAYPOINT_FOR, NETWORK_LABEL],
      without: (key, value) => withoutOnGateway(mesh, cluster, gateway, key, value),
    };
  }
  for (const { workloadKind: kind, name, podLabels: labels } of mesh.objects(cluster, 'Workload', namespace)) {
    const keys = [DATAPLANE_MODE, USE_WAYPOINT, USE_WAYPOINT_NAMESPACE];
    yield { kind, name: name.value, labels, keys, without: withoutOnPods };
  }
}

function withoutOnNamespace(key: string, value: string): string | undefined {
  if (key === NETWORK_LABEL) return "istiod does not get the cluster's network from it";
  // `none` on a Namespace is as no label is (waypoints.go:99-149, cni/pkg/util/enablement_selector.go:81-99).
  if (value === 'none') return undefined;
  return key === DATAPLANE_MODE
    ? 'it does not bring the Namespace into the ambient mesh'
    : withoutWaypoint('Namespace', key, value);
}

function withoutOnPods(key: string, value: string): string | undefined {
  if (key !== DATAPLANE_MODE) return withoutWaypoint('Pods', key, value);
  return value === 'none'
    ? 'it does not keep the Pods out of the ambient mesh'
    : 'it does not bring the Pods into the ambient mesh';
}

function withoutWaypoint(of: string, key: string, value: string): string | undefined {
  const its = of === 'Pods' ? 'their' : 'its';
  if (key === USE_WAYPOINT_NAMESPACE) return `the waypoint is looked for in ${its} own namespace`;
  if (key === INGRESS_USE_WAYPOINT)
    return goParseBool(value) === false
      ? undefined
      : 'it does not make ingress gateways send requests through the waypoint';
  return value === 'none' ? `it keeps no waypoint from the ${of}` : `it gives the ${of} no waypoint`;
}

function withoutOnGateway(
  mesh: Mesh,
  cluster: ClusterId,
  gateway: GatewayObject,
  key: string,
  value: string,
): string | undefined {
  if (key === GLOBAL_LABEL) return value === 'true' ? 'it does not make the Service of the Gateway global' : undefined;
  if (key === WAYPOINT_FOR)
    return value === 'service' ? undefined : 'the waypoint handles what is the default, Services';
  const controller = controllerOf(mesh, cluster, gateway, mesh.version(cluster));
  return controller === 'east-west' || controller === 'remote'
    ? 'no cluster finds a gateway of that network in it'
    : 'it does not tell the Gateway its network';
}
