/** Says which cluster the edits of a fix are for, where a fix is for several: what others share with it is then left as it is. */
import type { ClusterId } from '../layout/layout.ts';
import type { NodeEdit } from '../yaml/edit.ts';
import type { FixEdit } from './rule.ts';

/** @returns the edits as those that one cluster needs */
export function editsFor(cluster: ClusterId, edits: readonly NodeEdit[]): readonly FixEdit[] {
  return edits.map((edit) => ({ ...edit, for: [cluster] }));
}
