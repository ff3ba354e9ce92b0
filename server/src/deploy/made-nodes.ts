/** Makes nodes that no document holds as they are: each says from which place its content came. */
import type { Anchor } from '../base/anchor.ts';
import { transplanted } from '../facts/install/merge-values.ts';
import type { Entry, MapNode, Node, ScalarNode, ScalarStyle, SeqNode } from '../yaml/node.ts';
import type { Cursor } from '../yaml/read.ts';

/** A scalar; with style `double` it is text, with `plain` what YAML makes of it. */
export function madeScalar(text: string, origin: Anchor, style: ScalarStyle = 'double'): ScalarNode {
  return { type: 'scalar', text, style, start: 0, end: 0, origin };
}

/** A map of parts that come from anywhere. */
export function madeMap(parts: Iterable<readonly [string, Cursor]>, origin: Anchor): MapNode {
  const entries: Entry[] = [];
  for (const [key, value] of parts) entries.push({ key: madeScalar(key, origin), value: transplanted(value) });
  return { type: 'map', flow: false, entries, start: 0, end: 0, origin };
}

/** A list of items that come from anywhere. */
export function madeList(items: readonly Cursor[], origin: Anchor): SeqNode {
  return { type: 'seq', flow: false, items: items.map(transplanted), start: 0, end: 0, origin };
}

/** A cursor at a node that was made here. */
export function madeAt(node: Node, at: Anchor): Cursor {
  return { node, at: node.origin ?? at };
}
