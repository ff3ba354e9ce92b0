/** Objects that a cluster has under nearly the name by which others have them: one of the names is misspelt. */
import { misspeltWord } from '../deploy/name-slip.ts';
import type { ClusterId } from '../layout/layout.ts';
import type { Mesh } from '../mesh/model.ts';

interface Named {
  readonly name: { readonly value: string };
}

/**
 * The one object of a cluster that is called nearly as another one, and that no cluster has beside that one.
 * @param objects those of its kind and namespace in a cluster
 * @param owners the clusters that have one of a name
 */
export function nearlyCalled<T extends Named>(
  mesh: Mesh,
  cluster: ClusterId,
  name: string,
  objects: (cluster: ClusterId) => readonly T[],
  owners: (name: string) => readonly ClusterId[],
): T | undefined {
  const nearIn = (id: ClusterId, called: string): readonly T[] =>
    objects(id).filter((one) => misspeltWord(one.name.value, called) !== undefined);
  const [near, ...more] = nearIn(cluster, name);
  if (near === undefined || more.length > 0) return undefined;
  const [own, others] = [owners(name), owners(near.name.value)];
  const isOnly = (ids: readonly ClusterId[], called: string): boolean =>
    ids.every((id) => nearIn(id, called).length === 1);
  if (others.some((id) => own.includes(id)) || !isOnly(own, near.name.value) || !isOnly(others, name)) return undefined;
  // What tells clusters apart is no slip.
  const clusters = new Set(mesh.clusterNames.map((one) => one.name));
  const words = [near.name.value, name].map((text) => text.split(/[-.]/).some((word) => clusters.has(word)));
  return words[0] === words[1] ? near : undefined;
}

/** True if the first name is the right one: more clusters have it, or of as many the one that comes first. */
export function isRightName(mesh: Mesh, own: readonly ClusterId[], other: readonly ClusterId[]): boolean {
  if (own.length !== other.length) return own.length > other.length;
  const first = mesh.reference ?? mesh.clusterNames.find(({ id }) => own.includes(id) || other.includes(id))?.id;
  return first === undefined || !other.includes(first);
}
