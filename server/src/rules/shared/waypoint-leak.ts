/** A local Service whose waypoint is global: through it, other clusters answer for the Service (limitation 5). */

import type { GatewayObject, ServiceObject } from '../../facts/objects.ts';
import type { ClusterId } from '../../layout/layout.ts';
import type { Mesh } from '../../mesh/model.ts';
import { splitKey } from '../../mesh/object-key.ts';
import { isExternalName, isHeadless } from './global-sides.ts';
import { certainScope, isCertain, ownScope, takesPart } from './taking-part.ts';
import { nameOf } from './wording.ts';

export interface WaypointLeak {
  readonly cluster: ClusterId;
  readonly name: string;
  readonly service: ServiceObject;
  readonly gateway: GatewayObject;
  /** `ns/name` of the waypoint. */
  readonly waypoint: string;
}

/** The leak of a Service in one cluster, as a list of one; nothing where there is none, or it is not certain. */
export function waypointLeak(mesh: Mesh, cluster: ClusterId, namespace: string, name: string): readonly WaypointLeak[] {
  const service = mesh.serviceRow(cluster, namespace, name)?.service;
  if (service === undefined || !takesPart(mesh, cluster) || isExternalName(service)) return [];
  // ztunnel finds a Service, and with it its waypoint, by the cluster IP that is called (ztunnel src/proxy/outbound.rs:599-613).
  if (isHeadless(service)) return [];
  const judged = mesh.waypoint(cluster, namespace, name);
  const { gateway, waypoint } = judged;
  if (waypoint === null || gateway === undefined || !isCertain(mesh, cluster, judged)) return [];
  if (ownScope(mesh, cluster, namespace, name) !== 'LOCAL') return [];
  const { namespace: waypointNamespace, name: waypointName } = splitKey(waypoint);
  const scope = mesh.waypointScope(cluster, waypointNamespace, waypointName);
  // A waypoint that no other cluster has leads nowhere else.
  if (certainScope(mesh, cluster, scope) !== 'GLOBAL' || mesh.owners(waypointNamespace, waypointName).length < 2)
    return [];
  return [{ cluster, name: nameOf(mesh, cluster), service, gateway, waypoint }];
}
