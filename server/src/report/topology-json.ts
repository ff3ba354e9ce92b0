/** `report --format json`: what istiod would conclude if the workspace were everything that is applied. */
import type { Snapshot } from '../engine/snapshot.ts';
import type { PlacedCluster } from '../layout/layout.ts';
import type { Mesh } from '../mesh/model.ts';
import { assumptions } from './assumptions.ts';
import { clusterFacts } from './cluster-facts.ts';
import { clusterJson, type MeshJson, meshesJson, type ReportedClusterJson } from './cluster-json.ts';
import { type ClusterKey, clusterKeys } from './cluster-keys.ts';
import { Fields, jsonPieces, Rows, wholeOf } from './json-pieces.ts';
import {
  type GatewayJson,
  gatewayRows,
  type NamespaceJson,
  type NetworkJson,
  namespacesJson,
  networksJson,
  type WaypointJson,
  waypointRows,
} from './place-rows.ts';
import { type ServiceJson, serviceRows } from './service-rows.ts';
import { TOOL } from './tool.ts';
import { type UnreadJson, unreadJson } from './unread-json.ts';
import { type ViewJson, views } from './view-rows.ts';

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
  return wholeOf(topology(snapshot)) as TopologyJson;
}

/** The same as text, in pieces that each take little time to make. Nothing may change meanwhile. */
export function* topologyJsonText(snapshot: Snapshot): Generator<string, void> {
  yield* jsonPieces(topology(snapshot));
  yield '\n';
}

function topology(snapshot: Snapshot): Fields {
  const { meshes } = snapshot;
  const key = clusterKeys(meshes);
  const ofAll = (rowsOf: (mesh: Mesh) => Iterable<unknown>): Rows => new Rows(inTurn(meshes, rowsOf));
  const sections = {
    version: () => 1,
    tool: () => TOOL,
    meshes: () => meshesJson(snapshot),
    networks: () => ofAll((mesh) => networksJson(mesh, key)),
    clusters: () => ofAll((mesh) => mesh.placedClusters.map((cluster) => clusterRow(snapshot, mesh, cluster, key))),
    gateways: () => ofAll((mesh) => gatewayRows(mesh, key)),
    namespaces: () => ofAll((mesh) => namespacesJson(mesh, key)),
    waypoints: () => ofAll((mesh) => waypointRows(mesh, key)),
    services: () => ofAll((mesh) => serviceRows(mesh, key)),
    unread: () => unreadJson(snapshot),
    views: () => new Fields(inTurn(meshes, (mesh) => views(mesh, key))),
  } satisfies Record<keyof TopologyJson, () => unknown>;
  return new Fields(made(sections));
}

/** The fields of a map, each made when it is its turn. */
function* made(fields: Readonly<Record<string, () => unknown>>): Generator<readonly [string, unknown], void> {
  for (const [name, make] of Object.entries(fields)) yield [name, make()];
}

function* inTurn<T>(meshes: readonly Mesh[], of: (mesh: Mesh) => Iterable<T>): Generator<T, void> {
  for (const mesh of meshes) yield* of(mesh);
}

function clusterRow(snapshot: Snapshot, mesh: Mesh, cluster: PlacedCluster, key: ClusterKey): Fields {
  return new Fields(
    Object.entries({
      key: key(cluster.id),
      ...clusterJson(snapshot, mesh, cluster),
      network: mesh.network(cluster.id).reported,
      multiNetwork: !mesh.flagKnownOff(cluster.id),
      assumed: assumptions(mesh, cluster),
      ...(cluster.imported === undefined ? { facts: clusterFacts(snapshot, mesh, cluster) } : {}),
    }),
  );
}
