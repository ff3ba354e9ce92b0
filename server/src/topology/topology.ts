/** The topology of the world as a tree, in two groupings: by network and cluster, and by Service. */
import { addTo } from '../base/remember.ts';
import { knownValue } from '../facts/field.ts';
import type { PlacedCluster } from '../layout/layout.ts';
import type { Mesh } from '../mesh/model.ts';
import { clusterNode } from './cluster-nodes.ts';
import { childId, node, type TopologyNode } from './node.ts';
import { servicesAcrossClusters } from './service-nodes.ts';

export type Grouping = 'cluster' | 'service';

/** The roots of the tree. With one mesh there is no level of meshes. */
export function topology(meshes: readonly Mesh[], grouping: Grouping): readonly TopologyNode[] {
  const below = grouping === 'cluster' ? networkNodes : servicesAcrossClusters;
  const only = meshes[0];
  if (only !== undefined && meshes.length === 1) return below(only, '');
  return meshes.map((mesh) => {
    const id = childId('', 'mesh', mesh.id);
    return node(
      {
        id,
        kind: 'mesh',
        label: mesh.id,
        description: mesh.clusters.length === 1 ? '1 cluster' : `${mesh.clusters.length} clusters`,
        icon: 'mesh',
      },
      () => below(mesh, id),
    );
  });
}

function networkNodes(mesh: Mesh, parent: string): readonly TopologyNode[] {
  const networks = new Map<string | undefined, PlacedCluster[]>();
  for (const cluster of mesh.placedClusters) {
    const network = knownValue(mesh.network(cluster.id).effective);
    addTo(networks, network, cluster);
  }
  const named = (network: string | undefined): string => network ?? '\uffff';
  return [...networks]
    .sort(([a], [b]) => (named(a) < named(b) ? -1 : 1))
    .map(([network, clusters]) => {
      const id = childId(parent, 'network', ...(network === undefined ? [] : [network]));
      return node(
        {
          id,
          kind: 'network',
          label: network ?? 'network not known',
          description: clusters.length === 1 ? '' : `${clusters.length} clusters`,
          tooltip:
            network === undefined
              ? ['No manifest says topology.istio.io/network of these clusters']
              : [`Network ${network}: ${clusters.map(({ name }) => name).join(', ')}`],
          icon: network === undefined ? 'unknown' : 'network',
          at: clusters.map(({ id }) => mesh.network(id).effective?.at).find((at) => at !== undefined),
        },
        () => clusters.map((cluster) => clusterNode(mesh, id, cluster)),
      );
    });
}
