/** Applies a JSON patch (RFC 6902) to an object as kustomize's library does, and keeps the place of every value. */
import { type Anchor, below } from '../../base/anchor.ts';
import { childPath, type Path, ROOT } from '../../base/path.ts';
import type { Removal } from '../../facts/objects.ts';
import type { MapNode, Node } from '../../yaml/node.ts';
import { type Cursor, items } from '../../yaml/read.ts';
import { resolveYaml11 } from '../../yaml/scalar.ts';
import { weightOf } from '../bounded-text.ts';
import { withSecretsMarked } from '../secrets-marked.ts';
import { goValue, isNullNode } from './go-scalar.ts';
import { cursorAt, madeScalar, placed, placedItems, textOf, valueAt, withEntry, withoutEntry } from './placed-nodes.ts';
import { Refusal, TooLarge } from './refusal.ts';
import { noteRemoved, removedItem } from './removals.ts';

/** An object that copies of itself make bigger than this is nobody's. */
const MAX_WEIGHT = 100_000;

/** One operation. */
export interface JsonOperation {
  readonly op: string;
  readonly path: string | undefined;
  readonly from: string | undefined;
  readonly value: Cursor | undefined;
  readonly at: Anchor;
}

/** The operations of a patch; undefined if it is no list of maps. */
export function jsonOperations(patch: Cursor): readonly JsonOperation[] | undefined {
  if (patch.node.type !== 'seq') return undefined;
  const found: JsonOperation[] = [];
  for (const item of items(patch)) {
    if (item.node.type !== 'map') return undefined;
    const text = (key: string) => {
      const node = valueAt(item.node, key);
      return node === undefined || isNullNode(node) ? undefined : textOf(node);
    };
    const value = cursorAt(item, 'value');
    const settled = value === undefined ? undefined : { node: asYaml11(value.node), at: value.at };
    found.push({ op: text('op') ?? '', path: text('path'), from: text('from'), value: settled, at: item.at });
  }
  return found;
}

/** Patches are read as YAML 1.1: their `yes` is a boolean, also for the tools that come after. */
function asYaml11(node: Node): Node {
  if (node.type === 'map') {
    const entries = node.entries.map(({ key, value }) => ({ key, value: asYaml11(value) }));
    return entries.every(({ value }, i) => value === node.entries[i]?.value) ? node : { ...node, entries };
  }
  if (node.type === 'seq') {
    const settled = node.items.map(asYaml11);
    return settled.every((item, i) => item === node.items[i]) ? node : { ...node, items: settled };
  }
  const value = resolveYaml11(node);
  if (typeof value === 'boolean' && goValue(node) !== value) return { ...node, text: String(value) };
  return typeof value === 'string' && goValue(node) !== value ? { ...node, tag: '!!str' } : node;
}

/** The object after all operations. */
export function applyJsonPatch(root: Cursor, operations: readonly JsonOperation[], removals: Removal[]): Node {
  let at: Cursor = { node: withSecretsMarked(root.node), at: root.at };
  for (const operation of operations) {
    // Of the next operations one may move it, or make something else of the Secret.
    const node = withSecretsMarked(apply(at, operation, removals));
    if (operation.op === 'copy' && weightOf(node, MAX_WEIGHT) > MAX_WEIGHT) throw new TooLarge(operation.at);
    at = { node, at: node.origin ?? root.at };
  }
  return at.node;
}

function apply(root: Cursor, operation: JsonOperation, removals: Removal[]): Node {
  const { op, path, value } = operation;
  if (path === undefined) throw refusal(operation, 'has no path');
  switch (op) {
    case 'add':
      return add(root, operation, path, stated(value, operation), removals);
    case 'remove':
      return remove(root, operation, path, removals);
    case 'replace':
      return replace(root, operation, path, removals);
    case 'move': {
      const from = operation.from;
      if (from === undefined) throw refusal(operation, 'has no from');
      const moved = find(root, operation, from);
      const without = remove(root, operation, from, removals);
      return add({ node: without, at: root.at }, operation, path, stated(moved, operation), removals);
    }
    case 'copy':
      if (operation.from === undefined) throw refusal(operation, 'has no from');
      return add(root, operation, path, stated(find(root, operation, operation.from), operation), removals);
    case 'test':
      return test(root, operation, path);
    default:
      throw new Refusal('patch-unparsable', `‘${op}’ is not an operation of a JSON patch`, { at: operation.at });
  }
}

/** What an operation writes: a null where it names nothing. */
function stated(value: Cursor | undefined, operation: JsonOperation): Node {
  return value === undefined ? madeScalar('null', operation.at) : placed(value);
}

function refusal(operation: JsonOperation, why: string): Refusal {
  const at = operation.path ?? operation.from ?? '';
  return new Refusal('json-patch-path-missing', `the operation ${operation.op} ${at} ${why}`, { at: operation.at });
}

/** The steps of a pointer and its last key; undefined if it does not start with a slash. */
function steps(pointer: string): { readonly parents: readonly string[]; readonly key: string } | undefined {
  const parts = pointer.split('/').map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const key = parts.at(-1);
  return parts.length < 2 || key === undefined ? undefined : { parents: parts.slice(1, -1), key };
}

/** An index as Go's `Atoi` reads it, counted from the end if it is negative; undefined if it is none or out of the list. */
function indexOf(text: string, length: number): number | undefined {
  if (!/^[-+]?\d+$/.test(text)) return undefined;
  const index = Number(text);
  const counted = index < 0 ? index + length : index;
  return counted >= 0 && counted < length ? counted : undefined;
}

