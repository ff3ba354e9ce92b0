/** What the data plane of one cluster is told of the Services of the mesh. */
import type { ClusterId } from '../layout/layout.ts';
import type { Mesh, ViewRow } from '../mesh/model.ts';
import type { ClusterKey } from './cluster-keys.ts';

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

export function viewJson(mesh: Mesh, viewer: ClusterId, key: ClusterKey): ViewJson {
  return {
    services: mesh.view(viewer).map((row) => ({
      ...row,
      endpointClusters: row.endpointClusters.map(key),
      vipClusters: row.vipClusters.map(key),
    })),
    networkGateways: mesh
      .networkGateways(viewer)
      .map(({ network, cluster, gateway }) => ({ network, cluster: key(cluster), gateway })),
    exposedByEastWestGateway: mesh.exposedByEastWestGateway(viewer),
  };
}
