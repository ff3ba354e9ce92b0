/** One row per Service: its scope in the eyes of every cluster, and the waypoint it resolves to in every cluster. */
import type { ClusterId } from '../layout/layout.ts';
import type { Mesh, Scope, WaypointJudgement } from '../mesh/model.ts';
import { splitKey } from '../mesh/object-key.ts';
import type { ClusterKey } from './cluster-keys.ts';

export interface ServiceJson {
  readonly mesh: string;
  readonly namespace: string;
  readonly name: string;
  /** Istio generates it in every cluster that has it. */
  readonly generated?: true;
  /** By the cluster that has the Service. */
  readonly clusters: Readonly<Record<string, ServiceInClusterJson>>;
}

export interface ServiceInClusterJson {
  /** By the cluster that looks at it. */
  readonly scope: Readonly<Record<string, Scope>>;
  /** `namespace/name`, null, or UNKNOWN. */
  readonly waypoint: string | null;
  readonly waypointProblem: WaypointJudgement['problem'];
  readonly generated?: true;
  /** The global waypoint through which this local Service is reached from other clusters. */
  readonly leaksThrough?: string;
}

export function* serviceRows(mesh: Mesh, key: ClusterKey): Generator<ServiceJson, void> {
  for (const serviceKey of mesh.serviceKeys()) {
    const { namespace, name } = splitKey(serviceKey);
    const rows = mesh
      .owners(namespace, name)
      .map((owner) => [key(owner), row(mesh, key, owner, namespace, name)] as const);
    yield {
      mesh: mesh.id,
      namespace,
      name,
      ...(rows.every(([, { generated }]) => generated) ? { generated: true as const } : {}),
      clusters: Object.fromEntries(rows),
    };
  }
}

function row(mesh: Mesh, key: ClusterKey, owner: ClusterId, namespace: string, name: string): ServiceInClusterJson {
  const scope = mesh.clusters.map(({ id }) => [key(id), mesh.scope(id, owner, namespace, name).scope] as const);
  const judgement = mesh.waypoint(owner, namespace, name);
  const leak = leaksThrough(mesh, owner, namespace, name);
  return {
    scope: Object.fromEntries(scope),
    waypoint: judgement.unknown ? 'UNKNOWN' : judgement.waypoint,
    waypointProblem: judgement.problem,
    ...(mesh.serviceRow(owner, namespace, name)?.service === undefined ? { generated: true as const } : {}),
    ...(leak === undefined ? {} : { leaksThrough: leak }),
  };
}

/** The waypoint of a local Service if it is global: then the Service is reached from other clusters too (semantics.md A.5, istio#57710). */
export function leaksThrough(mesh: Mesh, cluster: ClusterId, namespace: string, name: string): string | undefined {
  const { waypoint, unknown } = mesh.waypoint(cluster, namespace, name);
  if (unknown || waypoint === null || mesh.scope(cluster, cluster, namespace, name).scope !== 'LOCAL') return undefined;
  const gateway = splitKey(waypoint);
  return mesh.waypointScope(cluster, gateway.namespace, gateway.name).scope === 'GLOBAL' ? waypoint : undefined;
}
