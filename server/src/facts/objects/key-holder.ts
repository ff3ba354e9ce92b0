/** ConfigMaps, and what they have in common with Secrets: the names of their keys, never a value that is a secret. */
import { type Cursor, entries } from '../../yaml/read.ts';
import type { Known } from '../field.ts';
import type { ConfigMapObject, ObjectBase } from '../objects.ts';
import { reach } from '../read-scalar.ts';
import { readOverlayText } from '../service-overlay.ts';

/** The keys of some sections of an object, each at its key. */
export function readKeys(object: Cursor | undefined, sections: readonly string[]): Known<string>[] {
  const keys: Known<string>[] = [];
  for (const section of sections) {
    for (const [key, value] of entries(reach(object, section))) {
      keys.push({ value: key, at: { doc: value.at.doc, path: value.at.path, part: 'key' } });
    }
  }
  return keys;
}

/** True for a file that SOPS encrypted: it adds a map `sops` beside the object's own fields. */
export function isSopsEncrypted(object: Cursor): boolean {
  return reach(object, 'sops')?.node.type === 'map';
}

export function readConfigMap(object: Cursor, base: ObjectBase): ConfigMapObject {
  return {
    kind: 'ConfigMap',
    ...base,
    keys: readKeys(object, ['data', 'binaryData']),
    serviceOverlay: readOverlayText(reach(object, 'data', 'service')),
  };
}
