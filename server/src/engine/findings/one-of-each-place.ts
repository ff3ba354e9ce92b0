/**
 * Findings that stand in one and the same place and tell the same: of single clusters, such as values that an ApplicationSet or an umbrella
 * chart gives to all of them, or of several meshes that share a base. What is wrong there is told once.
 */
import { showPath } from '../../base/path.ts';
import type { ClusterId } from '../../layout/layout.ts';
import type { PlacedFinding } from '../snapshot.ts';
import { compareFindings, compareText, findingId, joined, mergeShared } from './place-finding.ts';

/**
 * @param findings in order: those of one place and rule are neighbours
 * @returns them in order again
 */
export function oneOfEachPlace(
  findings: readonly PlacedFinding[],
  clusterName: (id: ClusterId) => string,
): readonly PlacedFinding[] {
  const ofClusters = joinNeighbours(findings, isOfOtherCluster, (same) => merged(same, clusterName));
  const ones = joinNeighbours(ofClusters, isOfOtherMesh, ofMeshes);
  // What tells of several has an id of its own.
  return ones === findings ? ones : [...ones].sort(compareFindings);
}

type Several = readonly [PlacedFinding, ...PlacedFinding[]];

/** The findings with one in place of neighbours of which each is like all others; the same list if there are none. */
function joinNeighbours(
  findings: readonly PlacedFinding[],
  isLike: (a: PlacedFinding, b: PlacedFinding) => boolean,
  join: (same: Several) => PlacedFinding,
): readonly PlacedFinding[] {
  let joined: PlacedFinding[] | undefined;
  for (let start = 0, end = 0; start < findings.length; start = end) {
    const first = findings[start] as PlacedFinding;
    end = start + 1;
    for (let next = findings[end]; next !== undefined && isLikeAll(next, start, end); next = findings[end]) end++;
    if (end > start + 1) joined ??= findings.slice(0, start);
    joined?.push(end > start + 1 ? join([first, ...findings.slice(start + 1, end)]) : first);
  }
  return joined ?? findings;

  function isLikeAll(finding: PlacedFinding, start: number, end: number): boolean {
    for (let i = start; i < end; i++) if (!isLike(findings[i] as PlacedFinding, finding)) return false;
    return true;
  }
}

function isOfOtherCluster(a: PlacedFinding, b: PlacedFinding): boolean {
  const [one, other] = [a.finding.ofCluster, b.finding.ofCluster];
  return a.mesh === b.mesh && one !== undefined && other !== undefined && one !== other && isSame(a, b);
}

function isOfOtherMesh(a: PlacedFinding, b: PlacedFinding): boolean {
  return a.mesh !== b.mesh && isSame(a, b);
}

/** The first by name is told, and the others with it. */
function ofMeshes(same: Several): PlacedFinding {
  const [first = same[0], ...others] = [...same].sort((a, b) => compareText(a.mesh, b.mesh));
  return joined(
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

function merged(same: Several, clusterName: (id: ClusterId) => string): PlacedFinding {
  const one = mergeShared(same, clusterName);
  const { ofCluster: _, ...rest } = one.finding;
  // The same rule may find something in another place that clusters share.
  const check = `${rest.check ?? ''}/${showPath(rest.at.path)}`;
  return { ...one, id: findingId(one.mesh, one.rule.id, { ...rest, check }, clusterName) };
}
