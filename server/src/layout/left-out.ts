/** Sorts the files of the workspace: those that count, and those that are left out with the reason. */
import { folderOf, lastSegment } from '../base/relative-path.ts';
import { type FileTraits, seedOf } from './file-traits.ts';
import { kustomizeTree } from './kustomize-tree.ts';
import { chartFolders } from './layers.ts';
import type { SkipReason } from './layout.ts';
import { isAlternative, isApartFolder, isParentFolder } from './path-words.ts';

export interface SortedFiles {
  /** Files with facts that count, in order of path. */
  readonly live: readonly FileTraits[];
  /** Files that are not read, or only in part, in order of path. */
  readonly skipped: readonly { readonly file: string; readonly reason: SkipReason }[];
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
export function sortFiles(files: readonly FileTraits[], declared: ReadonlySet<string>): SortedFiles {
  const used = new Set(files.flatMap(({ uses }) => uses ?? []));
  const inKustomizeTree = kustomizeTree(files);
  const inChart = chartInternals(files);
  const skipped: { file: string; reason: SkipReason }[] = [];
  const candidates: FileTraits[] = [];
  for (const traits of files) {
    const { file } = traits;
    const isPart = traits.uses === undefined && used.has(file);
    if (traits.skipped !== undefined && !(isPart && traits.skipped === 'kustomization'))
      skipped.push({ file, reason: traits.skipped });
    if (!hasFacts(traits) || isPart) continue;
    if (traits.uses !== undefined) {
      candidates.push(traits);
      continue;
    }
    const reason = inKustomizeTree(traits) ? 'kustomization' : inChart(traits) ? 'helm-template' : undefined;
    if (reason === undefined) candidates.push(traits);
    else if (traits.skipped === undefined) skipped.push({ file, reason });
  }
  const isApart = apartFolders(candidates);
  const apart = candidates.filter(({ id, folder }) => isApart(folder) && !declared.has(id));
  if (apart.length === 0) return { live: candidates, skipped };
  const excluded = new Set(apart);
  const live = candidates.filter((traits) => !excluded.has(traits));
  // An opened folder that holds nothing but examples, or an archive, is what the user wants to see.
  if (!live.some(showsMesh)) return { live: candidates, skipped };
  for (const { file, skipped: reason } of apart.filter(showsMesh)) {
    if (reason === undefined) skipped.push({ file, reason: 'set-apart' });
  }
  return { live, skipped: skipped.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0)) };
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

/** Tells folders of archives, examples, tests or rendered copies. */
function apartFolders(files: readonly FileTraits[]): (folder: string) => boolean {
  const known = new Map<string, boolean>([['', false]]);
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
      apart = isApart(folderOf(folder)) || (isApartFolder(lastSegment(folder)) && !isEnvironment(folder));
      known.set(folder, apart);
    }
    return apart;
  };
  return isApart;
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
