/** Reads texts of manifests that tell what to deploy: names, paths and versions as they are written. */
import type { Field } from '../facts/field.ts';
import { isNull, unknownReason } from '../facts/read-scalar.ts';
import { type Cursor, get } from '../yaml/read.ts';

/** Stands for a text of a Secret: as unknown as a template. */
const OF_SECRET = '{{ a value of a Secret }}';

/** The text of a scalar that is neither null nor empty, placeholders included. A version `1.30` stays what is written. */
export function writtenText(cursor: Cursor | undefined): string | undefined {
  if (cursor?.node.type !== 'scalar' || isNull(cursor.node) || cursor.node.text === '') return undefined;
  return cursor.node.isSecret === true ? OF_SECRET : cursor.node.text;
}

/** The same as a field: a placeholder or a template is unknown. */
export function writtenField(cursor: Cursor | undefined): Field<string> {
  const text = writtenText(cursor);
  if (cursor === undefined || text === undefined) return undefined;
  const unknown = unknownReason(text);
  return unknown === undefined ? { value: text, at: cursor.at } : { unknown, at: cursor.at };
}

/** The text at `keys` if it is known. */
export function textAt(cursor: Cursor | undefined, ...keys: readonly string[]): string | undefined {
  const field = writtenField(get(cursor, ...keys));
  return field !== undefined && 'value' in field ? field.value : undefined;
}

/** True if the value at `keys` is written and is `true`. */
export function isSet(cursor: Cursor | undefined, ...keys: readonly string[]): boolean {
  return textAt(cursor, ...keys) === 'true';
}

/** True if an object may be of a namespace: one that is not written comes from what deploys it. */
export function isInNamespace(object: Cursor, namespace: string | undefined): boolean {
  const own = textAt(object, 'metadata', 'namespace');
  return own === undefined || namespace === undefined || own === namespace;
}
