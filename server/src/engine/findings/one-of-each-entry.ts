/**
 * Labels that one entry gives to all objects, and what an overlay lacks of its cluster's own: of what is wrong with several of them the
 * gravest is told, and all is mended there.
 */
import { pathKeys } from '../../base/path.ts';
import { samePlace } from '../../base/range.ts';
import { atLeast } from '../../base/severity.ts';
import { isKustomizationFile } from '../../facts/foreign.ts';
import type { PlacedFinding } from '../snapshot.ts';

interface OneOfEach {
  /** The same list if there are no others. */
  readonly told: readonly PlacedFinding[];
  readonly others: readonly PlacedFinding[];
}

/** @param findings in order: those of one place are neighbours */
export function oneOfEachEntry(findings: readonly PlacedFinding[]): OneOfEach {
  const others = new Set<PlacedFinding>();
  let first: PlacedFinding | undefined;
  for (const finding of findings) {
    const isNext = first !== undefined && first.mesh === finding.mesh && samePlace(first.location, finding.location);
    if (!isNext || first === undefined || !(labelsAll(finding) || (finding.finding.lacksOwn && first.finding.lacksOwn)))
      first = finding;
    else {
      const [graver, other] = isGraver(finding, first) ? [finding, first] : [first, finding];
      others.add(other);
      first = graver;
    }
  }
  if (others.size === 0) return { told: findings, others: [] };
  return { told: findings.filter((finding) => !others.has(finding)), others: [...others] };
}

function isGraver(a: PlacedFinding, b: PlacedFinding): boolean {
  return a.severity === b.severity ? a.clusters.length > b.clusters.length : atLeast(a.severity, b.severity);
}

/** True for an entry of `labels` or `commonLabels` of a kustomization, and what Argo CD and Flux have like these. */
function labelsAll({ finding, location }: PlacedFinding): boolean {
  const keys = pathKeys(finding.at.path);
  return (
    keys.includes('commonLabels') ||
    keys.includes('commonMetadata') ||
    (keys[0] === 'labels' && isKustomizationFile(location.file))
  );
}
