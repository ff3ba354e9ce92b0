/** Groups files into clusters by their paths. What the clusters are called comes later, from their content. */
import { folderOf, lastSegment } from '../base/relative-path.ts';
import { inSteps } from '../base/steps.ts';
import { clusterWords } from './cluster-words.ts';
import { type DeployedCluster, deployedClusters } from './deployed-clusters.ts';
import { type FileTraits, hasSeed, seedOf } from './file-traits.ts';
import { followGroups } from './follow-groups.ts';
import { hasFacts, showsMesh } from './left-out.ts';
import { sharedFolder } from './mark-partings.ts';
import { namelessBases, seedsIn } from './nameless-bases.ts';
import { isClusterLike, isParentFolder } from './path-words.ts';
import { findSplits, type Splits, type Steps } from './splits.ts';

/** The files of one cluster, and why they are together. */
export interface FileGroup {
  /** The folder where its path parts from the others', then its own step: `clusters/east`. */
  readonly id: string;
  /** The steps that tell it from the others, such as `prod` and `00`; none for the only cluster of a workspace. */
  readonly key: readonly string[];
  /** Folders at which its paths part from those of its siblings. */
  readonly folders: ReadonlySet<string>;
  readonly files: readonly FileTraits[];
  /** Names that its own control plane, or a tool that deploys to it, gives it. */
  readonly otherNames: readonly string[];
  /** Set where a tool is told to deploy to it by name or address. */
  readonly deployed: Pick<DeployedCluster, 'at' | 'why' | 'isCopy'> | undefined;
}

export interface Grouping {
  readonly groups: readonly FileGroup[];
  /** Files that belong to no cluster: what several of them share, or what none of them has to do with. */
  readonly rest: readonly FileTraits[];
  /** The group to which a path belongs, whether or not it was read. */
  groupOf(file: string): FileGroup | undefined;
  /** True if the path tells something beside the clusters: a sibling of theirs that shows no mesh. */
  isBeside(file: string): boolean;
  /**
   * Follows a file that shows something else of a mesh now, or that came (`before` is undefined) or went; its installs stay what they are.
   * @returns false if files may be grouped otherwise now: what this holds is worth nothing then
   */
  follow(before: FileTraits | undefined, after: FileTraits | undefined): boolean;
}

interface Collected {
  readonly key: readonly string[];
  readonly folders: Set<string>;
  readonly files: FileTraits[];
  deployed: DeployedCluster | undefined;
}

/** The id of the only cluster of a workspace. */
const WHOLE = '.';

/**
 * @param files those that count, in order of path
 * @param isLayer tells files that only complete the values of others
 * @param areAll false if the user has given other files to clusters: the remaining ones are then no workspace of one cluster
 */
export function* groupFiles(
  files: readonly FileTraits[],
  isLayer: (traits: FileTraits) => boolean,
  areAll: boolean,
): Generator<void, Grouping> {
  const isNamed = ({ unit }: FileTraits): boolean => unit !== undefined && unit.keys.length > 0;
  const named = files.filter(isNamed);
  const byPath = named.length === 0 ? files : files.filter((traits) => !isNamed(traits));
  const deployed = deployedClusters(named);
  const beside = yield* deployedBeside(deployed, byPath, files, isLayer);
  const splits = yield* findSplits(
    [...byPath, ...beside.flatMap((cluster) => cluster.files)].filter((traits) => !isLayer(traits)).sort(byPlace),
  );
  yield;
  const collected = new Map<string, Collected>();
  const rest: FileTraits[] = [];
  yield* inSteps(byPath, (traits) => {
    const { key, folders } = splits.stepsOf(traits.file, traits.folder);
    if (key.length === 0) {
      rest.push(traits);
      return;
    }
    const id = key.join('/');
    let group = collected.get(id);
    if (group === undefined) {
      group = { key, folders: new Set(), files: [], deployed: undefined };
      collected.set(id, group);
    }
    group.folders.add(folders.at(-1) as string);
    group.files.push(traits);
  });
  const paths = [...collected.values()];
  for (const cluster of deployed) {
    const [steps] = beside.includes(cluster) ? seedSteps(cluster.files, splits) : [];
    if (steps === undefined || steps.key.length === 0) addDeployed(collected, cluster, paths);
    else addAt(collected, cluster, steps);
  }
  // Where only tools tell of clusters, what else there is goes to one of them as a whole.
  const isSimple = beside.length === 0 && (paths.length > 0 || collected.size === 0);
  const follow = isSimple ? followGroups(splits, isLayer, byPath) : () => false;
  if (collected.size === 0) return areAll ? wholeWorkspace(files, follow) : noGroups(files, follow);
  const takers = takersOf(collected, areAll && paths.length > 0 ? rest : []);
  if (paths.length === 0 && areAll) addWhole(collected, rest, takers);
  yield;
  const clusters = clustersAmong(collected);
  if (clusters.length === 0 && areAll) return wholeWorkspace(byPath, follow, named);
  return withRest(clusters, collected, rest, splits, follow, takers);
}

