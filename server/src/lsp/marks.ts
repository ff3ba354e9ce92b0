/** The places that a finding marks in the editor: its own, and the other sides as mirrors (contract, "One finding, several places"). */
import type { Anchor } from '../base/anchor.ts';
import { type Location, samePlace } from '../base/range.ts';
import type { PlacedFinding } from '../engine/snapshot.ts';
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

export interface Other {
  readonly location: Location;
  readonly message: string;
}

/** A mirror says so many other places at most, the finding's own first, which has them all: with all of them each, they would be as many as the clusters squared. */
const MOST_BESIDE_MIRROR = 3;

const known = new WeakMap<PlacedFinding, readonly Mark[]>();

/** The marks of a finding; the same ones as long as it stands where it does. Two clusters that share a file share the mark in it. */
export function marksOf(finding: PlacedFinding): readonly Mark[] {
  let marks = known.get(finding);
  if (marks === undefined) {
    marks = makeMarks(finding);
    known.set(finding, marks);
  }
  return marks;
}

function makeMarks(finding: PlacedFinding): readonly Mark[] {
  const { location, message, severity, related, tie } = finding;
  const own = { finding, at: finding.finding.at, location, message, severity, mirror: false, others: related };
  const marks: Mark[] = [own];
  const first: Other = { location, message };
  for (const { at, location: place, mirror } of related) {
    if (mirror === undefined || marks.some((mark) => samePlace(mark.location, place))) continue;
    marks.push({
      finding,
      at,
      location: place,
      message: mirror,
      severity: tie ? severity : 'hint',
      mirror: true,
      others: [first, ...othersThan(place, related)],
    });
  }
  return marks;
}

/** The first places that are others. */
function othersThan(place: Location, all: readonly Other[]): readonly Other[] {
  const others: Other[] = [];
  for (const other of all) {
    if (others.length >= MOST_BESIDE_MIRROR - 1) break;
    if (!samePlace(other.location, place)) others.push(other);
  }
  return others;
}
