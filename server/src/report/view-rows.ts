/** What the data plane of one cluster is told of the Services of the mesh. */
import type { ClusterId } from '../layout/layout.ts';
import type { Mesh, MeshView, ViewRow } from '../mesh/model.ts';
import type { ClusterKey } from './cluster-keys.ts';
import { Fields, PAUSE, Rows } from './json-pieces.ts';

export interface ViewJson {
  readonly services: readonly ViewServiceJson[];
  readonly networkGateways: readonly { readonly network: string; readonly cluster: string; readonly gateway: string }[];
  /** Services that the cluster's own east-west gateway serves. */
  readonly exposedByEastWestGateway: readonly string[];
}

export interface ViewServiceJson extends Omit<ViewRow, 'endpointClusters' | 'vipClusters'> {
  readonly endpointClusters: readonly string[];
  readonly vipClusters: readonly string[];
}

/** The views of all clusters, each by the cluster's name. */
export function* views(mesh: Mesh, key: ClusterKey): Generator<readonly [string, Fields], void> {
  const viewOf = mesh.views();
  for (const { id } of mesh.clusters) yield [key(id), new Fields(view(mesh, viewOf(id), id, key))];
}

function* view(
  mesh: Mesh,
  steps: Generator<void, MeshView>,
  viewer: ClusterId,
  key: ClusterKey,
): Generator<readonly [keyof ViewJson, unknown] | typeof PAUSE, void> {
  let step = steps.next();
  for (; step.done !== true; step = steps.next()) yield PAUSE;
  const { rows, exposedByEastWestGateway } = step.value;
  yield ['services', new Rows(serviceRows(rows, key))];
  const gateways = mesh.networkGateways(viewer);
  yield [
    'networkGateways',
    gateways.map(({ network, cluster, gateway }) => ({ network, cluster: key(cluster), gateway })),
  ];
  yield ['exposedByEastWestGateway', exposedByEastWestGateway];
}

function* serviceRows(rows: readonly ViewRow[], key: ClusterKey): Generator<ViewServiceJson, void> {
  for (const row of rows)
    yield { ...row, endpointClusters: row.endpointClusters.map(key), vipClusters: row.vipClusters.map(key) };
}
