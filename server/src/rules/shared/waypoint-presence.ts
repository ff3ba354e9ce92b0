/** The waypoints that a cluster's manifests make, and how much it says that one is not among them. */
import { isKnown, knownValue } from '../../facts/field.ts';
import { WAYPOINT_CLASSES } from '../../facts/gateway-classes.ts';
import type { GatewayObject } from '../../facts/objects.ts';
import type { ClusterId } from '../../layout/layout.ts';
import type { Mesh } from '../../mesh/model.ts';
import { relation } from '../../mesh/relation.ts';
import { deletedObject } from './deleted-object.ts';
import { isWeak } from './taking-part.ts';

/** The Gateways of a cluster that are of a class for waypoints. */
export const waypointsOf = relation((mesh, cluster: ClusterId): readonly GatewayObject[] =>
  mesh.objects(cluster, 'Gateway').filter(({ className }) => WAYPOINT_CLASSES.has(knownValue(className) ?? '')),
);

/** True if a waypoint that is not in the workspace may be there all the same: waypoints are often made by `istioctl`. */
export function isWeaklyMissing(mesh: Mesh, cluster: ClusterId, name: string): boolean {
  return mayStandUnread(mesh, cluster, name) || (hasNoWaypoint(mesh, cluster) && !mesh.complete(cluster, 'Gateway'));
}

const hasNoWaypoint = relation((mesh, cluster: ClusterId): boolean => waypointsOf(mesh, cluster).length === 0);

/** True if what was not read may hold a waypoint of that name. */
export function mayStandUnread(mesh: Mesh, cluster: ClusterId, name: string): boolean {
  return isWeak(mesh, cluster, 'Gateway', 'istio-waypoint', `Gateway/${name}`);
}

/** True if a manifest that says no namespace makes a waypoint of that name: it may be the one. */
export function mayBeNamed(mesh: Mesh, cluster: ClusterId, name: string): boolean {
  return waypointsOf(mesh, cluster).some((waypoint) => waypoint.name.value === name && !isKnown(waypoint.namespace));
}

/** Classes of Gateways that are no waypoints, though a label can name them, with what those are. */
const NO_WAYPOINTS: ReadonlyMap<string, string> = new Map([
  ['istio', 'an ingress gateway'],
  ['istio-east-west', 'an east-west gateway'],
]);

/** What a Gateway is instead of a waypoint; undefined if it is one, or may be. */
export function insteadOfWaypoint({ className }: GatewayObject): string | undefined {
  return NO_WAYPOINTS.get(knownValue(className) ?? '');
}

/** True if no waypoint can be what a label names: nothing, another kind of Gateway, or one that is certainly not there. */
export function namesNoWaypoint(mesh: Mesh, cluster: ClusterId, namespace: string, name: string): boolean {
  if (name === '') return true;
  const gateway = mesh.object(cluster, 'Gateway', namespace, name);
  if (gateway !== undefined) return insteadOfWaypoint(gateway) !== undefined;
  if (mayBeNamed(mesh, cluster, name)) return false;
  return (
    deletedObject(mesh, cluster, 'Gateway', namespace, name) !== undefined || !isWeaklyMissing(mesh, cluster, name)
  );
}
