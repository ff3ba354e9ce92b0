/** The node of a cluster, and what is below it: its gateways, and its namespaces with their waypoints and Services. */

import type { Anchor } from '../base/anchor.ts';
import { isKnown, knownValue } from '../facts/field.ts';
import type { GatewayObject } from '../facts/objects.ts';
import type { Cluster, PlacedCluster } from '../layout/layout.ts';
import { skippedByReason } from '../layout/skip-reasons.ts';
import { DATAPLANE_MODE } from '../mesh/ambient.ts';
import type { Mesh } from '../mesh/model.ts';
import { splitKey } from '../mesh/object-key.ts';
import { gatewaysNode, isWaypoint } from './gateway-nodes.ts';
import { childId, node, scopeIcon, scopeWord, type TopologyNode } from './node.ts';
import { namespaceServices, serviceNode } from './service-nodes.ts';

/** A cluster, as a child of its network. */
export function clusterNode(mesh: Mesh, parent: string, cluster: PlacedCluster): TopologyNode {
  const id = childId(parent, 'cluster', cluster.id);
  const keys = writtenKeys(mesh, cluster);
  const global = keys.filter((key) => {
    const { namespace, name } = splitKey(key);
    return mesh.scope(cluster.id, cluster.id, namespace, name).scope === 'GLOBAL';
  }).length;
  const partial = mesh.partial(cluster.id);
  const version = mesh.version(cluster.id);
  const parts = [
    ...(cluster.imported === undefined ? [] : ['imported']),
    cluster.install.controlPlane === 'none' ? 'no control plane' : cluster.install.controlPlane,
    ...(version.text === undefined ? [] : [version.text]),
    partial ? 'incomplete' : `${global} global`,
  ];
  return node(
    {
      id,
      kind: 'cluster',
      label: cluster.name,
      description: parts.join(' · '),
      tooltip: clusterTooltip(cluster),
      icon: partial ? 'incomplete' : 'cluster',
      at: clusterPlace(cluster),
      object: { mesh: mesh.id, cluster: cluster.id, kind: 'Cluster', namespace: '', name: cluster.name },
    },
    () => clusterChildren(mesh, id, cluster, keys),
  );
}

/** Where a cluster is named, else anything that showed that it is one. */
function clusterPlace(cluster: PlacedCluster): Anchor | undefined {
  const placed = cluster.evidence.filter(({ at }) => at !== undefined);
  return (
    placed.find(({ field, contradicts, unknown }) => field === 'name' && (contradicts ?? unknown) === undefined) ??
    placed[0]
  )?.at;
}

/** A tooltip names no more files of one reason. */
const MOST_FILES = 5;

function clusterTooltip(cluster: PlacedCluster): readonly string[] {
  const because = cluster.evidence
    .filter(({ field, unknown }) => field === 'name' && unknown === undefined)
    .map(({ why }) => why);
  const files = (count: number): string => (count === 1 ? '1 file' : `${count} files`);
  return [
    cluster.imported === undefined
      ? `Cluster ${cluster.name}: ${files(cluster.files.length)}`
      : `Cluster ${cluster.name} of another repository, imported from ${cluster.imported}`,
    ...(because.length === 0 ? [] : [`recognised by ${[...new Set(because)].join(', ')}`]),
    ...(cluster.partial === 'import' ? ['the report says that it could not read all of it'] : []),
    ...skippedByReason(cluster.skipped).map(
      ({ why, files: unread }) =>
        `${files(unread.length)} not read. ${why}: ${unread
          .slice(0, MOST_FILES)
          .map(({ file }) => file)
          .join(', ')}${unread.length > MOST_FILES ? ', …' : ''}`,
    ),
  ];
}

