/** The gateways of a cluster: its doors to other networks, as opposed to its waypoints. */
import { isKnown, knownValue } from '../facts/field.ts';
import { WAYPOINT_CLASSES } from '../facts/gateway-classes.ts';
import type { GatewayObject } from '../facts/objects.ts';
import type { Cluster } from '../layout/layout.ts';
import type { Mesh } from '../mesh/model.ts';
import { childId, node, type TopologyNode } from './node.ts';

/** Classes whose Gateways are waypoints (pkg/config/constants/constants.go:185-189). */

/** True if a Gateway is a waypoint by its class; a class that cannot be read is none. */
export function isWaypoint(gateway: GatewayObject): boolean {
  return WAYPOINT_CLASSES.has(knownValue(gateway.className) ?? '');
}

/** The folder of all Gateways that are no waypoints. */
export function gatewaysNode(
  mesh: Mesh,
  parent: string,
  cluster: Cluster,
  gateways: readonly GatewayObject[],
): TopologyNode {
  const id = childId(parent, 'gateways');
  const children = gateways.map((gateway) => gatewayNode(mesh, id, cluster, gateway));
  return node(
    {
      id,
      kind: 'gateways',
      label: 'Gateways',
      description: [...new Set(children.map(({ description }) => description))].join(', '),
      icon: 'folder',
    },
    () => children,
  );
}

function gatewayNode(mesh: Mesh, parent: string, cluster: Cluster, gateway: GatewayObject): TopologyNode {
  const namespace = knownValue(gateway.namespace) ?? '';
  const name = gateway.name.value;
  const listeners = isKnown(gateway.listeners) ? gateway.listeners.value : [];
  const ports = listeners.flatMap(({ port }) => (isKnown(port) ? [`:${port.value}`] : []));
  const refused = mesh.listeners(cluster.id, namespace, name).filter(({ accepted }) => accepted === false);
  return node({
    id: childId(parent, namespace, name),
    kind: 'gateway',
    label: namespace === '' ? name : `${namespace}/${name}`,
    description: [knownValue(gateway.className) ?? 'class unknown', ...new Set(ports)].join(' '),
    tooltip: [
      `Gateway ${namespace}/${name}`,
      ...refused.map((listener) => `listener ${listener.name} not accepted: ${listener.reason}`),
    ],
    icon: 'gateway',
    at: gateway.at,
    object: { mesh: mesh.id, cluster: cluster.id, kind: 'Gateway', namespace, name },
  });
}
