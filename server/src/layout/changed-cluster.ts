/** A cluster after some of its files changed: what these do not concern is kept. */
import { sameData } from '../base/same-data.ts';
import { type BuiltCluster, buildCluster, type Draft } from './build-cluster.ts';
import type { LayoutState } from './compute-layout.ts';
import type { FileTraits } from './file-traits.ts';
import type { SkippedFile } from './layout.ts';

/** A file of a cluster as it counted before, and as it counts now; undefined where it does not. */
export interface FileChange {
  readonly before: FileTraits | undefined;
  readonly after: FileTraits | undefined;
}

/** @param skipped files of the cluster that are not read; undefined: the same as before */
export function changedCluster(
  { shared, configs, versions }: Pick<LayoutState, 'shared' | 'configs' | 'versions'>,
  cluster: BuiltCluster,
  changes: readonly FileChange[],
  skipped: readonly SkippedFile[] = cluster.skipped,
): BuiltCluster {
  if (changes.length === 0) return { ...cluster, skipped };
  const { draft } = cluster;
  const files = changedFiles(draft.files, changes);
  const group = draft.group && { ...draft.group, files };
  const next: Draft = { ...draft, group, files };
  if (changes.every(isBesideInstall)) return { ...cluster, draft: next, skipped };
  return buildCluster(next, shared, configs, versions, skipped);
}

/** True if neither the installation nor the list of the files is concerned. */
function isBesideInstall({ before, after }: FileChange): boolean {
  return (
    before !== undefined &&
    after !== undefined &&
    sameData(before.statements, after.statements) &&
    sameData(before.networks, after.networks)
  );
}

/** @param files in order of path */
function changedFiles(files: readonly FileTraits[], changes: readonly FileChange[]): readonly FileTraits[] {
  const changed = [...files];
  for (const { before, after } of changes) {
    const { file } = (before ?? after) as FileTraits;
    let [low, high] = [0, changed.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((changed[middle] as FileTraits).file < file) low = middle + 1;
      else high = middle;
    }
    changed.splice(low, before === undefined ? 0 : 1, ...(after === undefined ? [] : [after]));
  }
  return changed;
}
