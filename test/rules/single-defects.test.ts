/** One cause, one finding: a defect in one cluster of a correct workspace is told once, by the rule that it is the business of. */
import assert from 'node:assert/strict';
import { example, filesOf, golden, type World } from './correct-worlds.ts';
import { judge, show } from './judge.ts';
import { DEFECTS } from './single-defects.ts';

const WORLDS: Readonly<Record<string, World>> = { 'the correct example': example(), 'the golden base': golden() };

function told(world: World): readonly string[] {
  return judge(filesOf(world))
    .findings.filter(({ severity }) => severity === 'error' || severity === 'warning')
    .map((finding) => (process.env.SHOW ? show(finding) : finding.rule.id));
}

describe('single defects', () => {
  let put = 0;
  for (const [base, world] of Object.entries(WORLDS)) {
    const clusters = [...new Set(world.map(({ cluster }) => cluster))];
    describe(base, () => {
      it('has nothing to report', () => assert.deepEqual(told(world), []));
      for (const defect of DEFECTS) {
        for (const cluster of clusters) {
          const broken = [...world.map((one) => ({ ...one }))];
          if (!defect.put(broken, cluster)) continue;
          put++;
          it(`${defect.name} in ${cluster}`, () => assert.deepEqual(told(broken), [defect.rule]));
        }
      }
    });
  }
  it('are each put somewhere', () => {
    const [first] = Object.values(WORLDS) as [World];
    for (const defect of DEFECTS) {
      const anywhere = ['east', 'north', 'west'].some((cluster) =>
        defect.put([...first.map((one) => ({ ...one }))], cluster),
      );
      assert.ok(anywhere, defect.name);
    }
    assert.ok(DEFECTS.length > 30);
  });
  after(() => console.log(`      ${DEFECTS.length} defects, put into ${put} places: each told once`));
});
