/** In which files findings have marks. Follows from one list of findings to the next: most of them are the same after an edit. */
import { remember } from '../base/remember.ts';
import { compareFindings } from '../engine/findings/place-finding.ts';
import type { PlacedFinding } from '../engine/snapshot.ts';
import { type Mark, marksOf } from './marks.ts';

const NONE: ReadonlySet<PlacedFinding> = new Set();

export class MarkIndex {
  private readonly indexed = new Set<PlacedFinding>();
  private readonly byFile = new Map<string, Set<PlacedFinding>>();

  /** What it has gone over to. */
  private followed: readonly PlacedFinding[] | undefined;

  /** The files with marks. */
  get files(): Iterable<string> {
    return this.byFile.keys();
  }

  /** The marks in a file, in the order of the findings. */
  in(file: string): readonly Mark[] {
    const findings = [...(this.byFile.get(file) ?? NONE)].sort(compareFindings);
    return findings.flatMap(marksOf).filter(({ location }) => location.file === file);
  }

  /**
   * Goes over to other findings, in steps; whoever leaves it half done goes on with the same or with others.
   * @param changed told of every file in which a mark came or went
   */
  *follow(findings: readonly PlacedFinding[], changed: (file: string) => void = () => {}): Generator<void, void> {
    if (this.followed === findings) return;
    this.followed = undefined;
    for (const finding of findings) {
      if (this.indexed.has(finding)) continue;
      this.indexed.add(finding);
      for (const file of filesOf(finding)) {
        remember(this.byFile, file, () => new Set<PlacedFinding>()).add(finding);
        changed(file);
      }
      yield;
    }
    const wanted = this.indexed.size === findings.length ? undefined : new Set(findings);
    for (const finding of wanted === undefined ? [] : this.indexed) {
      if (wanted?.has(finding)) continue;
      this.indexed.delete(finding);
      for (const file of filesOf(finding)) {
        const known = this.byFile.get(file);
        known?.delete(finding);
        if (known?.size === 0) this.byFile.delete(file);
        changed(file);
      }
      yield;
    }
    this.followed = findings;
  }
}

function filesOf(finding: PlacedFinding): ReadonlySet<string> {
  return new Set(marksOf(finding).map(({ location }) => location.file));
}
