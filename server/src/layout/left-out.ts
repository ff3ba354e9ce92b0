/** Sorts the files of the workspace: those that count, and those that are left out with the reason. */
import { otherSource } from '../base/other-sources.ts';
import { folderOf, lastSegment } from '../base/relative-path.ts';
import { inSteps } from '../base/steps.ts';
import { type FileTraits, seedOf } from './file-traits.ts';
import { kustomizeTree } from './kustomize-tree.ts';
import { chartFolders } from './layers.ts';
import type { SkipReason } from './layout.ts';
import { leftOverValues } from './left-over-values.ts';
import { isAlternative, isApartFolder, isCopied, isParentFolder } from './path-words.ts';

export interface SortedFiles {
  /** Files with facts that count, in order of path. */
  readonly live: readonly FileTraits[];
  /** Files that are not read, or only in part, in order of path. */
  readonly skipped: readonly LeftOut[];
  /** What becomes of a file that is not set apart. */
  judge(traits: FileTraits): Judgement;
  /** True if the files of a folder are set apart. */
  isApart(folder: string): boolean;
  /** True if they do not count: they do where there is nothing else. */
  isLeftOut(folder: string): boolean;
  /**
   * Follows a file that is not set apart, and counts as something else now; undefined where it does not count.
   * @returns false if others may be sorted otherwise now: what this holds is worth nothing then
   */
  follow(before: FileTraits | undefined, after: FileTraits | undefined): boolean;
}

/** A file that is not read, or only in part. */
export interface LeftOut {
  readonly file: string;
  readonly reason: SkipReason;
}

export interface Judgement {
  /** True if it states something that can be placed. */
  readonly counts: boolean;
  /** Why it is not read, or only in part. */
  readonly reason: SkipReason | undefined;
}

/** True if a file states anything that can be placed. */
export function hasFacts({ hasObjects, statements }: FileTraits): boolean {
  return hasObjects || statements.length > 0;
}

/** True if a file shows a mesh: a control plane or ztunnel, or the use of ambient mode. */
export function showsMesh({ ambient, statements }: FileTraits): boolean {
  return ambient || statements.some((statement) => seedOf(statement) !== undefined);
}

/**
 * @param files all files, in order of path
 * @param declared files that the user gave to a cluster: they count wherever they lie
 */
export function* sortFiles(files: readonly FileTraits[], declared: ReadonlySet<string>): Generator<void, SortedFiles> {
  const judge = judgeOf(files, declared);
  yield;
  const skipped: LeftOut[] = [];
  const candidates: FileTraits[] = [];
  yield* inSteps(files, (traits) => {
    const { counts, reason } = judge(traits);
    if (reason !== undefined) skipped.push({ file: traits.file, reason });
    if (counts) candidates.push(traits);
  });
  const isApart = apartFolders(candidates);
  const follow = followFolders(candidates);
  yield;
  const sorted = { judge, isApart, isLeftOut: isApart, follow };
  const apart = candidates.filter(({ id, folder }) => isApart(folder) && !declared.has(id));
  if (apart.length === 0) return { live: candidates, skipped, ...sorted };
  const excluded = new Set(apart);
  const live = candidates.filter((traits) => !excluded.has(traits));
  // An opened folder that holds nothing but examples, or an archive, is what the user wants to see.
  if (!live.some(showsMesh)) {
    const isFirst = (traits: FileTraits | undefined): boolean => traits !== undefined && showsMesh(traits);
    return {
      live: candidates,
      skipped,
      ...sorted,
      isLeftOut: () => false,
      follow: (before, after) => !isFirst(after) && follow(before, after),
    };
  }
  for (const { file, skipped: reason } of apart.filter(showsMesh)) {
    if (reason === undefined) skipped.push({ file, reason: 'set-apart' });
  }
  const inOrder = skipped.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
  return { live, skipped: inOrder, ...sorted };
}

