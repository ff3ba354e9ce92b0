/**
 * The same defects in the same mesh, however a repository is laid out: each is told once, by its rule, of its cluster, where that cluster
 * is written; and nothing is left to tell once the preferred fix is made. `ALL_DEFECTS=1` puts each defect into each layout.
 */
import assert from 'node:assert/strict';
import type { World } from '../rules/correct-worlds.ts';
import { fixed, show } from '../rules/judge.ts';
import { DEFECTS } from '../rules/single-defects.ts';
import type { Files } from '../rules/workspace.ts';
import { CLUSTERS, copy, installed, judge, loud, NO_DEFECTS } from './mesh-in-layouts.ts';
import { LAYOUTS } from './written-layouts.ts';

/** Of each layout one defect in so many is tried, another one in each. */
const SHARE = process.env.ALL_DEFECTS === undefined ? 5 : 1;

describe('defects in layouts', function () {
  this.timeout(20_000);
  let put = 0;
  for (const [number, layout] of LAYOUTS.entries()) {
    describe(layout.name, () => {
      const correct = installed(layout.installedBy);
      const textsOf = (world: World): Files =>
        new Map([...layout.write(world, correct)].map(([file, { text }]) => [file, text]));

      it('are not seen where nothing is wrong', () => {
        const snapshot = judge(textsOf(copy(correct)));
        assert.deepEqual(loud(snapshot).map(show), []);
        assert.deepEqual(
          snapshot.meshes.map((mesh) => mesh.clusters.map(({ name }) => name)),
          [CLUSTERS],
        );
      });

      for (const [i, defect] of DEFECTS.entries()) {
        const broken = copy(correct);
        const cluster = CLUSTERS[(i + number) % CLUSTERS.length] as string;
        if ((i + number) % SHARE !== 0 || NO_DEFECTS.has(`${defect.name}: ${layout.name}`)) continue;
        if (!defect.put(broken, cluster)) continue;
        put++;
        it(`${defect.name} in ${cluster}`, () => {
          const repository = layout.write(broken, correct);
          const files = textsOf(broken);
          const snapshot = judge(files);
          const told = loud(snapshot).map(({ rule, clusters: [blamed], location: { file } }) => {
            const at = repository.get(file)?.cluster;
            // What one cluster has not is told where others have it, unless it is taken away.
            const isPlace = defect.name.startsWith('no ') && at !== undefined;
            const names = [blamed?.split('/').at(-1), snapshot.layout.clusters.get(blamed ?? '')?.name];
            return `${rule.id} in ${names.includes(cluster) ? cluster : names.join()}, written for ${isPlace ? cluster : (at ?? 'all')}`;
          });
          assert.deepEqual(
            told,
            [`${defect.rule} in ${cluster}, written for ${cluster}`],
            loud(snapshot).map(show).join('\n'),
          );
          for (const fix of loud(snapshot).flatMap((finding) => finding.fixes())) {
            if (fix.preferred !== true) continue;
            const after = fixed(files, snapshot, fix) ?? assert.fail(`“${fix.title}” cannot be written`);
            assert.deepEqual(loud(judge(after)).map(show), [], `after “${fix.title}”`);
          }
        });
      }
    });
  }

  after(() => console.log(`      ${put} defects in ${LAYOUTS.length} layouts`));
});
