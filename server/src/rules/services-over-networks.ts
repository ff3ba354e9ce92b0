/** The global Services that have Pods on another network than their cluster's: requests to them can go through gateways. */
import type { Anchor } from '../base/anchor.ts';
import { isKnown, knownValue } from '../facts/field.ts';
import type { ClusterId } from '../layout/layout.ts';
import type { Mesh } from '../mesh/model.ts';
import { certainScope, isCertain, takesPart } from './taking-part.ts';

/** A Service of a cluster that is global there, and has Pods in a cluster on another network. */
export interface ServiceOverNetworks {
  /** `namespace/name`. */
  readonly key: string;
  readonly namespace: string;
  readonly name: string;
  readonly at: Anchor;
  /** Its waypoint, `namespace/name`; undefined if it has none for certain. */
  readonly waypoint: string | undefined;
}

/** Those of a cluster that takes part, in order of namespace and name. */
export function servicesOverNetworks(mesh: Mesh, cluster: ClusterId): readonly ServiceOverNetworks[] {
  const elsewhere = clustersElsewhere(mesh, cluster);
  if (elsewhere.length === 0) return [];
  return mesh.objects(cluster, 'Service').flatMap((service): readonly ServiceOverNetworks[] => {
    const namespace = knownValue(service.namespace);
    const name = service.name.value;
    if (namespace === undefined || !isServedElsewhere(mesh, cluster, elsewhere, namespace, name)) return [];
    const judged = mesh.waypoint(cluster, namespace, name);
    const waypoint = judged.waypoint === null || !isCertain(mesh, cluster, judged) ? undefined : judged.waypoint;
    return [{ key: `${namespace}/${name}`, namespace, name, at: service.name.at, waypoint }];
  });
}

/** True if a Service of a cluster is one of them. */
export function isOverNetworks(mesh: Mesh, cluster: ClusterId, namespace: string, name: string): boolean {
  return isServedElsewhere(mesh, cluster, clustersElsewhere(mesh, cluster), namespace, name);
}

/** The clusters on other networks. */
function clustersElsewhere(mesh: Mesh, cluster: ClusterId): readonly ClusterId[] {
  const network = knownValue(mesh.network(cluster).effective);
  if (network === undefined || !mesh.multicluster || !takesPart(mesh, cluster)) return [];
  return mesh.clusters
    .filter(({ id }) => {
      const other = knownValue(mesh.network(id).effective);
      return id !== cluster && takesPart(mesh, id) && other !== undefined && other !== network;
    })
    .map(({ id }) => id);
}

/** True if a Service is global in a cluster and in one of the others, which has Pods behind it. */
function isServedElsewhere(
  mesh: Mesh,
  cluster: ClusterId,
  elsewhere: readonly ClusterId[],
  namespace: string,
  name: string,
): boolean {
  const isGlobalOf = (owner: ClusterId): boolean =>
    certainScope(mesh, owner, mesh.scope(cluster, owner, namespace, name)) === 'GLOBAL';
  const hasPods = (owner: ClusterId): boolean => {
    const selector = mesh.serviceRow(owner, namespace, name)?.service?.selector;
    return isKnown(selector) && selector.value.entries.size > 0;
  };
  return isGlobalOf(cluster) && elsewhere.some((owner) => isGlobalOf(owner) && hasPods(owner));
}

/** True if the waypoint `namespace/name` of a cluster is certainly global. */
export function isGlobalWaypoint(mesh: Mesh, cluster: ClusterId, waypoint: string): boolean {
  const [namespace, name] = waypoint.split('/') as [string, string];
  return certainScope(mesh, cluster, mesh.waypointScope(cluster, namespace, name)) === 'GLOBAL';
}
