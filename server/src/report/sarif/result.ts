/** Findings as SARIF's results (SARIF 2.1.0, 3.27). */
import type { PlacedFinding, Snapshot, SuppressedFinding } from '../../engine/snapshot.ts';
import type { ReportFixes } from '../fix-edits.ts';
import { objectName } from '../object-name.ts';
import { plain } from '../plain-text.ts';
import type { ProjectPath } from '../project-path.ts';
import { type SarifFix, sarifFix } from './fix.ts';
import { LEVELS } from './level.ts';
import { sarifLink, sarifText } from './message.ts';
import { type PhysicalLocation, physicalLocation } from './place.ts';

export interface SarifResult {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: 'error' | 'warning' | 'note';
  readonly rank: number;
  readonly message: { readonly text: string };
  readonly locations: readonly [SarifLocation];
  readonly relatedLocations?: readonly SarifLocation[];
  readonly partialFingerprints: { readonly 'findingId/v1': string };
  readonly fixes?: readonly SarifFix[];
  readonly suppressions?: readonly Suppression[];
  readonly properties: { readonly mesh?: string; readonly clusters: readonly string[] };
}

interface SarifLocation {
  readonly id?: number;
  readonly physicalLocation: PhysicalLocation;
  readonly logicalLocations?: readonly [LogicalLocation];
  readonly message?: { readonly text: string };
}

interface LogicalLocation {
  readonly name: string;
  readonly fullyQualifiedName: string;
  readonly kind: 'resource';
}

interface Suppression {
  readonly kind: 'inSource' | 'external';
  readonly status: 'accepted';
  readonly justification?: string;
  readonly location?: { readonly physicalLocation: PhysicalLocation };
}

/** @param ruleIndex the rule's place among the run's descriptors */
export function sarifResult(
  snapshot: Snapshot,
  finding: PlacedFinding,
  ruleIndex: number,
  path: ProjectPath,
  spelt: ReportFixes,
): SarifResult {
  const { id, rule, severity, location, object, related, mesh } = finding;
  const relatedLocations = related.map((side, i) => ({
    id: i + 1,
    physicalLocation: physicalLocation(side.location, path),
    message: { text: sarifText(plain(side.message)) },
  }));
  const fixes = finding.fixes().flatMap((fix) => sarifFix(spelt, fix, path) ?? []);
  return {
    ruleId: rule.id,
    ruleIndex,
    ...LEVELS[severity],
    message: { text: messageText(finding) },
    locations: [
      {
        physicalLocation: physicalLocation(location, path),
        ...(object === undefined ? {} : { logicalLocations: [logicalLocation(object)] }),
      },
    ],
    ...(relatedLocations.length === 0 ? {} : { relatedLocations }),
    partialFingerprints: { 'findingId/v1': id },
    ...(fixes.length === 0 ? {} : { fixes }),
    properties: { ...(mesh === '' ? {} : { mesh }), clusters: finding.clusters.map(snapshot.clusterName) },
  };
}

/** The message, and a link to every other place. */
function messageText({ message, related }: PlacedFinding): string {
  const links = related.map((side, i) => sarifLink(plain(side.message), i + 1));
  return [sarifText(plain(message)), ...(links.length === 0 ? [] : [`See: ${links.join('; ')}.`])].join('\n');
}

function logicalLocation(object: NonNullable<PlacedFinding['object']>): LogicalLocation {
  return { name: plain(object.name), fullyQualifiedName: plain(objectName(object)), kind: 'resource' };
}

/** How a suppressed finding came to be suppressed (3.35). */
export function suppression({ by, reason, where }: SuppressedFinding, path: ProjectPath): Suppression {
  const external = by === 'configuration' || by === 'baseline';
  return {
    kind: external ? 'external' : 'inSource',
    status: 'accepted',
    ...(reason === '' ? {} : { justification: plain(reason) }),
    ...(where === undefined ? {} : { location: { physicalLocation: physicalLocation(where, path) } }),
  };
}
