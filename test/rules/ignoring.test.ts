/** What the actions "Ignore ..." write silences the finding that they are offered for, wherever it stands; or they are not offered. */
import assert from 'node:assert/strict';
import { EMBEDDED, pathKeys } from '../../server/src/base/path.ts';
import type { Engine } from '../../server/src/engine/engine.ts';
import { annotationAt } from '../../server/src/engine/findings/annotations.ts';
import { type Mark, marksOf } from '../../server/src/lsp/marks.ts';
import { RULES } from '../../server/src/rules/registry.ts';
import { type IgnoreTarget, ignoreEdits } from '../../server/src/rules/shared/ignore-fixes.ts';
import { applyTextEdits, textEdits } from '../../server/src/yaml/text-edits.ts';
import { engineOf, take } from './judge.ts';
import type { Files } from './workspace.ts';
import { allWorlds } from './worlds.ts';

const TARGETS: readonly IgnoreTarget[] = ['line', 'file', 'object'];
const IDS = new Set(RULES.map(({ id }) => id));

/** Where a finding stands, but for names and numbers: the same everywhere is tried once. */
function shapeOf({ at, finding, location }: Mark): string {
  const keys = pathKeys(at.path).map((key) => (key === EMBEDDED ? '|' : typeof key === 'number' ? '#' : key));
  return `${finding.rule.id} ${location.file.split('/').at(-1)?.replace(/\d/g, '')} ${keys.slice(0, 5).join('.')}`;
}

/** What is wrong with ignoring a finding so; undefined if nothing is, or it cannot be done. The engine is left as it was. */
function fault(engine: Engine, files: Files, { finding, at }: Mark, target: IgnoreTarget): string | undefined {
  const { documents } = engine.snapshot;
  const annotation = target === 'object' ? annotationAt(documents, at) : undefined;
  const [change] = textEdits(documents, ignoreEdits(target, finding.rule.id, 'in May', at, annotation)) ?? [];
  if (change === undefined) return target === 'object' ? undefined : 'cannot be written';
  if ('create' in change) return 'creates a file';
  const { file } = change;
  const before = files.get(file) ?? '';
  take(engine, [{ file, text: applyTextEdits(before, change.edits) }]);
  const { findings, suppressed } = engine.snapshot;
  take(engine, [{ file, text: before }]);
  if (findings.some(({ id }) => id === finding.id)) return 'is told still';
  if (!suppressed.some(({ id }) => id === finding.id)) return 'is not suppressed';
  return findings.find(({ rule, location }) => rule.id === 'unused-suppression' && location.file === file)?.message;
}

describe('ignoring a finding', () => {
  it('silences it, by each of the ways that are offered', function () {
    this.timeout(600_000);
    const faults: string[] = [];
    const seen = new Set<string>();
    let tried = 0;
    for (const world of allWorlds()) {
      // The others are the same places again.
      if (!/^\S+: /.test(world.name)) continue;
      const engine = engineOf(world.files, world.version);
      take(engine, []);
      for (const mark of engine.snapshot.findings.filter(({ rule }) => IDS.has(rule.id)).flatMap(marksOf)) {
        for (const target of TARGETS) {
          const key = `${target} ${shapeOf(mark)}`;
          if (seen.has(key)) continue;
          seen.add(key);
          tried++;
          const found = fault(engine, world.files, mark, target);
          if (found !== undefined) faults.push(`${key}: ${found} (${world.name})`);
        }
      }
    }
    console.log(`      ${tried} ways tried`);
    assert.deepEqual(faults, []);
  });
});
