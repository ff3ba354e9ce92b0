/** Turns a rule's finding into one with a stable identity, a severity and places in files. */
import { hashText } from '../base/hash.ts';
import type { Location } from '../base/range.ts';
import type { Mesh } from '../mesh/model.ts';
import type { Finding, Severity } from '../rules/rule.ts';
import type { Documents } from '../yaml/source.ts';
import type { RuleFinding } from './rule-runner.ts';
import type { PlacedFinding } from './snapshot.ts';

/**
 * The identity of a finding: mesh, rule, object, sub-check, and the cluster only if the finding is about one by nature. It
 * survives moved lines, renamed files, another side being blamed, and a further cluster (house.md, invariant 6).
 */
export function findingId(mesh: string, rule: string, finding: Finding, clusterName: (id: string) => string): string {
  const { object, check, ofCluster } = finding;
  return hashText(
    JSON.stringify([
      mesh,
      rule,
      object === undefined ? null : [object.kind, object.namespace, object.name],
      check ?? null,
      ofCluster === undefined ? null : clusterName(ofCluster),
    ]),
  ).slice(0, 16);
}

/**
 * Places a finding.
 * @param severity what the configuration makes of it in a file; undefined: off there
 * @returns undefined if its place no longer exists, or the rule is off there
 */
export function placeFinding(
  { rule, finding }: RuleFinding,
  mesh: Mesh,
  documents: Documents,
  clusterName: (id: string) => string,
  severity: (stated: Severity, file: string) => Severity | undefined,
): PlacedFinding | undefined {
  const location = documents.locate(finding.at);
  if (location === undefined) return undefined;
  const level = severity(finding.severity ?? rule.severity, location.file);
  if (level === undefined) return undefined;
  const related: PlacedFinding['related'][number][] = [];
  for (const { at, ...rest } of finding.related) {
    const place = documents.locate(at);
    if (place !== undefined) related.push({ ...rest, location: place });
  }
  return {
    id: findingId(mesh.id, rule.id, finding, clusterName),
    rule,
    severity: level,
    mesh: mesh.id,
    message: finding.message,
    location,
    clusters: finding.clusters,
    object: finding.object,
    tie: finding.tie ?? false,
    related,
    fixes: () => finding.fixes?.() ?? [],
    finding,
  };
}

/** The order of findings everywhere: file, position, rule, identity. */
export function compareFindings(a: PlacedFinding, b: PlacedFinding): number {
  return (
    compareLocations(a.location, b.location) ||
    compareText(a.rule.id, b.rule.id) ||
    compareText(a.id, b.id) ||
    compareText(a.message, b.message)
  );
}

function compareLocations(a: Location, b: Location): number {
  return (
    compareText(a.file, b.file) ||
    a.range.start.line - b.range.start.line ||
    a.range.start.character - b.range.start.character
  );
}

/** Code-unit order, the same on every platform. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
