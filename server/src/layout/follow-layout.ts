/**
 * Follows a layout from files that changed, at the cost of their clusters. Most edits leave alone what tells clusters apart; whatever
 * might not is left to the computation of the whole layout.
 */

import { lastSegment } from '../base/relative-path.ts';
import { sameData } from '../base/same-data.ts';
import type { InstallStatement } from '../facts/install.ts';
import type { BuiltCluster } from './build-cluster.ts';
import { areGroupedAlike, changedCandidate, changedCluster, type FileChange } from './changed-cluster.ts';
import { type LayoutState, placedClusters, placeSkipped } from './compute-layout.ts';
import { type FileTraits, seedOf } from './file-traits.ts';
import type { ClusterId, SkippedFile } from './layout.ts';
import { showsMesh } from './left-out.ts';
import { type Candidate, meshGroups } from './mesh-groups.ts';
import { changedPlacement } from './placement.ts';
import { standsAlone, withUmbrellaValues } from './umbrella-values.ts';

/** What changes for clusters. */
interface Changes {
  readonly files: Map<ClusterId, FileChange[]>;
  readonly placement: Map<string, readonly ClusterId[] | undefined>;
  /** Files that are not read, or only in part; undefined: the file is read now. */
  readonly skipped: Map<string, SkippedFile | undefined>;
}

export interface Followed {
  readonly state: LayoutState;
  /** Ids of the files that belong to other clusters now. */
  readonly moved: Iterable<string>;
}

/**
 * @param files by id: what is stated now; undefined if the file is gone
 * @returns undefined if the layout must be computed as a whole. `state` is used up in any case.
 */
export function followLayout(
  state: LayoutState,
  files: ReadonlyMap<string, FileTraits | undefined>,
): Followed | undefined {
  const changes: Changes = { files: new Map(), placement: new Map(), skipped: new Map() };
  for (const [id, read] of files) {
    const after = read && withUmbrellaValues(read, state.umbrellas);
    if (!followFile(state, id, after, changes)) return undefined;
    if (after === undefined) state.traits.delete(id);
    else state.traits.set(id, after);
  }
  return { state: conclude(state, changes), moved: changes.placement.keys() };
}

function followFile(state: LayoutState, id: string, after: FileTraits | undefined, changes: Changes): boolean {
  const { sorted, grouping, taken, layout } = state;
  const before = state.traits.get(id);
  const traits = after ?? before;
  if (traits === undefined || before === after) return true;
  const { file, folder } = traits;
  if (!isPlain(state, before) || !isPlain(state, after) || !sameShape(before, after)) return false;
  const { byFolder, charts } = state.umbrellas;
  const isAlone = (one: FileTraits | undefined): boolean => one !== undefined && standsAlone(one, charts);
  if (byFolder.size > 0 && isAlone(before) !== isAlone(after)) return false;
  // Charts are told by the names of their files, and declarations take files by their paths, whatever is in them.
  const isNewPath = before === undefined || after === undefined;
  if (isNewPath && (state.declared.length > 0 || lastSegment(file) === 'Chart.yaml')) return false;
  const [old, made] = [before && sorted.judge(before), after && sorted.judge(after)];
  if (old?.reason !== made?.reason) {
    const { reason } = made ?? {};
    changes.skipped.set(file, reason && placeSkipped({ file, reason }, grouping, taken, state.built));
  }
  const change: FileChange = { before: old?.counts ? before : undefined, after: made?.counts ? after : undefined };
  if (change.before === undefined && change.after === undefined) return true;
  if (sorted.isApart(folder) || [before, after].some((one) => one !== undefined && state.isLayer(one))) return false;
  const comesOrGoes = change.before === undefined || change.after === undefined;
  if (!sorted.follow(change.before, change.after)) return false;
  const isTaken = taken.has(id);
  // Declarations take files by their paths, so that one that they take may be the only file of its cluster.
  if (isTaken ? comesOrGoes || !sameMesh(change) : !grouping.follow(change.before, change.after)) return false;
  let clusters = layout.placement.get(id) ?? [];
  if (comesOrGoes) {
    const group = grouping.groupOf(file)?.id;
    clusters = group === undefined ? [] : [group];
    changes.placement.set(id, change.after === undefined || group === undefined ? undefined : clusters);
  }
  // What no cluster has may be below what each of them has.
  if (clusters.length === 0 && !sameData(statementsOf(before), statementsOf(after))) return false;
  for (const cluster of clusters) {
    const known = changes.files.get(cluster);
    if (known === undefined) changes.files.set(cluster, [change]);
    else known.push(change);
  }
  return true;
}

