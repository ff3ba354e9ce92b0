/** Two clusters that call themselves the same. */
import { type Anchor, sameAnchor } from '../base/anchor.ts';
import { copiesOf } from '../base/copied-name.ts';
import { isKnown } from '../facts/field.ts';
import type { Cluster } from '../layout/layout.ts';
import { rule } from './rule.ts';
import { listed, MULTI_NETWORK_DOCS, writtenOnce } from './shared/wording.ts';

export const clusterNameDuplicate = rule({
  id: 'cluster-name-duplicate',
  summary: 'Every cluster of a mesh must have a name of its own.',
  why: 'istiod tells clusters apart by their name (`global.multiCluster.clusterName`, by default `Kubernetes`). istiod ignores a remote secret whose key is its own name, so of two clusters with one name neither reads the other. A third cluster that has remote secrets for both reads only one of them (`cluster has already been registered`): the Services and workloads of the other do not exist for it.',
  severity: 'error',
  group: 'foundations',
  limitation: null,
  reads: ['Install', 'Namespace', 'Gateway', 'Service', 'Workload'],
  fix: 'none',
  howToFix:
    'Give each cluster its own `global.multiCluster.clusterName`, the same value to its ztunnel, and use it as the key of the remote secrets. Where it is written once for all clusters, in a base or a template, let each of them fill it in: by a patch in its overlay, a parameter of its element of an ApplicationSet, a variable in `postBuild`. There is no fix, as only you know what each cluster is called in the remote secrets of the others.',
  whenToSilence: 'If the name is set outside of the workspace.',
  docs: MULTI_NETWORK_DOCS,
  references: ['pkg/kube/multicluster/secretcontroller.go:434-455'],
  per: 'mesh',
  *check(mesh) {
    if (!mesh.multicluster) return;
    const byName = new Map<string, { readonly cluster: Cluster; readonly at: Anchor }[]>();
    for (const cluster of mesh.clusters) {
      const { clusterName, hasIstiod } = cluster.install;
      if (!hasIstiod || !isKnown(clusterName) || !mesh.ambient(cluster.id)) continue;
      byName.set(clusterName.value, [...(byName.get(clusterName.value) ?? []), { cluster, at: clusterName.at }]);
    }
    for (const [name, same] of byName) {
      // A copy is blamed before what it was copied from.
      const copies = copiesOf(name, same, ({ cluster }) => [cluster.id]);
      const [copy] = copies;
      const original = same.find((member) => !copies.has(member));
      const pair = copy === undefined || original === undefined ? [] : [original, copy];
      const members = [...pair, ...same.filter((member) => !pair.includes(member))];
      const [first, second, ...others] = members;
      if (first === undefined || second === undefined) continue;
      // Clusters are mostly called by the very name that they share: then only their ids tell them apart.
      const shown = (cluster: Cluster) => (cluster.name === `${name} (${cluster.id})` ? cluster.id : cluster.name);
      const where = listed(same.map(({ cluster }) => shown(cluster)));
      const rest = mesh.clusters.length > members.length ? ', and the other clusters see only one of them' : '';
      const message = `Clusters ${where} have the same cluster name, ${name}${writtenOnce(members)}. istiod ignores a remote secret for its own cluster name, so they do not see each other${rest}.`;
      yield {
        check: name,
        message,
        at: second.at,
        clusters: [second, first, ...others].map(({ cluster }) => cluster.id),
        object: undefined,
        related: [first, ...others]
          .filter(({ at }) => !sameAnchor(at, second.at))
          .map(({ cluster, at }) => ({
            at,
            cluster: cluster.id,
            message: `cluster name ${name} in ${shown(cluster)}`,
            mirror: message,
          })),
        tie: members.length === 2 && copy === undefined,
      };
    }
  },
});
