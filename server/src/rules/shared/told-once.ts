/** What several clusters have in common is told once: at the first of them. */
import type { ClusterId } from '../../layout/layout.ts';
import type { ClusterName, Mesh } from '../../mesh/model.ts';

/** A cluster, and what is found in it. */
export interface Side<T> extends ClusterName {
  readonly found: T;
}

/**
 * What is found in a cluster, each with the same in all clusters, unless another cluster comes first.
 * @param foundIn what is found in a cluster
 * @param isSame whether something of another cluster is the same
 */
export function* toldOnce<T>(
  mesh: Mesh,
  cluster: ClusterId,
  foundIn: (cluster: ClusterId) => readonly T[],
  isSame: (other: T, one: T) => boolean,
): Iterable<readonly [Side<T>, ...Side<T>[]]> {
  for (const one of foundIn(cluster)) {
    const [first, ...others] = mesh.clusterNames.flatMap((name): readonly Side<T>[] =>
      foundIn(name.id).flatMap((found) => (isSame(found, one) ? [{ ...name, found }] : [])),
    );
    if (first?.id === cluster) yield [first, ...others];
  }
}
