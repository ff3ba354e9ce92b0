/**
 * Findings that stand in one and the same place and tell the same: of single clusters, such as values that an ApplicationSet or an umbrella
 * chart gives to all of them, or of several meshes that share a base. What is wrong there is told once.
 */
import { showPath } from '../base/path.ts';
import type { ClusterId } from '../layout/layout.ts';
import { compareFindings, compareText, findingId, joined, mergeShared } from './place-finding.ts';
import type { PlacedFinding } from './snapshot.ts';

/**
 * @param findings in order: those of one place and rule are neighbours
 * @returns them in order again
 */
export function oneOfEachPlace(
  findings: readonly PlacedFinding[],
  clusterName: (id: ClusterId) => string,
): readonly PlacedFinding[] {
  const ofClusters = runs(findings, isOfOtherCluster).map((same) => merged(same, clusterName));
  const ones = runs(ofClusters, isOfOtherMesh).map(ofMeshes);
  // What tells of several has an id of its own.
  return ones.length === findings.length ? ones : ones.sort(compareFindings);
}

/** Neighbours of which each is like all others. */
function runs(
  findings: readonly PlacedFinding[],
  isLike: (a: PlacedFinding, b: PlacedFinding) => boolean,
): readonly (readonly [PlacedFinding, ...PlacedFinding[]])[] {
  const found: [PlacedFinding, ...PlacedFinding[]][] = [];
  for (const finding of findings) {
    const last = found.at(-1);
    if (last?.every((other) => isLike(other, finding)) === true) last.push(finding);
    else found.push([finding]);
  }
  return found;
}

function isOfOtherCluster(a: PlacedFinding, b: PlacedFinding): boolean {
  const [one, other] = [a.finding.ofCluster, b.finding.ofCluster];
  return a.mesh === b.mesh && one !== undefined && other !== undefined && one !== other && isSame(a, b);
}

function isOfOtherMesh(a: PlacedFinding, b: PlacedFinding): boolean {
  return a.mesh !== b.mesh && isSame(a, b);
}

/** The first by name is told, and the others with it. */
function ofMeshes(same: readonly [PlacedFinding, ...PlacedFinding[]]): PlacedFinding {
  const [first = same[0], ...others] = [...same].sort((a, b) => compareText(a.mesh, b.mesh));
  return others.length === 0
    ? first
    : joined(
        first,
        others,
        others.map(({ mesh }) => `mesh ${mesh}`),
      );
}

function isSame(a: PlacedFinding, b: PlacedFinding): boolean {
  const [{ start, end }, other] = [a.location.range, b.location.range];
  return (
    a.rule.id === b.rule.id &&
    a.severity === b.severity &&
    a.location.file === b.location.file &&
    start.line === other.start.line &&
    start.character === other.start.character &&
    end.line === other.end.line &&
    end.character === other.end.character &&
    a.finding.check === b.finding.check &&
    sameObject(a.object, b.object)
  );
}

function sameObject(a: PlacedFinding['object'], b: PlacedFinding['object']): boolean {
  return a?.kind === b?.kind && a?.namespace === b?.namespace && a?.name === b?.name;
}

function merged(
  same: readonly [PlacedFinding, ...PlacedFinding[]],
  clusterName: (id: ClusterId) => string,
): PlacedFinding {
  if (same.length === 1) return same[0];
  const one = mergeShared(same, clusterName);
  const { ofCluster: _, ...rest } = one.finding;
  // The same rule may find something in another place that clusters share.
  const check = `${rest.check ?? ''}/${showPath(rest.at.path)}`;
  return { ...one, id: findingId(one.mesh, one.rule.id, { ...rest, check }, clusterName) };
}
