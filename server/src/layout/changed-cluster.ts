/** A cluster after some of its files changed: what these do not concern is kept. */
import { sameData } from '../base/same-data.ts';
import { type BuiltCluster, buildCluster, candidateOf, type Draft } from './build-cluster.ts';
import type { LayoutState } from './compute-layout.ts';
import type { FileTraits } from './file-traits.ts';
import type { SkippedFile } from './layout.ts';
import { type Candidate, GlobalServices } from './mesh-groups.ts';

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

/**
 * The cluster as far as its mesh is concerned. Nearly every edit leaves alone what tells of that.
 * @param before as what it was known, before the changes to its files made `cluster` of it
 */
export function changedCandidate(
  cluster: BuiltCluster,
  changes: readonly FileChange[],
  before: { readonly cluster: BuiltCluster; readonly candidate: Candidate },
): Candidate {
  const { candidate } = before;
  const isBeside = cluster.install === before.cluster.install && changes.every(tellsTheSame);
  const next = isBeside ? { ...candidate, globals: new GlobalServices(cluster.draft.files) } : candidateOf(cluster);
  // That they were asked for holds as long as what was told by them.
  return candidate.globals.wereAsked && areGroupedAlike(candidate, next) ? candidate : next;
}

/** True if the mesh of the cluster would be told from the same, but for its global Services. */
function tellsTheSame({ before, after }: FileChange): boolean {
  return (
    before !== undefined &&
    after !== undefined &&
    before.ambient === after.ambient &&
    sameData(before.remotes, after.remotes) &&
    sameData(before.peerNetworks, after.peerNetworks) &&
    sameData(before.roots, after.roots) &&
    sameData(before.uses, after.uses)
  );
}

/** Whether two candidates are grouped alike: of global Services only those count that were asked for the last time. */
export function areGroupedAlike(before: Candidate, after: Candidate): boolean {
  const { globals } = before;
  const isSameIn = globals === after.globals || !globals.wereAsked || sameData(globals.keys, after.globals.keys);
  return isSameIn && sameData({ ...before, globals }, { ...after, globals });
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
