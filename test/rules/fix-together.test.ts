/**
 * Fixes of several findings at once, in a base that clusters share and their overlays: safe fixes first, then the others. Each step leaves
 * what can be built, makes no error that was not there, and has nothing left to do when it is taken again.
 */
import assert from 'node:assert/strict';
import { fixDiff, fixWorld } from '../../server/src/cli/fix-world.ts';
import { kustomizeBuilds } from '../../server/src/deploy/kustomize/kustomize-builds.ts';
import type { Engine } from '../../server/src/engine/engine.ts';
import { parseDocument } from '../../server/src/yaml/parse.ts';
import { splitDocuments } from '../../server/src/yaml/split.ts';
import { MemoryFiles } from '../deploy/memory-files.ts';
import { example } from './correct-worlds.ts';
import { newErrors } from './fix-checks.ts';
import { engineOf, take } from './judge.ts';
import { overlaid } from './overlaid.ts';
import { DEFECTS } from './single-defects.ts';
import type { Files } from './workspace.ts';

const CHOICE = { only: [], skip: [] };
const CLUSTERS = ['east', 'north', 'west'];

function engineWith(files: Files): Engine {
  const engine = engineOf(new Map());
  take(
    engine,
    [...files].map(([file, text]) => ({ file, text })),
  );
  return engine;
}

/** What `--fix` makes of files, which a second `--fix` leaves as they are. */
function fixedOnce(files: Files, unsafe: boolean): Files {
  const engine = engineWith(files);
  const before = engine.snapshot;
  const made = fixWorld({ engine }, CHOICE, unsafe);
  const after = new Map([...files, ...[...made.files].map(([file, { after: text }]) => [file, text] as const)]);
  const what = `${unsafe ? '--unsafe-fixes' : '--fix'}\n${fixDiff(made)}`;
  for (const [file, text] of after) {
    for (const { text: slice } of splitDocuments(text)) {
      assert.deepEqual(parseDocument(slice).problems, [], `${file} is no YAML after ${what}`);
    }
  }
  const build = kustomizeBuilds(new MemoryFiles(Object.fromEntries(after)));
  for (const cluster of CLUSTERS)
    assert.deepEqual(build(`clusters/${cluster}`).problems, [], `${cluster} cannot be built after ${what}`);
  assert.deepEqual(newErrors(before, engineWith(after).snapshot), [], `new errors after ${what}`);
  assert.equal(fixDiff(fixWorld({ engine: engineWith(after) }, CHOICE, unsafe)), '', `a second time after ${what}`);
  return after;
}

describe('fixes together', () => {
  let changed = 0;
  let unsafeToo = 0;
  // Every other defect: with another one in another cluster, or the same in two clusters.
  for (const [i, one] of DEFECTS.entries()) {
    if (i % 4 === 1 || i % 4 === 2) continue;
    const other = i % 4 === 3 ? one : (DEFECTS[(i * 7 + 3) % DEFECTS.length] as (typeof DEFECTS)[number]);
    const [first = '', second = ''] = [CLUSTERS[i % 3], CLUSTERS[(i + 1) % 3]];
    it(`${one.name} in ${first}, ${other.name} in ${second}`, () => {
      const world = example();
      if (!one.put(world, first) || !other.put(world, second)) return;
      const files = overlaid(world, i % 8 < 4 ? 'merge' : 'json');
      if (files === undefined) return;
      const safe = fixedOnce(files, false);
      const all = fixedOnce(safe, true);
      if ([...safe].some(([file, text]) => files.get(file) !== text)) changed++;
      if ([...all].some(([file, text]) => safe.get(file) !== text)) unsafeToo++;
      // Safe ones first or all at once: there is nothing left for the safe ones.
      assert.equal(fixDiff(fixWorld({ engine: engineWith(all) }, CHOICE, false)), '');
    });
  }
  it('give each cluster what is right for it, where a base that they share lacks it', () => {
    const world = example();
    const defect = DEFECTS.find(({ name }) => name === 'an east-west gateway without a network');
    assert.ok(['north', 'west'].every((cluster) => defect?.put(world, cluster)));
    const files = overlaid(world, 'merge');
    assert.ok(files);
    const [finding, ...others] = engineWith(files).snapshot.findings;
    assert.deepEqual(others, []);
    assert.match(finding?.fixes()[0]?.title ?? '', /network-north.*, and likewise in west$/);
    const after = fixedOnce(files, false);
    assert.equal(after.get('base/objects.yaml'), files.get('base/objects.yaml'));
    for (const cluster of ['north', 'west'])
      assert.match(after.get(`clusters/${cluster}/kustomization.yaml`) ?? '', new RegExp(`network-${cluster}`));
  });

  after(() => {
    console.log(`      ${changed} worlds with safe fixes, ${unsafeToo} with others after them`);
    assert.ok(changed > 8 && unsafeToo > 8);
  });
});
