/** A saved report of a stranger, wrong in any place: nothing throws, no rule fails, and what it names is neither blamed nor edited nor written. */
import assert from 'node:assert/strict';
import { checkJson } from '../../server/src/report/check-json.ts';
import { markdownReport } from '../../server/src/report/markdown/report.ts';
import { topologyJson } from '../../server/src/report/topology-json.ts';
import { chooseFindings } from '../../server/src/report/world.ts';
import { CONFIG, engineOf, type Files, IMPORTING, REPORT, report } from '../engine/import-world.ts';
import { CORRECT, clusterFiles } from '../report/two-clusters.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What stands in the place of a value. `__proto__` is a key of its own in JSON. */
const WRONG: readonly string[] = [
  'null',
  'true',
  '-1e400',
  '""',
  '"../../../../etc/passwd"',
  '"file:///etc/passwd"',
  '"__proto__"',
  '"{{x}}"',
  '[]',
  '[[[[[{}]]]]]',
  '{}',
  '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
  '[{"__proto__":null}]',
  `"${'x'.repeat(5000)}"`,
  '{"object":{"apiVersion":"v1","kind":"Secret","metadata":{"name":"a","namespace":"b"},"data":{"k":"dmVyeS1zZWNyZXQ="}}}',
];

/** Every place in a value, as its texts before and behind it. */
function* places(value: Json, before = '', behind = ''): Generator<readonly [before: string, behind: string]> {
  yield [before, behind];
  if (typeof value !== 'object' || value === null) return;
  const isList = Array.isArray(value);
  const parts = Object.entries(value).map(([key, part]) => [isList ? '' : `${JSON.stringify(key)}:`, part] as const);
  const texts = parts.map(([head, part]) => head + JSON.stringify(part));
  const [open, close] = isList ? '[]' : '{}';
  for (const [i, [head, part]] of parts.entries()) {
    const left = texts.slice(0, i).map((text) => `${text},`);
    const right = texts.slice(i + 1).map((text) => `,${text}`);
    yield* places(part, before + open + left.join('') + head, right.join('') + close + behind);
  }
}

const OWN: Files = { ...clusterFiles('north', 'network3', 'wp'), ...clusterFiles('south', 'network4'), ...IMPORTING };

/** Everything that can be asked of a world with this report. */
function assertHarmless(text: string, what: string): void {
  const files = { ...OWN, [REPORT]: text };
  const engine = engineOf(files);
  const { snapshot } = engine;
  const world = chooseFindings(snapshot, { only: [], skip: [] });
  const known = new Set(Object.keys(OWN));
  for (const { file, fixes } of checkJson(world, 0).findings) {
    assert.ok(known.has(file), `${what}: blames ${file}`);
    for (const { edits } of fixes)
      for (const edit of edits) assert.ok(known.has(edit.file), `${what}: edits ${edit.file}`);
  }
  const shown = `${JSON.stringify(topologyJson(snapshot))}${markdownReport(world)}`;
  assert.ok(!shown.includes('very-secret') && !shown.includes('dmVyeS1zZWNyZXQ'), what);
  assert.equal(({} as { readonly polluted?: unknown }).polluted, undefined, what);
}

describe('an imported report', function () {
  this.timeout(120_000);
  const saved = report(CORRECT);

  it('may be wrong in any place', () => {
    const value = JSON.parse(saved) as Json;
    let cases = 0;
    for (const [i, [before, behind]] of [...places(value)].entries()) {
      const wrong = WRONG[i % WRONG.length] as string;
      // One place in three, with another wrong value each: all of it takes a minute.
      if (i % 3 === 0) {
        assertHarmless(before + wrong + behind, `${wrong} behind ${before.slice(-60)}`);
        cases++;
      }
    }
    assert.ok(cases > 100, `${cases} cases`);
  });

  it('may be cut anywhere, or be nested without end', () => {
    for (let end = 0; end < saved.length; end += Math.ceil(saved.length / 20))
      assertHarmless(saved.slice(0, end), `cut at ${end}`);
    for (const deep of ['['.repeat(200_000), '{"a":'.repeat(100_000)]) {
      assertHarmless(deep, 'nested');
      assertHarmless(saved.replace('"clusters": [', `"x": ${deep}, "clusters": [`), 'nested in it');
    }
  });

  it('is not asked for where the path of it leads out', () => {
    for (const path of ['../x.json', '/etc/passwd', 'a/../../x.json', 'file:///etc/passwd', '~/x.json', '']) {
      const engine = engineOf({ ...OWN, [CONFIG]: `imports: [${JSON.stringify(path)}]\n` });
      assert.ok(
        engine.snapshot.findings.some(({ rule }) => rule.id === 'invalid-configuration'),
        path,
      );
    }
  });
});