/**
 * A tool may run in one of the clusters that it installs: that one has no name, and lies in a folder beside those of the others. These
 * are the clusters with a name whose control planes lie in a folder beside such a one.
 */
function* deployedBeside(
  deployed: readonly DeployedCluster[],
  byPath: readonly FileTraits[],
  files: readonly FileTraits[],
  isLayer: (traits: FileTraits) => boolean,
): Generator<void, readonly DeployedCluster[]> {
  const own = byPath.filter((traits) => traits.unit !== undefined && hasSeed(traits));
  if (own.length === 0 || !deployed.some((cluster) => cluster.files.some(hasSeed))) return [];
  const splits = yield* findSplits(files.filter((traits) => !isLayer(traits)));
  const siblings = new Set(seedSteps(own, splits).map(parentOf));
  const taken = new Map(seedSteps(own, splits).map((steps) => [steps.key.join('/'), 1]));
  const stepsOf = new Map(deployed.map((cluster) => [cluster, seedSteps(cluster.files, splits)]));
  for (const steps of stepsOf.values())
    for (const id of new Set(steps.map(({ key }) => key.join('/')))) taken.set(id, (taken.get(id) ?? 0) + 1);
  return deployed.filter((cluster) => {
    const steps = stepsOf.get(cluster) ?? [];
    const [id, ...more] = new Set(steps.map(({ key }) => key.join('/')));
    return (
      id !== undefined && id !== '' && more.length === 0 && taken.get(id) === 1 && siblings.has(parentOf(steps[0]))
    );
  });
}

/** The steps to the control planes among some files. */
function seedSteps(files: readonly FileTraits[], splits: Splits): readonly Steps[] {
  return files.filter(hasSeed).map(({ file, folder }) => splits.stepsOf(file, folder));
}

/** What clusters have in common that part at one folder. */
function parentOf(steps: Steps | undefined): string {
  return `${steps?.key.slice(0, -1).join('/')}\n${steps?.folders.at(-1)}`;
}

/** A cluster that tools deploy to has a folder of its own. */
function addAt(collected: Map<string, Collected>, cluster: DeployedCluster, { key, folders }: Steps): void {
  const id = key.join('/');
  const group = collected.get(id) ?? { key, folders: new Set(), files: [], deployed: undefined };
  group.deployed ??= cluster;
  group.folders.add(folders.at(-1) as string);
  group.files.push(...cluster.files);
  collected.set(id, group);
}

/** A cluster that tools deploy to is the one of a path that has one of its names, or one of its own, or its values. */
function addDeployed(collected: Map<string, Collected>, cluster: DeployedCluster, paths: readonly Collected[]): void {
  const { label, tree, files, names } = cluster;
  const slots = new Set(slotsIn(files));
  const same = paths.filter(
    (group) =>
      (names.has(group.key.at(-1) ?? '') ||
        namesIn(group.files).some((name) => names.has(name)) ||
        isOfOne(group, cluster)) &&
      tree.every((step) => liesIn(group, step)) &&
      !slotsIn(group.files).some((slot) => slots.has(slot)),
  );
  const key = same.length === 1 ? (same[0] as Collected).key : [...tree, label];
  const id = key.join('/');
  const group = collected.get(id) ?? { key, folders: new Set(), files: [], deployed: undefined };
  group.deployed ??= cluster;
  for (const { unit } of files) group.folders.add(folderOf(unit?.holder ?? ''));
  group.files.push(...files);
  collected.set(id, group);
}

function liesIn({ key, folders }: Collected, step: string): boolean {
  return key.includes(step) || [...folders].some((folder) => folder.split('/').includes(step));
}

