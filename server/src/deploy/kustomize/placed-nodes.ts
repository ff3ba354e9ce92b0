/** Builds trees out of pieces of other trees: every piece keeps the place that it came from. */
import { type Anchor, below, keyOf } from '../../base/anchor.ts';
import type { Entry, MapNode, Node, ScalarNode } from '../../yaml/node.ts';
import type { Cursor } from '../../yaml/read.ts';
import { isNullNode } from './go-scalar.ts';

/** The node with its place written into it, so that it may be put anywhere. */
export function placed({ node, at }: Cursor): Node {
  return node.origin !== undefined ? node : { ...node, origin: at };
}

/** The node, standing for a value that something at `at` set. */
export function placedAt<N extends Node>(node: N, at: Anchor): N {
  return node.origin === at ? node : { ...node, origin: at };
}

/** The items of a sequence, each with its place. */
export function placedItems({ node, at }: Cursor): Node[] {
  return node.type === 'seq' ? node.items.map((item, index) => placed({ node: item, at: below(at, index) })) : [];
}

/** The scalar with another text: what the old one was as YAML is gone. */
export function changedText({ tree: _, ...node }: ScalarNode, text: string): ScalarNode {
  return { ...node, text };
}

/** A scalar that no file holds as it is. */
export function madeScalar(text: string, at: Anchor, tag?: string): ScalarNode {
  const node = { type: 'scalar', text, style: 'plain', start: 0, end: 0, origin: at } as const;
  return tag === undefined ? node : { ...node, tag };
}

/** A string that no file holds as it is: whatever its text, it is a string. */
export function madeString(text: string, at: Anchor): ScalarNode {
  return madeScalar(text, at, '!!str');
}

export function madeMap(entries: readonly Entry[], at: Anchor): MapNode {
  return { type: 'map', flow: false, entries, start: 0, end: 0, origin: at };
}

export function madeSeq(items: readonly Node[], at: Anchor): Node {
  return { type: 'seq', flow: false, items, start: 0, end: 0, origin: at };
}

/** The map with the value at `key`, which is added at the end where it is missing. The value must have its place. */
export function withEntry(map: MapNode, key: string, value: Node): MapNode {
  let found = false;
  const entries = map.entries.map((entry) => {
    if (entry.key.text !== key) return entry;
    found = true;
    return { key: entry.key, value };
  });
  if (!found) entries.push(madeEntry(key, value));
  return { ...map, entries };
}

/** An entry whose key stands where its value comes from. */
export function madeEntry(key: string, value: Node): Entry {
  const at = value.origin;
  const text = { type: 'scalar', text: key, style: 'plain', start: 0, end: 0, tag: '!!str' } as const;
  return { key: at === undefined ? text : { ...text, origin: keyOf(at) }, value };
}

/** The map without the key; the same map if it has none. */
export function withoutEntry(map: MapNode, key: string): MapNode {
  const entries = map.entries.filter((entry) => entry.key.text !== key);
  return entries.length === map.entries.length ? map : { ...map, entries };
}

/** A map's value at a key; undefined if it is no map, or has no such key. */
export function valueAt(node: Node | undefined, key: string): Node | undefined {
  if (node?.type !== 'map') return undefined;
  for (const entry of node.entries) if (entry.key.text === key) return entry.value;
  return undefined;
}

/** The cursor at a map's key. */
export function cursorAt(cursor: Cursor | undefined, key: string): Cursor | undefined {
  if (cursor === undefined) return undefined;
  const node = valueAt(cursor.node, key);
  return node === undefined ? undefined : { node, at: node.origin ?? below(cursor.at, key) };
}

/** Go's `node.Value`: the text of a scalar, '' of everything else. */
export function textOf(node: Node | undefined): string {
  return node?.type === 'scalar' ? node.text : '';
}

/** The text of a value that is there and no null. */
export function statedText(node: Node | undefined): string | undefined {
  return node?.type === 'scalar' && !isNullNode(node) ? node.text : undefined;
}
