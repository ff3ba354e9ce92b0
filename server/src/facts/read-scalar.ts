/** Reads scalars of manifests as the API server gets them: typed, or with the reason why they cannot be known. */
import type { Node, ScalarNode } from '../yaml/node.ts';
import { isPlaceholder } from '../yaml/placeholder.ts';
import { type Cursor, get, items } from '../yaml/read.ts';
import { resolveYaml11 } from '../yaml/scalar.ts';
import type { Field, Stated, UnknownReason } from './field.ts';

/** The text of what stands for a section that is no map: no YAML holds it. */
const ILL_TYPED = '\0';

/** Why a text is not a value: a template, a placeholder or SOPS' ciphertext. The empty text is a value. */
export function unknownReason(text: string): UnknownReason | undefined {
  if (text === '') return undefined;
  if (text === ILL_TYPED) return 'wrong-type';
  if (text.includes('{{')) return 'template';
  if (text.startsWith('ENC[')) return 'encrypted';
  return isPlaceholder(text) ? 'placeholder' : undefined;
}

/** `unknownReason` of a node; undefined for maps and lists. What a Secret holds is as good as encrypted. */
export function unknownNode(node: Node): UnknownReason | undefined {
  if (node.type !== 'scalar') return undefined;
  return node.isSecret === true ? 'encrypted' : unknownReason(node.text);
}

/**
 * The node at `keys`. Where a placeholder, or what is no map at all, stands for a whole section, that which every reader
 * finds unknown: what is in it is not known.
 */
export function reach(cursor: Cursor | undefined, ...keys: readonly string[]): Cursor | undefined {
  let at = cursor;
  for (const key of keys) {
    if (at === undefined || isNull(at.node)) return undefined;
    if (at.node.type !== 'map') return unknownNode(at.node) === undefined ? illTyped(at) : at;
    at = get(at, key);
  }
  return at;
}

function illTyped({ node: { start, end }, at }: Cursor): Cursor {
  return { node: { type: 'scalar', text: ILL_TYPED, style: 'plain', start, end }, at };
}

/** A YAML null, written or left out. */
export function isNull(node: Node): boolean {
  return node.type === 'scalar' && resolveYaml11(node) === null;
}

/** Reads a scalar with `convert`, which gives undefined for what is not of the type. Null counts as unstated. */
export function readScalar<T>(cursor: Cursor | undefined, convert: (node: ScalarNode) => T | undefined): Field<T> {
  if (cursor === undefined) return undefined;
  const { node, at } = cursor;
  if (node.type !== 'scalar') return { unknown: 'wrong-type', at };
  const reason = unknownNode(node);
  if (reason !== undefined) return { unknown: reason, at };
  if (isNull(node)) return undefined;
  const value = convert(node);
  return value === undefined ? { unknown: 'wrong-type', at } : { value, at };
}

function asString(node: ScalarNode): string | undefined {
  const value = resolveYaml11(node);
  return typeof value === 'string' ? value : undefined;
}

function asNumber(node: ScalarNode): number | undefined {
  const value = resolveYaml11(node);
  return typeof value === 'number' ? value : undefined;
}

function asBoolean(node: ScalarNode): boolean | undefined {
  const value = resolveYaml11(node);
  return typeof value === 'boolean' ? value : undefined;
}

function asStringOrNumber(node: ScalarNode): string | number | undefined {
  const value = resolveYaml11(node);
  return typeof value === 'string' || typeof value === 'number' ? value : undefined;
}

export function readString(cursor: Cursor | undefined): Field<string> {
  return readScalar(cursor, asString);
}

/**
 * A word that Istio or Kubernetes define, such as `MESH_INTERNAL` or the name of an environment variable: capitals,
 * elsewhere the mark of a placeholder, are none there.
 */
export function readWord(cursor: Cursor | undefined): Field<string> {
  if (cursor?.node.type === 'scalar' && cursor.node.isSecret !== true && /^[A-Z][A-Z0-9_]*$/.test(cursor.node.text)) {
    return { value: cursor.node.text, at: cursor.at };
  }
  return readString(cursor);
}

/** A string that counts as unstated when it is empty, as in `metadata.namespace`. */
export function readNonEmpty(cursor: Cursor | undefined): Field<string> {
  const field = readString(cursor);
  return field !== undefined && 'value' in field && field.value === '' ? undefined : field;
}

export function readNumber(cursor: Cursor | undefined): Field<number> {
  return readScalar(cursor, asNumber);
}

export function readBoolean(cursor: Cursor | undefined): Field<boolean> {
  return readScalar(cursor, asBoolean);
}

export function readStringOrNumber(cursor: Cursor | undefined): Field<string | number> {
  return readScalar(cursor, asStringOrNumber);
}

/** A list, read item by item; unstated if it is null, unknown if it is no list. */
export function readList<T>(cursor: Cursor | undefined, read: (item: Cursor) => T): Field<readonly T[]> {
  if (cursor === undefined || isNull(cursor.node)) return undefined;
  const { node, at } = cursor;
  if (node.type !== 'seq') return { unknown: unknownNode(node) ?? 'wrong-type', at };
  return { value: items(cursor).map(read), at };
}

/** An item of a list of strings; null is of the wrong type there. */
export function readStringItem(cursor: Cursor): Stated<string> {
  return readString(cursor) ?? { unknown: 'wrong-type', at: cursor.at };
}
