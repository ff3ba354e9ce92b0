/** Makes one edit in the text of one document, and touches nothing else. */
import { EMBEDDED, type PathKey } from '../base/path.ts';
import type { Span, TextEdit } from '../base/range.ts';
import type { YamlValue } from './edit.ts';
import { embeddedText } from './embedded-text.ts';
import {
  columnOf,
  contentEnd,
  isNull,
  lineBreakOf,
  lineEnd,
  lineStart,
  nextLine,
  nodeEnd,
  trimmedEnd,
} from './extent.ts';
import type { Entry, MapNode, Node, ScalarNode, SeqNode } from './node.ts';
import { parseDocument } from './parse.ts';
import { renderAfterKey, renderEntries, renderFlow, renderItem, renderScalar, type Style } from './render.ts';

/** What is to be done at a path. */
export type Change =
  | { readonly op: 'set'; readonly value: YamlValue }
  | { readonly op: 'append'; readonly value: YamlValue }
  | { readonly op: 'remove' }
  | { readonly op: 'rename-key'; readonly from: string; readonly key: string }
  | { readonly op: 'comment-above'; readonly text: string };

/** The text edits that make a change in a document's text; undefined if it cannot be made without damage. */
export function editDocument(text: string, keys: readonly PathKey[], change: Change): readonly TextEdit[] | undefined {
  const { root } = parseDocument(text);
  if (root === undefined) return undefined;
  const at = keys.indexOf(EMBEDDED);
  if (at < 0) return editPlain(text, root, keys as readonly (string | number)[], change);
  const scalar = walk(root, keys.slice(0, at) as readonly (string | number)[]).at(-1)?.node;
  if (scalar?.type !== 'scalar') return undefined;
  if (change.op === 'comment-above' && !takesComments(scalar))
    return editPlain(text, root, keys.slice(0, at) as readonly (string | number)[], change);
  const made = editDocument(scalar.text, keys.slice(at + 1), change);
  const inner = embeddedText(text, scalar);
  if (inner === undefined && scalar.style === 'double' && made !== undefined && made.length > 0) {
    // Escaped line breaks: the text is written anew.
    const after = made.reduceRight(
      (rest, { start, end, newText }) => rest.slice(0, start) + newText + rest.slice(end),
      scalar.text,
    );
    return [{ start: scalar.start, end: scalar.end, newText: renderScalar(after, 'double') }];
  }
  if (inner === undefined) return undefined;
  return made?.map((edit) => {
    const { start, end, newText } = edit;
    const from = inner.offset(leavesEmptyLine(scalar.text, edit) ? start - 1 : start);
    return {
      // The indentation of the last lines goes with them: whatever follows the scalar would stand behind it.
      start: isOfLastLines(scalar.text, edit) ? lineStart(text, from) : from,
      end: inner.offset(end),
      newText: newText.replaceAll(/\r\n|\r|\n/g, inner.lineBreak),
    };
  });
}

/** True if nothing is left of the last line of a text that ends in no line break. */
function leavesEmptyLine(text: string, { start, end, newText }: TextEdit): boolean {
  return newText === '' && end > start && end === text.length && text[start - 1] === '\n' && !text.endsWith('\n');
}

/** True if whole lines go, up to the end of a text that ends in a line break. */
function isOfLastLines(text: string, { start, end, newText }: TextEdit): boolean {
  const isAtLine = start === 0 || text[start - 1] === '\n';
  return newText === '' && end > start && end === text.length && text.endsWith('\n') && isAtLine;
}