/**
 * True if all files of a group lie below it in a folder that is called as a cluster is, where values are that it is installed with: the only
 * cluster of a region (`eu/paris`).
 */
function isOfOne(group: Collected, { names, files }: DeployedCluster): boolean {
  const folders = group.files.map(({ file }) => folderOf(file));
  const steps = folders.reduce((a, b) => sharedFolder(`${a}/`, `${b}/`)).split('/');
  const end = steps.findLastIndex((step) => names.has(step)) + 1;
  const folder = `${steps.slice(0, end).join('/')}/`;
  return (
    end > steps.lastIndexOf(group.key.at(-1) ?? '') + 1 &&
    files.some(({ uses = [] }) => uses.some((file) => file.startsWith(folder)))
  );
}

function slotsIn(files: readonly FileTraits[]): readonly string[] {
  return seedsIn(files).map(({ slot }) => slot);
}

/** Nothing parts what is not deployed by name: it is one more cluster, or belongs to the only one. */
function addWhole(collected: Map<string, Collected>, rest: FileTraits[], takers: Map<string, Collected>): void {
  const [only] = collected.size === 1 ? collected.values() : [];
  const seeds = rest.filter(hasSeed);
  const folders = new Set(['', ...seeds.flatMap(({ unit }) => (unit === undefined ? [] : [folderOf(unit.holder)]))]);
  if (seeds.length > 0) collected.set('', { key: [], folders, files: [...rest], deployed: undefined });
  else if (only === undefined) return;
  else {
    takers.set('', only);
    only.files.push(...rest);
  }
  rest.length = 0;
}

/**
 * The only folder of `clusters/` may hold no more than what a tool was started with: what is installed lies beside it, and is that cluster's.
 * It is given what is its.
 * @param rest what has no key
 * @returns such clusters, by the ids of what they took
 */
function takersOf(collected: Map<string, Collected>, rest: FileTraits[]): Map<string, Collected> {
  const below = new Map<string, Collected[]>();
  for (const group of collected.values()) {
    for (let length = 0; length < group.key.length; length++) {
      const id = group.key.slice(0, length).join('/');
      below.set(id, [...(below.get(id) ?? []), group]);
    }
  }
  const takers = new Map<string, Collected>();
  for (const [id, [only, ...more]] of below) {
    const files = id === '' ? rest : (collected.get(id)?.files ?? []);
    const shows = files.some(hasSeed) ? hasSeed : showsMesh;
    if (only === undefined || more.length > 0 || only.deployed !== undefined) continue;
    if (!files.some(shows) || only.files.some(shows)) continue;
    only.files.push(...files.splice(0));
    collected.delete(id);
    takers.set(id, only);
  }
  return takers;
}

function noGroups(files: readonly FileTraits[], follow: Grouping['follow']): Grouping {
  return { groups: [], rest: files, groupOf: () => undefined, isBeside: () => false, follow };
}

/**
 * Nothing parts: the workspace is one cluster, if it shows a mesh at all.
 * @param others files that tools deploy to clusters that show none
 */
function wholeWorkspace(
  files: readonly FileTraits[],
  follow: Grouping['follow'],
  others: readonly FileTraits[] = [],
): Grouping {
  if (!files.some(showsMesh)) return noGroups(inOrder([...files, ...others]), follow);
  const group: FileGroup = { id: WHOLE, key: [], folders: new Set(), files, otherNames: [], deployed: undefined };
  return { groups: [group], rest: others, groupOf: () => group, isBeside: () => false, follow };
}

/**
 * A key that goes on in another one is what several clusters share; siblings of which none shows a mesh are no clusters. Neither is a
 * control plane whose name something fills in, with nothing beside it, where others have names; nor one that has neither a name nor a
 * network, where others have both: that is what these share.
 */
