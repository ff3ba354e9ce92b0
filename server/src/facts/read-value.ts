/** Reads a whole section of a manifest as the value that it means, to be compared or copied. */
import type { YamlValue } from '../yaml/edit.ts';
import { type Cursor, entries, items } from '../yaml/read.ts';
import { resolveYaml11 } from '../yaml/scalar.ts';
import type { Field, UnknownReason } from './field.ts';
import { isNull, unknownNode, unknownReason } from './read-scalar.ts';

/** Nobody writes a section deeper than this; such a one is not compared. */
const MAX_DEPTH = 100;

/** The section's value; unknown if any text in it, key or value, is. Undefined where it is null or not written. */
export function readValue(cursor: Cursor | undefined): Field<YamlValue> {
  if (cursor === undefined || isNull(cursor.node)) return undefined;
  const unknown = unknownWithin(cursor, MAX_DEPTH);
  return unknown === undefined ? { value: toValue(cursor), at: cursor.at } : { unknown, at: cursor.at };
}

function unknownWithin(cursor: Cursor, depth: number): UnknownReason | undefined {
  if (depth === 0) return 'wrong-type';
  if (cursor.node.type === 'scalar') return unknownNode(cursor.node);
  for (const item of items(cursor)) {
    const unknown = unknownWithin(item, depth - 1);
    if (unknown !== undefined) return unknown;
  }
  for (const [key, value] of entries(cursor)) {
    const unknown = unknownReason(key) ?? unknownWithin(value, depth - 1);
    if (unknown !== undefined) return unknown;
  }
  return undefined;
}

function toValue(cursor: Cursor): YamlValue {
  const { node } = cursor;
  if (node.type === 'scalar') return resolveYaml11(node);
  if (node.type === 'seq') return items(cursor).map(toValue);
  return Object.fromEntries(entries(cursor).map(([key, value]) => [key, toValue(value)]));
}
