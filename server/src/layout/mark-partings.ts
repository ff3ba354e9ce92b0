/** The folders at which files part that hold objects of one name. A file that comes, changes or goes is followed. */
import { inSteps } from '../base/steps.ts';
import type { Mark } from './file-traits.ts';

/** The children of one folder that hold the same things, each with the number of times that it parts from another one. */
export interface Parting {
  readonly folders: Map<string, number>;
  /** Those of `folders` in which a control plane states its cluster's name. */
  readonly named: Set<string>;
  /** Whole paths. */
  readonly files: Map<string, number>;
}

export class MarkPartings {
  private readonly partings = new Map<string, Parting>();
  /** Files that hold an object, in order of path, by what the object is called. */
  private readonly holders = new Map<string, string[]>();

  /** Adds a file that holds an object. Files come in order of path. */
  add(key: string, file: string): void {
    const list = this.holders.get(key);
    if (list === undefined) this.holders.set(key, [file]);
    else if (list.at(-1) !== file) list.push(file);
  }

  /** The partings of all files that were added, by folder: every folder at which any two part shows between two neighbours. */
  *part(): Generator<void, ReadonlyMap<string, Parting>> {
    yield* inSteps(this.holders.values(), (list) => {
      for (let i = 1; i < list.length; i++) {
        const [a, b] = [list[i - 1] as string, list[i] as string];
        const folder = sharedFolder(a, b);
        const parting = partingAt(this.partings, folder);
        count(parting, folder, a, 1);
        count(parting, folder, b, 1);
      }
    });
    return this.partings;
  }

  /**
   * Follows a file that holds other objects now.
   * @returns false if files part otherwise now: what this holds is worth nothing then
   */
  replace(file: string, before: readonly Mark[], after: readonly Mark[]): boolean {
    const [old, made] = [new Set(before.map(({ key }) => key)), new Set(after.map(({ key }) => key))];
    const pairs: (readonly [a: string, b: string, by: 1 | -1])[] = [];
    for (const key of old) if (!made.has(key)) pairs.push(...this.leave(key, file));
    for (const key of made) if (!old.has(key)) pairs.push(...this.enter(key, file));
    const wasThere = new Map<string, { readonly folder: string; readonly holder: string; readonly was: boolean }>();
    for (const [a, b, by] of pairs) {
      const folder = sharedFolder(a, b);
      const parting = partingAt(this.partings, folder);
      for (const holder of [a, b]) {
        const where = `${folder}\n${holder}`;
        if (!wasThere.has(where)) wasThere.set(where, { folder, holder, was: parts(parting, folder, holder) });
        count(parting, folder, holder, by);
      }
    }
    for (const { folder, holder, was } of wasThere.values()) {
      if (parts(partingAt(this.partings, folder), folder, holder) !== was) return false;
    }
    return true;
  }

  /** The pairs of neighbours that go and come when a file ceases to hold an object. */
  private leave(key: string, file: string): (readonly [a: string, b: string, by: 1 | -1])[] {
    const list = this.holders.get(key) ?? [];
    const at = placeIn(list, file);
    const [above, below] = [list[at - 1], list[at + 1]];
    list.splice(at, 1);
    if (list.length === 0) this.holders.delete(key);
    return pairsAround(above, file, below, -1);
  }

  private enter(key: string, file: string): (readonly [a: string, b: string, by: 1 | -1])[] {
    const list = this.holders.get(key) ?? [];
    if (list.length === 0) this.holders.set(key, list);
    const at = placeIn(list, file);
    const [above, below] = [list[at - 1], list[at]];
    list.splice(at, 0, file);
    return pairsAround(above, file, below, 1);
  }
}

/** The pairs that a file between two others makes, and the one that is there without it. */
function pairsAround(
  above: string | undefined,
  file: string,
  below: string | undefined,
  by: 1 | -1,
): (readonly [a: string, b: string, by: 1 | -1])[] {
  const pairs: (readonly [a: string, b: string, by: 1 | -1])[] = [];
  if (above !== undefined) pairs.push([above, file, by]);
  if (below !== undefined) pairs.push([file, below, by]);
  if (above !== undefined && below !== undefined) pairs.push([above, below, by === 1 ? -1 : 1]);
  return pairs;
}

/** Where a file stands, or would stand, in a list in order of path. */
function placeIn(list: readonly string[], file: string): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle] as string) < file) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function partingAt(partings: Map<string, Parting>, folder: string): Parting {
  let parting = partings.get(folder);
  if (parting === undefined) {
    parting = { folders: new Map(), named: new Set(), files: new Map() };
    partings.set(folder, parting);
  }
  return parting;
}

/** Counts the child of a folder that holds a file, or the file itself, in or out. @returns the child, if it is a folder */
export function count(parting: Parting, folder: string, file: string, by: 1 | -1): string | undefined {
  const child = childOf(folder, file);
  const counts = child === undefined ? parting.files : parting.folders;
  const left = (counts.get(child ?? file) ?? 0) + by;
  if (left === 0) counts.delete(child ?? file);
  else counts.set(child ?? file, left);
  return child;
}

function parts({ files, folders }: Parting, folder: string, file: string): boolean {
  const child = childOf(folder, file);
  return child === undefined ? files.has(file) : folders.has(child);
}

/** The deepest folder above both files. */
export function sharedFolder(a: string, b: string): string {
  let end = 0;
  for (let i = 0; i < a.length && a.charCodeAt(i) === b.charCodeAt(i); i++) if (a[i] === '/') end = i;
  return a.slice(0, end);
}

/** The folder directly below `folder` in which the file lies; undefined if it lies in `folder` itself. */
export function childOf(folder: string, file: string): string | undefined {
  const start = folder === '' ? 0 : folder.length + 1;
  const slash = file.indexOf('/', start);
  return slash < 0 ? undefined : file.slice(start, slash);
}
