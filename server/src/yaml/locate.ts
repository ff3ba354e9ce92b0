/** Finds the text that an anchor names. */
import type { Anchor } from '../base/anchor.ts';
import { EMBEDDED, type PathKey, pathKeys } from '../base/path.ts';
import type { Span } from '../base/range.ts';
import { embeddedText } from './embedded-text.ts';
import type { Node } from './node.ts';
import { parseDocument } from './parse.ts';

/** The span of an anchor in its document's text: never more than one line; of the nearest ancestor if the node is gone. */
export function spanOf(text: string, root: Node, anchor: Anchor): Span {
  return clipToLine(text, find(text, root, pathKeys(anchor.path), anchor.part === 'key'));
}

function find(text: string, root: Node, keys: readonly PathKey[], wantsKey: boolean): Span {
  let node = root;
  /** The best place for what is below: the key of the entry, or the node itself. */
  let place: Span = firstEntry(root);
  for (const [depth, key] of keys.entries()) {
    if (key === EMBEDDED) {
      if (node.type !== 'scalar') return place;
      const inner = parseDocument(node.text).root;
      const map = inner === undefined ? undefined : embeddedText(text, node)?.offset;
      if (inner === undefined || map === undefined) return place;
      const span = find(node.text, inner, keys.slice(depth + 1), wantsKey);
      return { start: map(span.start), end: map(span.end) };
    }
    if (typeof key === 'number') {
      const item = node.type === 'seq' ? node.items[key] : undefined;
      if (item === undefined) return place;
      node = item;
      place = node.type === 'scalar' ? node : firstEntry(node);
      continue;
    }
    const entry = node.type === 'map' ? node.entries.find((candidate) => candidate.key.text === key) : undefined;
    if (entry === undefined) return place;
    node = entry.value;
    const last = depth === keys.length - 1;
    place = last && !wantsKey && node.type === 'scalar' && node.end > node.start ? node : entry.key;
  }
  return place;
}

/** A place for a whole map: its first key; anything else is its own place. */
function firstEntry(node: Node): Span {
  return node.type === 'map' ? (node.entries[0]?.key ?? node) : node;
}

function clipToLine(text: string, { start, end }: Span): Span {
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code === 10 || code === 13) return { start, end: i };
  }
  return { start, end };
}
