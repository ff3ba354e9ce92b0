/** The listeners of a waypoint that Istio refuses, for the rule that tells of them and those that leave the matter to it. */
import { knownValue } from '../../facts/field.ts';
import type { GatewayObject, Listener } from '../../facts/objects.ts';
import type { ClusterId } from '../../layout/layout.ts';
import { inboundBinding } from '../../mesh/attachment.ts';
import { controllerOf } from '../../mesh/gateway-classes.ts';
import type { Mesh } from '../../mesh/model.ts';

export interface WaypointListeners {
  /** One is as it must be: HBONE on port 15008. */
  readonly accepted: boolean;
  readonly refused: readonly Listener[];
}

/** Undefined for what is no waypoint of Istio's own proxy, for one that is bound in another way, and where a value is not known. */
export function waypointListeners(
  mesh: Mesh,
  cluster: ClusterId,
  gateway: GatewayObject,
): WaypointListeners | undefined {
  const version = mesh.version(cluster);
  // The controller of agentgateway does not look at the listeners of its waypoints.
  if (knownValue(gateway.className) === 'istio-agentgateway-waypoint') return undefined;
  if (controllerOf(mesh, cluster, gateway, version) !== 'waypoint') return undefined;
  if (inboundBinding(mesh, cluster, gateway) !== 'absent') return undefined;
  const listeners = knownValue(gateway.listeners) ?? [];
  const judged = mesh.listeners(cluster, knownValue(gateway.namespace) ?? '', gateway.name.value);
  const accepted = judged.some((listener) => listener.accepted === true);
  const refused = listeners.filter((_, index) => judged[index]?.accepted === false);
  // Without port or protocol it is half typed: the API server refuses it, and says so.
  const complete = refused.every(({ port, protocol }) => port !== undefined && protocol !== undefined);
  if (!complete || (!accepted && refused.length < listeners.length)) return undefined;
  return { accepted, refused };
}

/** True if a waypoint says which namespaces it admits, but at a listener that Istio does not look at: then it admits its own one. */
export function admitsInVain(mesh: Mesh, cluster: ClusterId, gateway: GatewayObject): boolean {
  const listeners = waypointListeners(mesh, cluster, gateway);
  if (listeners === undefined || listeners.accepted) return false;
  return listeners.refused.some(({ allowedRoutes }) => allowedRoutes !== undefined);
}
