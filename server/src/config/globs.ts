/** Globs of the configuration, compiled once for each list that the configuration holds. */
import picomatch from 'picomatch';

export type Matches = (text: string) => boolean;

const compiled = new WeakMap<readonly string[], Matches>();

/** Tells whether a text matches one of the globs. `*` stays within a path segment, `**` does not; dots are nothing special. */
export function matcherOf(globs: readonly string[]): Matches {
  const known = compiled.get(globs);
  if (known !== undefined) return known;
  const matches = globs.length === 0 ? () => false : picomatch([...globs], { dot: true });
  compiled.set(globs, matches);
  return matches;
}

const single = new Map<string, Matches>();

/** The same for one glob that stands alone. */
export function matchesGlob(glob: string, text: string): boolean {
  let matches = single.get(glob);
  if (matches === undefined) {
    matches = picomatch(glob, { dot: true });
    single.set(glob, matches);
  }
  return matches(text);
}
