/** `check --format json`: the findings for other programs. What is in it is promised; see the command line's documentation. */
import type { Range } from '../base/range.ts';
import type { PlacedFinding, Snapshot, SuppressedFinding } from '../engine/snapshot.ts';
import type { SkippedFile, SkipReason } from '../layout/layout.ts';
import type { Fix, Limitation, Severity } from '../rules/rule.ts';
import { clusterRows, type MeshJson, meshesJson, type ReportedClusterJson } from './cluster-json.ts';
import { type EditJson, ReportFixes } from './fix-edits.ts';
import { Fields, mapped, Rows, wholeOf } from './json-pieces.ts';
import { totals } from './severity.ts';
import { TOOL } from './tool.ts';
import type { World } from './world.ts';

export interface CheckJson {
  readonly version: 1;
  readonly tool: typeof TOOL;
  readonly meshes: readonly MeshJson[];
  readonly clusters: readonly ReportedClusterJson[];
  readonly findings: readonly FindingJson[];
  readonly suppressed: readonly Pick<SuppressedFinding, 'id' | 'rule' | 'reason' | 'by'>[];
  readonly skipped: readonly SkippedJson[];
  readonly summary: { readonly files: number; readonly documents: number; readonly elapsedMs: number } & Readonly<
    Record<Severity, number>
  >;
}

export interface FindingJson {
  readonly id: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly limitation: Limitation;
  readonly message: string;
  readonly file: string;
  readonly range: Range;
  readonly clusters: readonly string[];
  readonly object: PlacedFinding['object'] | null;
  readonly related: readonly {
    readonly file: string;
    readonly range: Range;
    readonly cluster: string | null;
    readonly message: string;
  }[];
  readonly fixes: readonly FixJson[];
  readonly docs: string | null;
}

export interface FixJson {
  readonly title: string;
  readonly safe: boolean;
  readonly preferred: boolean;
  readonly edits: readonly EditJson[];
}

export interface SkippedJson {
  readonly file: string;
  readonly reason: SkipReason;
  readonly cluster: string | null;
}

/** The object that is printed; the same input gives the same object but for `elapsedMs`. */
export function checkJson(world: World, elapsedMs: number): CheckJson {
  return wholeOf(checkFields(world, elapsedMs)) as CheckJson;
}

/** The same, of which every finding is made when it is written. */
export function checkFields({ snapshot, findings, suppressed }: World, elapsedMs: number): Fields {
  const spelt = new ReportFixes(snapshot.documents);
  const fields = {
    version: 1,
    tool: TOOL,
    meshes: meshesJson(snapshot),
    clusters: new Rows(clusterRows(snapshot)),
    findings: new Rows(mapped(findings, (finding) => findingJson(snapshot, finding, spelt))),
    suppressed: [...suppressed]
      .sort((a, b) => (a.rule < b.rule || (a.rule === b.rule && a.id < b.id) ? -1 : 1))
      .map(({ id, rule, reason, by }) => ({ id, rule, reason, by })),
    skipped: skippedJson(snapshot),
    summary: {
      files: snapshot.files,
      documents: snapshot.documentCount,
      ...totals(findings),
      elapsedMs: Math.round(elapsedMs),
    },
  } satisfies Record<keyof CheckJson, unknown>;
  return new Fields(Object.entries(fields));
}

function findingJson({ clusterName }: Snapshot, finding: PlacedFinding, spelt: ReportFixes): FindingJson {
  const { object } = finding;
  return {
    id: finding.id,
    rule: finding.rule.id,
    severity: finding.severity,
    limitation: finding.rule.limitation,
    message: finding.message,
    file: finding.location.file,
    range: finding.location.range,
    clusters: finding.clusters.map(clusterName),
    object: object === undefined ? null : { kind: object.kind, namespace: object.namespace, name: object.name },
    related: finding.related.map(({ location, cluster, message }) => ({
      file: location.file,
      range: location.range,
      cluster: cluster === undefined ? null : clusterName(cluster),
      message,
    })),
    fixes: finding.fixes().flatMap((fix) => fixJson(spelt, fix) ?? []),
    docs: finding.rule.docs === '' ? null : finding.rule.docs,
  };
}

function fixJson(spelt: ReportFixes, fix: Fix): FixJson | undefined {
  const edits = spelt.edits(fix);
  return edits && { title: fix.title, safe: fix.safe, preferred: fix.preferred ?? false, edits };
}

/** Files that were not read, in order, with the name of their cluster. */
export function skippedJson({ skipped, clusterName }: Snapshot): readonly SkippedJson[] {
  return skipped.map(({ file, reason, cluster }: SkippedFile) => ({
    file,
    reason,
    cluster: cluster === undefined ? null : clusterName(cluster),
  }));
}
