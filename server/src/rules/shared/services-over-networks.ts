/** The global Services that have Pods on another network than their cluster's: requests to them can go through gateways. */

import type { Anchor } from '../../base/anchor.ts';
import { sameData } from '../../base/same-data.ts';
import { isKnown, knownValue } from '../../facts/field.ts';
import type { ClusterId } from '../../layout/layout.ts';
import type { Mesh } from '../../mesh/model.ts';
import { splitKey } from '../../mesh/object-key.ts';
import { relation } from '../../mesh/relation.ts';
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

/**
 * What follows from each Service over networks of a cluster, remembered by namespace: an edit concerns one of them. All namespaces of the
 * cluster, if not some are given.
 */
export function perServiceOverNetworks<T>(
  conclude: (mesh: Mesh, cluster: ClusterId, service: ServiceOverNetworks) => readonly T[],
): (mesh: Mesh, cluster: ClusterId, namespaces?: readonly string[]) => readonly T[] {
  const inNamespace = relation(
    (mesh, cluster: ClusterId, namespace: string): readonly T[] =>
      servicesIn(mesh, cluster, namespace).flatMap((service) => conclude(mesh, cluster, service)),
    sameData,
  );
  return (mesh, cluster, namespaces) =>
    otherNetworks(mesh, cluster).length === 0
      ? []
      : (namespaces ?? mesh.namespacesOf(cluster, 'Service')).flatMap((namespace) =>
          inNamespace(mesh, cluster, namespace),
        );
}

/** The clusters that take part on another network than this one; none if it takes no part itself. */
const otherNetworks = relation((mesh, cluster: ClusterId): readonly ClusterId[] => {
  const network = knownValue(mesh.network(cluster).effective);
  if (network === undefined || !mesh.multicluster || !takesPart(mesh, cluster)) return [];
  return mesh.clusterNames.flatMap(({ id }) => {
    const other = knownValue(mesh.network(id).effective);
    return id !== cluster && takesPart(mesh, id) && other !== undefined && other !== network ? [id] : [];
  });
}, sameData);

const servicesIn = relation(
  (mesh, cluster: ClusterId, namespace: string): readonly ServiceOverNetworks[] =>
    mesh.objects(cluster, 'Service', namespace).flatMap((service): readonly ServiceOverNetworks[] => {
      const name = service.name.value;
      if (!isOverNetworks(mesh, cluster, namespace, name)) return [];
      const judged = mesh.waypoint(cluster, namespace, name);
      const waypoint = judged.waypoint === null || !isCertain(mesh, cluster, judged) ? undefined : judged.waypoint;
      return [{ key: `${namespace}/${name}`, namespace, name, at: service.name.at, waypoint }];
    }),
  sameData,
);

/** True if a Service of a cluster is one of them: global there and in a cluster on another network, which has Pods behind it. */
export function isOverNetworks(mesh: Mesh, cluster: ClusterId, namespace: string, name: string): boolean {
  const isGlobalOf = (owner: ClusterId): boolean =>
    certainScope(mesh, owner, mesh.scope(cluster, owner, namespace, name)) === 'GLOBAL';
  const hasPods = (owner: ClusterId): boolean => {
    const selector = mesh.serviceRow(owner, namespace, name)?.service?.selector;
    return isKnown(selector) && selector.value.entries.size > 0;
  };
  const elsewhere = otherNetworks(mesh, cluster);
  return isGlobalOf(cluster) && elsewhere.some((owner) => isGlobalOf(owner) && hasPods(owner));
}

/** True if the waypoint `namespace/name` of a cluster is certainly global. */
export function isGlobalWaypoint(mesh: Mesh, cluster: ClusterId, waypoint: string): boolean {
  const { namespace, name } = splitKey(waypoint);
  return certainScope(mesh, cluster, mesh.waypointScope(cluster, namespace, name)) === 'GLOBAL';
}