/** True for a file that is neither made by a tool nor at the place of something that is. */
function isPlain({ units }: LayoutState, traits: FileTraits | undefined): boolean {
  return traits === undefined || (traits.unit === undefined && traits.uses === undefined && !units.has(traits.file));
}

function sameMesh({ before, after }: FileChange): boolean {
  return before !== undefined && after !== undefined && showsMesh(before) === showsMesh(after);
}

function statementsOf(traits: FileTraits | undefined): readonly InstallStatement[] {
  return traits?.statements ?? [];
}

/** True if the installs take the same places, and other tools the same files. */
function sameShape(before: FileTraits | undefined, after: FileTraits | undefined): boolean {
  const [old, made] = [statementsOf(before), statementsOf(after)];
  return (
    sameData(before?.opens ?? [], after?.opens ?? []) &&
    sameData(before?.kustomizes, after?.kustomizes) &&
    old.length === made.length &&
    // What a chart depends on tells whose the values in its folder are.
    (before === after || !old.some(({ form }) => form === 'helm-chart')) &&
    old.every((statement, i) => hasSamePlace(statement, made[i] as InstallStatement))
  );
}

function hasSamePlace(a: InstallStatement, b: InstallStatement): boolean {
  return (
    a === b ||
    (a.form === b.form &&
      a.chart === b.chart &&
      a.file === b.file &&
      a.installer === undefined &&
      b.installer === undefined &&
      sameData(seedOf(a), seedOf(b)))
  );
}

function conclude(state: LayoutState, changes: Changes): LayoutState {
  const { layout } = state;
  const skipped = changes.skipped.size === 0 ? layout.skipped : changedSkipped(layout.skipped, changes.skipped);
  const concerned = new Set([...changes.files.keys(), ...clustersOf(layout.skipped, changes.skipped)]);
  const built = new Map(state.built);
  const candidates = new Map(state.candidates);
  for (const id of concerned) {
    const own = changes.skipped.size === 0 ? undefined : skipped.filter(({ cluster }) => cluster === id);
    const files = changes.files.get(id) ?? [];
    const before = { cluster: state.built.get(id) as BuiltCluster, candidate: state.candidates.get(id) as Candidate };
    const cluster = changedCluster(state, before.cluster, files, own);
    built.set(id, cluster);
    candidates.set(id, changedCandidate(cluster, files, before));
  }
  const sameCandidates = [...concerned].every((id) =>
    areGroupedAlike(state.candidates.get(id) as Candidate, candidates.get(id) as Candidate),
  );
  const meshes = sameCandidates ? layout.meshes : meshGroups([...candidates.values()]);
  const clusters = placedClusters(built, meshes, layout.clusters, concerned);
  const placement = changedPlacement(layout.placement, changes.placement);
  return { ...state, built, candidates, layout: { ...layout, clusters, meshes, placement, skipped } };
}

/** @param changes by file, in which what is undefined is taken out */
function changedSkipped(
  before: readonly SkippedFile[],
  changes: ReadonlyMap<string, SkippedFile | undefined>,
): readonly SkippedFile[] {
  const kept = before.filter(({ file }) => !changes.has(file));
  const added = [...changes.values()].filter((skipped) => skipped !== undefined);
  return [...kept, ...added].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
}

/** The clusters that files which are skipped for another reason now belonged to, and belong to. */
function clustersOf(before: readonly SkippedFile[], changes: Changes['skipped']): readonly ClusterId[] {
  if (changes.size === 0) return [];
  const old = before.filter(({ file }) => changes.has(file));
  return [...old, ...changes.values()].flatMap((skipped) => skipped?.cluster ?? []);
}
