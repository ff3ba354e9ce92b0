/**
 * Findings about single clusters that stand in one and the same place, such as values that an ApplicationSet or an umbrella chart gives
 * to all of them: what is wrong there is told once.
 */
import { showPath } from '../base/path.ts';
import type { ClusterId } from '../layout/layout.ts';
import { findingId, mergeShared } from './place-finding.ts';
import type { PlacedFinding } from './snapshot.ts';

/** @param findings in order: those of one place and rule are neighbours */
export function oneOfEachPlace(
  findings: readonly PlacedFinding[],
  clusterName: (id: ClusterId) => string,
): readonly PlacedFinding[] {
  const told: PlacedFinding[] = [];
  let same: PlacedFinding[] = [];
  const tell = (): void => {
    const [first, ...others] = same;
    if (first !== undefined) told.push(others.length === 0 ? first : merged(same, clusterName));
    same = [];
  };
  for (const finding of findings) {
    if (!same.every((other) => isSame(other, finding))) tell();
    same.push(finding);
  }
  tell();
  return told;
}

function isSame(a: PlacedFinding, b: PlacedFinding): boolean {
  const [{ start, end }, other] = [a.location.range, b.location.range];
  return (
    a.rule.id === b.rule.id &&
    a.mesh === b.mesh &&
    a.severity === b.severity &&
    a.location.file === b.location.file &&
    start.line === other.start.line &&
    start.character === other.start.character &&
    end.line === other.end.line &&
    end.character === other.end.character &&
    a.finding.check === b.finding.check &&
    a.finding.ofCluster !== undefined &&
    b.finding.ofCluster !== undefined &&
    a.finding.ofCluster !== b.finding.ofCluster &&
    sameObject(a.object, b.object)
  );
}

function sameObject(a: PlacedFinding['object'], b: PlacedFinding['object']): boolean {
  return a?.kind === b?.kind && a?.namespace === b?.namespace && a?.name === b?.name;
}

function merged(same: readonly PlacedFinding[], clusterName: (id: ClusterId) => string): PlacedFinding {
  const one = mergeShared(same, clusterName);
  const { ofCluster: _, ...rest } = one.finding;
  // The same rule may find something in another place that clusters share.
  const check = `${rest.check ?? ''}/${showPath(rest.at.path)}`;
  return { ...one, id: findingId(one.mesh, one.rule.id, { ...rest, check }, clusterName) };
}
