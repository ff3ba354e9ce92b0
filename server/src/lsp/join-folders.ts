/**
 * Which workspace folders are one world: those whose clusters name the same meshID, or are declared to be of one mesh. Trees that have clusters of one name stay apart: they
 * are alternatives.
 */
import { knownValue } from '../facts/field.ts';
import type { PlacedCluster } from '../layout/layout.ts';
import { type Folder, partsOf } from './folder.ts';
import type { Platform } from './platform.ts';
import type { World } from './world.ts';

/** What decides whether a folder joins another one. */
interface FolderFacts {
  readonly folder: Folder;
  /** Names of clusters by their meshID, and by the id of the mesh that they are declared to be of. */
  readonly meshes: ReadonlyMap<string, ReadonlySet<string>>;
}

/** The folders of the worlds, each with those that belong together with it. */
export function foldersTogether(worlds: readonly World[], platform: Platform): readonly (readonly Folder[])[] {
  const groups: FolderFacts[][] = [];
  // Whatever came first, the same folders join.
  const all = worlds.flatMap(factsOfWorld).sort((a, b) => (a.folder.uri < b.folder.uri ? -1 : 1));
  for (const facts of all) {
    const joining = groups.find((group) => {
      const folders = [...group, facts].map(({ folder }) => folder);
      return agree(facts, group) && commonFolder(folders, platform) !== undefined;
    });
    if (joining === undefined) groups.push([facts]);
    else joining.push(facts);
  }
  return groups.map((group) => group.map(({ folder }) => folder));
}

/** The folder that some have in common; undefined if one lies in another, or they have nothing in common. */
export function commonFolder(folders: readonly Folder[], platform: Platform): Folder | undefined {
  const paths = folders.map(({ uri }) => uri.split('/'));
  const [first = []] = paths;
  let length = 0;
  while (first.length > length && paths.every((path) => path[length] === first[length])) length++;
  // `file:`, and what stands before the third slash, is no folder.
  if (length < 4 || paths.some((path) => path.length === length)) return undefined;
  const uri = first.slice(0, length).join('/');
  const root = platform.rootOf(uri);
  return root === undefined ? undefined : { uri, root, parts: folders };
}

function factsOfWorld({ folder, snapshot }: World): readonly FolderFacts[] {
  const clusters = [...snapshot.layout.clusters.values()].filter(({ imported }) => imported === undefined);
  const paths = partsOf(folder).map(({ path }) => `${path}/`);
  return (folder.parts ?? [folder]).map((part, i) => {
    const path = paths[i] ?? '';
    const meshes = new Map<string, Set<string>>();
    for (const cluster of clusters) {
      if (!cluster.files.some((file) => file.startsWith(path))) continue;
      const ids = [knownValue(cluster.install.meshID), isDeclared(cluster) ? cluster.mesh : undefined];
      for (const id of new Set(ids)) {
        if (id === undefined || id === '') continue;
        const names = meshes.get(id) ?? new Set<string>();
        meshes.set(id, names.add(ownName(cluster, path)));
      }
    }
    return { folder: part, meshes };
  });
}

/** True if a configuration says of which mesh it is, whatever else may have joined that one. */
function isDeclared({ evidence, configFiles }: PlacedCluster): boolean {
  return evidence.some(({ field, why }) => field === 'mesh' && configFiles.includes(why));
}

/** The name that a cluster has whatever lies beside its folder: '' if nothing in there names it. */
function ownName({ name, evidence, files }: PlacedCluster, path: string): string {
  if (evidence.some(({ field, at, unknown }) => field === 'name' && at !== undefined && unknown === undefined))
    return name;
  const words = name.split('-');
  const isTold = (inside: string): boolean => words.every((word) => inside.includes(word));
  return files.some((file) => file.startsWith(path) && isTold(file.slice(path.length))) ? name : '';
}

/** True if a folder names a mesh of others, and of none of them a cluster that they have. */
function agree({ meshes }: FolderFacts, group: readonly FolderFacts[]): boolean {
  let isOne = false;
  for (const [meshID, names] of meshes)
    for (const others of group.flatMap((other) => other.meshes.get(meshID) ?? [])) {
      if ([...names].some((name) => others.has(name))) return false;
      isOne = true;
    }
  return isOne;
}
