/** Values of the istiod chart whose key is nearly one that the chart reads: nothing reads them. */
import { keyOf } from '../base/anchor.ts';
import type { MisspeltValue } from '../facts/install.ts';
import { editsFor } from './edits-for.ts';
import { rule } from './rule.ts';
import { toldOnce } from './told-once.ts';
import { clusterOf, listed, MULTI_NETWORK_DOCS } from './wording.ts';

export const valuesKeyMisspelt = rule({
  id: 'values-key-misspelt',
  summary: 'The values that multicluster needs must have the keys that the istiod chart reads.',
  why: 'Helm hands any values to the chart, which reads only the keys that it knows; a mesh configuration with a field that istiod does not know is taken without that field. With a key that is off by a letter, istiod has the default: the cluster name `Kubernetes`, no network, the scopes of the profile.',
  severity: 'error',
  group: 'foundations',
  limitation: null,
  since: '1.27',
  reads: ['Install', 'Gateway', 'Namespace', 'Service', 'Workload'],
  fix: 'safe',
  howToFix:
    'Rename the key; the value stays. Reported are keys that differ by a letter from `global.network`, `global.meshID`, `global.multiCluster.clusterName`, `meshConfig.serviceScopeConfigs`, `meshConfig.discoverySelectors` or `meshConfig.trustDomain`, where that is not written as well.',
  whenToSilence: 'If a chart of your own around the istiod chart reads that key.',
  docs: MULTI_NETWORK_DOCS,
  references: [
    'manifests/charts/istio-control/istio-discovery/values.yaml',
    'manifests/charts/istio-control/istio-discovery/templates/deployment.yaml',
    'pkg/config/mesh/mesh.go, ApplyMeshConfig',
  ],
  per: 'cluster',
  *check(mesh, { cluster }) {
    if (!mesh.multicluster) return;
    const foundIn = (id: typeof cluster): readonly MisspeltValue[] => clusterOf(mesh, id)?.install.misspeltValues ?? [];
    const isSame = (other: MisspeltValue, one: MisspeltValue): boolean => other.path === one.path;
    for (const [first, ...others] of toldOnce(mesh, cluster, foundIn, isSame)) {
      const sides = [first, ...others];
      const { path, meant, at } = first.found;
      const message = `The values of istiod in ${listed(sides.map(({ name }) => name))} have ${path}, which the chart does not read. It reads ${meant} there.`;
      yield {
        check: path,
        message,
        at: keyOf(at),
        clusters: sides.map(({ id }) => id),
        object: undefined,
        related: others.map((side) => ({
          at: keyOf(side.found.at),
          cluster: side.id,
          message: `${path} in ${side.name} too`,
          mirror: message,
        })),
        tie: true,
        fixes: () => [
          {
            title: `Rename ${path.slice(path.lastIndexOf('.') + 1)} to ${meant}`,
            safe: true,
            preferred: true,
            onlyMeaning: true,
            edits: () =>
              sides.flatMap(({ id, found }) => editsFor(id, [{ op: 'rename-key', at: found.at, key: meant }])),
          },
        ],
      };
    }
  },
});
