/** The places that a finding marks in the editor: its own, and the other sides as mirrors (contract, "One finding, several places"). */
import type { Anchor } from '../base/anchor.ts';
import type { Location } from '../base/range.ts';
import type { PlacedFinding, Snapshot } from '../engine/snapshot.ts';
import type { Severity } from '../rules/rule.ts';

export interface Mark {
  readonly finding: PlacedFinding;
  readonly at: Anchor;
  readonly location: Location;
  readonly message: string;
  readonly severity: Severity;
  /** Not the finding's own place. */
  readonly mirror: boolean;
  /** The other places, with what they say. */
  readonly others: readonly Other[];
}

interface Other {
  readonly location: Location;
  readonly message: string;
}

/** The marks of a finding. Two clusters that share a file share the mark in it. */
export function marksOf(finding: PlacedFinding, documents: Snapshot['documents']): readonly Mark[] {
  const { location, message, severity, related, tie } = finding;
  const own = { finding, at: finding.finding.at, location, message, severity, mirror: false, others: related };
  const marks: Mark[] = [own];
  for (const side of finding.finding.related) {
    const place = side.mirror === undefined ? undefined : documents.locate(side.at);
    if (side.mirror === undefined || place === undefined) continue;
    if (marks.some((mark) => samePlace(mark.location, place))) continue;
    marks.push({
      finding,
      at: side.at,
      location: place,
      message: side.mirror,
      severity: tie ? severity : 'hint',
      mirror: true,
      others: [{ location, message }, ...related.filter((other) => !samePlace(other.location, place))],
    });
  }
  return marks;
}

/** All marks of a snapshot by file, in the order of the findings. */
export function marksByFile(findings: readonly PlacedFinding[], documents: Snapshot['documents']): Map<string, Mark[]> {
  const byFile = new Map<string, Mark[]>();
  for (const finding of findings) {
    for (const mark of marksOf(finding, documents)) {
      const marks = byFile.get(mark.location.file);
      if (marks === undefined) byFile.set(mark.location.file, [mark]);
      else marks.push(mark);
    }
  }
  return byFile;
}

export function samePlace(a: Location, b: Location): boolean {
  return (
    a.file === b.file &&
    a.range.start.line === b.range.start.line &&
    a.range.start.character === b.range.start.character &&
    a.range.end.line === b.range.end.line &&
    a.range.end.character === b.range.end.character
  );
}
