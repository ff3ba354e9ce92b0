/**
 * Fixes in a base that clusters share, and their overlays: kustomize takes what comes of them, the finding is gone, and clusters that a fix
 * does not concern get what they got.
 */
import assert from 'node:assert/strict';
import { stringify } from 'yaml';
import type { KustomizeBuild } from '../../server/src/deploy/kustomize/build-result.ts';
import { kustomizeBuilds } from '../../server/src/deploy/kustomize/kustomize-builds.ts';
import { givesTheSame } from '../../server/src/engine/deployed/trial-builds.ts';
import type { PlacedFinding, Snapshot } from '../../server/src/engine/snapshot.ts';
import type { Fix } from '../../server/src/rules/rule.ts';
import { MemoryFiles } from '../deploy/memory-files.ts';
import { example } from './correct-worlds.ts';
import { newErrors } from './fix-checks.ts';
import { engineOf, fixed, show, take } from './judge.ts';
import { overlaid, type PatchStyle } from './overlaid.ts';
import { DEFECTS } from './single-defects.ts';
import type { Files } from './workspace.ts';

const HBONE_IN_SMALL_LETTERS = '- { op: replace, path: /spec/listeners/0/protocol, value: hbone }';
const CLUSTERS = ['east', 'north', 'west'];

function judge(files: Files): Snapshot {
  const engine = engineOf(new Map());
  take(
    engine,
    [...files].map(([file, text]) => ({ file, text })),
  );
  return engine.snapshot;
}

function build(files: Files, cluster: string): KustomizeBuild {
  return kustomizeBuilds(new MemoryFiles(Object.fromEntries(files)))(`clusters/${cluster}`);
}

/** The clusters that a fix may change: those that it names, else those of its finding. */
function concerned(
  snapshot: Snapshot,
  { clusters, finding: { ofCluster } }: PlacedFinding,
  { title }: Fix,
): readonly string[] {
  const named = CLUSTERS.filter((cluster) =>
    new RegExp(`(?<![\\w-])${cluster}(?![\\w-])`).test(title.replace(/ \(as .*\)| from \w+/, '')),
  );
  const own = ofCluster === undefined ? [] : [snapshot.clusterName(ofCluster)];
  return named.length > 0 ? [...named, ...own] : clusters.map((id) => snapshot.clusterName(id));
}

describe('fixes in bases and overlays', () => {
  let made = 0;
  let none = 0;
  for (const [index, defect] of DEFECTS.entries()) {
    for (const cluster of CLUSTERS) {
      const style: PatchStyle = (index + CLUSTERS.indexOf(cluster)) % 2 === 0 ? 'merge' : 'json';
      const world = example();
      const files = defect.put(world, cluster) ? overlaid(world, style) : undefined;
      if (files === undefined) continue;
      it(`${defect.name} in ${cluster}`, () => {
        const snapshot = judge(files);
        assert.deepEqual(snapshot.findings.filter(({ rule }) => rule.id === 'invalid-kustomization').map(show), []);
        for (const finding of snapshot.findings) {
          for (const fix of finding.fixes()) {
            if (fix.edits().length === 0) {
              none++;
              if (process.env.SHOW) console.log('NONE', fix.title);
            } else check(files, snapshot, finding, fix);
          }
        }
      });
    }
  }

  it('a component that some of the clusters share', () => {
    const files = new Map(overlaid(example(), 'merge'));
    const patch = { target: { kind: 'Gateway', name: 'istio-eastwestgateway' }, patch: HBONE_IN_SMALL_LETTERS };
    files.set('component/kustomization.yaml', stringify({ kind: 'Component', patches: [patch] }));
    for (const cluster of ['east', 'west']) {
      const file = `clusters/${cluster}/kustomization.yaml`;
      files.set(file, `${files.get(file)}components: [../../component]\n`);
    }
    const snapshot = judge(files);
    const found = snapshot.findings.filter(({ rule }) => rule.id === 'eastwest-listener-invalid');
    assert.equal(found.length, 1);
    for (const finding of found) {
      const [fix] = finding.fixes();
      assert.ok(fix);
      const after = check(files, snapshot, finding, fix);
      const changed = [...after].filter(([file, text]) => files.get(file) !== text).map(([file]) => file);
      assert.deepEqual(changed, ['component/kustomization.yaml']);
    }
  });

  function check(files: Files, snapshot: Snapshot, finding: PlacedFinding, fix: Fix): Files {
    const name = `“${fix.title}”`;
    const after = fixed(files, snapshot, fix);
    assert.ok(after, `${name} cannot be written`);
    made++;
    const text = process.env.SHOW
      ? [...after]
          .filter(([file, now]) => files.get(file) !== now)
          .map(String)
          .join('\n')
      : '';
    const own = concerned(snapshot, finding, fix);
    for (const cluster of CLUSTERS) {
      const was = build(files, cluster);
      const is = build(after, cluster);
      assert.deepEqual(is.problems, [], `${name}: kustomize refuses ${cluster} ${text}`);
      if (!own.includes(cluster)) assert.ok(givesTheSame(was, is), `${name} changes ${cluster} ${text}`);
    }
    const again = judge(after);
    assert.deepEqual(
      again.findings.filter(({ id }) => id === finding.id).map(show),
      [],
      `${name} leaves its finding ${text}`,
    );
    assert.deepEqual(newErrors(snapshot, again), [], `${name} makes a new error ${text}`);
    return after;
  }

  after(() => {
    console.log(`      ${made} fixes made and checked, ${none} not offered`);
    assert.ok(made > 60 && none < made / 10);
  });
});
