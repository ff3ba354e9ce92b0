/** The findings of all meshes with their places in files. A finding is placed again only when one of its files changes. */
import { samePlace } from '../../base/range.ts';
import { remember } from '../../base/remember.ts';
import type { Mesh } from '../../mesh/model.ts';
import type { RuleFinding } from '../rule-runner.ts';
import type { PlacedFinding } from '../snapshot.ts';

interface Entry {
  readonly found: RuleFinding;
  readonly mesh: Mesh;
  /** Undefined: it is nowhere, or has not been placed yet. */
  placed: PlacedFinding | undefined;
}

/**
 * Places a finding; undefined if it is nowhere.
 * @param before where it stands, if none of its files has changed since
 */
export type Place = (found: RuleFinding, mesh: Mesh, before: PlacedFinding | undefined) => PlacedFinding | undefined;

export interface PlacedChanges {
  readonly come: ReadonlySet<PlacedFinding>;
  readonly gone: ReadonlySet<PlacedFinding>;
}

export class PlacedFindings {
  private readonly entries = new Map<RuleFinding, Entry>();
  private readonly byFile = new Map<string, Set<Entry>>();
  private readonly nowhere = new Set<Entry>();
  /** To be placed, or placed again; with where it stands, if none of its files has changed since. */
  private readonly due = new Map<Entry, PlacedFinding | undefined>();
  /** What came, and what of before went, since it was last told. */
  private come = new Set<PlacedFinding>();
  private gone = new Set<PlacedFinding>();

  replace(removed: readonly RuleFinding[], added: readonly RuleFinding[], mesh: Mesh): void {
    for (const found of removed) {
      const entry = this.entries.get(found);
      if (entry === undefined) continue;
      this.entries.delete(found);
      this.due.delete(entry);
      this.forget(entry);
    }
    for (const found of added) {
      const entry: Entry = { found, mesh, placed: undefined };
      this.entries.set(found, entry);
      this.due.set(entry, undefined);
    }
  }

  /** The places in a file are others, and what was nowhere may be somewhere. */
  fileChanged(file: string): void {
    for (const entry of this.byFile.get(file) ?? []) this.due.set(entry, undefined);
    for (const entry of this.nowhere) this.due.set(entry, undefined);
  }

  /** Whatever decides about findings in a file beside its text has changed. */
  usesChanged(file: string): void {
    for (const entry of this.byFile.get(file) ?? []) if (!this.due.has(entry)) this.due.set(entry, entry.placed);
  }

  /** Whatever decides about findings beside the texts of their files has changed. */
  allChanged(): void {
    for (const entry of this.entries.values()) if (!this.due.has(entry)) this.due.set(entry, entry.placed);
  }

  /** True if something must be placed. */
  get pending(): boolean {
    return this.due.size > 0;
  }

  /** Places what is due until nothing is, or `pause`, asked after each, says to stop. */
  place(place: Place, pause: () => boolean): void {
    for (const [entry, before] of this.due) {
      this.due.delete(entry);
      const placed = place(entry.found, entry.mesh, before);
      if (entry.placed === undefined || placed === undefined || !samePlaces(entry.placed, placed)) {
        this.forget(entry);
        this.keep(entry, placed);
      }
      if (pause()) return;
    }
  }

  /** All that stand somewhere come anew. */
  tellAgain(): void {
    this.come = new Set([...this.entries.values()].flatMap(({ placed }) => placed ?? []));
    this.gone = new Set();
  }

  /** True if something came or went since it was last told. */
  get isChanged(): boolean {
    return this.come.size > 0 || this.gone.size > 0;
  }

  /** What came to stand somewhere, and what no longer does, since this was last asked. */
  takeChanges(): PlacedChanges {
    const { come, gone } = this;
    this.come = new Set();
    this.gone = new Set();
    return { come, gone };
  }

  private keep(entry: Entry, placed: PlacedFinding | undefined): void {
    entry.placed = placed;
    if (placed === undefined) this.nowhere.add(entry);
    else {
      this.come.add(placed);
      for (const file of filesOf(placed)) {
        remember(this.byFile, file, () => new Set()).add(entry);
      }
    }
  }

  private forget(entry: Entry): void {
    this.nowhere.delete(entry);
    if (entry.placed === undefined) return;
    if (!this.come.delete(entry.placed)) this.gone.add(entry.placed);
    for (const file of filesOf(entry.placed)) {
      const entries = this.byFile.get(file);
      entries?.delete(entry);
      if (entries?.size === 0) this.byFile.delete(file);
    }
    entry.placed = undefined;
  }
}

function filesOf({ location, related }: PlacedFinding): ReadonlySet<string> {
  return new Set([location.file, ...related.map((side) => side.location.file)]);
}

/** True if a finding that was placed again stands where it stood, and weighs what it weighed. */
function samePlaces(a: PlacedFinding, b: PlacedFinding): boolean {
  return (
    a.id === b.id &&
    a.severity === b.severity &&
    a.isShared === b.isShared &&
    samePlace(a.location, b.location) &&
    a.related.length === b.related.length &&
    a.related.every(({ location }, i) => samePlace(location, (b.related[i] as (typeof a.related)[number]).location))
  );
}