/** True for a text in whose lines comments can stand: not in JSON, and not where line breaks are escaped or folded. */
function takesComments({ style, text }: ScalarNode): boolean {
  return style === 'literal' && !/^\s*[[{]/.test(text);
}

/** A node on the way to a path, with the entry or the index through which it was reached. */
interface Step {
  readonly node: Node;
  readonly entry: Entry | undefined;
}

/** The existing nodes from the root along the keys. Nodes that were merged in from an anchor's place are not entered. */
function walk(root: Node, keys: readonly (string | number)[]): readonly Step[] {
  const steps: Step[] = [{ node: root, entry: undefined }];
  for (const key of keys) {
    const parent = (steps.at(-1) as Step).node;
    if (parent.type === 'map' && typeof key === 'string') {
      const entry = parent.entries.find((candidate) => candidate.key.text === key);
      if (entry === undefined) break;
      steps.push({ node: entry.value, entry });
    } else if (parent.type === 'seq' && typeof key === 'number' && parent.items[key] !== undefined) {
      steps.push({ node: parent.items[key], entry: undefined });
    } else break;
  }
  return steps;
}

/** True if a node's content does not lie where the node does: an alias, or entries merged from an anchor. */
function isElsewhere(steps: readonly Step[]): boolean {
  return steps.some(({ node, entry }, i) => {
    const parent = steps[i - 1]?.node;
    return parent !== undefined && ((entry?.key ?? node).start < parent.start || node.end > parent.end + 1);
  });
}

function editPlain(
  text: string,
  root: Node,
  keys: readonly (string | number)[],
  change: Change,
): readonly TextEdit[] | undefined {
  const steps = walk(root, keys);
  if (isElsewhere(steps)) return undefined;
  const { node, entry } = steps.at(-1) as Step;
  const missing = keys.slice(steps.length - 1);
  const style = styleOf(text, root);
  const parent = steps.at(-2)?.node;
  const insert = (start: number, newText: string): readonly TextEdit[] => [{ start, end: start, newText }];
  switch (change.op) {
    case 'comment-above': {
      const line = lineStart(text, (entry?.key ?? node).start);
      const indent = /^[ \t]*/.exec(text.slice(line))?.[0] ?? '';
      return insert(line, `${indent}# ${change.text}${style.eol}`);
    }
    case 'rename-key':
      if (entry?.key.text !== change.from || missing.length > 0) return undefined;
      return [{ start: entry.key.start, end: entry.key.end, newText: renderScalar(change.key, entry.key.style) }];
    case 'remove':
      if (missing.length > 0) return [];
      return parent === undefined ? undefined : removal(text, steps, keys.at(-1) as string | number);
    case 'append':
      if (missing.length === 0 && node.type === 'seq') return appendItem(text, node, change.value, style);
      if (missing.length === 0 && !isNull(node)) return undefined;
      return addOrReplace(text, steps, missing, [change.value], style);
    case 'set':
      return addOrReplace(text, steps, missing, change.value, style);
  }
}

function addOrReplace(
  text: string,
  steps: readonly Step[],
  missing: readonly (string | number)[],
  value: YamlValue,
  style: Style,
): readonly TextEdit[] | undefined {
  const { node, entry } = steps.at(-1) as Step;
  const [first, ...rest] = missing;
  // A list that is not there yet begins with its first item.
  if (rest.some((key) => typeof key === 'number' && key > 0)) return undefined;
  const nested = (inner: YamlValue, keys: readonly (string | number)[]): YamlValue =>
    keys.reduceRight<YamlValue>((built, key) => (typeof key === 'number' ? [built] : { [key]: built }), inner);
  if (typeof first === 'number') {
    if (node.type === 'seq' && first === node.items.length) return appendItem(text, node, nested(value, rest), style);
    if (first > 0 || !isNull(node)) return undefined;
    return replaceValue(text, steps, entry, nested(value, missing), style);
  }
  if (first !== undefined && node.type === 'map' && node.entries.length > 0 && !node.flow) {
    return addEntry(text, node, { [first]: nested(value, rest) }, style);
  }
  if (first !== undefined && node.type === 'map') return addFlowEntry(text, node, first, nested(value, rest), style);
  if (first !== undefined && !isNull(node)) return undefined;
  return replaceValue(text, steps, entry, nested(value, missing), style);
}

function addEntry(
  text: string,
  map: MapNode,
  added: { readonly [key: string]: YamlValue },
  style: Style,
): readonly TextEdit[] {
  const own = ownEntries(map);
  const column = columnOf(text, own[0]?.key.start ?? map.start);
  const last = own.at(-1);
  const at = lineEnd(text, last === undefined ? trimmedEnd(text, map) : contentEnd(text, last));
  return [{ start: at, end: at, newText: style.eol + ' '.repeat(column) + renderEntries(added, column, style) }];
}

/** Those that are written in a map, and not merged into it (`<<: *labels`). */
function ownEntries(map: MapNode): readonly Entry[] {
  return map.entries.filter(({ key }) => key.start >= map.start && key.start <= map.end);
}

function addFlowEntry(
  text: string,
  map: MapNode,
  key: string,
  value: YamlValue,
  { quotes }: Style,
): readonly TextEdit[] {
  const written = `${renderScalar(key, quotes)}: ${renderFlow(value, quotes)}`;
  if (map.entries.length === 0) return [{ start: map.start, end: map.end, newText: `{ ${written} }` }];
  const last = ownEntries(map).at(-1);
  const end =
    last === undefined
      ? map.start + text.slice(map.start, map.end - 1).trimEnd().length
      : Math.max(last.key.end, last.value.end);
  const comma = /^\s*,/.exec(text.slice(end, map.end))?.[0].length ?? 0;
  return [{ start: end + comma, end: end + comma, newText: comma > 0 ? ` ${written}` : `, ${written}` }];
}

/** Replaces the value of an entry or an item. */
function replaceValue(
  text: string,
  steps: readonly Step[],
  entry: Entry | undefined,
  value: YamlValue,
  style: Style,
): readonly TextEdit[] | undefined {
  const { node } = steps.at(-1) as Step;
  const inFlow = steps.slice(0, -1).some((step) => step.node.type !== 'scalar' && step.node.flow);
  const isScalar = typeof value !== 'object' || value === null;
  if (node.type === 'scalar' && isScalar && node.end > node.start) {
    const keep = node.style === 'single' || node.style === 'double' ? node.style : style.quotes;
    if (node.style === 'literal' || node.style === 'folded') {
      return [{ start: node.start, end: trimmedEnd(text, node), newText: renderScalar(value, 'double') }];
    }
    return [{ start: node.start, end: node.end, newText: renderScalar(value, keep) }];
  }
  if (inFlow) {
    const start = node.end > node.start || entry === undefined ? node.start : entry.key.end;
    if (node.end > node.start) return [{ start, end: node.end, newText: renderFlow(value, style.quotes) }];
    const colon = text.indexOf(':', start);
    return colon < 0
      ? undefined
      : [{ start: colon + 1, end: colon + 1, newText: ` ${renderFlow(value, style.quotes)}` }];
  }
  if (entry === undefined)
    return node.type === 'scalar'
      ? [{ start: node.start, end: node.end, newText: renderFlow(value, style.quotes) }]
      : undefined;
  const colon = text.indexOf(':', entry.key.end);
  if (colon < 0) return undefined;
  const column = columnOf(text, entry.key.start);
  const newText = renderAfterKey(value, column, style);
  if (node.end <= node.start) {
    // nothing stands there: a comment at the end of the line stays before a nested block
    const at = isScalar || newText.startsWith(' ') ? colon + 1 : lineEnd(text, colon + 1);
    return [{ start: at, end: at, newText }];
  }
  return [{ start: colon + 1, end: contentEnd(text, entry), newText }];
}

function appendItem(text: string, seq: SeqNode, value: YamlValue, style: Style): readonly TextEdit[] {
  const last = seq.items.at(-1);
  if (seq.flow || last === undefined) {
    if (last === undefined)
      return [{ start: seq.start, end: seq.end, newText: `[${renderFlow(value, style.quotes)}]` }];
    const comma = /^\s*,/.exec(text.slice(last.end, seq.end))?.[0].length ?? 0;
    const at = last.end + comma;
    const written = quotedLike(last, value) ?? renderFlow(value, style.quotes);
    return [{ start: at, end: at, newText: comma > 0 ? ` ${written}` : `, ${written}` }];
  }
  const column = columnOf(text, seq.start);
  const at = lineEnd(text, nodeEnd(text, last));
  const quoted = quotedLike(last, value);
  const item = quoted === undefined ? renderItem(value, column, style) : `- ${quoted}`;
  return [{ start: at, end: at, newText: style.eol + ' '.repeat(column) + item }];
}

/** A text in the quotes of the item before it; undefined if there are none. */
function quotedLike(item: Node, value: YamlValue): string | undefined {
  const isQuoted = item.type === 'scalar' && (item.style === 'single' || item.style === 'double');
  return isQuoted && typeof value === 'string' ? renderScalar(value, item.style) : undefined;
}

function removal(text: string, steps: readonly Step[], key: string | number): readonly TextEdit[] | undefined {
  const { node, entry } = steps.at(-1) as Step;
  const parent = (steps.at(-2) as Step).node;
  if (parent.type === 'scalar') return undefined;
  const siblings: readonly Span[] =
    parent.type === 'map'
      ? parent.entries.map(({ key, value }) => ({ start: key.start, end: Math.max(key.end, value.end) }))
      : parent.items;
  const index = parent.type === 'map' ? parent.entries.indexOf(entry as Entry) : (key as number);
  const own = siblings[index] as Span;
  const start = parent.type === 'seq' && !parent.flow ? dashOf(text, parent, own.start) : own.start;
  if (siblings.length === 1) {
    // the last one goes: what held it stays, empty
    const empty = parent.type === 'map' ? '{}' : '[]';
    if (parent.flow) return [{ start: parent.start, end: parent.end, newText: empty }];
    const holder = (steps.at(-2) as Step).entry;
    return (
      holder && emptied(text, holder, start, entry === undefined ? nodeEnd(text, node) : contentEnd(text, entry), empty)
    );
  }
  const next = siblings[index + 1];
  const before = siblings[index - 1];
  if (parent.flow) {
    const goes = next === undefined ? fromPrevious(text, before as Span, own) : upToNext(text, own, next);
    return [{ ...goes, newText: '' }];
  }
  const line = lineStart(text, start);
  const lead = text.slice(line, own.start);
  const end = entry === undefined ? nodeEnd(text, node) : contentEnd(text, entry);
  if (parent.type === 'map' && lead.includes('-') && next !== undefined)
    return [{ start: own.start, end: next.start, newText: '' }];
  return [{ start: line, end: nextLine(text, end), newText: '' }];
}

/** What goes with an item of a flow collection that is not the last one. Comments stay, but for one at the end of lines that go. */
function upToNext(text: string, own: Span, next: Span): Span {
  const gap = text.slice(own.end, next.start);
  const comma = /^\s*,/.exec(gap);
  if (comma === null || !gap.includes('#')) return { start: own.start, end: next.start };
  const end = own.end + comma[0].length;
  const line = lineStart(text, own.start);
  return text.slice(line, own.start).trim() === ''
    ? { start: line, end: nextLine(text, end) }
    : { start: own.start, end };
}

/** What goes with the last item of a flow collection. The comma stays where a comment follows it. */
function fromPrevious(text: string, previous: Span, own: Span): Span {
  if (!text.slice(previous.end, own.start).includes('#')) return { start: previous.end, end: own.end };
  return { start: own.start, end: own.end + (/^\s*,/.exec(text.slice(own.end))?.[0].length ?? 0) };
}

/** Takes the only content of an entry's value away. Comments stay, but for one at the end of the lines that go. */
function emptied(
  text: string,
  { key }: Entry,
  start: number,
  end: number,
  empty: string,
): readonly TextEdit[] | undefined {
  const colon = text.indexOf(':', key.end);
  if (colon < 0) return undefined;
  const line = lineStart(text, start);
  if (line <= colon) return [{ start: colon + 1, end, newText: ` ${empty}` }];
  const properties = /^(?:[ \t]+[&!][^ \t\r\n]*)*/.exec(text.slice(colon + 1, line))?.[0] ?? '';
  const at = colon + 1 + properties.length;
  return [
    { start: at, end: at, newText: ` ${empty}` },
    { start: line, end: nextLine(text, end), newText: '' },
  ];
}

/** Where the dash of an item stands: on its line, or above it where a comment or a line break comes between. */
function dashOf(text: string, seq: SeqNode, item: number): number {
  const column = columnOf(text, seq.start);
  let line = lineStart(text, item);
  while (line > seq.start && text[line + column] !== '-') line = lineStart(text, line - 1);
  return line + column;
}

/** How the document is written. */
function styleOf(text: string, root: Node): Style {
  let step: number | undefined;
  let sequenceStep: number | undefined;
  const look = (node: Node, depth: number): void => {
    if (node.type === 'scalar' || node.flow || depth > 20) return;
    const children = node.type === 'map' ? node.entries.map(({ value }) => value) : node.items;
    if (node.type === 'map') {
      for (const { key, value } of node.entries) {
        if (value.type === 'scalar' || value.flow || value.start <= key.end) continue;
        const offset = columnOf(text, value.start) - columnOf(text, key.start);
        if (value.type === 'map' && offset > 0) step ??= offset;
        if (value.type === 'seq' && offset >= 0) sequenceStep ??= offset;
      }
    }
    for (const child of children) if (step === undefined || sequenceStep === undefined) look(child, depth + 1);
  };
  look(root, 0);
  const [first] = root.type === 'map' && root.flow ? root.entries : [];
  return {
    eol: lineBreakOf(text),
    step: step ?? 2,
    sequenceStep: sequenceStep ?? step ?? 2,
    // JSON has no other strings.
    quotes: first?.key.style === 'double' ? 'double' : 'plain',
  };
}
