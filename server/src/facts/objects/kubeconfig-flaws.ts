/** What client-go's `clientcmd.Validate` refuses in a kubeconfig: it looks at all entries, not at the current ones alone. */
import { type Cursor, get, items } from '../../yaml/read.ts';
import { knownValue } from '../field.ts';
import type { KubeconfigFlaw } from '../objects.ts';
import { isNull, readNonEmpty } from '../read-scalar.ts';

/** @returns the kinds of flaws, each once; what is templated or of a wrong type is none (tools/clientcmd/validation.go, `Validate`) */
export function flawsOf(config: Cursor): readonly KubeconfigFlaw[] {
  const contexts = namesOf(config, 'contexts');
  const current = readNonEmpty(get(config, 'current-context'));
  const flaws: readonly (KubeconfigFlaw | undefined)[] = [
    isMissing(contexts, knownValue(current)) ? 'unknown-current-context' : undefined,
    ...items(get(config, 'contexts')).flatMap((item) => contextFlaws(config, get(item, 'context'))),
    ...items(get(config, 'clusters')).flatMap((item) => clusterFlaws(get(item, 'cluster'))),
    ...items(get(config, 'users')).flatMap((item) => userFlaws(get(item, 'user'))),
  ];
  return [...new Set(flaws.filter((flaw) => flaw !== undefined))];
}

/** The names in a list of `{name, ...}`; undefined if not all are known. */
function namesOf(config: Cursor, key: string): ReadonlySet<string> | undefined {
  const list = get(config, key);
  if (list === undefined || isNull(list.node)) return new Set();
  if (list.node.type !== 'seq') return undefined;
  const names = items(list).map((item) => knownValue(readNonEmpty(get(item, 'name'))));
  return names.includes(undefined) ? undefined : new Set(names as readonly string[]);
}

function isMissing(names: ReadonlySet<string> | undefined, name: string | undefined): boolean {
  return names !== undefined && name !== undefined && !names.has(name);
}

function contextFlaws(config: Cursor, context: Cursor | undefined): readonly KubeconfigFlaw[] {
  if (context?.node.type !== 'map') return [];
  const flaws: KubeconfigFlaw[] = [];
  for (const [key, list] of [['user', 'users'] as const, ['cluster', 'clusters'] as const]) {
    const name = readNonEmpty(get(context, key));
    if (name === undefined) flaws.push(`context-without-${key}`);
    else if (isMissing(namesOf(config, list), knownValue(name))) flaws.push(`context-with-unknown-${key}`);
  }
  return flaws;
}

/** A file that a person's machine has, and istiod's Pod, whose working folder is the root, has not. */
const OF_A_MACHINE = /^(?:\/home\/|\/Users\/|\/root\/|~|[A-Za-z]:[\\/])/;

function clusterFlaws(cluster: Cursor | undefined): readonly KubeconfigFlaw[] {
  if (cluster?.node.type !== 'map') return [];
  const flaws: KubeconfigFlaw[] = [];
  const authority = readNonEmpty(get(cluster, 'certificate-authority'));
  if (readNonEmpty(get(cluster, 'server')) === undefined) flaws.push('cluster-without-server');
  if (OF_A_MACHINE.test(knownValue(authority) ?? '')) flaws.push('authority-in-home-folder');
  if (authority !== undefined && isWritten(cluster, 'certificate-authority-data'))
    flaws.push('authority-written-twice');
  return flaws;
}

function userFlaws(user: Cursor | undefined): readonly KubeconfigFlaw[] {
  if (user?.node.type !== 'map') return [];
  const flaws: KubeconfigFlaw[] = [];
  const has = (...keys: readonly string[]): boolean => keys.some((key) => isWritten(user, key));
  const hasCertificate = has('client-certificate', 'client-certificate-data');
  if (hasCertificate && !has('client-key', 'client-key-data')) flaws.push('certificate-without-key');
  const ways = [has('token'), has('username', 'password'), hasCertificate];
  if (ways.filter(Boolean).length > 1) flaws.push('several-ways-to-log-in');
  return flaws;
}

/** True if a key has a value, known or not. */
function isWritten(map: Cursor, key: string): boolean {
  return readNonEmpty(get(map, key)) !== undefined;
}
