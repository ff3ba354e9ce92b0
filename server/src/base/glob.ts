/** Matches the globs of the configuration, in a time that grows with the lengths of glob and text alone. */

export type Matches = (text: string) => boolean;

/** What `{a,b}` may come to in all, and how long a glob may be: no person writes more. */
const MOST_ALTERNATIVES = 200;
const MOST_LENGTH = 1000;

/** Groups, which repeat things, and extended globs. */
const GROUP = /(?<!\\)\(/;

/**
 * `*` and `?` stay within a step of a path, `**` does not, `[a-z]` and `[^a]` are one character, `{a,b}` and `{1..3}` alternatives, `!` before all
 * takes what the rest does not; dots are nothing special. At the end `**` takes what is above it too, but for what a star takes.
 * @returns undefined for what is not matched: groups in parentheses, and what is too long
 */
export function compileGlob(glob: string): Matches | undefined {
  if (glob.length > MOST_LENGTH || GROUP.test(glob)) return undefined;
  const bangs = /^!*/.exec(glob)?.[0].length ?? 0;
  const alternatives = expandBraces(
    glob
      .slice(bangs)
      .replace(/^(?:\.\/)+/, '')
      .replace(/^\*\*\.(?=\w+$)/, '**/*.'),
    listOrRange,
  );
  if (alternatives === undefined) return undefined;
  const ways = alternatives.map((way) =>
    way
      .replace(/(?<=(?:^|[^*])\*)(?:\/\*\*)+$/, '/*/**')
      .split('/')
      .map((step) => (/^\*\*+$/.test(step) ? undefined : stepOf(step))),
  );
  const isNegated = bangs % 2 === 1;
  return (text) => {
    const steps = text.split('/');
    return ways.some((way) => takesAll(way, steps)) !== isNegated;
  };
}

/**
 * The texts that braces stand for, the innermost first; undefined if they are too many.
 * @param choicesOf what stands between two braces, as a list; undefined if they are mere characters
 */
export function expandBraces(
  pattern: string,
  choicesOf: (inner: string) => readonly string[] | undefined,
): readonly string[] | undefined {
  const done: string[] = [];
  const open = [pattern];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const text = next;
    const groups = [...text.matchAll(/(?<!\\)\{([^{}]*)\}/g)];
    const choices = groups.map(([, inner = '']) => choicesOf(inner));
    const at = choices.findIndex((one) => one !== undefined);
    const group = groups[at];
    if (group === undefined) done.push(text);
    else {
      const [before, after] = [text.slice(0, group.index), text.slice(group.index + group[0].length)];
      open.push(...(choices[at] ?? []).map((choice) => before + choice + after));
    }
    if (done.length + open.length > MOST_ALTERNATIVES) return undefined;
  }
  return done;
}

function listOrRange(inner: string): readonly string[] | undefined {
  if (inner.includes(',')) return inner.split(',');
  const [, from, to] = /^(\d{1,4})\.\.(\d{1,4})$/.exec(inner) ?? [];
  const [low, high] = [Number(from), Number(to)].sort((a, b) => a - b) as [number, number];
  return from === undefined ? undefined : Array.from({ length: high - low + 1 }, (_, i) => String(low + i));
}

/** Whether parts, some of which are a run of any things, take things one after the other: only the last run has to grow. */
function takesInOrder<P, T>(
  parts: readonly (P | undefined)[],
  things: ArrayLike<T>,
  takes: (part: P, thing: T) => boolean,
): boolean {
  let [part, thing, run, from] = [0, 0, -1, 0];
  while (thing < things.length) {
    const next = parts[part];
    if (part < parts.length && next === undefined) {
      run = part++;
      from = thing;
    } else if (next !== undefined && takes(next, things[thing] as T)) {
      part++;
      thing++;
    } else if (run >= 0) {
      part = run + 1;
      thing = ++from;
    } else return false;
  }
  while (part < parts.length && parts[part] === undefined) part++;
  return part === parts.length;
}

const takesAll = (way: readonly (Matches | undefined)[], steps: readonly string[]): boolean =>
  takesInOrder(way, steps, (takes, step) => takes(step));

/** Whether a text matches one of the globs; one that is refused takes nothing. */
export function compileGlobs(globs: readonly string[]): Matches {
  const matchers = globs.flatMap((glob) => compileGlob(glob) ?? []);
  return (text) => matchers.some((matches) => matches(text));
}

/** Matches one step of a path. */
function stepOf(step: string): Matches {
  const parts: (Matches | undefined)[] = [];
  let text = '';
  let isPlain = true;
  for (let i = 0; i < step.length; i++) {
    const char = step[i] as string;
    const end = char === '[' ? step.indexOf(']', i + 2) : -1;
    if (char === '*') {
      if (parts.length === 0 || parts.at(-1) !== undefined) parts.push(undefined);
    } else if (char === '?') parts.push(() => true);
    else if (end > 0) {
      parts.push(classOf(step.slice(i + 1, end)));
      i = end;
    } else {
      const meant = char === '\\' ? (step[++i] ?? char) : char;
      text += meant;
      parts.push((other) => other === meant);
      continue;
    }
    isPlain &&= char === '*' && parts.length === 1;
  }
  // A word, or one after a star, is most of what there is.
  if (!isPlain) return (other) => takesInOrder(parts, other, (takes, char) => takes(char));
  return parts[0] === undefined && parts.length > 0 ? (other) => other.endsWith(text) : (other) => other === text;
}

function classOf(inner: string): Matches {
  const isNegated = /^[!^]/.test(inner);
  const chars = isNegated ? inner.slice(1) : inner;
  return (char) => inClass(chars, char) !== isNegated;
}

/** True if a character is one of those of a class such as `a-z_`. */
export function inClass(chars: string, char: string): boolean {
  for (let i = 0; i < chars.length; i++) {
    if (chars[i + 1] === '-' && i + 2 < chars.length) {
      if (char >= (chars[i] as string) && char <= (chars[i + 2] as string)) return true;
      i += 2;
    } else if (chars[i] === char) return true;
  }
  return false;
}
