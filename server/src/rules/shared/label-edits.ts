/** Edits of the labels of objects. */
import { below } from '../../base/anchor.ts';
import type { ObjectFact } from '../../facts/objects.ts';
import type { NodeEdit } from '../../yaml/edit.ts';

/** Sets a label; where the object has no labels they are created. */
export function setLabel(object: ObjectFact, key: string, value: string): NodeEdit {
  return {
    op: 'set',
    at: object.labels.entries.get(key)?.at ?? below(object.labels.at ?? below(object.at, 'metadata', 'labels'), key),
    value,
  };
}

/** Removes a label if it is written. */
export function removeLabel(object: ObjectFact, key: string): readonly NodeEdit[] {
  const label = object.labels.entries.get(key);
  return label === undefined ? [] : [{ op: 'remove', at: label.at }];
}
