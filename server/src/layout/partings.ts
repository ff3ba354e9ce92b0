/**
 * Finds the folders at which the paths of different clusters part. A cluster has one control plane and one object of each
 * name, so where two files hold the same, the folder at which their paths part separates two clusters, or two variants.
 */
import { folderOf, lastSegment } from '../base/relative-path.ts';
import { inSteps } from '../base/steps.ts';
import { type FileTraits, type Mark, seedOf, ZTUNNEL_SLOT } from './file-traits.ts';
import { childOf, count, MarkPartings, type Parting, partingAt, sharedFolder } from './mark-partings.ts';
import { isClusterLike, isSharedFolder, nameWords, ownerWords } from './path-words.ts';

export interface Partings {
  /** By folder: control planes, mesh configs or ztunnels part here. */
  readonly installs: ReadonlyMap<string, Parting>;
  /** By folder: objects of a mesh part here. Components of one cluster may repeat an object too, so this is weak. */
  readonly objects: ReadonlyMap<string, Parting>;
  /** By folder: objects part here that only the installation of a cluster has: its network, its east-west gateway. */
  readonly foundations: ReadonlyMap<string, Parting>;
  /**
   * Follows a file whose marks are others now, or that came (`before` is undefined) or went; its installs stay what they are.
   * @returns false if files part otherwise now: what this holds is worth nothing then
   */
  follow(before: FileTraits | undefined, after: FileTraits | undefined): boolean;
}

interface Holder {
  readonly file: string;
  readonly clusterName: string | undefined;
  readonly namesNetwork: boolean;
  /** True if it lies in `base/` and the like, of a cluster's own folder. */
  readonly isBase: boolean;
}

/** @param files in order of path, without those that only hold layers */
export function* findPartings(files: readonly FileTraits[]): Generator<void, Partings> {
  const bySlot = new Map<string, Holder[]>();
  const objects = new MarkPartings();
  const foundations = new MarkPartings();
  const isShared = sharedFolders();
  yield* inSteps(files, ({ file, folder, statements, marks, uses }) => {
    const isBase = isShared(folder);
    if ((statements.length === 0 && marks.length === 0) || (isBase && uses === undefined)) return;
    for (const statement of statements) {
      const seed = seedOf(statement);
      // A ztunnel that does not name its cluster may well be the only one, written in layers.
      if (seed === undefined || (seed.slot === ZTUNNEL_SLOT && seed.clusterName === undefined)) continue;
      const { slot, clusterName, namesNetwork } = seed;
      if (!isBase || isNamedAfter(folder, clusterName)) add(bySlot, slot, { file, clusterName, namesNetwork, isBase });
    }
    if (isBase) return;
    for (const { key, foundation } of marks) {
      objects.add(key, file);
      if (foundation) foundations.add(key, file);
    }
  });
  return {
    installs: partingsOf(bySlot),
    objects: yield* objects.part(),
    foundations: yield* foundations.part(),
    follow(before, after) {
      const { file, folder } = (before ?? after) as FileTraits;
      if (isShared(folder)) return true;
      const [old = [], made = []] = [before?.marks, after?.marks];
      const isFoundation = ({ foundation }: Mark): boolean => foundation;
      return (
        objects.replace(file, old, made) &&
        foundations.replace(file, old.filter(isFoundation), made.filter(isFoundation))
      );
    },
  };
}

/** True for what nothing is built upon, `east/istio/base`, in the folder of the very cluster whose name it states. */
function isNamedAfter(folder: string, clusterName: string | undefined): boolean {
  const above = folder.split('/').slice(0, -1);
  return clusterName !== undefined && above.includes(clusterName) && !above.some(isSharedFolder);
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
    const usual = list.filter(({ isBase }) => !isBase);
    for (const those of usual.length < list.length ? [usual, list] : [list]) {
      for (let i = 1; i < those.length; i++) part(partings, those[i - 1] as Holder, those[i] as Holder);
    }
  }
  return partings;
}

function part(partings: Map<string, Parting>, a: Holder, b: Holder): void {
  if (a.file === b.file) return;
  const folder = sharedFolder(a.file, b.file);
  // A base beside the folder of a cluster is what that one may be built upon.
  if ([a, b].some(({ isBase, file }) => isBase && isSharedFolder(childOf(folder, file) ?? ''))) return;
  const known = a.clusterName !== undefined && a.clusterName === b.clusterName;
  // Two files of one cluster in one folder; in two folders they are two definitions of it.
  if (known && folderOf(a.file) === folder && folderOf(b.file) === folder && !isCopied(a, b)) return;
  if (known && isOwnFolder(folder, a, b)) return;
  const parting = partingAt(partings, folder);
  for (const { file, clusterName } of [a, b]) {
    const child = count(parting, folder, file, 1);
    if (child !== undefined && clusterName !== undefined) parting.named.add(child);
  }
}

/**
 * True for the folder of the cluster that both install, in two ways: with an operator and with charts, or rendered. Below the folder of an
 * environment, clusters may be counted.
 */
function isOwnFolder(folder: string, { file, clusterName = '' }: Holder, other: Holder): boolean {
  const isCounted = [file, other.file].some((one) => /^\d+$/.test(childOf(folder, one) ?? ''));
  return folder.split('/').includes(clusterName) && !isCounted;
}

/**
 * True if one of two files was copied from the other, and the cluster's name in it forgotten: both say a network, and their names are
 * alike but for that of the cluster.
 */
function isCopied(a: Holder, b: Holder): boolean {
  if (!a.namesNetwork || !b.namesNetwork) return false;
  const [one, other] = [ownerWords(a.file), ownerWords(b.file)];
  if (one.length !== other.length || !isClusterLike(one.join('-')) || !isClusterLike(other.join('-'))) return false;
  return says(a) !== says(b);
}

/** True if a file's name says the name of the cluster that is stated in it. */
function says({ file, clusterName }: Holder): boolean {
  const [words, name] = [file, clusterName ?? ''].map((text) => nameWords(text).join('-').toLowerCase());
  return `-${words}-`.includes(`-${name}-`);
}
