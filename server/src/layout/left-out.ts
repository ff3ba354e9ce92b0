/** Sorts the files of the workspace: those that count, and those that are left out with the reason. */
import { type FileTraits, seedOf } from './file-traits.ts';
import { kustomizeTree } from './kustomize-tree.ts';
import type { SkipReason } from './layout.ts';
import { folderOf, isAlternative, isApartFolder, isParentFolder, lastSegment } from './path-words.ts';

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
  const inKustomizeTree = kustomizeTree(files);
  const inChart = chartInternals(files);
  const skipped: { file: string; reason: SkipReason }[] = [];
  const candidates: FileTraits[] = [];
  for (const traits of files) {
    const { file } = traits;
    if (traits.skipped !== undefined) skipped.push({ file, reason: traits.skipped });
    if (!hasFacts(traits)) continue;
    const reason = inKustomizeTree(file) ? 'kustomization' : inChart(file) ? 'helm-template' : undefined;
    if (reason === undefined) candidates.push(traits);
    else if (traits.skipped === undefined) skipped.push({ file, reason });
  }
  const isApart = apartFiles(candidates);
  const apart = candidates.filter(({ file }) => isApart(file) && !declared.has(file));
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
const CHART_FOLDERS: ReadonlySet<string> = new Set(['templates', 'crds', 'charts', 'ci']);

/** Tells whether a file is part of a Helm chart, other than its values. */
function chartInternals(files: readonly FileTraits[]): (file: string) => boolean {
  const charts = new Set(
    files.filter(({ file }) => /(?:^|\/)Chart\.yaml$/.test(file)).map(({ file }) => folderOf(file)),
  );
  return (file) => {
    if (charts.size === 0) return false;
    const segments = file.split('/');
    return segments.some(
      (segment, i) =>
        i < segments.length - 1 && CHART_FOLDERS.has(segment) && charts.has(segments.slice(0, i).join('/')),
    );
  };
}

/** Tells whether a file lies in an archive, in examples, in tests or among rendered copies. */
function apartFiles(files: readonly FileTraits[]): (file: string) => boolean {
  const children = new Map<string, Set<string>>();
  const known = new Map<string, boolean>();
  for (const { file } of files) {
    for (let at = folderOf(file); at !== ''; ) {
      const parent = folderOf(at);
      const siblings = children.get(parent);
      const name = lastSegment(at);
      if (siblings?.has(name)) break;
      if (siblings === undefined) children.set(parent, new Set([name]));
      else siblings.add(name);
      at = parent;
    }
  }
  const isApartAt = (folder: string): boolean => {
    if (folder === '') return false;
    let apart = known.get(folder);
    if (apart === undefined) {
      const parent = folderOf(folder);
      const name = lastSegment(folder);
      apart = isApartAt(parent) || (isApartFolder(name) && !isEnvironment(name, parent));
      known.set(folder, apart);
    }
    return apart;
  };
  /** `test` below `envs/`, or beside `dev` and `prod`, is an environment. */
  const isEnvironment = (name: string, parent: string): boolean =>
    isParentFolder(lastSegment(parent)) ||
    (isAlternative(name) &&
      [...(children.get(parent) ?? [])].some((peer) => peer !== name && isAlternative(peer) && !isApartFolder(peer)));
  return (file) => isApartAt(folderOf(file));
}
