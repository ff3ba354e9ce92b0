/** Remote secrets for two clusters with one API server: one of them is a copy. */

import { addTo } from '../../base/remember.ts';
import type { Kubeconfig } from '../../facts/objects.ts';
import type { ClusterId } from '../../layout/layout.ts';
import type { Mesh } from '../../mesh/model.ts';
import { relation } from '../../mesh/relation.ts';
import type { Finding } from '../rule.ts';
import { type Entry, entriesOf } from './remote-secret-keys.ts';
import { istiodName, readSecrets, titleOf } from './remote-secrets.ts';
import { clusterOf, nameOf } from './wording.ts';

interface Addressed extends Entry {
  readonly cluster: ClusterId;
  readonly address: NonNullable<Kubeconfig['address']>;
}

/** The keys of all remote secrets that are read, by their API server, where several keys have one. */
const shared = relation((mesh): readonly (readonly Addressed[])[] => {
  const byAddress = new Map<string, Addressed[]>();
  // A key that is no cluster's name is a finding already, or is for a cluster elsewhere.
  const names = new Set(mesh.clusters.map(istiodName));
  for (const { id } of mesh.clusterNames) {
    for (const entry of readSecrets(mesh, id).flatMap(entriesOf)) {
      const address = entry.remote.kubeconfigs?.get(entry.key)?.address;
      if (address === undefined || !names.has(entry.key)) continue;
      addTo(byAddress, address.digest, { ...entry, cluster: id, address });
    }
  }
  return [...byAddress.values()].flatMap(byUser).filter((entries) => new Set(entries.map(({ key }) => key)).size > 1);
});

/** Behind an address that names no key may be a proxy for several clusters, which tells them by their users. */
function byUser(entries: readonly Addressed[]): readonly (readonly Addressed[])[] {
  if (entries.some(({ address }) => address.namesKey)) return [entries];
  const users = new Map<string, Addressed[]>();
  for (const entry of entries) addTo(users, entry.address.userDigest, entry);
  return [...users.values()];
}

interface Told {
  readonly right: string | undefined;
  /** All that have the address, and those that are copies beside the first one. */
  readonly entries: readonly Addressed[];
  readonly more: readonly Addressed[];
}

/** One finding for each address, at the first of the copies: which one that is, is no part of what the finding is. */
export function* judgeAddresses(mesh: Mesh, cluster: ClusterId): Iterable<Finding> {
  for (const entries of shared(mesh)) {
    const right = rightKey(entries);
    // Where nothing tells which one is the copy, it is told once. That a key is the own name is a finding already.
    const blamed = (right === undefined ? entries.slice(0, 1) : entries.filter(({ key }) => key !== right)).filter(
      (entry) => entry.key !== ownName(mesh, entry.cluster),
    );
    const [first, ...more] = blamed;
    if (first === undefined || first.cluster !== cluster) continue;
    const other = entries.find(({ key }) => (right === undefined ? key !== first.key : key === right));
    if (other !== undefined) yield finding(mesh, first, other, { right, entries, more });
  }
}

function ownName(mesh: Mesh, id: ClusterId): string | undefined {
  const cluster = clusterOf(mesh, id);
  return cluster && istiodName(cluster);
}

/** The key whose API server it is: the one that the address names, else the one that most Secrets have for it. */
function rightKey(entries: readonly Addressed[]): string | undefined {
  const named = new Set(entries.flatMap(({ key, address }) => (address.namesKey ? [key] : [])));
  if (named.size > 0) return named.size === 1 ? [...named][0] : undefined;
  const counts = new Map<string, number>();
  for (const { key } of entries) counts.set(key, (counts.get(key) ?? 0) + 1);
  const [first, second] = [...counts].sort(([, a], [, b]) => b - a);
  return first !== undefined && first[1] > (second?.[1] ?? 0) ? first[0] : undefined;
}

function finding(mesh: Mesh, entry: Addressed, other: Addressed, { right, entries, more }: Told): Finding {
  const { remote, key, at, cluster } = entry;
  const title = `${titleOf(mesh, cluster, remote)}, key ${key}: the kubeconfig has the API server that ${titleOf(mesh, other.cluster, other.remote)} has for ${other.key}.`;
  const consequence =
    right === undefined
      ? 'One of the two is a copy of the other, so a cluster is read under the name of another one.'
      : `istiod in ${nameOf(mesh, cluster)} reads ${right === ownName(mesh, cluster) ? 'its own cluster' : right} as ${key}, and does not know the workloads of ${key}.`;
  const message = `${title} ${consequence}`;
  const mirror = `${titleOf(mesh, other.cluster, other.remote)} has the API server for ${other.key}`;
  return {
    check: `address ${[...new Set(entries.map((one) => one.key))].sort().join(' ')}`,
    ...(right === undefined ? { severity: 'warning' as const } : {}),
    message,
    at,
    clusters: [...new Set([entry, ...more, other].map((one) => one.cluster))],
    object: undefined,
    related: [
      { at: other.at, cluster: other.cluster, message: mirror },
      ...more.map((one) => ({
        at: one.at,
        cluster: one.cluster,
        message: `${titleOf(mesh, one.cluster, one.remote)}, key ${one.key}, has it too`,
        mirror: message,
      })),
    ],
  };
}
