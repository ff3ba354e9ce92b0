/**
 * Tells whether a file that is not there should be: in a whole checkout of git everything is that git keeps. Where a snapshot was
 * unpacked, or git ignores the file, or keeps it in a submodule or outside of a sparse checkout, it may be anywhere.
 */
import { existsSync, lstatSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { isIgnored, withFolderRules } from './git-ignore.ts';
import { readText } from './read-text.ts';
import { repositoryRoot, rulesAbove } from './repository.ts';
import { slashes } from './slashes.ts';
import { isNeverRead } from './unread-folders.ts';

/** @param path absolute; nothing that can be read is there */
export function isMissingFromCheckout(path: string): boolean {
  if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) return false;
  const folder = nearestAbove(path);
  const root = repositoryRoot(folder);
  if (!isWhole(root)) return false;
  const inRepository = slashes(relative(root, path));
  if (inRepository.split('/').some(isNeverRead)) return false;
  const above = rulesAbove(folder);
  const rules = withFolderRules(above.rules, folder, above.base);
  // What is missing may be a file or a folder, and so are the folders that it would be in.
  const start = inRepository.length - slashes(relative(folder, path)).length;
  const missing = withFolders(inRepository).filter(({ length }) => length > start);
  return missing.every((one) => !isIgnored(rules, one)) && !isInSubmodule(root, inRepository);
}

/** The nearest folder above a path that is there. */
function nearestAbove(path: string): string {
  let folder = dirname(path);
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

/** A path, as a file and as a folder, and the folders above it. */
function withFolders(path: string): readonly string[] {
  const steps = path.split('/');
  return [path, ...steps.map((_, i) => `${steps.slice(0, i + 1).join('/')}/`)];
}

/** True for the root of a checkout that leaves out nothing. */
function isWhole(root: string): boolean {
  const git = join(root, '.git');
  const stat = lstatSync(git, { throwIfNoEntry: false });
  if (stat === undefined) return false;
  const pointer = stat.isFile() ? readText(git, '.git') : undefined;
  const [, to] = /^gitdir: (.+)$/m.exec(pointer !== undefined && 'text' in pointer ? pointer.text : '') ?? [];
  const folder = stat.isDirectory() ? git : to === undefined ? undefined : resolve(root, to);
  return folder !== undefined && existsSync(join(folder, 'HEAD')) && !existsSync(join(folder, 'info/sparse-checkout'));
}

function isInSubmodule(root: string, path: string): boolean {
  const read = readText(join(root, '.gitmodules'), '.gitmodules');
  if (!('text' in read)) return false;
  const modules = [...read.text.matchAll(/^[ \t]*path[ \t]*=(.*)$/gm)].map(([, module = '']) => module.trim());
  return modules.some((module) => path === module || path.startsWith(`${module}/`));
}
