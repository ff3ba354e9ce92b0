/** The keys of the remote secrets that istiod reads: each must be the name of another cluster, once. */
import { type Anchor, sameAnchor } from '../../base/anchor.ts';
import { isKnown } from '../../facts/field.ts';
import type { ClusterId } from '../../layout/layout.ts';
import type { Mesh } from '../../mesh/model.ts';
import type { NodeEdit } from '../../yaml/edit.ts';
import type { Finding, Fix } from '../rule.ts';
import { isToldElsewhere } from './misnamed-istiod.ts';
import {
  CLUSTER_ANNOTATION,
  isMeant,
  istiodName,
  istiodNames,
  type Peer,
  peersOf,
  type RemoteSecret,
  remoteKeys,
  secretName,
  titleOf,
} from './remote-secrets.ts';
import { clusterOf, listed, nameOf } from './wording.ts';

/** A key of a remote secret. */
export interface Entry {
  readonly remote: RemoteSecret;
  readonly key: string;
  readonly at: Anchor;
}

/** @param secrets those that istiod reads */
export function* judgeKeys(mesh: Mesh, cluster: ClusterId, secrets: readonly RemoteSecret[]): Iterable<Finding> {
  const found = clusterOf(mesh, cluster);
  const keys = remoteKeys(secrets);
  if (found === undefined || secrets.length === 0) return;
  const own = istiodName(found);
  // A name that two clusters have is the fault of that name.
  const names = istiodNames(mesh);
  const isShared = (names.get(own) ?? 0) > 1;
  const unread = keys === undefined ? [] : peersOf(mesh, cluster).filter(({ name }) => !keys.has(name));
  for (const { entry, original } of withOriginals(secrets)) {
    if (original !== undefined) yield duplicate(mesh, cluster, entry, original);
    else {
      if (entry.key === own) {
        if (!isShared && !isAppliedElsewhere(mesh, cluster, entry)) yield ownName(mesh, cluster, entry, unread);
      } else if (unread.length > 0 && !names.has(undefined) && !names.has(entry.key)) {
        if (!isToldElsewhere(mesh, entry.key)) yield unknownName(mesh, cluster, entry, unread);
      } else yield* annotation(mesh, cluster, entry);
    }
  }
}

export function entriesOf(remote: RemoteSecret): readonly Entry[] {
  return [...(remote.kubeconfigs?.keys() ?? [])].flatMap((key): readonly Entry[] => {
    const at = remote.secret.keys.find(({ value }) => value === key)?.at;
    return at === undefined ? [] : [{ remote, key, at }];
  });
}

/**
 * The keys of several remote secrets, each with an earlier one of the same name. The Secret that is called like the cluster that it is for
 * counts as the original, else the first.
 */
export function withOriginals(
  secrets: readonly RemoteSecret[],
): readonly { readonly entry: Entry; readonly original: Entry | undefined }[] {
  const entries = secrets.flatMap(entriesOf);
  const originals = new Map<string, Entry>();
  for (const entry of entries) {
    const isNamed = ({ remote, key }: Entry) => remote.secret.name.value === `istio-remote-secret-${key}`;
    const earlier = originals.get(entry.key);
    if (earlier === undefined || (isNamed(entry) && !isNamed(earlier))) originals.set(entry.key, entry);
  }
  return entries.map((entry) => {
    const original = originals.get(entry.key);
    return { entry, original: original === entry ? undefined : original };
  });
}

/** True if the same manifest is applied in several clusters: one of them is then bound to find its own name. */
function isAppliedElsewhere(mesh: Mesh, cluster: ClusterId, { remote: { secret, namespace } }: Entry): boolean {
  return mesh.clusters.some(({ id }) => {
    const other = id === cluster ? undefined : mesh.object(id, 'Secret', namespace ?? '', secret.name.value);
    return other !== undefined && sameAnchor(other.at, secret.at);
  });
}

function make(
  cluster: ClusterId,
  { remote: { secret, namespace }, key, at }: Entry,
  check: string,
): Omit<Finding, 'message'> {
  return {
    check: `${check} ${key}`,
    ofCluster: cluster,
    at,
    clusters: [cluster],
    object: { kind: 'Secret', namespace: namespace ?? null, name: secret.name.value },
    related: [],
  };
}