function clusterChildren(
  mesh: Mesh,
  parent: string,
  cluster: Cluster,
  keys: readonly string[],
): readonly TopologyNode[] {
  const gateways = mesh.objects(cluster.id, 'Gateway');
  const edge = gateways.filter((gateway) => !isWaypoint(gateway));
  const byNamespace = new Map<string, { keys: string[]; waypoints: GatewayObject[] }>();
  const entry = (namespace: string): { keys: string[]; waypoints: GatewayObject[] } => {
    const found = byNamespace.get(namespace) ?? { keys: [], waypoints: [] };
    byNamespace.set(namespace, found);
    return found;
  };
  for (const { name } of mesh.objects(cluster.id, 'Namespace')) {
    if (isAmbient(mesh, cluster, name.value)) entry(name.value);
  }
  for (const key of keys) entry(splitKey(key).namespace).keys.push(key);
  for (const gateway of gateways) {
    const namespace = knownValue(gateway.namespace);
    if (namespace !== undefined && isWaypoint(gateway)) entry(namespace).waypoints.push(gateway);
  }
  const namespaces = [...byNamespace]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, content]) => namespaceNode(mesh, parent, cluster, name, content.keys, content.waypoints));
  return edge.length === 0 ? namespaces : [gatewaysNode(mesh, parent, cluster, edge), ...namespaces];
}

function namespaceNode(
  mesh: Mesh,
  parent: string,
  cluster: Cluster,
  name: string,
  keys: readonly string[],
  waypoints: readonly GatewayObject[],
): TopologyNode {
  const id = childId(parent, 'namespace', name);
  const written = mesh.object(cluster.id, 'Namespace', '', name);
  const label = written?.labels.entries.get('istio.io/use-waypoint');
  const parts = [
    ...(isAmbient(mesh, cluster, name) ? ['ambient'] : []),
    ...(label !== undefined && isKnown(label) ? [label.value] : []),
  ];
  return node(
    {
      id,
      kind: 'namespace',
      label: name === '' ? '(no namespace written)' : name,
      description: parts.join(' · '),
      tooltip: [`Namespace ${name} in ${cluster.name}`],
      icon: 'namespace',
      at: written?.at,
      object: { mesh: mesh.id, cluster: cluster.id, kind: 'Namespace', namespace: '', name },
    },
    () => [
      ...waypoints.map((waypoint) => waypointNode(mesh, id, cluster, name, waypoint)),
      ...namespaceServices(mesh, id, cluster.id, keys),
    ],
  );
}

function waypointNode(
  mesh: Mesh,
  parent: string,
  cluster: Cluster,
  namespace: string,
  waypoint: GatewayObject,
): TopologyNode {
  const name = waypoint.name.value;
  const { scope } = mesh.waypointScope(cluster.id, namespace, name);
  const served = mesh.servedBy(cluster.id, `${namespace}/${name}`);
  const id = childId(parent, 'waypoint', name);
  return node(
    {
      id,
      kind: 'waypoint',
      label: name,
      description: `${scopeWord(scope)} · ${served.length === 1 ? '1 service' : `${served.length} services`}`,
      tooltip: [`Waypoint ${namespace}/${name} in ${cluster.name}`],
      icon: scope === 'GLOBAL' ? 'waypoint' : scopeIcon(scope),
      at: waypoint.at,
      object: { mesh: mesh.id, cluster: cluster.id, kind: 'Gateway', namespace, name },
      expandable: served.length > 0,
    },
    () => served.flatMap((key) => serviceNode(mesh, id, cluster.id, key) ?? []),
  );
}

function isAmbient(mesh: Mesh, cluster: Cluster, namespace: string): boolean {
  const label = mesh.object(cluster.id, 'Namespace', '', namespace)?.labels.entries.get(DATAPLANE_MODE);
  return label !== undefined && isKnown(label) && label.value === 'ambient';
}

/** Keys of the Services that a manifest of this cluster writes. */
function writtenKeys(mesh: Mesh, cluster: Cluster): readonly string[] {
  return mesh.serviceKeys().filter((key) => {
    const { namespace, name } = splitKey(key);
    return mesh.serviceRow(cluster.id, namespace, name)?.service !== undefined;
  });
}
