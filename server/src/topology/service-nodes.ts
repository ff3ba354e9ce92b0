/** The nodes of Services, as children of a namespace, of a waypoint, or of the Service over all clusters. */
import type { ClusterId } from '../layout/layout.ts';
import type { Mesh } from '../mesh/model.ts';
import { childId, node, scopeIcon, scopeWord, type TopologyNode } from './node.ts';
import {
  isWaypointKnown,
  type ServiceStanding,
  type Standing,
  serviceStanding,
  waypointWord,
  writtenServices,
} from './service-standing.ts';

/** A Service in one cluster. `global · wp ≠ waypoint` where the other clusters have another waypoint. */
export function serviceNode(mesh: Mesh, parent: string, cluster: ClusterId, key: string): TopologyNode | undefined {
  const service = serviceStanding(mesh, key);
  const own = service.in.find((standing) => standing.cluster === cluster);
  if (own === undefined) return undefined;
  return standingNode(mesh, childId(parent, 'service', service.namespace, service.name), service, own, service.name);
}

/** The Services of a namespace in one cluster: the global and unknown ones, then one node that folds the local ones. */
export function namespaceServices(
  mesh: Mesh,
  parent: string,
  cluster: ClusterId,
  keys: readonly string[],
): readonly TopologyNode[] {
  const shown: TopologyNode[] = [];
  const local: string[] = [];
  for (const key of keys) {
    const service = serviceNode(mesh, parent, cluster, key);
    if (service === undefined) continue;
    if (service.icon === 'local' && !service.differs) local.push(key);
    else shown.push(service);
  }
  if (local.length === 0) return shown;
  const id = childId(parent, 'local');
  const fold = node(
    {
      id,
      kind: 'local-services',
      label: local.length === 1 ? '1 local service' : `${local.length} local services`,
      tooltip: ['Services that are reached only from their own cluster'],
      icon: 'local',
    },
    () => local.flatMap((key) => serviceNode(mesh, id, cluster, key) ?? []),
  );
  return [...shown, fold];
}

/** One node per Service of the mesh, those that differ first, then the global ones; one child per cluster. */
export function servicesAcrossClusters(mesh: Mesh, parent: string): readonly TopologyNode[] {
  const nodes = writtenServices(mesh).map((service) => acrossNode(mesh, parent, service));
  const rank = ({ differs, icon }: TopologyNode): number =>
    differs ? 0 : icon === 'global' ? 1 : icon === 'unknown' ? 2 : 3;
  return nodes.sort((a, b) => rank(a) - rank(b));
}

function acrossNode(mesh: Mesh, parent: string, service: ServiceStanding): TopologyNode {
  const { namespace, name } = service;
  const global = service.in.filter(({ scope }) => scope.scope === 'GLOBAL').length;
  const unknown = service.in.some(({ scope }) => scope.scope === 'UNKNOWN');
  const differs = service.scopeDiffers || service.waypointDiffers;
  const id = childId(parent, 'service', namespace, name);
  const parts = [
    global === 0 ? (unknown ? 'scope unknown' : 'local') : `global in ${global} of ${service.in.length}`,
    ...(service.waypointDiffers ? ['waypoint differs'] : []),
  ];
  return node(
    {
      id,
      kind: 'service',
      label: `${namespace}/${name}`,
      description: parts.join(' · '),
      tooltip: [`Service ${namespace}/${name}`, ...service.in.map((own) => standingLine(mesh, service, own))],
      icon: global > 0 ? 'global' : unknown ? 'unknown' : 'local',
      at: service.in
        .map(({ cluster }) => mesh.serviceRow(cluster, namespace, name)?.service?.at)
        .find((at) => at !== undefined),
      object: { mesh: mesh.id, cluster: undefined, kind: 'Service', namespace, name },
      differs,
    },
    () =>
      service.in.map((own) =>
        standingNode(mesh, childId(id, own.cluster), service, own, clusterName(mesh, own.cluster)),
      ),
  );
}

function standingNode(mesh: Mesh, id: string, service: ServiceStanding, own: Standing, label: string): TopologyNode {
  const { namespace, name } = service;
  const { cluster, scope } = own;
  return node({
    id,
    kind: 'service',
    label,
    description: [scopeWord(scope.scope), waypointPart(service, own)].filter((part) => part !== '').join(' · '),
    tooltip: [`Service ${namespace}/${name}`, ...service.in.map((other) => standingLine(mesh, service, other))],
    icon: scopeIcon(scope.scope),
    at: mesh.serviceRow(cluster, namespace, name)?.service?.at,
    object: { mesh: mesh.id, cluster, kind: 'Service', namespace, name },
    differs: service.scopeDiffers || service.waypointDiffers,
  });
}

/** The waypoint, and the waypoints of the other clusters where they are not the same; empty where none has one. */
function waypointPart(service: ServiceStanding, own: Standing): string {
  const word = waypointWord(own.waypoint, service.namespace);
  if (service.waypointDiffers && isWaypointKnown(own)) {
    const others = service.in
      .filter((other) => isWaypointKnown(other) && other.waypoint.waypoint !== own.waypoint.waypoint)
      .map(({ waypoint }) => waypointWord(waypoint, service.namespace));
    if (others.length > 0) return `${word} ≠ ${[...new Set(others)].join(', ')}`;
  }
  return own.waypoint.waypoint === null && own.waypoint.problem === null && !own.waypoint.unknown ? '' : word;
}

function standingLine(mesh: Mesh, service: ServiceStanding, own: Standing): string {
  return `${clusterName(mesh, own.cluster)}: ${scopeWord(own.scope.scope)}, ${waypointWord(own.waypoint, service.namespace)}`;
}

function clusterName(mesh: Mesh, id: ClusterId): string {
  return mesh.clusters.find((cluster) => cluster.id === id)?.name ?? id;
}
