/** Waypoints that requests of several clusters can come to. */

import type { GatewayObject } from '../../facts/objects.ts';
import type { ClusterId } from '../../layout/layout.ts';
import { controllerOf } from '../../mesh/gateway-classes.ts';
import type { Mesh } from '../../mesh/model.ts';
import { splitKey } from '../../mesh/object-key.ts';
import { certainScope, ownScope } from './taking-part.ts';

/** The Gateway of that name, if Istio serves it as a waypoint. */
export function waypointGateway(
  mesh: Mesh,
  cluster: ClusterId,
  namespace: string,
  name: string,
): GatewayObject | undefined {
  const gateway = mesh.object(cluster, 'Gateway', namespace, name);
  if (gateway === undefined) return undefined;
  return controllerOf(mesh, cluster, gateway, mesh.version(cluster)) === 'waypoint' ? gateway : undefined;
}

/** True if a waypoint is global, or serves a global Service, in its own cluster's eyes. */
export function isSharedWaypoint(mesh: Mesh, cluster: ClusterId, namespace: string, name: string): boolean {
  return (
    certainScope(mesh, cluster, mesh.waypointScope(cluster, namespace, name)) === 'GLOBAL' ||
    mesh.servedBy(cluster, `${namespace}/${name}`).some((key) => {
      const { namespace: ns, name: service } = splitKey(key);
      return ownScope(mesh, cluster, ns, service) === 'GLOBAL';
    })
  );
}
