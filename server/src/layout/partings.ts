/**
 * Finds the folders at which the paths of different clusters part. A cluster has one control plane and one object of each
 * name, so where two files hold the same, the folder at which their paths part separates two clusters, or two variants.
 */
import { folderOf, lastSegment } from '../base/relative-path.ts';
import { type FileTraits, seedOf, ZTUNNEL_SLOT } from './file-traits.ts';
import { isSharedFolder } from './path-words.ts';

/** The children of one folder that hold the same things. */
export interface Parting {
  readonly folders: Set<string>;
  /** Those of `folders` in which a control plane states its cluster's name. */
  readonly named: Set<string>;
  /** Whole paths. */
  readonly files: Set<string>;
}

export interface Partings {
  /** By folder: control planes, mesh configs or ztunnels part here. */
  readonly installs: ReadonlyMap<string, Parting>;
  /** By folder: objects of a mesh part here. Components of one cluster may repeat an object too, so this is weak. */
  readonly objects: ReadonlyMap<string, Parting>;
  /** By folder: objects part here that only the installation of a cluster has: its network, its east-west gateway. */
  readonly foundations: ReadonlyMap<string, Parting>;
}

interface Holder {
  readonly file: string;
  readonly clusterName?: string | undefined;
}

/** @param files in order of path, without those that only hold layers */
export function findPartings(files: readonly FileTraits[]): Partings {
  const bySlot = new Map<string, Holder[]>();
  const byMark = new Map<string, Holder[]>();
  const byFoundation = new Map<string, Holder[]>();
  const isShared = sharedFolders();
  for (const { file, folder, statements, marks } of files) {
    if ((statements.length === 0 && marks.length === 0) || isShared(folder)) continue;
    for (const statement of statements) {
      const seed = seedOf(statement);
      // A ztunnel that does not name its cluster may well be the only one, written in layers.
      if (seed === undefined || (seed.slot === ZTUNNEL_SLOT && seed.clusterName === undefined)) continue;
      add(bySlot, seed.slot, { file, clusterName: seed.clusterName });
    }
    for (const { key, foundation } of marks) {
      add(byMark, key, { file });
      if (foundation) add(byFoundation, key, { file });
    }
  }
  return { installs: partingsOf(bySlot), objects: partingsOf(byMark), foundations: partingsOf(byFoundation) };
}

/** Tells folders at or below `base/`, `common/` and the like. */
export function sharedFolders(): (folder: string) => boolean {
  const known = new Map<string, boolean>([['', false]]);
  const isShared = (folder: string): boolean => {
    let shared = known.get(folder);
    if (shared === undefined) {
      shared = isSharedFolder(lastSegment(folder)) || isShared(folderOf(folder));
      known.set(folder, shared);
    }
    return shared;
  };
  return isShared;
}

function add<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

/** Holders are in order of path, so every folder at which any two of them part shows between two neighbours. */
function partingsOf(holders: ReadonlyMap<string, readonly Holder[]>): Map<string, Parting> {
  const partings = new Map<string, Parting>();
  for (const list of holders.values()) {
    for (let i = 1; i < list.length; i++) part(partings, list[i - 1] as Holder, list[i] as Holder);
  }
  return partings;
}

function part(partings: Map<string, Parting>, a: Holder, b: Holder): void {
  if (a.file === b.file) return;
  const folder = sharedFolder(a.file, b.file);
  const known = a.clusterName !== undefined && a.clusterName === b.clusterName;
  // Two files of one cluster in one folder; in two folders they are two definitions of it.
  if (known && folderOf(a.file) === folder && folderOf(b.file) === folder) return;
  let parting = partings.get(folder);
  if (parting === undefined) {
    parting = { folders: new Set(), named: new Set(), files: new Set() };
    partings.set(folder, parting);
  }
  for (const { file, clusterName } of [a, b]) {
    const child = childOf(folder, file);
    if (child === undefined) parting.files.add(file);
    else {
      parting.folders.add(child);
      if (clusterName !== undefined) parting.named.add(child);
    }
  }
}

/** The deepest folder above both files. */
export function sharedFolder(a: string, b: string): string {
  let end = 0;
  for (let i = 0; i < a.length && a.charCodeAt(i) === b.charCodeAt(i); i++) if (a[i] === '/') end = i;
  return a.slice(0, end);
}

/** The folder directly below `folder` in which the file lies; undefined if it lies in `folder` itself. */
export function childOf(folder: string, file: string): string | undefined {
  const start = folder === '' ? 0 : folder.length + 1;
  const slash = file.indexOf('/', start);
  return slash < 0 ? undefined : file.slice(start, slash);
}
