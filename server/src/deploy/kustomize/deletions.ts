/** The objects that a patch deletes: kustomize says nothing of them, and the cluster does not get them. */
import { type Anchor, below } from '../../base/anchor.ts';
import type { PatchContent } from './patches.ts';
import { valueAt } from './placed-nodes.ts';
import { kindOf, nameOf, type Resource } from './resource.ts';

/** An object that a patch took away. What moves or renames all others moves and renames it, too: that is what it would be called. */
export interface Dropped {
  readonly resource: Resource;
  /** The directive in the patch, else the patch. */
  readonly by: Anchor;
}

/** What is in a list before a patch and no more after it. */
export function deletedBy(
  content: PatchContent,
  before: readonly Resource[],
  after: readonly Resource[],
): readonly Dropped[] {
  if (content.type !== 'merge' || after.length >= before.length) return [];
  const kept = new Set(after.map(({ original }) => original));
  return before.flatMap((resource) => {
    const by = kept.has(resource.original) ? undefined : placeOf(content, resource);
    return by === undefined ? [] : [{ resource, by }];
  });
}

/** The directive that deletes an object, in the patch that is for it. */
function placeOf({ objects }: PatchContent & { readonly type: 'merge' }, { root }: Resource): Anchor | undefined {
  const own = objects.filter((patch) => kindOf(patch.root) === kindOf(root) && nameOf(patch.root) === nameOf(root));
  const [patch] = own.length === 0 ? objects : own;
  const at = patch?.root.origin;
  return at !== undefined && patch !== undefined && valueAt(patch.root, '$patch') !== undefined
    ? below(at, '$patch')
    : at;
}