function duplicate(mesh: Mesh, cluster: ClusterId, entry: Entry, earlier: Entry): Finding {
  const other = secretName(earlier.remote);
  return {
    ...make(cluster, entry, 'duplicate'),
    message: `${titleOf(mesh, cluster, entry.remote)} has the same key, ${entry.key}, as Secret ${other}. istiod uses the one that it reads first and ignores the other.`,
    related: [{ at: earlier.at, cluster, message: `Secret ${other} has the key too` }],
  };
}

/** The own name beside Secrets for all peers is merely useless. */
function ownName(mesh: Mesh, cluster: ClusterId, entry: Entry, unread: readonly Peer[]): Finding {
  const { secret, kubeconfigs } = entry.remote;
  const [peer] = unread;
  // With the API server of its own cluster, too, another name makes it no better.
  const isOwnInside = kubeconfigs?.get(entry.key)?.address?.namesKey === true;
  return {
    ...make(cluster, entry, 'own'),
    ...(unread.length === 0 ? { severity: 'hint' as const } : {}),
    message: `${titleOf(mesh, cluster, entry.remote)} has the name of its own cluster, ${entry.key}, as key. istiod ignores it.`,
    fixes: () =>
      peer !== undefined && unread.length === 1 && !secret.encrypted && !isOwnInside ? [renameFix(entry, peer)] : [],
  };
}

function unknownName(mesh: Mesh, cluster: ClusterId, entry: Entry, unread: readonly Peer[]): Finding {
  const meant = unread.filter((peer) => isMeant(entry.remote.secret, entry.key, peer));
  const [peer] = meant.length > 0 ? meant : unread;
  const certain = meant.length === 1;
  const peers = listed(unread.map(({ name }) => name));
  const message =
    certain && peer !== undefined
      ? `${titleOf(mesh, cluster, entry.remote)} has the key ${entry.key}, but istiod in ${peer.cluster.name} has the cluster name ${peer.name}. The workloads there then belong to a cluster ${entry.key}, while their proxies belong to ${peer.name}.`
      : `${titleOf(mesh, cluster, entry.remote)} has the key ${entry.key}, which is not the name of any cluster of the mesh. No remote secret in ${nameOf(mesh, cluster)} is for ${peers}.`;
  return {
    ...make(cluster, entry, 'unknown'),
    // It may be for a cluster that is not in the workspace.
    ...(certain ? {} : { severity: 'warning' as const }),
    message,
    related: unread.map(({ cluster: { id, name }, name: called, at }) => ({
      at,
      cluster: id,
      message: `istiod in ${name} has the cluster name ${called}`,
    })),
    fixes: () =>
      peer !== undefined && (certain || unread.length === 1) && !entry.remote.secret.encrypted
        ? [renameFix(entry, peer)]
        : [],
  };
}

function renameFix({ remote: { secret }, key, at }: Entry, { name }: Peer): Fix {
  const annotation = secret.annotations.entries.get(CLUSTER_ANNOTATION);
  return {
    title: `Rename key ${key} to ${name}`,
    safe: false,
    preferred: true,
    edits: (): readonly NodeEdit[] => [
      { op: 'rename-key', at, from: key, key: name },
      ...(isKnown(annotation) && annotation.value === key
        ? [{ op: 'set' as const, at: annotation.at, value: name }]
        : []),
    ],
  };
}

function* annotation(mesh: Mesh, cluster: ClusterId, entry: Entry): Iterable<Finding> {
  const { secret, kubeconfigs } = entry.remote;
  const stated = secret.annotations.entries.get(CLUSTER_ANNOTATION);
  if (!isKnown(stated) || stated.value === '' || kubeconfigs?.size !== 1 || stated.value === entry.key) return;
  yield {
    ...make(cluster, entry, 'annotation'),
    severity: 'warning',
    at: stated.at,
    message: `${titleOf(mesh, cluster, entry.remote)} has ${CLUSTER_ANNOTATION}: ${stated.value}, but its key is ${entry.key}. istiod goes by the key and takes the cluster to be ${entry.key}.`,
    related: [{ at: entry.at, cluster, message: `key ${entry.key}` }],
    fixes: () => [
      {
        title: `Set ${CLUSTER_ANNOTATION}: ${entry.key}`,
        safe: false,
        preferred: true,
        edits: () => [{ op: 'set', at: stated.at, value: entry.key }],
      },
    ],
  };
}
