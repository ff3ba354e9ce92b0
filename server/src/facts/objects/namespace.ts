/** Namespace: its labels decide about network, waypoint and selectors. */
import type { Cursor } from '../../yaml/read.ts';
import type { NamespaceObject, ObjectBase } from '../objects.ts';

export function readNamespace(_object: Cursor, base: ObjectBase): NamespaceObject {
  return { kind: 'Namespace', ...base };
}
