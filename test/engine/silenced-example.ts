/** The example of a waypoint that is not uniform, judged with some of its files changed, to try what silences its only finding. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Engine } from '../../server/src/engine/engine.ts';
import type { Snapshot } from '../../server/src/engine/snapshot.ts';
import { applyTextEdits, textEdits } from '../../server/src/yaml/text-edits.ts';

export const FOLDER = 'examples/waypoint-not-uniform';
export const FILES = ['east', 'west', 'north'].flatMap((cluster) =>
  ['istio', 'istio-system', 'sample'].map((name) => `clusters/${cluster}/${name}.yaml`),
);
export const WEST = 'clusters/west/sample.yaml';
export const RULE = 'waypoint-not-uniform';
export const CONFIG_FILE = '.ambient-multicluster.yaml';

/** Judges the example with some files changed. */
export function judge(changes: Readonly<Record<string, (text: string) => string>>, config?: string): Snapshot {
  const engine = new Engine({ configFile: CONFIG_FILE, today: '2026-11-24' });
  if (config !== undefined) engine.update([{ file: CONFIG_FILE, text: config }]);
  return engine.apply(
    FILES.map((file) => {
      const text = readFileSync(`${FOLDER}/${file}`, 'utf8');
      return { file, text: changes[file]?.(text) ?? text };
    }),
  );
}

export const rules = ({ findings }: Snapshot) => findings.map(({ rule, severity }) => `${severity} ${rule.id}`);
export const silenced = ({ suppressed }: Snapshot) => suppressed.map(({ rule, reason, by }) => [rule, reason, by]);
export const LABEL = '    istio.io/use-waypoint: wp';

/** The file of the first finding after its only fix. */
export function removed({ findings, documents }: Snapshot): string {
  const [finding] = findings;
  const [fix, ...others] = finding?.fixes() ?? [];
  assert.deepEqual([fix?.safe, fix?.preferred, others], [false, true, []]);
  const [change] = (fix && textEdits(documents, fix.edits())) ?? [];
  assert.ok(change !== undefined && 'edits' in change && change.file === finding?.location.file);
  return applyTextEdits(documents.file(change.file)?.text ?? '', change.edits);
}
