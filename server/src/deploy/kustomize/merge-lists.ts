/** Joins two lists item by item, as kyaml's `walkAssociativeSequence` does: the patch's items come first, the others after them. */
import { below } from '../../base/anchor.ts';
import { childPath, type Path } from '../../base/path.ts';
import type { Node } from '../../yaml/node.ts';
import type { Cursor } from '../../yaml/read.ts';
import { isEmptyNode, isNullNode } from './go-scalar.ts';
import { dropItems, findItem, type ItemKey, setItem } from './list-items.ts';
import type { MergeSchema } from './merge-schema.ts';
import { madeScalar, placed, placedItems, textOf, valueAt, withEntry, withoutEntry } from './placed-nodes.ts';
import { Refusal } from './refusal.ts';
import { removedItem } from './removals.ts';
import { type Directive, isNothing, type Merged, type MergeWalk } from './strategic-merge.ts';

/** The directive of a list, an item that is nothing but `$patch`, and the items without it. */
function listDirective(patch: Cursor): { readonly directive: Directive; readonly items: readonly Node[] } {
  const items = placedItems(patch);
  const found = items.find((item) => valueAt(item, '$patch') !== undefined);
  if (found?.type !== 'map' || found.entries.length > 1) return { directive: 'merge', items };
  const directive = textOf(valueAt(found, '$patch'));
  if (directive !== 'merge' && directive !== 'replace' && directive !== 'delete') {
    throw new Refusal('patch-unparsable', `unknown patch strategy ‘${directive}’`, {
      at: found.origin ?? patch.at,
    });
  }
  return { directive, items: dropItems(items, { keys: ['$patch'], values: [directive] }) };
}

/** The list with the patch's items joined into it; undefined where nothing is left of it. */
export function mergeLists(
  walk: MergeWalk,
  target: Cursor | undefined,
  patch: Cursor | undefined,
  schema: MergeSchema,
  path: Path,
): Merged | undefined {
  if (target === undefined || isNullNode(target.node)) {
    if (patch === undefined) return undefined;
    const items = placedItems(patch);
    return joinItems(walk, patch, items, items, schema, path);
  }
  if (patch === undefined) return joinItems(walk, target, placedItems(target), undefined, schema, path);
  if (isNullNode(patch.node)) return undefined;
  const { directive, items } = listDirective(patch);
  if (directive === 'delete') return undefined;
  if (directive === 'replace') return joinItems(walk, patch, items, items, schema, path);
  const before = target.node === patch.node ? items : placedItems(target);
  return joinItems(walk, target, before, items, schema, path);
}

/**
 * @param list what the result stands for: the object's list, or the patch's that takes its place
 * @param stated the patch's items; undefined where there is no patch, the items themselves where the patch takes the place
 */
function joinItems(
  walk: MergeWalk,
  list: Cursor,
  before: readonly Node[],
  stated: readonly Node[] | undefined,
  schema: MergeSchema,
  path: Path,
): Merged | undefined {
  const keys = schema.mergeKeys ?? [];
  const plain = keys.length === 0;
  const sides = stated === undefined ? [before] : [stated, before];
  const wanted = plain ? plainValues(sides) : keyValues(sides, keys);
  let items = [...before];
  let added: Node[] = [];
  let valid: ItemKey = { keys: plain ? [''] : keys, values: [] };
  const read = new Set<Node>();
  for (const values of wanted) {
    valid = validKeys(wanted, values, plain ? [''] : keys);
    const lookup = validKeys([values], valid.values, valid.keys);
    const own = findItem(items, lookup);
    const found = stated === before ? own : stated === undefined ? undefined : findItem(stated, lookup);
    // kyaml takes a directive away when it reads it: for items that count as one it holds once (`determineMapMergeDirective`).
    const other = found?.type === 'map' && read.has(found) ? withoutEntry(found, '$patch') : found;
    if (found !== undefined) read.add(found);
    const index = own === undefined ? items.length : items.indexOf(own);
    let merged = mergeItems(walk, own, other, schema, childPath(path, index));
    const kept = merged?.kept === true ? merged.node : undefined;
    if (kept !== undefined && own !== undefined) items = items.map((item) => (item === own ? kept : item));
    if (isNothing(merged) || merged === undefined) {
      if (own !== undefined && other !== undefined && other !== own && other.origin !== undefined) {
        walk.removals.push(removedItem(own, childPath(path, index), other.origin));
      }
      items = dropItems(items, valid);
      continue;
    }
    merged = { ...merged, node: withKeys(merged.node, valid, list) };
    const { node } = merged;
    if (kept !== undefined) items = items.map((item) => (item === kept ? node : item));
    added = setItem(added, node, valid);
  }
  const joined = wanted.length === 0 ? items : appendItems(added, items, valid.keys);
  // The same items in the same places: nothing happened.
  if (list.node.type === 'seq' && isSameList(joined, list)) return { node: list.node, kept: true };
  const flow = list.node.type === 'seq' && list.node.flow;
  const node: Node = { type: 'seq', flow, items: joined, start: list.node.start, end: list.node.end, origin: list.at };
  return { node, kept: stated !== before };
}

