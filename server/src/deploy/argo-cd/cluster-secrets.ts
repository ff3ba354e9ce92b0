/** The clusters that Argo CD knows, where the Secrets that tell of them are in git: names and addresses, never credentials. */
import { withoutEndSlashes } from '../../base/relative-path.ts';
import { isSopsEncrypted } from '../../facts/objects/key-holder.ts';
import { secretText } from '../../facts/objects/secret.ts';
import { get } from '../../yaml/read.ts';
import type { ClusterKey, DeployObject, DeployWorld } from '../deployment.ts';
import { textAt } from '../read-text.ts';

/** @param encrypted those whose names and addresses SOPS encrypted; it mostly leaves labels and annotations readable */
export function clusterSecrets(world: DeployWorld, encrypted = false): readonly DeployObject[] {
  return world.remembered(secretsOfClusters, encrypted ? 'encrypted' : 'readable');
}

/** All generators of clusters ask for them, of all Secrets of the workspace. */
function secretsOfClusters(world: DeployWorld, which: string): readonly DeployObject[] {
  return world
    .objects('Secret')
    .filter(
      ({ object }) =>
        textAt(get(object, 'metadata', 'labels'), 'argocd.argoproj.io/secret-type') === 'cluster' &&
        isSopsEncrypted(object) === (which === 'encrypted'),
    );
}

/** The other keys that address a cluster: its name where an address is given, its address where a name is. */
export function otherKeys({ from, value, at }: ClusterKey, world: DeployWorld): readonly ClusterKey[] {
  if (from !== 'name' && from !== 'server') return [];
  const other = from === 'name' ? 'server' : 'name';
  return (world.remembered(clustersBy, from).get(value) ?? []).map((found) => ({ from: other, value: found, at }));
}

/** The addresses of clusters by their names, or their names by their addresses. */
function clustersBy(world: DeployWorld, from: string): ReadonlyMap<string, readonly string[]> {
  const clusters = new Map<string, string[]>();
  for (const { object } of clusterSecrets(world)) {
    const text = (key: string): string | undefined => {
      const read = secretText(object, key);
      return read !== undefined && 'text' in read ? withoutEndSlashes(read.text.trim()) : undefined;
    };
    const [key, value] = [text(from), text(from === 'name' ? 'server' : 'name')];
    if (key === undefined || value === undefined || value === '' || value.includes('{{')) continue;
    const known = clusters.get(key);
    if (known === undefined) clusters.set(key, [value]);
    else known.push(value);
  }
  return clusters;
}
