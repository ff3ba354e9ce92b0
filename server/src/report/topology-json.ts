/** `report --format json`: what istiod would conclude if the workspace were everything that is applied. */
import type { Snapshot } from '../engine/snapshot.ts';
import { assumptions } from './assumptions.ts';
import { clusterJson, type MeshJson, meshesJson, type ReportedClusterJson, reportedFacts } from './cluster-json.ts';
import { clusterKeys } from './cluster-keys.ts';
import {
  type GatewayJson,
  gatewaysJson,
  type NamespaceJson,
  type NetworkJson,
  namespacesJson,
  networksJson,
  type WaypointJson,
  waypointsJson,
} from './place-rows.ts';
import { type ServiceJson, servicesJson } from './service-rows.ts';
import { TOOL } from './tool.ts';
import { type UnreadJson, unreadJson } from './unread-json.ts';
import { type ViewJson, viewJson } from './view-rows.ts';

export interface TopologyJson {
  readonly version: 1;
  readonly tool: typeof TOOL;
  readonly meshes: readonly MeshJson[];
  readonly networks: readonly NetworkJson[];
  readonly clusters: readonly (ReportedClusterJson & { readonly key: string; readonly assumed: readonly string[] })[];
  readonly gateways: readonly GatewayJson[];
  readonly namespaces: readonly NamespaceJson[];
  readonly waypoints: readonly WaypointJson[];
  readonly services: readonly ServiceJson[];
  /** What could not be read, and why. */
  readonly unread: readonly UnreadJson[];
  readonly views: Readonly<Record<string, ViewJson>>;
}

export function topologyJson(snapshot: Snapshot): TopologyJson {
  const { meshes } = snapshot;
  const key = clusterKeys(meshes);
  return {
    version: 1,
    tool: TOOL,
    meshes: meshesJson(snapshot),
    networks: meshes.flatMap((mesh) => networksJson(mesh, key)),
    clusters: meshes.flatMap((mesh) =>
      mesh.placedClusters.map((cluster) => ({
        key: key(cluster.id),
        ...clusterJson(snapshot, mesh, cluster),
        network: mesh.network(cluster.id).reported,
        multiNetwork: !mesh.flagKnownOff(cluster.id),
        assumed: assumptions(mesh, cluster),
        ...reportedFacts(snapshot, mesh, cluster),
      })),
    ),
    gateways: meshes.flatMap((mesh) => gatewaysJson(mesh, key)),
    namespaces: meshes.flatMap((mesh) => namespacesJson(mesh, key)),
    waypoints: meshes.flatMap((mesh) => waypointsJson(mesh, key)),
    services: meshes.flatMap((mesh) => servicesJson(mesh, key)),
    unread: unreadJson(snapshot),
    views: Object.fromEntries(
      meshes.flatMap((mesh) => mesh.clusters.map(({ id }) => [key(id), viewJson(mesh, id, key)] as const)),
    ),
  };
}
