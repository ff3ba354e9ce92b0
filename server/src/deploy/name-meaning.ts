/** What names of keys, parameters and variables are about. */

/** Keys that want the same: `network`, `topology.istio.io/network` and `NETWORK` do. */
export function meaningOf(key: string): string {
  const word = key.replace(/^.*[./]/, '').toLowerCase();
  if (/network|(?<![a-z])net(?![a-z])/.test(word)) return 'network';
  return word.includes('cluster') ? 'cluster' : word.replaceAll(/[^a-z\d]/g, '');
}

/** True for what a cluster, or its network, is told by and nothing else: `cluster`, `clusterName`, `NETWORK_ID`. */
export function isPlainName(name: string): boolean {
  return /^(?:cluster|network|net)(?:[-_]?(?:name|id))?$/i.test(lastStep(name));
}

/** The last of the keys that a parameter is reached by. */
export function lastStep(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}
