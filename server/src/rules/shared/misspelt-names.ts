/** Objects that a cluster has under nearly the name by which all others have them: one of the names is misspelt. */
import { misspeltWord, wordsOf } from '../../deploy/name-slip.ts';
import type { ClusterId } from '../../layout/layout.ts';
import type { Mesh } from '../../mesh/model.ts';

interface Named {
  readonly name: { readonly value: string };
}

/** Shorter names of clusters are parts of many words. */
const SHORT = 3;

/**
 * The one object of a cluster that is called nearly as one that all others have, and that none of these has beside it.
 * @param objects those of its kind and namespace in that cluster
 * @param owners the clusters that have one of a name
 */
export function misspeltObject<T extends Named>(
  mesh: Mesh,
  cluster: ClusterId,
  name: string,
  objects: readonly T[],
  owners: (name: string) => readonly ClusterId[],
): T | undefined {
  const having = owners(name);
  if (having.length === 0 || having.length !== mesh.clusterNames.length - 1 || having.includes(cluster))
    return undefined;
  const [near, ...more] = objects.filter((one) => isNear(one.name.value, name));
  if (near === undefined || more.length > 0 || owners(near.name.value).length > 1) return undefined;
  // What is called after its cluster is that cluster's.
  const clusters = mesh.clusterNames.flatMap((one) => wordsOf(one.name));
  const isOfCluster = wordsOf(`${near.name.value} ${name}`).some((word) =>
    clusters.some((one) => one === word || (one.length >= SHORT && word.includes(one))),
  );
  return isOfCluster ? undefined : near;
}

/** True if either name may be the other one misspelt, or in the plural. */
export function isNear(name: string, other: string): boolean {
  return misspeltWord(name, other, true) !== undefined;
}

/** Of two clusters with one each neither is known to be right: it is told where the other one has it that comes first. */
export function isTie(mesh: Mesh): boolean {
  return mesh.clusterNames.length === 2;
}

/** True unless the same is told of the other of two clusters. */
export function isToldIn(mesh: Mesh, cluster: ClusterId): boolean {
  return !isTie(mesh) || mesh.clusterNames[0]?.id !== cluster;
}
