/** What Argo CD and Flux hand to Helm, against rendered truth (test/golden/install.json, cases `argo-*`, `flux-*`, `version-*`). */
import assert from 'node:assert/strict';
import type { Deployment } from '../../server/src/deploy/deployment.ts';
import { installSettings } from '../../server/src/facts/install/install-settings.ts';
import { canonical, comparisons, GOLDEN_INSTALLS, toldVersion } from '../facts/golden-installs.ts';
import { DeployTree } from './deploy-tree.ts';

const CASES = /^(?:argo|flux|version)-/;

/** The deployments of the cluster that the case calls `id`: where several clusters are deployed, the destination names it. */
function ofCluster(deployments: readonly Deployment[], id: string, alone: boolean): readonly Deployment[] {
  return alone ? deployments : deployments.filter(({ cluster }) => cluster.keys.some(({ value }) => value === id));
}

describe('deployments against rendered truth', () => {
  let agreed = 0;
  let total = 0;

  for (const [name, { files, expected }] of Object.entries(GOLDEN_INSTALLS)) {
    if (!CASES.test(name)) continue;
    for (const [version, wanted] of Object.entries(expected)) {
      const clusters = 'clusters' in wanted ? wanted.clusters : [wanted];
      for (const cluster of clusters) {
        it(`${name}/${cluster.id}${version === '' ? '' : ` with the charts of ${version}`}`, () => {
          const deployments = ofCluster(new DeployTree(files).deployments(), cluster.id, clusters.length === 1);
          const sources = deployments.flatMap(({ sources }) => sources);
          const got = installSettings({
            statements: sources.flatMap((source) =>
              source.kind === 'chart' && source.install !== undefined ? [{ statement: source.install }] : [],
            ),
            istioVersion: undefined,
            assumeIstioVersion: toldVersion(version),
            complete: false,
          });
          const rows = comparisons(cluster, got);
          const wrong = rows.filter(([, want, is]) => canonical(want) !== canonical(is));
          total += rows.length;
          agreed += rows.length - wrong.length;
          const lines = wrong.map(([field, want, is]) => `${field}: expected ${canonical(want)}, got ${canonical(is)}`);
          assert.deepEqual(lines, []);
        });
      }
    }
  }

  after(() => console.log(`      Argo CD and Flux golden data: agree ${agreed} of ${total} fields`));
});
