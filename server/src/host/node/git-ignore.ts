/** What git ignores: the rules of every `.gitignore` from the root of the repository down to a folder. */
import { join } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { isTooCostly } from './ignore-cost.ts';
import { readText } from './read-text.ts';

/** Longer lists of rules are left unread: each is held against each file. */
const MAX_RULES_BYTES = 128 * 1024;

/** The rules that hold in a folder: its own, then those of the folders above. Immutable. */
export interface IgnoreRules {
  /** Path of the folder in which the rules stand, below the root of the repository; '' or ending with `/`. */
  readonly base: string;
  readonly own: Ignore;
  readonly above: IgnoreRules | undefined;
}

/**
 * Adds the rules of a folder to those above it.
 * @param folder absolute path
 * @param base the folder below the root of the repository; '' or ending with `/`
 */
export function withFolderRules(above: IgnoreRules | undefined, folder: string, base: string): IgnoreRules | undefined {
  // Git itself follows no link here (its release notes 2.32).
  const read = readText(join(folder, '.gitignore'), '.gitignore', { bytes: MAX_RULES_BYTES, noLink: true });
  return 'text' in read ? { base, own: ignore({ ignorecase: false }).add(affordable(read.text)), above } : above;
}

/** The rules without those that could be made to take forever. */
function affordable(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => !isTooCostly(line));
}

/**
 * True if git ignores a path; the folder that holds it must not be ignored itself. The nearest rules decide first.
 * @param path below the root of the repository; ends with `/` for a folder
 */
export function isIgnored(rules: IgnoreRules | undefined, path: string): boolean {
  for (let at = rules; at !== undefined; at = at.above) {
    const verdict = at.own.test(path.slice(at.base.length));
    if (verdict.ignored) return true;
    if (verdict.unignored) return false;
  }
  return false;
}
