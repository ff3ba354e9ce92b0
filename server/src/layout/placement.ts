/** The clusters that each file's objects belong to, as a map of which a changed copy costs no more than the change. */
import type { ClusterId } from './layout.ts';

export interface Placement extends Iterable<readonly [file: string, clusters: readonly ClusterId[]]> {
  get(file: string): readonly ClusterId[] | undefined;
}

/** More changes than this are brought together with what they change. */
const MOST_CHANGES = 500;

/** A placement with other clusters for some files; none take the file out. */
export function changedPlacement(
  before: Placement,
  changes: ReadonlyMap<string, readonly ClusterId[] | undefined>,
): Placement {
  if (changes.size === 0) return before;
  const [base, old] = before instanceof Changed ? [before.base, before.changes] : [before, []];
  const changed = new Changed(base, new Map([...old, ...changes]));
  return changed.changes.size > MOST_CHANGES ? new Map(changed) : changed;
}

class Changed implements Placement {
  constructor(
    readonly base: Placement,
    readonly changes: ReadonlyMap<string, readonly ClusterId[] | undefined>,
  ) {}

  get(file: string): readonly ClusterId[] | undefined {
    return this.changes.has(file) ? this.changes.get(file) : this.base.get(file);
  }

  *[Symbol.iterator](): Iterator<readonly [string, readonly ClusterId[]]> {
    for (const entry of this.base) if (!this.changes.has(entry[0])) yield entry;
    for (const [file, clusters] of this.changes) if (clusters !== undefined) yield [file, clusters];
  }
}
