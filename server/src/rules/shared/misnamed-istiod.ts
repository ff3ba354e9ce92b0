/** An istiod that goes by another name than all remote secrets for its cluster say: then its name is wrong, not each of them. */
import { sameAnchor } from '../../base/anchor.ts';
import { isKnown, type Known, knownValue } from '../../facts/field.ts';
import type { SettingPlace } from '../../facts/install.ts';
import type { Cluster, ClusterId } from '../../layout/layout.ts';
import type { Mesh } from '../../mesh/model.ts';
import { relation } from '../../mesh/relation.ts';
import type { NodeEdit } from '../../yaml/edit.ts';
import type { Finding } from '../rule.ts';
import { settingEdit } from './edits-for.ts';
import {
  isMeant,
  istiodName,
  type Peer,
  peersOf,
  type RemoteSecret,
  readSecrets,
  remoteKeys,
  secretName,
} from './remote-secrets.ts';
import { clusterOf, listed } from './wording.ts';

/** A Secret by which a cluster reads another one under a name that istiod there does not have. */
interface Reading {
  readonly reader: Cluster;
  readonly remote: RemoteSecret;
  readonly at: Known<string>['at'];
  /** True if the Secret tells by another of its names which cluster it is for. */
  readonly certain: boolean;
}

export interface MisnamedIstiod {
  readonly peer: Peer;
  /** The name that all others know the cluster by. */
  readonly key: string;
  readonly readings: readonly Reading[];
  /** True if ztunnel has that name too: `ztunnel-cluster-name-mismatch` tells of it. */
  readonly ztunnelAgrees: boolean;
}

/** Those of a mesh, by cluster: at least two others agree against istiod, and none agrees with it. */
export const misnamedIstiods = relation((mesh: Mesh): ReadonlyMap<ClusterId, MisnamedIstiod> => {
  const found = new Map<ClusterId, MisnamedIstiod>();
  const readers = mesh.clusters.flatMap((reader): readonly Reader[] => {
    const secrets = readSecrets(mesh, reader.id);
    const keys = remoteKeys(secrets);
    return keys === undefined || secrets.length === 0 ? [] : [{ reader, secrets, keys }];
  });
  if (readers.length === 0) return found;
  const names = new Set(mesh.clusters.map(istiodName));
  for (const cluster of mesh.clusters) {
    const misnamed = judge(mesh, cluster, readers, names);
    if (misnamed !== undefined) found.set(cluster.id, misnamed);
  }
  return found;
});

/** A cluster with remote secrets. */
interface Reader {
  readonly reader: Cluster;
  readonly secrets: readonly RemoteSecret[];
  readonly keys: ReadonlySet<string>;
}

function judge(
  mesh: Mesh,
  cluster: Cluster,
  readers: readonly Reader[],
  names: ReadonlySet<string | undefined>,
): MisnamedIstiod | undefined {
  if (cluster.install.clusterAliases !== undefined) return undefined;
  const readings = new Map<string, Reading[]>();
  let peer: Peer | undefined;
  for (const { reader, secrets, keys } of readers) {
    if (reader.id === cluster.id) continue;
    const peers = peersOf(mesh, reader.id);
    peer ??= peers.find(({ cluster: { id } }) => id === cluster.id);
    if (peer === undefined) continue;
    if (keys.has(peer.name)) return undefined;
    const unread = peers.filter(({ name }) => !keys.has(name));
    for (const remote of secrets) {
      for (const { value: key, at } of remote.secret.keys) {
        if (!keys.has(key) || names.has(undefined) || names.has(key)) continue;
        const certain = isMeant(remote.secret, key, peer);
        if (!certain && unread.length > 1) continue;
        readings.set(key, [...(readings.get(key) ?? []), { reader, remote, at, certain }]);
      }
    }
  }
  const [[key, agreed] = []] = readings;
  if (peer === undefined || key === undefined || agreed === undefined || readings.size > 1) return undefined;
  const ztunnelAgrees = knownValue(cluster.install.ztunnel?.clusterName) === key;
  const others = new Set(agreed.map(({ reader }) => reader.id)).size + (ztunnelAgrees ? 1 : 0);
  return others < 2 ? undefined : { peer, key, readings: agreed, ztunnelAgrees };
}

/** Tells of the name, once for all Secrets that say another one. */
export function* judgeOwnName(mesh: Mesh, cluster: ClusterId): Iterable<Finding> {
  const misnamed = misnamedIstiods(mesh).get(cluster);
  const own = clusterOf(mesh, cluster);
  if (misnamed === undefined || misnamed.ztunnelAgrees || own === undefined) return;
  const { peer, key, readings } = misnamed;
  const readers = [...new Map(readings.map(({ reader }) => [reader.id, reader])).values()];
  const certain = readings.every((reading) => reading.certain);
  const where = listed(readers.map(({ name }) => name));
  const called =
    own.name === peer.name
      ? `istiod has the cluster name ${peer.name}`
      : `istiod in ${own.name} has the cluster name ${peer.name}`;
  yield {
    check: `name ${key}`,
    ofCluster: cluster,
    // They may be for a cluster that is not in the workspace.
    ...(certain ? {} : { severity: 'warning' as const }),
    message: `${called}, but the remote secrets in ${where} have the key ${key}. Its workloads then belong to a cluster ${key}, while its proxies belong to ${peer.name}.`,
    at: peer.at,
    clusters: [cluster, ...readers.map(({ id }) => id)],
    object: undefined,
    related: readings.map(({ reader, remote, at }) => ({
      at,
      cluster: reader.id,
      message: `Secret ${secretName(remote)} in ${reader.name} has the key ${key}`,
    })),
    fixes: () => {
      const places = placesOf(own, peer);
      const what = places.length > 1 ? 'the clusterName of istiod and ztunnel' : "istiod's clusterName";
      const edits = (): readonly NodeEdit[] => places.map((place) => settingEdit(place, key));
      // Another name of a running control plane is nothing to be set in passing.
      return places.length === 0 ? [] : [{ title: `Set ${what} to ${key}`, safe: false, preferred: true, edits }];
    },
  };
}

/** Where the name is written: for istiod, and for a ztunnel that repeats it. */
function placesOf({ install: { places, ztunnel } }: Cluster, { name, at }: Peer): readonly SettingPlace[] {
  if (places.clusterName === undefined) return [];
  const repeated = isKnown(ztunnel?.clusterName) && ztunnel.clusterName.value === name ? ztunnel.clusterName.at : at;
  return sameAnchor(repeated, at) ? [places.clusterName] : [places.clusterName, { at: repeated }];
}

/** True if a key of a Secret is told of where istiod's name is. */
export function isToldElsewhere(mesh: Mesh, key: string): boolean {
  for (const misnamed of misnamedIstiods(mesh).values()) if (misnamed.key === key) return true;
  return false;
}
