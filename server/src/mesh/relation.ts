/** Conclusions that several rules share: each is drawn once, and again only when something that it rests on changes. */
import type { Equal } from '../base/incremental.ts';
import type { Mesh } from './model.ts';

/** Makes of a function of a mesh one that remembers what it gave for each mesh and keys. */
export function relation<K extends readonly string[], T>(
  compute: (mesh: Mesh, ...keys: K) => T,
  equal?: Equal<T>,
): (mesh: Mesh, ...keys: K) => T {
  const families = new WeakMap<Mesh, (...keys: K) => T>();
  return (mesh, ...keys) => {
    let known = families.get(mesh);
    if (known === undefined) {
      known = mesh.lifetime.family((...of: K) => compute(mesh, ...of), equal);
      families.set(mesh, known);
    }
    return known(...keys);
  };
}
