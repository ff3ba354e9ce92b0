/** Decides which folders are split into clusters: by their children, or by the names of their files. */
import { folderOf, lastSegment } from '../base/relative-path.ts';
import { fileTokens } from './file-tokens.ts';
import { type FileTraits, hasSeed } from './file-traits.ts';
import type { Parting } from './mark-partings.ts';
import { findPartings, type Partings, sharedFolders } from './partings.ts';
import { isComponentFolder, isParentFolder, isSharedFolder } from './path-words.ts';

/** How one folder is split. */
interface Split {
  /** Children that each are a cluster, or hold clusters. */
  readonly folders: ReadonlySet<string>;
  /** Tokens of the files that part here. */
  readonly tokens: ReadonlyMap<string, string>;
}

/** The steps of a path that tell its cluster, and the folders at which they were taken. */
export interface Steps {
  readonly key: readonly string[];
  readonly folders: readonly string[];
}

/** The steps of a path. The folder may be given where it is known already. */
type StepsOf = (file: string, folder?: string) => Steps;

export interface Splits {
  readonly stepsOf: StepsOf;
  /**
   * Follows a file whose marks are others now, or that came (`before` is undefined) or went; its installs stay what they are.
   * Where a file is the only one to take a step, that is not looked at.
   * @returns false if folders may be split otherwise now: what this holds is worth nothing then
   */
  follow(before: FileTraits | undefined, after: FileTraits | undefined): boolean;
}

const NO_STEPS: Steps = { key: [], folders: [] };

/** By convention every folder below `clusters/` is one. */
const CLUSTERS = 'clusters';

/** @param files those that count, in order of path, without those that only hold layers */
export function* findSplits(files: readonly FileTraits[]): Generator<void, Splits> {
  const partings = yield* findPartings(files);
  yield;
  const byInstalls = walk(splitTable(partings, filesIn(partings.installs, files)));
  const takesStep = ({ file, folder }: FileTraits): boolean => byInstalls(file, folder).key.length > 0;
  if (files.some(takesStep)) return { stepsOf: byInstalls, follow: partings.follow };
  const byObjects = walk(objectTable(partings, filesIn(partings.objects, files)));
  // A control plane beside them makes the workspace one cluster, whatever its components repeat.
  const isShared = sharedFolders();
  const isAlone = (traits: FileTraits): boolean => hasSeed(traits) && !isShared(traits.folder);
  const isOne = files.some((traits) => isAlone(traits) && byObjects(traits.file).key.length === 0);
  return {
    stepsOf: isOne ? () => NO_STEPS : byObjects,
    follow: (before, after) => !(after !== undefined && takesStep(after)) && partings.follow(before, after),
  };
}

type FilesByFolder = ReadonlyMap<string, readonly FileTraits[]>;

/** The files directly in each folder in which files part. */
function filesIn(partings: ReadonlyMap<string, Parting>, files: readonly FileTraits[]): FilesByFolder {
  const folders = new Map<string, FileTraits[]>();
  for (const [folder, parting] of partings) if (parting.files.size > 0) folders.set(folder, []);
  if (folders.size > 0) for (const traits of files) folders.get(traits.folder)?.push(traits);
  return folders;
}

/** Splits where installs part. A folder that is split has further children where the same objects are. */
function splitTable({ installs, objects, foundations }: Partings, byFolder: FilesByFolder) {
  const splits = new Map<string, Split>();
  for (const [folder, parting] of installs) {
    const folders = installFolders(parting);
    if (folders.length > 1) {
      // Elsewhere a folder that repeats an object of a cluster may be a component that all clusters share.
      const others = (isParentFolder(lastSegment(folder)) ? objects : foundations).get(folder)?.folders.keys() ?? [];
      folders.push(...[...others].filter((child) => !isComponentFolder(child)));
    }
    const seeds = (byFolder.get(folder) ?? []).filter(hasSeed);
    splits.set(folder, { folders: new Set(folders), tokens: seeds.length === 0 ? new Map() : fileTokens(seeds) });
  }
  return splits;
}

/** `values/` or `istio/` beside the folders of clusters, without a cluster's name in it, holds what they share. */
function installFolders({ folders, named }: Parting): string[] {
  const own = [...folders.keys()].filter((child) => named.has(child) || !isComponentFolder(child));
  return own.length === 1 && folders.size > 1 && own.every(isParentFolder) ? [] : own;
}

/** Splits where objects part: all that there is in a workspace without control planes. */
function objectTable({ objects }: Partings, byFolder: FilesByFolder) {
  const splits = new Map<string, Split>();
  for (const [folder, parting] of objects) {
    const folders = [...parting.folders.keys()].filter((child) => !isComponentFolder(child));
    splits.set(folder, {
      folders: new Set(folders.length > 1 ? folders : []),
      tokens: tokensOf(folder, parting, byFolder),
    });
  }
  return splits;
}

function tokensOf(folder: string, { files }: Parting, byFolder: FilesByFolder): ReadonlyMap<string, string> {
  return files.size < 2 ? new Map() : fileTokens((byFolder.get(folder) ?? []).filter(({ file }) => files.has(file)));
}

/** Follows a path from the root and takes a step at every folder that is split. */
function walk(splits: ReadonlyMap<string, Split>): StepsOf {
  const known = new Map<string, Steps>();
  const stepsOf = (folder: string): Steps => {
    if (folder === '') return NO_STEPS;
    let steps = known.get(folder);
    if (steps === undefined) {
      const parent = folderOf(folder);
      const child = lastSegment(folder);
      steps = stepsOf(parent);
      const peers = splits.get(parent)?.folders;
      // One folder against files beside it: inside a cluster that is a second copy of something, not a second cluster.
      const isSplit = peers?.has(child) === true && (peers.size > 1 || steps.key.length === 0);
      const isCluster = lastSegment(parent) === CLUSTERS;
      if ((isSplit || isCluster) && !isSharedFolder(child)) steps = step(steps, child, parent);
      known.set(folder, steps);
    }
    return steps;
  };
  return (file, folder = folderOf(file)) => {
    const steps = stepsOf(folder);
    const token = splits.get(folder)?.tokens.get(file);
    return token === undefined ? steps : step(steps, token, folder);
  };

  function step({ key, folders }: Steps, name: string, at: string): Steps {
    return { key: [...key, name], folders: [...folders, at] };
  }
}
