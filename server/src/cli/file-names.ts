/** Files that have several names in the world, as links give them: what is written by one name stands there by all of them. */
import { folderOf, lastSegment } from '../base/relative-path.ts';
import type { Files } from '../host/ports.ts';

export interface FileNames {
  /** The one name by which a file is edited. */
  own(file: string): string;
  /** All names of a file, the own one first. */
  all(file: string): readonly string[];
}

/** Where no file has a second name. */
export const ONE_NAME_EACH: FileNames = { own: (file) => file, all: (file) => [file] };

/** @param files all of the world */
export async function fileNames(root: string, files: Iterable<string>, host: Files): Promise<FileNames> {
  const paths = new Set<string>();
  for (const file of files)
    for (let path = file; path !== '' && !paths.has(path); path = folderOf(path)) paths.add(path);
  const same = await host.sameFiles(root, paths);
  if (same.length === 0) return ONE_NAME_EACH;
  const groups = new Map(same.flatMap((names) => names.map((name) => [name, names] as const)));
  const all = (file: string): readonly string[] => {
    const known = groups.get(file);
    if (known !== undefined || file === '') return known ?? [file];
    // A file that is yet to be made has the names of its folder.
    const folder = folderOf(file);
    return folder === '' ? [file] : all(folder).map((name) => `${name}/${lastSegment(file)}`);
  };
  return { all, own: (file) => all(file)[0] ?? file };
}
