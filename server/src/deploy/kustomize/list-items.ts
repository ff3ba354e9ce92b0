/** Finds, sets and drops the items of a list by the values of their keys, as kyaml's `ElementMatcher` and `ElementSetter` do. */
import type { Node } from '../../yaml/node.ts';
import { isEmptyNode, isNullNode } from './go-scalar.ts';
import { textOf, valueAt } from './placed-nodes.ts';
import { Refusal } from './refusal.ts';

/** What an item is known by. One key '' means the item itself, a plain value. */
export interface ItemKey {
  readonly keys: readonly string[];
  readonly values: readonly string[];
}

/** The first item that has all of the values. */
export function findItem(items: readonly Node[], { keys, values }: ItemKey): Node | undefined {
  if ((keys[0] ?? '') === '') return items.find((item) => textOf(item) === (values[0] ?? ''));
  return items.find(
    (item) =>
      item.type === 'map' &&
      keys.every((key, i) => {
        const value = valueAt(item, key);
        return value !== undefined && textOf(value) === (values[i] ?? '');
      }),
  );
}

/** True if an item is meant. Values that are '' or left out match whatever the item has there. */
function isMeant(item: Node, { keys, values }: ItemKey): boolean {
  for (const [i, key] of keys.entries()) {
    const wanted = values[i];
    if (wanted === undefined) continue;
    if (key === '') {
      if (item.type !== 'scalar') throw new Refusal('patch-unparsable', 'a list of plain values holds something else');
      if (textOf(item) !== wanted) return false;
      continue;
    }
    if (item.type !== 'map') throw new Refusal('patch-unparsable', 'a list of maps holds something else');
    const value = valueAt(item, key);
    if (value === undefined || (wanted !== '' && textOf(value) !== wanted)) return false;
  }
  return true;
}

/** The items without those that are meant; with an `item`, that one in their place. */
function replaced(items: readonly Node[], key: ItemKey, item: Node | undefined): { items: Node[]; found: boolean } {
  const ofMaps = (key.keys[0] ?? '') !== '' && (key.values[0] ?? '') !== '';
  const result: Node[] = [];
  let found = false;
  for (const one of items) {
    if (isNullNode(one) || (one.type === 'map' && isEmptyNode(one))) continue;
    if (one.type !== 'map' && ofMaps) {
      result.push(one);
    } else if (!isMeant(one, key)) {
      if (key.values.length > 0) result.push(one);
    } else {
      found = true;
      if (item !== undefined) result.push(item);
    }
  }
  return { items: result, found };
}

export function dropItems(items: readonly Node[], key: ItemKey): Node[] {
  return replaced(items, key, undefined).items;
}

/** The items with this one in the place of those that are meant, else at the end. */
export function setItem(items: readonly Node[], item: Node, key: ItemKey): Node[] {
  const { items: result, found } = replaced(items, key, item);
  if (!found && !isNullNode(item)) result.push(item);
  return result;
}