function judgeOf(files: readonly FileTraits[], declared: ReadonlySet<string>): (traits: FileTraits) => Judgement {
  const used = new Set(files.flatMap(({ uses = [], mayUse }) => [...uses, ...mayUse]));
  const inKustomizeTree = kustomizeTree(files);
  const inChart = chartInternals(files);
  const isLeftOver = leftOverValues(files, used);
  return (traits) => {
    const isPart = traits.uses === undefined && used.has(traits.file);
    // What is used of templates that are no YAML was filled in.
    const isRead = traits.skipped === 'kustomization' || otherSource(traits.file) !== undefined;
    const reason = isPart && isRead ? undefined : traits.skipped;
    // What is known of it in part belongs to its cluster even if that part is empty.
    if ((!hasFacts(traits) && !traits.isPartial) || isPart) return { counts: false, reason };
    if (traits.uses !== undefined) return { counts: true, reason };
    const tree = inKustomizeTree(traits) ? 'kustomization' : inChart(traits) ? 'helm-template' : undefined;
    const apart = tree ?? (isLeftOver(traits) && !declared.has(traits.id) ? 'left-over' : undefined);
    return { counts: apart === undefined, reason: reason ?? apart };
  };
}

/** Names of environments tell what a folder is for its neighbours too (`apartFolders`), as long as a file in it counts. */
function followFolders(candidates: readonly FileTraits[]): SortedFiles['follow'] {
  const counts = new Map<string, number>();
  for (const { folder } of candidates) counts.set(folder, (counts.get(folder) ?? 0) + 1);
  return (before, after) => {
    const by = (after === undefined ? 0 : 1) - (before === undefined ? 0 : 1);
    if (by === 0) return true;
    const { folder } = (before ?? after) as FileTraits;
    const known = counts.get(folder) ?? 0;
    counts.set(folder, known + by);
    return (known > 0 && known + by > 0) || !folder.split('/').some(isAlternative);
  };
}

/** Folders of a chart whose files are not installed as they stand. */
const CHART_FOLDERS: ReadonlySet<string> = new Set(['templates', 'crds', 'charts', 'files', 'ci']);

/** Tells whether a file is part of a Helm chart, other than its values. */
function chartInternals(files: readonly FileTraits[]): (traits: FileTraits) => boolean {
  const charts = chartFolders(files);
  return ({ folder }) => {
    if (charts.size === 0) return false;
    for (let at = folder; at !== ''; at = folderOf(at)) {
      if (CHART_FOLDERS.has(lastSegment(at)) && charts.has(folderOf(at))) return true;
    }
    return false;
  };
}

/** Tells folders of archives, examples, tests or rendered copies, and those in `clusters/` that are copied for a new one. */
function apartFolders(files: readonly FileTraits[]): (folder: string) => boolean {
  const known = new Map<string, boolean>([['', false]]);
  let named: ReadonlySet<string> | undefined;
  const isToBeCopied = (folder: string): boolean => {
    if (!isCopied(lastSegment(folder)) || !isParentFolder(lastSegment(folderOf(folder)))) return false;
    named ??= foldersWithNames(files);
    return !named.has(folder);
  };
  let peers: ReadonlySet<string> | undefined;
  /** `test` below `envs/`, or beside `dev` and `prod`, is an environment. */
  const isEnvironment = (folder: string): boolean => {
    const parent = folderOf(folder);
    if (isParentFolder(lastSegment(parent))) return true;
    peers ??= environments(files);
    return isAlternative(lastSegment(folder)) && peers.has(parent);
  };
  const isApart = (folder: string): boolean => {
    let apart = known.get(folder);
    if (apart === undefined) {
      const isOwn = isToBeCopied(folder) || (isApartFolder(lastSegment(folder)) && !isEnvironment(folder));
      apart = isOwn || isApart(folderOf(folder));
      known.set(folder, apart);
    }
    return apart;
  };
  return isApart;
}

/** Folders in which a control plane states the name of its cluster, or a tool is told to deploy to one by its name. */
function foldersWithNames(files: readonly FileTraits[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { folder, statements, unit } of files) {
    const isNamed = unit?.keys.length || statements.some((statement) => seedOf(statement)?.clusterName !== undefined);
    for (let at = folder; isNamed && at !== '' && !found.has(at); at = folderOf(at)) found.add(at);
  }
  return found;
}

/** Folders of which a child is named like an environment that cannot be anything else. */
function environments(files: readonly FileTraits[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const parents = new Set<string>();
  for (const { folder } of files) {
    for (let at = folder; at !== '' && !seen.has(at); at = folderOf(at)) {
      seen.add(at);
      if (isAlternative(lastSegment(at)) && !isApartFolder(lastSegment(at))) parents.add(folderOf(at));
    }
  }
  return parents;
}
