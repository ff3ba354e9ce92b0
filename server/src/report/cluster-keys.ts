/** Unique names of clusters over all meshes, for maps by cluster: two meshes may well have a `cluster1` each. */
import type { ClusterId } from '../layout/layout.ts';
import type { Mesh } from '../mesh/model.ts';

export type ClusterKey = (id: ClusterId) => string;

/** The name where it is the only one, else with the mesh before it, else the grouping key. */
export function clusterKeys(meshes: readonly Mesh[]): ClusterKey {
  const all = meshes.flatMap((mesh) =>
    mesh.placedClusters.map(({ id, name }) => ({ id, candidates: [name, `${mesh.id}/${name}`, id] })),
  );
  const uses = new Map<string, number>();
  for (const { candidates } of all) {
    for (const candidate of new Set(candidates)) uses.set(candidate, (uses.get(candidate) ?? 0) + 1);
  }
  const keys = new Map(all.map(({ id, candidates }) => [id, candidates.find((text) => uses.get(text) === 1) ?? id]));
  return (id) => keys.get(id) ?? id;
}
