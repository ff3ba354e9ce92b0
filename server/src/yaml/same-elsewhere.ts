/** Checks that an edit changed the values that it was asked to change, and no other one. */
import { EMBEDDED, type PathKey } from '../base/path.ts';
import type { Change } from './edit-node.ts';
import type { MapNode, Node } from './node.ts';
import { parseDocument } from './parse.ts';

/**
 * True if both texts are sound and mean the same but for what the change asks for at the path. Not so, for example, where the edited
 * node has an anchor that an alias repeats elsewhere, or where blank lines belong to a `|+` scalar above.
 */
export function isSameElsewhere(before: string, after: string, keys: readonly PathKey[], change: Change): boolean {
  const old = parseDocument(before).root;
  const made = parseDocument(after).root;
  return old !== undefined && made !== undefined && sameBut(old, made, keys, change);
}

function sameBut(old: Node, made: Node, keys: readonly PathKey[], change: Change): boolean {
  const [key, ...rest] = keys;
  if (key === undefined) return isAsAsked(old, made, change);
  if (key === EMBEDDED) {
    return old.type === 'scalar' && made.type === 'scalar' && isSameElsewhere(old.text, made.text, rest, change);
  }
  if (old.type === 'scalar') return true; // nothing was there
  if (old.type === 'map') {
    if (made.type !== 'map' || typeof key !== 'string') return false;
    const name = rest.length === 0 && change.op === 'rename-key' ? change.key : key;
    const from = valueAt(old, key);
    const to = valueAt(made, name);
    if (!sameAll(valuesBut(old, key), valuesBut(made, name))) return false;
    if (isRemoved(rest, change)) return to === undefined;
    return from === undefined || to === undefined || sameBut(from, to, rest, change);
  }
  if (made.type !== 'seq' || typeof key !== 'number') return false;
  const others = old.items.filter((_, index) => index !== key);
  if (isRemoved(rest, change)) return sameAll(others, made.items);
  const [from, to] = [old.items[key], made.items[key]];
  const sameOthers = sameAll(
    others,
    made.items.filter((_, index) => index !== key),
  );
  if (!sameOthers || to === undefined) return false;
  return from === undefined ? key === old.items.length : sameBut(from, to, rest, change);
}

/** Whether the change takes away what lies at the key before these. */
function isRemoved(rest: readonly PathKey[], { op }: Change): boolean {
  return op === 'remove' && rest.length === 0;
}

/** For the node that the change is about. */
function isAsAsked(old: Node, made: Node, { op }: Change): boolean {
  if (op === 'set') return true;
  if (op !== 'append') return same(old, made);
  return made.type === 'seq' && (old.type !== 'seq' || sameAll(old.items, made.items.slice(0, -1)));
}

function valueAt({ entries }: MapNode, key: string): Node | undefined {
  return entries.find((entry) => entry.key.text === key)?.value;
}

function valuesBut({ entries }: MapNode, key: string): readonly Node[] {
  return entries.filter((entry) => entry.key.text !== key).flatMap((entry) => [entry.key, entry.value]);
}

function sameAll(a: readonly Node[], b: readonly Node[]): boolean {
  return a.length === b.length && a.every((node, index) => same(node, b[index] as Node));
}

function same(a: Node, b: Node): boolean {
  if (a.type === 'scalar') return b.type === 'scalar' && a.text === b.text && a.tag === b.tag;
  if (a.type === 'seq') return b.type === 'seq' && sameAll(a.items, b.items);
  const parts = (map: MapNode): readonly Node[] => map.entries.flatMap(({ key, value }) => [key, value]);
  return b.type === 'map' && sameAll(parts(a), parts(b));
}
