/** The clusters that Argo CD knows, where the Secrets that tell of them are in git: names and addresses, never credentials. */
import { secretText } from '../../facts/objects/secret.ts';
import { get } from '../../yaml/read.ts';
import type { ClusterKey, DeployObject, DeployWorld } from '../deployment.ts';
import { textAt } from '../read-text.ts';

export function clusterSecrets(world: DeployWorld): readonly DeployObject[] {
  return world
    .objects('Secret')
    .filter(({ object }) => textAt(get(object, 'metadata', 'labels'), 'argocd.argoproj.io/secret-type') === 'cluster');
}

/** The other keys that address a cluster: its name where an address is given, its address where a name is. */
export function otherKeys({ from, value, at }: ClusterKey, world: DeployWorld): readonly ClusterKey[] {
  if (from !== 'name' && from !== 'server') return [];
  const other = from === 'name' ? 'server' : 'name';
  return clusterSecrets(world).flatMap(({ object }): readonly ClusterKey[] => {
    const text = (key: 'name' | 'server'): string | undefined => {
      const read = secretText(object, key);
      return read !== undefined && 'text' in read ? read.text.trim().replace(/\/+$/, '') : undefined;
    };
    const found = text(from) === value ? text(other) : undefined;
    return found === undefined || found === '' || found.includes('{{') ? [] : [{ from: other, value: found, at }];
  });
}