function step(cursor: Cursor, key: string): Cursor | undefined {
  if (cursor.node.type === 'map') return cursorAt(cursor, key);
  if (cursor.node.type !== 'seq') return undefined;
  const index = indexOf(key, cursor.node.items.length);
  const node = index === undefined ? undefined : cursor.node.items[index];
  return node === undefined || index === undefined ? undefined : { node, at: node.origin ?? below(cursor.at, index) };
}

/** The value at a pointer; undefined for a key that a map does not have. */
function find(root: Cursor, operation: JsonOperation, pointer: string): Cursor | undefined {
  const way = steps(pointer);
  let at: Cursor | undefined = root;
  for (const part of way?.parents ?? []) at = at === undefined ? undefined : step(at, part);
  if (way === undefined || at === undefined || at.node.type === 'scalar')
    throw refusal(operation, 'finds nothing there');
  const found = step(at, way.key);
  if (found === undefined && at.node.type === 'seq') throw refusal(operation, 'finds no such item');
  return found;
}

/** The tree with its node at the parent of a pointer's last key changed. */
function change(
  root: Cursor,
  operation: JsonOperation,
  pointer: string,
  edit: (parent: Cursor, key: string, path: Path) => Node,
): Node {
  const way = steps(pointer);
  if (way === undefined) throw refusal(operation, 'finds nothing there');
  const descend = (cursor: Cursor, depth: number, path: Path): Node => {
    const part = way.parents[depth];
    if (part === undefined) {
      if (cursor.node.type === 'scalar') throw refusal(operation, 'finds nothing there');
      return edit(cursor, way.key, path);
    }
    const next = step(cursor, part);
    if (next === undefined) throw refusal(operation, 'finds nothing there');
    const { node } = cursor;
    if (node.type === 'map') {
      return withEntry(node, part, descend(next, depth + 1, childPath(path, part)));
    }
    if (node.type !== 'seq') throw refusal(operation, 'finds nothing there');
    const index = indexOf(part, node.items.length) ?? 0;
    const item = descend(next, depth + 1, childPath(path, index));
    return { ...node, items: node.items.map((old, i) => (i === index ? item : old)) };
  };
  return descend(root, 0, ROOT);
}

function add(root: Cursor, operation: JsonOperation, pointer: string, value: Node, removals: Removal[]): Node {
  return change(root, operation, pointer, (parent, key, path) => {
    const { node } = parent;
    if (node.type === 'map') return withPlaced(node, key, value, operation, path, removals);
    if (node.type !== 'seq') throw refusal(operation, 'finds nothing there');
    const index = key === '-' ? node.items.length : indexOf(key, node.items.length + 1);
    if (index === undefined) throw refusal(operation, 'finds no such item');
    const before = placedItems(parent);
    return { ...node, items: [...before.slice(0, index), value, ...before.slice(index)] };
  });
}

function remove(root: Cursor, operation: JsonOperation, pointer: string, removals: Removal[]): Node {
  return change(root, operation, pointer, (parent, key, path) => {
    const { node } = parent;
    if (node.type === 'seq') {
      const index = indexOf(key, node.items.length);
      if (index === undefined) throw refusal(operation, 'finds no such item');
      removals.push(removedItem(node.items[index], childPath(path, index), operation.at));
      return { ...node, items: placedItems(parent).filter((_, i) => i !== index) };
    }
    const before = valueAt(node, key);
    if (node.type !== 'map' || before === undefined) throw refusal(operation, 'finds no such key');
    noteRemoved(before, undefined, childPath(path, key), operation.at, removals);
    return withoutEntry(node, key);
  });
}

/** The map with an entry in the place of that of the same key, if there is one. */
function withPlaced(
  map: MapNode,
  key: string,
  value: Node,
  { at }: JsonOperation,
  path: Path,
  removals: Removal[],
): MapNode {
  const before = valueAt(map, key);
  if (before !== undefined) noteRemoved(before, value, childPath(path, key), at, removals);
  return withEntry(map, key, value);
}

/** Of a map's key that is not there the library says nothing: it is added. */
function replace(root: Cursor, operation: JsonOperation, pointer: string, removals: Removal[]): Node {
  const value = stated(operation.value, operation);
  if (pointer === '') {
    if (value.type === 'scalar') throw refusal(operation, 'can replace the object only by a map');
    noteRemoved(root.node, value, ROOT, operation.at, removals);
    return value;
  }
  return change(root, operation, pointer, (parent, key, path) => {
    const { node } = parent;
    if (node.type === 'map') return withPlaced(node, key, value, operation, path, removals);
    if (node.type !== 'seq') throw refusal(operation, 'finds nothing there');
    const index = indexOf(key, node.items.length);
    if (index === undefined) throw refusal(operation, 'finds no such item');
    return { ...node, items: placedItems(parent).map((item, i) => (i === index ? value : item)) };
  });
}

function test(root: Cursor, operation: JsonOperation, pointer: string): Node {
  const found = pointer === '' ? root : find(root, operation, pointer);
  const wanted = operation.value;
  const passed =
    found === undefined || isNullNode(found.node)
      ? wanted === undefined || isNullNode(wanted.node)
      : wanted !== undefined && sameValue(found.node, wanted.node);
  if (!passed) {
    throw new Refusal('json-patch-test-failed', `the test of ${pointer} fails`, { at: operation.at });
  }
  return root.node;
}

/** True if both mean the same data. */
export function sameValue(a: Node, b: Node): boolean {
  if (a.type === 'scalar') return b.type === 'scalar' && goValue(a) === goValue(b);
  if (a.type === 'seq') {
    if (b.type !== 'seq' || a.items.length !== b.items.length) return false;
    return a.items.every((item, i) => sameValue(item, b.items[i] as Node));
  }
  if (b.type !== 'map' || a.entries.length !== b.entries.length) return false;
  return a.entries.every(({ key, value }) => {
    const other = valueAt(b, key.text);
    return other !== undefined && sameValue(value, other);
  });
}
