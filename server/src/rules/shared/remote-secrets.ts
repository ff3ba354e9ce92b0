/** The remote secrets of a cluster: from which of its peers istiod there reads endpoints. */
import { sameAnchor } from '../../base/anchor.ts';
import { has } from '../../base/istio-version.ts';
import { sameData } from '../../base/same-data.ts';
import { isKnown, type Known, knownValue } from '../../facts/field.ts';
import { REMOTE_SECRET_LABEL } from '../../facts/objects/secret.ts';
import type { Kubeconfig, SecretObject } from '../../facts/objects.ts';
import type { Cluster, ClusterId } from '../../layout/layout.ts';
import type { Mesh } from '../../mesh/model.ts';
import { istioNamespace } from '../../mesh/network.ts';
import { relation } from '../../mesh/relation.ts';
import { takesPart } from './taking-part.ts';
import { clusterOf, nameOf } from './wording.ts';

/** A Secret that bears the label, whatever its value. */
export interface RemoteSecret {
  readonly secret: SecretObject;
  /** Undefined where the manifest does not say it. */
  readonly namespace: string | undefined;
  /** Undefined if the keys are not all known. */
  readonly kubeconfigs: ReadonlyMap<string, Kubeconfig> | undefined;
}

/** In order of namespace and name. */
export function remoteSecrets(mesh: Mesh, cluster: ClusterId): readonly RemoteSecret[] {
  return mesh
    .objects(cluster, 'Secret')
    .filter(({ labels }) => labels.entries.has(REMOTE_SECRET_LABEL))
    .map((secret) => ({
      secret,
      namespace: knownValue(secret.namespace),
      kubeconfigs: knownValue(secret.kubeconfigs),
    }));
}

export function hasTrueLabel({ secret }: RemoteSecret): boolean {
  const label = secret.labels.entries.get(REMOTE_SECRET_LABEL);
  return isKnown(label) && label.value === 'true' && label.notString === undefined;
}

/** Where the Secret lies elsewhere than istiod, and where istiod lies is written: that namespace. */
export function namespaceMissed(mesh: Mesh, cluster: ClusterId, { namespace }: RemoteSecret): string | undefined {
  const found = clusterOf(mesh, cluster);
  const home = istioNamespace(found);
  const certain = isKnown(found?.install.istioNamespace) || isKnown(mesh.network(cluster).namespaceLabel);
  return namespace === undefined || namespace === home || !certain ? undefined : home;
}

/** The remote secrets that istiod in the cluster reads. */
export function readSecrets(mesh: Mesh, cluster: ClusterId): readonly RemoteSecret[] {
  if (!readsRemoteSecrets(mesh, cluster)) return [];
  return remoteSecrets(mesh, cluster).filter(
    (remote) => hasTrueLabel(remote) && namespaceMissed(mesh, cluster, remote) === undefined,
  );
}

/** The annotation that `istioctl create-remote-secret` writes beside the key (istioctl/pkg/multicluster/options.go:24). */
export const CLUSTER_ANNOTATION = 'networking.istio.io/cluster';

/** True if the key of a Secret, or the Secret's name or annotation, tells the peer by another one of its names. */
export function isMeant(secret: SecretObject, key: string, { cluster, name }: Peer): boolean {
  const annotation = secret.annotations.entries.get(CLUSTER_ANNOTATION);
  const [one, other] = [key.toLowerCase(), name.toLowerCase()];
  return (
    key === cluster.name ||
    (isKnown(annotation) && annotation.value === name) ||
    secret.name.value === `istio-remote-secret-${name}` ||
    one === other ||
    one.endsWith(`-${other}`) ||
    other.endsWith(`-${one}`)
  );
}

/** `istio-system/remote`, or the name alone where the namespace is not written. */
export function secretName({ secret, namespace }: RemoteSecret): string {
  return namespace === undefined ? secret.name.value : `${namespace}/${secret.name.value}`;
}

/** `Secret istio-system/remote (east)`. */
export function titleOf(mesh: Mesh, cluster: ClusterId, remote: RemoteSecret): string {
  return `Secret ${secretName(remote)} (${nameOf(mesh, cluster)})`;
}

/**
 * True if the cluster's own istiod reads its peers through Secrets in the cluster. With `PILOT_MULTICLUSTER_KUBECONFIG_PATH` it reads
 * files instead (1.30; pkg/kube/multicluster/secretcontroller.go:124-130).
 */
export function readsRemoteSecrets(mesh: Mesh, cluster: ClusterId): boolean {
  const { install } = clusterOf(mesh, cluster) ?? {};
  if (install === undefined || install.controlPlane === 'remote' || !takesPart(mesh, cluster)) return false;
  const path = install.pilotEnv.get('PILOT_MULTICLUSTER_KUBECONFIG_PATH');
  const hasPath = path !== undefined && !(isKnown(path) && path.value === '');
  return !hasPath || !has(mesh.version(cluster), 'kubeconfig-path');
}

/** The name that a cluster's istiod goes by, and remote secrets for it have as key. */
export function istiodName({ install }: Cluster): string | undefined {
  return install.hasIstiod ? knownValue(install.clusterName) : undefined;
}

/** A cluster that another one should read, with its name. */
export interface Peer {
  readonly cluster: Cluster;
  readonly name: string;
  readonly at: Known<string>['at'];
}

/** The other clusters whose endpoints a cluster is to read. Those that share a name with any cluster cannot be told apart. */
export function peersOf(mesh: Mesh, id: ClusterId): readonly Peer[] {
  return namedClusters(mesh).filter(({ cluster }) => cluster.id !== id);
}

/** All clusters that others are to read. */
const namedClusters = relation(
  findNamed,
  (a, b) => a.length === b.length && a.every((peer, i) => samePeer(peer, b[i] as Peer)),
);

/** A cluster stays the same object whatever it is called. */
function samePeer(a: Peer, b: Peer): boolean {
  return a.cluster === b.cluster && a.name === b.name && sameAnchor(a.at, b.at);
}

/** How many clusters go by each name; undefined is that of those whose name is not known. */
export const istiodNames = relation((mesh): ReadonlyMap<string | undefined, number> => {
  const bearers = new Map<string | undefined, number>();
  for (const cluster of mesh.clusters) bearers.set(istiodName(cluster), (bearers.get(istiodName(cluster)) ?? 0) + 1);
  return bearers;
}, sameData);

function findNamed(mesh: Mesh): readonly Peer[] {
  const bearers = istiodNames(mesh);
  return mesh.clusters.flatMap((cluster): readonly Peer[] => {
    const { clusterName } = cluster.install;
    const name = istiodName(cluster);
    if (name === undefined || !isKnown(clusterName) || !takesPart(mesh, cluster.id)) return [];
    return bearers.get(name) === 1 ? [{ cluster, name, at: clusterName.at }] : [];
  });
}

/** The keys of all remote secrets of a cluster; undefined if some may exist that are not in sight. */
export function remoteKeys(secrets: readonly RemoteSecret[]): ReadonlySet<string> | undefined {
  const keys = new Set<string>();
  for (const { kubeconfigs } of secrets) {
    if (kubeconfigs === undefined) return undefined;
    for (const key of kubeconfigs.keys()) keys.add(key);
  }
  return keys;
}
