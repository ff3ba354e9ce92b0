/** The repository around a folder: its root, and what holds from there down. */
import { existsSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import type { FoundConfiguration } from '../ports.ts';
import { type IgnoreRules, isIgnored, withFolderRules } from './git-ignore.ts';
import { leadsOut } from './links.ts';
import { readText } from './read-text.ts';
import { slashes } from './slashes.ts';

/** The folder with `.git` at or above `folder`; `folder` itself outside of any repository. */
export function repositoryRoot(folder: string): string {
  for (const root of repositoriesAround(folder)) return root;
  return folder;
}

/** The innermost first. */
function* repositoriesAround(folder: string): Generator<string> {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) yield at;
    if (dirname(at) === at) return;
  }
}

/** True if a path that seems to lie in a repository lies elsewhere, for a link that is on its way. */
export function leadsOutOfRepository(path: string): boolean {
  const folder = dirname(path);
  for (const root of repositoriesAround(folder)) {
    if (leadsOut(root, relative(root, path), true)) return true;
    if (folder !== root && leadsOut(root, relative(root, folder), true)) return true;
  }
  return false;
}

export interface FolderRules {
  /** Those that stand above the folder; its own are not among them. */
  readonly rules: IgnoreRules | undefined;
  /** The folder below the root of its repository; '' or ending with `/`. */
  readonly base: string;
}

/** The ignore rules that hold at a folder. If they ignore the folder itself, whoever opens it wants to see it: then none do. */
export function rulesAbove(folder: string): FolderRules {
  const root = repositoryRoot(folder);
  let rules: IgnoreRules | undefined;
  let base = '';
  let path = root;
  for (const step of slashes(relative(root, folder)).split('/')) {
    if (step === '') continue;
    rules = withFolderRules(rules, path, base);
    base += `${step}/`;
    path = join(path, step);
    if (isIgnored(rules, base)) rules = undefined;
  }
  return { rules, base };
}

/** The nearest file called `name` from `folder` up to the root of its repository. */
export function findUpwards(folder: string, name: string): FoundConfiguration | undefined {
  const root = repositoryRoot(folder);
  let globBase = '';
  for (let at = folder, file = name; ; at = dirname(at), file = `../${file}`) {
    const read = leadsOut(root, relative(root, join(at, name)))
      ? ({ file, skipped: 'unreadable' } as const)
      : readText(join(at, name), file);
    if (!('gone' in read)) return { ...read, globBase };
    if (at === root) return undefined;
    globBase = `${basename(at)}/${globBase}`;
  }
}
