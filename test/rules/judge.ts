/** Judges the files of a test, and makes fixes in them. */
import { Engine, type FileChange } from '../../server/src/engine/engine.ts';
import type { PlacedFinding, Snapshot } from '../../server/src/engine/snapshot.ts';
import type { Fix } from '../../server/src/rules/rule.ts';
import { applyTextEdits, textEdits } from '../../server/src/yaml/text-edits.ts';
import type { Files } from './workspace.ts';

const CONFIG_FILE = '.ambient-multicluster.yaml';

/** An engine that has taken these files. A bug fails the test. @param version what if all clusters had it */
export function engineOf(files: Files, version?: string): Engine {
  const engine = new Engine({
    configFile: CONFIG_FILE,
    today: '2026-11-24',
    ...(version === undefined ? {} : { assumeIstioVersion: version }),
  });
  engine.apply([...files].map(([file, text]) => ({ file, text })));
  return engine;
}

/** Takes changes of files; of the files that builds then ask for there are no others. */
export function take(engine: Engine, changes: readonly FileChange[]): void {
  engine.apply(changes);
  for (let wanted = engine.wanted(); wanted.length > 0; wanted = engine.wanted())
    engine.apply(wanted.map((file) => ({ file, gone: true })));
}

export function judge(files: Files, version?: string): Snapshot {
  const engine = engineOf(files, version);
  take(engine, []);
  return engine.snapshot;
}

export function show({ severity, rule, location, message }: PlacedFinding): string {
  return `${location.file}:${location.range.start.line + 1}: ${severity}: [${rule.id}] ${message}`;
}

/** The files after a fix; undefined if it cannot be written. */
export function fixed(files: Files, { documents }: Snapshot, fix: Fix): Files | undefined {
  const changes = textEdits(documents, fix.edits());
  if (changes === undefined) return undefined;
  const after = new Map(files);
  for (const change of changes) {
    const text = 'create' in change ? change.create : applyTextEdits(files.get(change.file) ?? '', change.edits);
    after.set(change.file, text);
  }
  return after;
}
