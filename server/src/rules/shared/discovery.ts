/** Which namespaces an istiod sees by its discovery selectors, and what it misses of those that it does not see. */
import { isKnown, knownValue } from '../../facts/field.ts';
import type { NamespaceObject, Selector } from '../../facts/objects.ts';
import type { Cluster, ClusterId } from '../../layout/layout.ts';
import { DATAPLANE_MODE } from '../../mesh/ambient.ts';
import { sameItems } from '../../mesh/context.ts';
import type { Mesh } from '../../mesh/model.ts';
import { NETWORK_LABEL } from '../../mesh/network.ts';
import { relation } from '../../mesh/relation.ts';
import { namespaceLabel, sees } from '../../mesh/selectors.ts';
import { certainScope, ownScope, takesPart } from './taking-part.ts';
import { waypointsOf } from './waypoint-presence.ts';

/** Something of a namespace that an istiod should see. */
export interface Missed {
  readonly kind: 'Service' | 'waypoint' | 'east-west gateway' | 'Pods';
  readonly name: string;
}

/** The clusters whose istiod does not look at every namespace. */
export const choosing = relation(
  (mesh): readonly Cluster[] =>
    mesh.clusters.filter((cluster) => takesPart(mesh, cluster.id) && selectorsOf(cluster).length > 0),
  sameItems,
);

/** The discovery selectors of a cluster, as far as they are known. */
export function selectorsOf({ install }: Cluster): readonly Selector[] {
  return knownValue(install.discoverySelectors) ?? [];
}

/** True if a cluster that takes part is certain not to see the namespace. */
export function leavesOut(mesh: Mesh, viewer: Cluster, { name, labels }: NamespaceObject): boolean {
  return takesPart(mesh, viewer.id) && sees(selectorsOf(viewer), namespaceLabel(name.value, labels)) === 'no';
}

/** What the viewer's istiod needs of a namespace of a cluster: of its own one more than of others. */
export function missedBy(
  mesh: Mesh,
  viewer: Cluster,
  cluster: ClusterId,
  namespace: NamespaceObject,
): readonly Missed[] {
  const isHome = viewer.id === cluster;
  const name = namespace.name.value;
  const isGlobal = (service: string): boolean =>
    ownScope(mesh, cluster, name, service) === 'GLOBAL' &&
    certainScope(mesh, cluster, mesh.scope(viewer.id, cluster, name, service)) === 'GLOBAL';
  const waypoints = waypointsOf(mesh, cluster).filter((waypoint) => knownValue(waypoint.namespace) === name);
  const missed: Missed[] = [];
  for (const service of mesh.serviceNames(name)) {
    const row = mesh.serviceRow(cluster, name, service);
    if (row === undefined || !isGlobal(service)) continue;
    if (row.generatedFor === undefined) missed.push({ kind: 'Service', name: service });
    // A waypoint that is local is used in its own cluster alone.
    else if (waypoints.includes(row.generatedFor)) missed.push({ kind: 'waypoint', name: row.generatedFor.name.value });
  }
  if (isHome) missed.push(...waypoints.map((waypoint): Missed => ({ kind: 'waypoint', name: waypoint.name.value })));
  for (const { className, labels, name: gateway } of mesh.objects(cluster, 'Gateway', name)) {
    if (knownValue(className) !== 'istio-east-west') continue;
    if (isHome || isKnown(labels.entries.get(NETWORK_LABEL)))
      missed.push({ kind: 'east-west gateway', name: gateway.value });
  }
  const mode = namespace.labels.entries.get(DATAPLANE_MODE);
  if (isHome && viewer.install.enablementSelectors === undefined && isKnown(mode) && mode.value === 'ambient')
    missed.push({ kind: 'Pods', name: '' });
  return missed;
}
