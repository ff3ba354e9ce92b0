/** Names of files held against a step of a path of which parts are filled in elsewhere, in time that grows with name and step alone. */

/** What is longer is no path of a file. */
export const LONGEST_PATH = 4096;

/** A text as it stands, or a run of characters that stands for what is filled in. */
export type StepPart = string | Run;

interface Run {
  /** True if it may be empty. */
  readonly isOptional?: true;
  /** What it begins with, and what it goes on with; anything where it is not said. */
  readonly first?: RegExp;
  readonly rest?: RegExp;
}

/** What each part takes of a name, the earlier ones as much as they can; undefined if the name does not fit. */
export function takenByParts(parts: readonly StepPart[], name: string): readonly string[] | undefined {
  const least = parts.reduce((sum, part) => sum + leastOf(part), 0);
  if (least > name.length) return undefined;
  // Whether the parts from one on take all from an offset on, the last part first.
  const fits: boolean[][] = [[...Array(name.length).fill(false), true]];
  for (const part of [...parts].reverse()) fits.unshift(fitsBefore(part, name, fits[0] as boolean[]));
  if (fits[0]?.[0] !== true) return undefined;
  const taken: string[] = [];
  let at = 0;
  for (const [i, part] of parts.entries()) {
    const end = typeof part === 'string' ? at + part.length : runEnd(part, name, at, fits[i + 1] as boolean[]);
    taken.push(name.slice(at, end));
    at = end;
  }
  return taken;
}

function leastOf(part: StepPart): number {
  return typeof part === 'string' ? part.length : part.isOptional === true ? 0 : 1;
}

function fitsBefore(part: StepPart, name: string, after: readonly boolean[]): boolean[] {
  if (typeof part === 'string')
    return after.map((_, at) => name.startsWith(part, at) && after[at + part.length] === true);
  const fits: boolean[] = Array(after.length).fill(false);
  let goesOn = false;
  for (let at = name.length; at >= 0; at--) {
    const char = name[at];
    fits[at] = (part.isOptional === true && after[at] === true) || (goesOn && takes(part.first, char));
    goesOn = after[at] === true || (goesOn && takes(part.rest, char));
  }
  return fits;
}

/** The furthest end of a run from which the parts after it take the rest. */
function runEnd(part: Run, name: string, start: number, after: readonly boolean[]): number {
  let end = start;
  for (let at = start; at < name.length && takes(at === start ? part.first : part.rest, name[at]); at++)
    if (after[at + 1] === true) end = at + 1;
  return end;
}

function takes(chars: RegExp | undefined, char: string | undefined): boolean {
  return char !== undefined && (chars === undefined || chars.test(char));
}
