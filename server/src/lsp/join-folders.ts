/**
 * Which workspace folders are one world: those whose clusters name the same meshID. A folder with a configuration file of its own stays
 * alone, since the file is about that folder; so do trees that have clusters of one name, which are alternatives.
 */
import { knownValue } from '../facts/field.ts';
import { type Folder, isInside } from './folder.ts';
import { type Part, seenFromAbove } from './joined-files.ts';
import type { Platform } from './platform.ts';
import { CONFIGURATION_FILE } from './read-folder.ts';
import type { World } from './world.ts';

/** What decides whether a folder joins another one. */
interface FolderFacts {
  readonly folder: Folder;
  /** Names of clusters by their meshID. */
  readonly meshes: ReadonlyMap<string, ReadonlySet<string>>;
}

/** The folders of the worlds, each with those that belong together with it. */
export async function foldersTogether(
  worlds: readonly World[],
  platform: Platform,
): Promise<readonly (readonly Folder[])[]> {
  const groups: FolderFacts[][] = [];
  for (const facts of worlds.flatMap(factsOfWorld)) {
    const joining: FolderFacts[][] = [];
    for (const group of groups)
      if (group.some((other) => agree(facts, other)) && (await canJoin([...group, facts], platform)))
        joining.push(group);
    const [first] = joining;
    if (first === undefined) groups.push([facts]);
    else first.push(facts);
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

/** Folders as parts of the one that they have in common. */
export function partsOf({ uri, parts = [] }: Folder): readonly Part[] {
  return parts.map((part) => ({ path: decodeURIComponent(part.uri.slice(uri.length + 1)), root: part.root }));
}

function factsOfWorld({ folder, snapshot }: World): readonly FolderFacts[] {
  const clusters = [...snapshot.layout.clusters.values()].filter(({ imported }) => imported === undefined);
  return (folder.parts ?? [folder]).map((part) => {
    const meshes = new Map<string, Set<string>>();
    for (const { name, install, files } of clusters) {
      const meshID = knownValue(install.meshID);
      if (meshID === undefined || meshID === '' || !files.some((file) => isInside(folder, part, file))) continue;
      const names = meshes.get(meshID) ?? new Set<string>();
      meshes.set(meshID, names.add(name));
    }
    return { folder: part, meshes };
  });
}

function agree(a: FolderFacts, b: FolderFacts): boolean {
  for (const [meshID, names] of a.meshes) {
    const others = b.meshes.get(meshID);
    if (others !== undefined && ![...names].some((name) => others.has(name))) return true;
  }
  return false;
}

/** One configuration file, or none, holds for all of them. */
async function canJoin(group: readonly FolderFacts[], platform: Platform): Promise<boolean> {
  const common = commonFolder(
    group.map(({ folder }) => folder),
    platform,
  );
  if (common === undefined) return false;
  const found = await Promise.all(
    partsOf(common).map(async (part) => {
      const configuration = await platform.host.files.configuration(part.root, CONFIGURATION_FILE);
      if (configuration === undefined) return 'none';
      return seenFromAbove(configuration, part)?.file ?? part.root;
    }),
  );
  return new Set(found).size === 1;
}
