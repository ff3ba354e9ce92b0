/** Notes what a patch took away, so that what blames an absence can stand there. */
import type { Anchor } from '../../base/anchor.ts';
import { childPath, type Path } from '../../base/path.ts';
import type { Removal } from '../../facts/objects.ts';
import type { Node, SeqNode } from '../../yaml/node.ts';
import { valueAt } from './placed-nodes.ts';

/**
 * Notes a node that is no more, or what of it is not in the node that took its place: each key of maps for itself, and named items of lists.
 * @param at what did it
 */
export function noteRemoved(before: Node, after: Node | undefined, path: Path, at: Anchor, removals: Removal[]): void {
  if (after === undefined) removals.push({ path, at });
  if (before.type === 'seq') noteRemovedItems(before, after, path, at, removals);
  if (before.type !== 'map') return;
  const kept = new Map(after?.type === 'map' ? after.entries.map(({ key, value }) => [key.text, value]) : []);
  for (const { key, value } of before.entries) {
    noteRemoved(value, kept.get(key.text), childPath(path, key.text), at, removals);
  }
}

/** Notes the items of a list that, by their names, are not in what took its place. */
export function noteRemovedItems(
  { items }: SeqNode,
  after: Node | undefined,
  path: Path,
  at: Anchor,
  removals: Removal[],
): void {
  const kept = new Set(after?.type === 'seq' ? after.items.map(nameIn) : []);
  for (const [i, item] of items.entries())
    if (!kept.has(nameIn(item))) removals.push(removedItem(item, childPath(path, i), at));
}

/** An item of a list that is no more, such as a variable of `env`. */
export function removedItem(item: Node | undefined, path: Path, at: Anchor): Removal {
  const name = nameIn(item);
  return { path, at, ...(name === undefined ? {} : { name }) };
}

function nameIn(item: Node | undefined): string | undefined {
  const name = valueAt(item, 'name');
  return name?.type === 'scalar' && name.text !== '' ? name.text : undefined;
}
