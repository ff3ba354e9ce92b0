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
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (dirname(at) === at) return folder;
  }
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
