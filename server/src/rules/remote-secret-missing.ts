/** A cluster without a remote secret for one of its peers. */
import { isKnown } from '../facts/field.ts';
import type { Mesh } from '../mesh/model.ts';
import { relation } from '../mesh/relation.ts';
import { rule } from './rule.ts';
import { misnamedIstiods } from './shared/misnamed-istiod.ts';
import {
  type Peer,
  peersOf,
  readsRemoteSecrets,
  remoteKeys,
  remoteSecrets,
  secretName,
} from './shared/remote-secrets.ts';
import { clusterOf, listed, MULTI_NETWORK_DOCS } from './shared/wording.ts';

export const remoteSecretMissing = rule({
  id: 'remote-secret-missing',
  summary: 'Every cluster must have a remote secret for every other cluster of the mesh.',
  why: 'istiod learns the Services and workloads of another cluster from its API server, with the kubeconfig in a remote secret. Without one for a cluster it does not know that cluster: requests to a global Service are never sent there. Each direction needs its own secret.',
  severity: 'warning',
  otherwise: { error: 'if Secrets are declared to be complete' },
  group: 'control-plane',
  limitation: null,
  reads: ['Secret', 'Install', 'Namespace', 'Gateway', 'Service', 'Workload'],
  fix: 'none',
  howToFix:
    "Run `istioctl create-remote-secret --context=<other cluster> --name=<its clusterName>` and apply what it prints in the cluster that lacks it, in istiod's namespace. Keep it encrypted if it is to be in git.",
  whenToSilence:
    'If remote secrets are made outside of git for some of the clusters. Nothing is said while none is in the workspace, unless it is declared complete for `Secret`; then a missing one is an error. Nor is anything said of an istiod with `PILOT_MULTICLUSTER_KUBECONFIG_PATH` (since 1.30), which reads kubeconfigs from files instead of Secrets.',
  docs: MULTI_NETWORK_DOCS,
  references: ['pkg/kube/multicluster/secretcontroller.go:124-156, 432-470'],
  per: 'cluster',
  *check(mesh, { cluster: id }) {
    const cluster = clusterOf(mesh, id);
    if (cluster === undefined || !mesh.multicluster || !cluster.install.hasIstiod || !readsRemoteSecrets(mesh, id))
      return;
    // A file that was not read may hold one: Secrets are what people encrypt.
    if (mesh.partial(id) || mesh.mayStandUnread(id, 'remote-secret')) return;
    const secrets = remoteSecrets(mesh, id);
    const keys = remoteKeys(secrets);
    const { clusterName } = cluster.install;
    if (keys === undefined || !isKnown(clusterName)) return;
    const misnamed = misnamedIstiods(mesh);
    const missing = peersOf(mesh, id).filter((peer) => !keys.has(peer.name) && !misnamed.has(peer.cluster.id));
    const complete = mesh.complete(id, 'Secret');
    if (missing.length === 0 || (!complete && !somePairIsWritten(mesh))) return;
    const [first] = secrets;
    const names = listed(missing.map(({ name }) => name));
    const there = missing.length === 1 ? 'the workloads there' : 'their workloads';
    yield {
      ofCluster: id,
      ...(complete ? { severity: 'error' as const } : {}),
      message: `${cluster.name} has no remote secret for ${names}. istiod in ${cluster.name} does not know ${there}, so no requests go to them.`,
      at: first?.secret.name.at ?? clusterName.at,
      clusters: [id, ...missing.map((peer) => peer.cluster.id)],
      object: undefined,
      related: missing.flatMap((peer) => opposite(mesh, peer, clusterName.value)),
    };
  },
});

/** True if any cluster of the mesh has a secret for a peer: then secrets are kept in the workspace. */
const somePairIsWritten = relation((mesh: Mesh): boolean =>
  mesh.clusters.some(({ id }) => {
    const keys = remoteKeys(remoteSecrets(mesh, id));
    return keys !== undefined && peersOf(mesh, id).some(({ name }) => keys.has(name));
  }),
);

/** The secret for the other direction. */
function opposite(mesh: Mesh, { cluster: { id, name } }: Peer, own: string) {
  const found = remoteSecrets(mesh, id).find(({ kubeconfigs }) => kubeconfigs?.has(own));
  return found === undefined
    ? []
    : [{ at: found.secret.name.at, cluster: id, message: `${name} reads ${own} with Secret ${secretName(found)}` }];
}
