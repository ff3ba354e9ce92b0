/** Baselines: findings that are known and not to be reported, by their stable ids. */
import { relative, resolve } from 'node:path';
import type { World } from '../report/world.ts';
import { type Io, UsageError } from './io.ts';

/** Rule and message are for the people who read the file; the id decides. */
interface BaselineEntry {
  readonly id: string;
  readonly rule: string;
  readonly message: string;
}

/** @throws UsageError if the file is not there or is no baseline */
export async function readBaseline(given: string, io: Io): Promise<ReadonlySet<string>> {
  const read = await io.host.files.file(io.cwd, relative(io.cwd, resolve(io.cwd, given)));
  if (!('text' in read)) throw new UsageError(`no such baseline: ${given}`);
  const ids = baselineIds(read.text);
  if (ids === undefined) throw new UsageError(`${given} is no baseline; --write-baseline writes one`);
  return ids;
}

function baselineIds(text: string): ReadonlySet<string> | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  const entries = (parsed as { readonly findings?: unknown } | null)?.findings;
  if (!Array.isArray(entries)) return undefined;
  return new Set(entries.map((entry: Partial<BaselineEntry> | null) => entry?.id).filter((id) => id !== undefined));
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
  await io.host.files.write(resolve(io.cwd, given), `${JSON.stringify({ version: 1, findings: entries }, null, 2)}\n`);
  return new Set(byId.keys());
}
