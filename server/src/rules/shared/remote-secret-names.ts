/** Remote secrets of one name in one cluster: what is applied last replaces the other, and istiod does not read the other one's cluster. */
import { isKnown, knownValue } from '../../facts/field.ts';
import type { SecretObject } from '../../facts/objects.ts';
import type { ClusterId } from '../../layout/layout.ts';
import type { Mesh } from '../../mesh/model.ts';
import type { Finding } from '../rule.ts';
import { peersOf, readSecrets, secretName } from './remote-secrets.ts';
import { listed, nameOf } from './wording.ts';

/** A manifest of a Secret with the one key that it holds. */
interface Copy {
  readonly secret: SecretObject;
  readonly key: string;
}

/** Told where each of the manifests is for another cluster of the mesh: then none of them may be missing. */
export function* judgeNames(mesh: Mesh, cluster: ClusterId): Iterable<Finding> {
  const peers = new Set(peersOf(mesh, cluster).map(({ name }) => name));
  for (const remote of readSecrets(mesh, cluster)) {
    const manifests = [remote.secret, ...(remote.secret.copies ?? [])];
    const copies = manifests.flatMap(({ keys }, i): readonly Copy[] => {
      const [key] = keys;
      const secret = manifests[i];
      return secret !== undefined && keys.length === 1 && key !== undefined && peers.has(key.value)
        ? [{ secret, key: key.value }]
        : [];
    });
    const keys = [...new Set(copies.map(({ key }) => key))].sort();
    if (copies.length < manifests.length || keys.length < copies.length || copies.length < 2) continue;
    // The one that is called like what it is for is the original, the others are copied from it.
    const original = copies.find(({ secret, key }) => secret.name.value.endsWith(key)) ?? copies[0];
    const [blamed, ...others] = copies.filter((copy) => copy !== original);
    if (blamed === undefined || original === undefined) continue;
    const name = nameOf(mesh, cluster);
    yield {
      check: 'name',
      ofCluster: cluster,
      message: `Secret ${secretName(remote)} is written ${copies.length === 2 ? 'twice' : `${copies.length} times`} for ${name}, for ${listed(keys)}. What is applied last replaces the other, so istiod in ${name} reads only one of these clusters.`,
      at: blamed.secret.name.at,
      clusters: [cluster],
      object: { kind: 'Secret', namespace: remote.namespace ?? null, name: remote.secret.name.value },
      related: [original, ...others].map(({ secret, key }) => ({
        at: secret.name.at,
        cluster,
        message: `has this name too, for ${key}`,
      })),
      fixes: () => renames(mesh, cluster, original, [blamed, ...others]),
    };
  }
}

/** Calls each copy like the cluster that it is for, where the original is called like its own. */
function renames(mesh: Mesh, cluster: ClusterId, original: Copy, copies: readonly Copy[]) {
  const { name, namespace } = original.secret;
  if (!name.value.endsWith(original.key) || !isKnown(namespace)) return [];
  const stem = name.value.slice(0, -original.key.length);
  const renamed = copies.map(({ secret, key }) => ({ secret, to: `${stem}${key}` }));
  if (renamed.some(({ to }) => mesh.object(cluster, 'Secret', knownValue(namespace) ?? '', to) !== undefined))
    return [];
  return [
    {
      title: `Rename the copied Secret${copies.length === 1 ? '' : 's'} to ${listed(renamed.map(({ to }) => to))}`,
      safe: false,
      preferred: true,
      edits: () => renamed.map(({ secret, to }) => ({ op: 'set' as const, at: secret.name.at, value: to })),
    },
  ];
}