/** True if the items are those of the list, each with nothing but its own place written into it. */
function isSameList(items: readonly Node[], list: Cursor): boolean {
  const { node, at } = list;
  if (node.type !== 'seq' || node.items.length !== items.length) return false;
  return node.items.every((item, index) => {
    const now = items[index];
    if (now === undefined || now.origin !== (item.origin ?? below(at, index))) return false;
    if (item.type === 'map') return now.type === 'map' && now.entries === item.entries;
    if (item.type === 'seq') return now.type === 'seq' && now.items === item.items;
    return now.type === 'scalar' && now.text === item.text && now.style === item.style && now.tag === item.tag;
  });
}

function mergeItems(
  walk: MergeWalk,
  own: Node | undefined,
  other: Node | undefined,
  schema: MergeSchema,
  path: Path,
): Merged | undefined {
  const target = own?.origin === undefined ? undefined : { node: own, at: own.origin };
  if (own !== undefined && own === other) {
    const merged = walk.merge(target, target, schema.items, path);
    return merged === undefined ? undefined : { ...merged, kept: true };
  }
  const patch = other?.origin === undefined ? undefined : { node: other, at: other.origin };
  const merged = walk.merge(target, patch, schema.items, path);
  // What is kept stands in a list of its own now: its place goes with it.
  return merged === undefined || target === undefined || !merged.kept
    ? merged
    : { ...merged, node: placed({ node: merged.node, at: target.at }) };
}

/** An item has the keys that it was found by. */
function withKeys(node: Node, { keys, values }: ItemKey, list: Cursor): Node {
  let result = node;
  for (const [i, key] of keys.entries()) {
    const value = values[i] ?? '';
    if (value === '' || result.type !== 'map' || valueAt(result, key) !== undefined) continue;
    result = withEntry(result, key, madeScalar(value, result.origin ?? list.at));
  }
  return result;
}

/** The keys' values of all items, without repetitions, those of the patch first. */
function keyValues(sides: readonly (readonly Node[])[], keys: readonly string[]): string[][] {
  const found: string[][] = [];
  const seen = new Set<string>();
  for (const side of sides) {
    for (const item of side) {
      const values = keys.map((key) => {
        const value = valueAt(item, key);
        return value === undefined || isEmptyNode(value) ? '' : textOf(value);
      });
      const id = JSON.stringify(values);
      if (seen.has(id)) continue;
      seen.add(id);
      found.push(values);
    }
  }
  return keys.length > 1 ? completed(found) : found;
}

function plainValues(sides: readonly (readonly Node[])[]): string[][] {
  const seen = new Set(sides.flatMap((side) => side.map(textOf)));
  return [...seen].map((value) => [value]);
}

/** Where some items leave a key out (a port's protocol), they are those of the others that agree in the rest (kyaml `mergeValues`). */
function completed(found: string[][]): string[][] {
  const result = [...found];
  for (let i = 0; i < result.length; i++) {
    // Go takes them once for all that follow.
    const one = result[i] ?? [];
    for (let j = 0; j < result.length; j++) {
      const both = joinedValues(one, result[j] ?? []);
      if (both === undefined) continue;
      result[i] = both;
      result[j] = both;
    }
  }
  return result;
}

function joinedValues(a: readonly string[], b: readonly string[]): string[] | undefined {
  let shared = false;
  const result: string[] = [];
  for (const [i, one] of a.entries()) {
    const other = b[i] ?? '';
    if (one === other) shared = true;
    else if (one !== '' && other !== '') return undefined;
    result.push(one === '' ? other : one);
  }
  return shared ? result : undefined;
}

/** The keys that any of the items has; all of them where none has any (kyaml `validateKeys`). */
function validKeys(all: readonly (readonly string[])[], values: readonly string[], keys: readonly string[]): ItemKey {
  const used = new Set(keys.filter((_, i) => all.some((one) => (one[i] ?? '') !== '')));
  if (used.size === 0) return { keys, values };
  return {
    keys: keys.filter((key) => used.has(key)),
    values: values.filter((value, i) => value !== '' || used.has(keys[i] ?? '')),
  };
}

/** kyaml `appendListNode`: what the object has comes after what the patch has, in the place of what is the same. */
function appendItems(first: readonly Node[], rest: readonly Node[], keys: readonly string[]): Node[] {
  let result = [...first];
  for (const item of rest) {
    if (keys[0] === '') {
      result = setItem(result, item, { keys, values: [textOf(item)] });
      continue;
    }
    const values: string[] = [];
    for (const key of keys) {
      const value = valueAt(item, key);
      if (value === undefined) result.push(item);
      else values.push(textOf(value));
    }
    if (keys.length > 1) result = dropItems(result, { keys, values });
    result = setItem(result, item, { keys, values });
  }
  return result;
}