function clustersAmong(collected: ReadonlyMap<string, Collected>): Collected[] {
  const meshFolders = new Set<string>();
  for (const { folders, files } of collected.values()) {
    if (files.some(showsMesh)) for (const folder of folders) meshFolders.add(folder);
  }
  const ofMesh = [...collected.values()].filter(({ folders }) =>
    [...folders].some((folder) => meshFolders.has(folder)),
  );
  const prefixes = new Set<string>();
  for (const { key } of ofMesh)
    for (let length = 1; length < key.length; length++) prefixes.add(key.slice(0, length).join('/'));
  const standing = ofMesh
    .filter(({ key }) => !prefixes.has(key.join('/')))
    .filter(({ files }) => files.some(hasFacts))
    .filter((group, _, all) => !isTemplate(group) || !all.some((other) => namesIn(other.files).length > 0));
  const bases = namelessBases(standing);
  const isUnfilled = (group: Collected): boolean =>
    isAmongClusters(group) && seedsIn(group.files).some(({ templated }) => templated);
  return standing.filter((group) => !bases.has(group) || isUnfilled(group));
}

function isTemplate(group: Collected): boolean {
  const showing = group.files.filter(showsMesh);
  return (
    showing.length > 0 &&
    showing.every(
      ({ ambient, networks, statements }) =>
        !ambient && networks.length === 0 && statements.some((statement) => seedOf(statement)?.templated === true),
    ) &&
    !isAmongClusters(group)
  );
}

/** True for a folder of its own in `clusters/` or the like: it is a cluster's, whatever is yet to be filled in. */
function isAmongClusters(group: Collected): boolean {
  const isOfClusters = [...group.folders].every((folder) => isParentFolder(lastSegment(folder)));
  return isOfClusters && hasOwnFolder(group) && isClusterLike(group.key.at(-1) ?? '');
}

/** Gives the files without a key to the clusters that their paths speak of. */
function withRest(
  clusters: readonly Collected[],
  collected: ReadonlyMap<string, Collected>,
  rest: readonly FileTraits[],
  splits: Splits,
  follow: Grouping['follow'],
  takers: ReadonlyMap<string, Collected>,
): Grouping {
  const worded = clusters.map((group) => ({
    ...group,
    otherNames: [...new Set([...namesIn(group.files), ...(group.deployed?.names ?? [])])].sort(),
  }));
  const speaksOf = clusterWords(worded);
  const kept = new Set<readonly FileTraits[]>(worded.map(({ files }) => files));
  const dropped = [...collected.values()].flatMap(({ files }) => (kept.has(files) ? [] : files));
  const left: FileTraits[] = [];
  // A path that does not come to a single cluster may still speak of one: `shop/east-gw.yaml` beside `shop/clusters/east/`.
  for (const traits of [...rest, ...dropped]) {
    const group = speaksOf(traits.file);
    if (group === undefined) left.push(traits);
    else group.files.push(traits);
  }
  const groups = new Map(
    worded.map((group) => [
      group.key.join('/'),
      { ...group, id: group.key.length === 0 ? WHOLE : idOf(group), files: inOrder(group.files) } satisfies FileGroup,
    ]),
  );
  return {
    groups: [...groups.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    rest: inOrder(left),
    groupOf(file) {
      const { key } = splits.stepsOf(file);
      const id = key.join('/');
      return groups.get(groups.has(id) ? id : ((takers.get(id) ?? speaksOf(file))?.key.join('/') ?? ''));
    },
    isBeside(file) {
      const id = splits.stepsOf(file).key.join('/');
      if (id === '' || groups.has(id) || takers.has(id)) return false;
      return ![...groups.keys()].some((other) => other.startsWith(`${id}/`));
    },
    follow,
  };
}

/** True if the group has a folder of its own; else only the names of its files tell it from others. */
export function hasOwnFolder({ key, folders, files }: Pick<FileGroup, 'key' | 'folders' | 'files'>): boolean {
  const step = key.at(-1);
  if (step === undefined) return true;
  const own = [...folders].map((folder) => (folder === '' ? `${step}/` : `${folder}/${step}/`));
  return files.some(({ file }) => own.some((folder) => file.startsWith(folder)));
}

function idOf({ key, folders }: Collected): string {
  const [first = ''] = [...folders].sort();
  return first === '' ? (key.at(-1) as string) : `${first}/${key.at(-1)}`;
}

function inOrder(files: readonly FileTraits[]): readonly FileTraits[] {
  return [...files].sort(byPlace);
}

function byPlace(a: FileTraits, b: FileTraits): number {
  return a.file < b.file ? -1 : 1;
}

function namesIn(files: readonly FileTraits[]): readonly string[] {
  return [...new Set(seedsIn(files).flatMap(({ clusterName }) => clusterName ?? []))].sort();
}
