/** Symbolic links: they are followed to what lies in the workspace, and nowhere else. */
import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { slashes } from './slashes.ts';
import { isIstioRelease, isNeverRead } from './unread-folders.ts';

/** Links inside of linked folders are followed this far, so that folders that link each other end. */
const MAX_LINKS = 3;

export interface LinkTarget {
  readonly kind: 'file' | 'folder';
  readonly path: string;
}

/**
 * What a link leads to; undefined outside of the workspace, in a folder that is never read, in a loop, or at nothing.
 * @param links real paths of the linked folders that lead here
 */
export function linkTarget(path: string, realRoot: string, links: readonly string[]): LinkTarget | undefined {
  try {
    const target = realpathSync.native(path);
    if (!isInside(realRoot, target)) return undefined;
    const stat = statSync(target);
    if (stat.isFile()) return { kind: 'file', path: target };
    if (!stat.isDirectory() || links.length >= MAX_LINKS || links.includes(target)) return undefined;
    // A link to a folder above itself would list the workspace again inside of itself.
    const here = realpathSync.native(dirname(path));
    if (here === target || here.startsWith(target + sep) || isIstioRelease(target, basename(target))) return undefined;
    return { kind: 'folder', path: target };
  } catch {
    return undefined;
  }
}

/**
 * True if what is at a path of the workspace is not in the workspace, or in a folder of it that is never read.
 * @param named no folder of the workspace is left out
 */
export function leadsOut(root: string, file: string, named = false): boolean {
  try {
    const realRoot = realpathSync.native(root);
    const target = realpathSync.native(join(root, file));
    return named ? !isBelow(realRoot, target) : !isInside(realRoot, target);
  } catch {
    return false; // there is nothing, or nothing that can be reached
  }
}

/** What `Files.sameFiles` tells. A hard link is as much the file as any other name: the first one by its text is taken. */
export function sameFiles(root: string, names: Iterable<string>): readonly (readonly string[])[] {
  const byFile = new Map<string, { readonly name: string; readonly isLinked: boolean }[]>();
  const realRoot = realpathSync.native(root);
  for (const name of [...names].sort()) {
    try {
      const path = join(root, name);
      const { dev, ino } = statSync(path, { bigint: true });
      const file = `${dev} ${ino}`;
      const found = { name, isLinked: realpathSync.native(path) !== join(realRoot, name) };
      byFile.set(file, [...(byFile.get(file) ?? []), found]);
    } catch {
      // It is gone: it has no other name.
    }
  }
  return [...byFile.values()]
    .filter(({ length }) => length > 1)
    .map((found) => found.sort((a, b) => Number(a.isLinked) - Number(b.isLinked)).map(({ name }) => name));
}

function isInside(realRoot: string, target: string): boolean {
  if (target === realRoot) return true;
  return isBelow(realRoot, target) && !slashes(target.slice(realRoot.length)).split('/').some(isNeverRead);
}

function isBelow(realRoot: string, target: string): boolean {
  return target.startsWith(realRoot.endsWith(sep) ? realRoot : realRoot + sep);
}
