/** Walks parsed documents and keeps track of the anchor of every node on the way. */
import { type Anchor, below, type DocumentId, documentAnchor } from '../base/anchor.ts';
import { EMBEDDED } from '../base/path.ts';
import type { Node } from './node.ts';
import { parseDocument } from './parse.ts';
import { secretNode } from './secret-text.ts';

/** A node and where it stands. */
export interface Cursor {
  readonly node: Node;
  readonly at: Anchor;
}

/** The cursor at the root of a document. */
export function rootCursor(doc: DocumentId, root: Node): Cursor {
  return { node: root, at: root.origin ?? documentAnchor(doc) };
}

/** The value of a map's key; undefined if the node is no map or has no such key. */
export function child(node: Node, key: string): Node | undefined {
  if (node.type !== 'map') return undefined;
  for (const entry of node.entries) if (entry.key.text === key) return entry.value;
  return undefined;
}

/** The node below `cursor` at `keys`, through maps. */
export function get(cursor: Cursor | undefined, ...keys: readonly string[]): Cursor | undefined {
  let at = cursor;
  for (const key of keys) {
    if (at === undefined) return undefined;
    const node = child(at.node, key);
    at = node === undefined ? undefined : { node, at: node.origin ?? below(at.at, key) };
  }
  return at;
}

/** The items of a sequence; none if the node is something else. */
export function items(cursor: Cursor | undefined): readonly Cursor[] {
  if (cursor === undefined || cursor.node.type !== 'seq') return [];
  return cursor.node.items.map((node, index) => ({ node, at: node.origin ?? below(cursor.at, index) }));
}

/** The entries of a map, as key and value; none if the node is something else. */
export function entries(cursor: Cursor | undefined): readonly (readonly [string, Cursor])[] {
  if (cursor === undefined || cursor.node.type !== 'map') return [];
  return cursor.node.entries.map(
    ({ key, value }) => [key.text, { node: value, at: value.origin ?? below(cursor.at, key.text) }] as const,
  );
}

/** All that is no map with entries, each with the keys that lead to it. */
export function* leavesOf(
  cursor: Cursor,
  way: readonly string[] = [],
): Generator<readonly [way: readonly string[], leaf: Cursor]> {
  const found = entries(cursor);
  if (found.length === 0) yield [way, cursor];
  for (const [key, value] of found) yield* leavesOf(value, [...way, key]);
}

/**
 * Where the key of a map's entry is written: a key of a document, or a text that names it, such as that of `--set`. Undefined where its
 * place is that of the value.
 */
export function keyPlace({ node }: Cursor, key: string): Anchor | undefined {
  if (node.type !== 'map') return undefined;
  return node.entries.find((entry) => entry.key.text === key)?.key.origin;
}

/** The root of the YAML text that a scalar holds; undefined if it holds none that can be read. */
export function embedded(cursor: Cursor | undefined): Cursor | undefined {
  if (cursor === undefined || cursor.node.type !== 'scalar') return undefined;
  const root = cursor.node.tree ?? parseDocument(cursor.node.text).root;
  if (root === undefined) return undefined;
  return {
    node: cursor.node.isSecret === true ? secretNode(root) : root,
    at: root.origin ?? below(cursor.at, EMBEDDED),
  };
}
