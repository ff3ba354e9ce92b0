/** `check --format sarif`: the findings as a SARIF 2.1.0 log, for code scanning and for viewers. */

import { atLeast } from '../../base/severity.ts';
import type { PlacedFinding } from '../../engine/snapshot.ts';
import type { Severity } from '../../rules/rule.ts';
import { ReportFixes } from '../fix-edits.ts';
import { Fields, Rows, wholeOf } from '../json-pieces.ts';
import type { ProjectPath } from '../project-path.ts';
import { TOOL } from '../tool.ts';
import type { World } from '../world.ts';
import { type Descriptor, descriptor } from './descriptor.ts';
import { SOURCE_ROOT } from './place.ts';
import { type SarifResult, sarifResult, suppression } from './result.ts';

/** OASIS Standard with Errata 01. */
const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

export interface SarifOptions {
  /** Findings below this severity are left out. */
  readonly least: Severity;
  readonly path: ProjectPath;
  /** Whether suppressed findings are results too, marked as such. GitHub's code scanning takes them for open ones. */
  readonly suppressed: boolean;
}

export interface SarifLog {
  readonly $schema: string;
  readonly version: '2.1.0';
  readonly runs: readonly [SarifRun];
}

interface SarifRun {
  readonly tool: {
    readonly driver: {
      readonly name: string;
      readonly fullName: string;
      readonly version: string;
      readonly semanticVersion: string;
      readonly rules: readonly Descriptor[];
    };
  };
  readonly columnKind: 'utf16CodeUnits';
  readonly newlineSequences: readonly string[];
  readonly originalUriBaseIds: Readonly<Record<string, { readonly description: { readonly text: string } }>>;
  readonly results: readonly SarifResult[];
}

export function sarifLog(world: World, options: SarifOptions): SarifLog {
  return wholeOf(sarifFields(world, options)) as SarifLog;
}

/** The same, of which every result is made when it is written. */
export function sarifFields(world: World, options: SarifOptions): Fields {
  const isShown = ({ severity }: PlacedFinding): boolean => atLeast(severity, options.least);
  const findings = world.findings.filter(isShown);
  const silenced = options.suppressed ? world.suppressed.filter(({ finding }) => isShown(finding)) : [];
  const rules = rulesOf([...findings, ...silenced.map(({ finding }) => finding)]);
  const index = new Map([...rules.keys()].map((id, i) => [id, i]));
  const spelt = new ReportFixes(world.snapshot.documents);
  const result = (finding: PlacedFinding): SarifResult =>
    sarifResult(world.snapshot, finding, index.get(finding.rule.id) ?? -1, options.path, spelt);
  // Where any result has suppressions, all must have them (3.27.23).
  const none = options.suppressed ? { suppressions: [] } : {};
  const results = function* (): Generator<SarifResult, void> {
    for (const finding of findings) yield { ...result(finding), ...none };
    for (const one of silenced) yield { ...result(one.finding), suppressions: [suppression(one, options.path)] };
  };
  const run = {
    tool: {
      driver: {
        name: TOOL.name,
        fullName: `Istio Ambient Multicluster ${TOOL.version}`,
        version: TOOL.version,
        semanticVersion: TOOL.version,
        rules: [...rules.values()].map(descriptor),
      },
    },
    columnKind: 'utf16CodeUnits',
    newlineSequences: ['\r\n', '\n', '\r'],
    originalUriBaseIds: { [SOURCE_ROOT]: { description: { text: "The project's folder." } } },
    results: new Rows(results()),
  } satisfies Record<keyof SarifRun, unknown>;
  const log = { $schema: SCHEMA, version: '2.1.0', runs: new Rows([new Fields(Object.entries(run))]) };
  return new Fields(Object.entries(log));
}

/** The rules that have results, by id, in order of their ids. */
function rulesOf(findings: readonly PlacedFinding[]): ReadonlyMap<string, PlacedFinding['rule']> {
  return new Map(findings.map(({ rule }) => [rule.id, rule] as const).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
