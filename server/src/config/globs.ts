/** Globs of the configuration, compiled once for each list that the configuration holds. */
import { compileGlob, compileGlobs, type Matches } from '../base/glob.ts';

const compiled = new WeakMap<readonly string[], Matches>();

/** Tells whether a text matches one of the globs. `*` stays within a path segment, `**` does not; dots are nothing special. */
export function matcherOf(globs: readonly string[]): Matches {
  const known = compiled.get(globs);
  if (known !== undefined) return known;
  const matches = compileGlobs(globs);
  compiled.set(globs, matches);
  return matches;
}

const single = new Map<string, Matches>();

/** The same for one glob that stands alone. */
export function matchesGlob(glob: string, text: string): boolean {
  let matches = single.get(glob);
  if (matches === undefined) {
    matches = compileGlob(glob) ?? (() => false);
    single.set(glob, matches);
  }
  return matches(text);
}
