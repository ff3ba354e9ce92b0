/** Finds the text that an anchor names. */
import type { Anchor } from '../base/anchor.ts';
import { EMBEDDED, type PathKey, pathKeys } from '../base/path.ts';
import type { Span } from '../base/range.ts';
import type { Node, ScalarNode } from './node.ts';
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
      const map = inner === undefined ? undefined : innerOffsets(text, node);
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

/** A place for a whole map or sequence: its first key, or the node itself. */
function firstEntry(node: Node): Span {
  if (node.type === 'map') return node.entries[0]?.key ?? node;
  if (node.type === 'seq' && node.items[0] !== undefined) return firstEntry(node.items[0]);
  return node;
}

function clipToLine(text: string, { start, end }: Span): Span {
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code === 10 || code === 13) return { start, end: i };
  }
  return { start, end };
}

/** From offsets in the value of a scalar to offsets in the document; undefined if they do not correspond one to one. */
function innerOffsets(text: string, scalar: ScalarNode): ((offset: number) => number) | undefined {
  if (scalar.style !== 'literal') {
    const start = scalar.style === 'plain' ? scalar.start : scalar.start + 1;
    return text.startsWith(scalar.text, start) ? (offset) => start + offset : undefined;
  }
  const lines = contentLines(text, scalar);
  return (offset) => {
    let before = 0;
    for (const { start, length } of lines) {
      if (offset <= before + length) return start + (offset - before);
      before += length + 1;
    }
    return scalar.end;
  };
}

/** The lines of a literal block scalar: where each starts after its indentation, and how long it is. */
function contentLines(text: string, scalar: ScalarNode): { readonly start: number; readonly length: number }[] {
  const lines: { start: number; length: number }[] = [];
  let at = lineAfter(text, scalar.start);
  for (const line of scalar.text.split('\n')) {
    if (at > scalar.end) break;
    let indent = at;
    if (line !== '') indent = text.indexOf(line, at);
    if (indent < 0) break;
    lines.push({ start: indent, length: line.length });
    at = lineAfter(text, at);
  }
  return lines;
}

function lineAfter(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 10) return i + 1;
    if (code === 13) return text.charCodeAt(i + 1) === 10 ? i + 2 : i + 1;
  }
  return text.length + 1;
}
