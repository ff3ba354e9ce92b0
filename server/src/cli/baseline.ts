/** Baselines: findings that are known and not to be reported, by their stable ids. */
import { resolve } from 'node:path';
import { type RuleChoice, takesRule, type World } from '../report/world.ts';
import { type Io, UsageError } from './io.ts';
import { writeOutput } from './write-output.ts';

const VERSION = 1;

/** Rule and message are for the people who read the file; the id decides. */
interface BaselineEntry {
  readonly id: string;
  readonly rule: string;
  readonly message: string;
}

/** What a baseline lists: the rule of each finding, by its id; undefined where it does not say. */
export type Baseline = ReadonlyMap<string, string | undefined>;

/** @throws UsageError if the file is not there, is no baseline or is damaged */
export async function readBaseline(given: string, io: Io): Promise<Baseline> {
  const read = await io.host.files.named(resolve(io.cwd, given));
  if ('gone' in read) throw new UsageError(`no such baseline: ${given}`);
  if ('skipped' in read) throw new UsageError(`the baseline ${given} cannot be read: ${read.skipped}`);
  const problem = (text: string): UsageError => new UsageError(`${given} ${text}; --write-baseline writes it anew`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(read.text);
  } catch {
    throw problem('is no baseline: it is no JSON');
  }
  const { version, findings } = (parsed ?? {}) as { readonly version?: unknown; readonly findings?: unknown };
  if (!Array.isArray(findings)) throw problem('is no baseline: it has no list of findings');
  if (version !== VERSION) throw problem(`has version ${JSON.stringify(version)}, and this program reads ${VERSION}`);
  const entries = findings.map((entry: Partial<BaselineEntry> | null) => [entry?.id, entry?.rule] as const);
  const damaged = entries.findIndex(([id]) => typeof id !== 'string' || id === '');
  if (damaged >= 0) throw problem(`is damaged: finding ${damaged + 1} has no id`);
  return new Map(entries as [string, string | undefined][]);
}

/**
 * The world without the findings of a baseline; they count as suppressed.
 * @param judged the rules whose findings are looked for: entries of others may match or not
 */
export function withoutBaseline(world: World, baseline: Baseline, judged: RuleChoice): World {
  const known = world.findings.filter(({ id }) => baseline.has(id));
  const found = new Set([...world.findings, ...world.suppressed].map(({ id }) => id));
  const looked = [...baseline].filter(([, rule]) => rule !== undefined && takesRule(judged, rule));
  return {
    ...world,
    unmatched: looked.filter(([id]) => !found.has(id)).length,
    findings: world.findings.filter(({ id }) => !baseline.has(id)),
    suppressed: [
      ...world.suppressed,
      ...known.map((finding) => ({
        id: finding.id,
        rule: finding.rule.id,
        reason: 'in the baseline',
        by: 'baseline' as const,
        finding,
      })),
    ],
  };
}

/** Writes the findings of a world as a baseline. */
export async function writeBaseline({ findings }: World, given: string, io: Io): Promise<Baseline> {
  const byId = new Map(
    findings.map(({ id, rule, message }): [string, BaselineEntry] => [id, { id, rule: rule.id, message }]),
  );
  const entries = [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  await writeOutput(given, `${JSON.stringify({ version: VERSION, findings: entries }, null, 2)}\n`, io);
  return new Map(entries.map(({ id, rule }) => [id, rule]));
}
