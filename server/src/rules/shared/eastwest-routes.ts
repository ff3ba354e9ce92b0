/** Routes of the Gateway API that are attached to an ambient east-west gateway, which carries none of them. */
import { has } from '../../base/istio-version.ts';
import { knownValue } from '../../facts/field.ts';
import type { GatewayObject, Listener, ObjectReference, RouteObject } from '../../facts/objects.ts';
import type { ClusterId } from '../../layout/layout.ts';
import { tlsMode } from '../../mesh/listeners.ts';
import type { Mesh } from '../../mesh/model.ts';
import type { Finding } from '../rule.ts';
import { assumedVersion, nameOf } from './wording.ts';

export function* judgeRoute(
  mesh: Mesh,
  cluster: ClusterId,
  gateway: GatewayObject,
  route: RouteObject,
): Iterable<Finding> {
  const namespace = knownValue(route.namespace);
  for (const parent of knownValue(route.parentRefs) ?? []) {
    const target = knownValue(parent.namespace ?? route.namespace);
    if (!namesGatewayApi(parent) || target === undefined || target !== knownValue(gateway.namespace)) continue;
    if (knownValue(parent.name) !== gateway.name.value || isCarried(mesh, cluster, gateway, route, parent)) continue;
    const title = `${route.routeKind} ${namespace === undefined ? '' : `${namespace}/`}${route.name.value}`;
    yield {
      check: `${target}/${gateway.name.value} ${knownValue(parent.sectionName) ?? ''}`,
      ofCluster: cluster,
      message: `${title} in ${nameOf(mesh, cluster)} is attached to the ambient east-west gateway ${target}/${gateway.name.value}, ${fate(mesh, cluster, route)}`,
      at: parent.at,
      clusters: [cluster],
      object: { kind: route.routeKind, namespace: namespace ?? null, name: route.name.value },
      related: [{ at: gateway.name.at, cluster, message: 'the east-west gateway' }],
    };
  }
}

function fate(mesh: Mesh, cluster: ClusterId, { routeKind }: RouteObject): string {
  if (!has(mesh.version(cluster), 'eastwest-tls-passthrough'))
    return 'which carries only HBONE before Istio 1.30. The route has no effect; attach it to a gateway of class istio.';
  return routeKind === 'TLSRoute'
    ? `which has no listener for it. Add one with protocol TLS and mode Passthrough, on a port other than 15008${assumedVersion(mesh, cluster)}.`
    : `which carries only HBONE and TLS passthrough${assumedVersion(mesh, cluster)}. The route has no effect; attach it to a gateway of class istio.`;
}

/** True if a `parentRef` is known to mean a Gateway. */
function namesGatewayApi({ group, kind }: ObjectReference): boolean {
  return (
    (group === undefined || knownValue(group) === 'gateway.networking.k8s.io') &&
    (kind === undefined || knownValue(kind) === 'Gateway')
  );
}

/**
 * True if the gateway carries the route, or if that is not known. A listener that Istio refuses is told by eastwest-listener-invalid:
 * what is attached to it waits.
 */
function isCarried(
  mesh: Mesh,
  cluster: ClusterId,
  gateway: GatewayObject,
  { routeKind }: RouteObject,
  { sectionName, port }: ObjectReference,
): boolean {
  const unknown = [gateway.listeners, sectionName, port].some((field) => field !== undefined && !('value' in field));
  const listeners = knownValue(gateway.listeners);
  if (unknown || listeners === undefined) return true;
  const judged = mesh.listeners(cluster, knownValue(gateway.namespace) ?? '', gateway.name.value);
  const meant = listeners.flatMap((listener, index) => {
    if (sectionName !== undefined && knownValue(listener.name) !== knownValue(sectionName)) return [];
    if (port !== undefined && knownValue(listener.port) !== knownValue(port)) return [];
    return [{ listener, accepted: judged[index]?.accepted }];
  });
  return meant.some(
    ({ listener, accepted }) => accepted !== true || (routeKind === 'TLSRoute' && passesThrough(listener)),
  );
}

/** True for a listener that passes TLS through. */
export function passesThrough(listener: Listener): boolean {
  return knownValue(listener.protocol) === 'TLS' && tlsMode(listener) === 'Passthrough';
}
