/** Baselines: findings that are known and not to be reported, by their stable ids. */
import { resolve } from 'node:path';
import type { World } from '../report/world.ts';
import { type Io, UsageError } from './io.ts';
import { writeOutput } from './write-output.ts';

const VERSION = 1;

/** Rule and message are for the people who read the file; the id decides. */
interface BaselineEntry {
  readonly id: string;
  readonly rule: string;
  readonly message: string;
}

/** @throws UsageError if the file is not there, is no baseline or is damaged */
export async function readBaseline(given: string, io: Io): Promise<ReadonlySet<string>> {
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
  const ids = findings.map((entry: Partial<BaselineEntry> | null) => entry?.id);
  const damaged = ids.findIndex((id) => typeof id !== 'string' || id === '');
  if (damaged >= 0) throw problem(`is damaged: finding ${damaged + 1} has no id`);
  return new Set(ids as string[]);
}

/** The world without the findings of a baseline; they count as suppressed. */
export function withoutBaseline(world: World, ids: ReadonlySet<string>): World {
  const known = world.findings.filter(({ id }) => ids.has(id));
  return {
    ...world,
    findings: world.findings.filter(({ id }) => !ids.has(id)),
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

/** Writes the findings of a world as a baseline. @returns their ids */
export async function writeBaseline({ findings }: World, given: string, io: Io): Promise<ReadonlySet<string>> {
  const byId = new Map(
    findings.map(({ id, rule, message }): [string, BaselineEntry] => [id, { id, rule: rule.id, message }]),
  );
  const entries = [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  await writeOutput(given, `${JSON.stringify({ version: VERSION, findings: entries }, null, 2)}\n`, io);
  return new Set(byId.keys());
}
