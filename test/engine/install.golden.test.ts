/** What kustomize, Argo CD and Flux make of installations, from files to clusters, against rendered truth (test/golden/install.json). */
import assert from 'node:assert/strict';
import { Engine } from '../../server/src/engine/engine.ts';
import type { PlacedCluster } from '../../server/src/layout/layout.ts';
import { canonical, comparisons, GOLDEN_INSTALLS, type GoldenCluster } from '../facts/golden-installs.ts';
import { changeIn, giveWanted } from './import-world.ts';

const CASES = /^(?:kustomize|argo|flux|version)-/;

function clustersOf(files: Readonly<Record<string, string>>): readonly PlacedCluster[] {
  const engine = new Engine();
  engine.update(Object.entries(files).map(([file, text]) => ({ file, text })));
  giveWanted(engine, changeIn(files));
  return [...engine.settle().layout.clusters.values()];
}

function find(cluster: GoldenCluster, all: readonly PlacedCluster[]): PlacedCluster | undefined {
  const named = all.find(({ name }) => name === cluster.clusterName) ?? all.find(({ name }) => name === cluster.id);
  return named ?? (all.length === 1 ? all[0] : undefined);
}

describe('clusters against rendered truth', () => {
  let agreed = 0;
  let total = 0;

  for (const [name, { files, expected }] of Object.entries(GOLDEN_INSTALLS)) {
    if (!CASES.test(name)) continue;
    const wanted = expected[''];
    assert.ok(wanted !== undefined);
    const all = clustersOf(files);
    for (const cluster of 'clusters' in wanted ? wanted.clusters : [wanted]) {
      it(`${name}/${cluster.id}`, () => {
        const got = find(cluster, all);
        assert.ok(got !== undefined, `not among ${all.map((one) => one.name)}`);
        const rows = comparisons(cluster, got.install);
        const wrong = rows.filter(([, want, is]) => canonical(want) !== canonical(is));
        total += rows.length;
        agreed += rows.length - wrong.length;
        const lines = wrong.map(([field, want, is]) => `${field}: expected ${canonical(want)}, got ${canonical(is)}`);
        assert.deepEqual(lines, []);
      });
    }
  }

  after(() => console.log(`      clusters of golden data: agree ${agreed} of ${total} fields`));
});
