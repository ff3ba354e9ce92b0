/** Notes what a patch took away, so that what blames an absence can stand there. */
import type { Anchor } from '../../base/anchor.ts';
import { childPath, type Path } from '../../base/path.ts';
import type { Removal } from '../../facts/objects.ts';
import type { Node } from '../../yaml/node.ts';
import { valueAt } from './placed-nodes.ts';

/**
 * Notes a node that is no more, or what of it is not in the node that took its place: each key of maps for itself.
 * @param at what did it
 */
export function noteRemoved(before: Node, after: Node | undefined, path: Path, at: Anchor, removals: Removal[]): void {
  if (after === undefined) removals.push({ path, at });
  if (before.type !== 'map') return;
  for (const { key, value } of before.entries) {
    noteRemoved(value, valueAt(after, key.text), childPath(path, key.text), at, removals);
  }
}
