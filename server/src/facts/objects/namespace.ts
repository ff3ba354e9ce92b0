/** Namespace: its labels decide about network, waypoint and selectors. */
import { below } from '../../base/anchor.ts';
import type { Cursor } from '../../yaml/read.ts';
import type { NamespaceObject, ObjectBase } from '../objects.ts';

/** The place of the name is in the object's own file, also where `namespace` of a kustomization makes the name: the object is there. */
export function readNamespace(_object: Cursor, base: ObjectBase): NamespaceObject {
  const { name, at } = base;
  const own = name.at.doc === at.doc ? name : { ...name, at: below(at, 'metadata', 'name') };
  return { kind: 'Namespace', ...base, name: own };
}
