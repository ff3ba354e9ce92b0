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
  const network = knownValue(mesh.network(cluster).effective);
  if (network === undefined || !mesh.multicluster || !takesPart(mesh, cluster)) return [];
  const elsewhere = mesh.clusters.filter(({ id }) => {
    const other = knownValue(mesh.network(id).effective);
    return id !== cluster && takesPart(mesh, id) && other !== undefined && other !== network;
  });
  return mesh.objects(cluster, 'Service').flatMap((service): readonly ServiceOverNetworks[] => {
    const namespace = knownValue(service.namespace);
    const name = service.name.value;
    if (namespace === undefined) return [];
    const isGlobalOf = (owner: ClusterId): boolean =>
      certainScope(mesh, owner, mesh.scope(cluster, owner, namespace, name)) === 'GLOBAL';
    const hasPods = (owner: ClusterId): boolean => {
      const selector = mesh.serviceRow(owner, namespace, name)?.service?.selector;
      return isKnown(selector) && selector.value.entries.size > 0;
    };
    if (!isGlobalOf(cluster) || !elsewhere.some(({ id }) => isGlobalOf(id) && hasPods(id))) return [];
    const judged = mesh.waypoint(cluster, namespace, name);
    const waypoint = judged.waypoint === null || !isCertain(mesh, cluster, judged) ? undefined : judged.waypoint;
    return [{ key: `${namespace}/${name}`, namespace, name, at: service.name.at, waypoint }];
  });
}

/** True if the waypoint `namespace/name` of a cluster is certainly global. */
export function isGlobalWaypoint(mesh: Mesh, cluster: ClusterId, waypoint: string): boolean {
  const [namespace, name] = waypoint.split('/') as [string, string];
  return certainScope(mesh, cluster, mesh.waypointScope(cluster, namespace, name)) === 'GLOBAL';
}
