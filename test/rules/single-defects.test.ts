/** One cause, one finding: a defect in one cluster of a correct workspace is told once, by the rule that it is the business of, and blamed on that cluster. */
import assert from 'node:assert/strict';
import type { PlacedFinding, Snapshot } from '../../server/src/engine/snapshot.ts';
import { example, filesOf, golden, type World } from './correct-worlds.ts';
import { fixed, judge } from './judge.ts';
import { DEFECTS } from './single-defects.ts';
import type { Files } from './workspace.ts';

/** No majority tells which side is wrong: each defect is put into the cluster that comes first by name, and into the other one. */
const pair = example().filter(
  ({ cluster, manifest }) => cluster !== 'north' && manifest.metadata?.name !== 'istio-remote-secret-north',
);

const WORLDS: Readonly<Record<string, World>> = {
  'the correct example': example(),
  'two clusters of it': pair,
  'the golden base': golden(),
};

/** What may as well be meant: of two clusters nobody can tell which one is wrong. */
const UNDECIDED: ReadonlySet<string> = new Set([
  'a Service that is global in one cluster',
  'a Service without a waypoint',
  'a waypoint with another identity',
  'another policy',
  'another port',
  'another route',
  'istiod and ztunnel with another cluster name',
]);

function loud({ findings }: Snapshot): readonly PlacedFinding[] {
  return findings.filter(({ severity }) => severity === 'error' || severity === 'warning');
}

/** The rules of what is told, each with the cluster that it blames. */
function told(snapshot: Snapshot): readonly string[] {
  return loud(snapshot).map(({ rule, clusters }) => `${rule.id} in ${clusters[0]?.split('/').at(-1)}`);
}

/** What is told after each fix that is preferred. */
function leftAfterFixes(files: Files, snapshot: Snapshot): readonly string[] {
  return loud(snapshot).flatMap((finding) =>
    finding.fixes().flatMap((fix) => {
      const after = fix.preferred === true ? fixed(files, snapshot, fix) : undefined;
      return after === undefined ? [] : told(judge(after)).map((one) => `${one} after “${fix.title}”`);
    }),
  );
}

describe('single defects', () => {
  let put = 0;
  for (const [base, world] of Object.entries(WORLDS)) {
    const clusters = [...new Set(world.map(({ cluster }) => cluster))];
    describe(base, () => {
      it('has nothing to report', () => assert.deepEqual(told(judge(filesOf(world))), []));
      for (const defect of DEFECTS) {
        for (const cluster of clusters) {
          const broken = [...world.map((one) => ({ ...one }))];
          if (!defect.put(broken, cluster)) continue;
          put++;
          it(`${defect.name} in ${cluster}`, () => {
            const files = filesOf(broken);
            const snapshot = judge(files);
            const isTie = clusters.length === 2 && UNDECIDED.has(defect.name);
            const blamed = isTie ? loud(snapshot)[0]?.clusters[0]?.split('/').at(-1) : cluster;
            assert.deepEqual(told(snapshot), [`${defect.rule} in ${blamed}`]);
            if (world === pair) assert.deepEqual(leftAfterFixes(files, snapshot), []);
          });
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
