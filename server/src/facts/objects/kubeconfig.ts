/** What a kubeconfig in a remote secret says of its use. Of its text nothing is kept but digests: no address, no name, no credential. */

import type { DocumentId } from '../../base/anchor.ts';
import { hashText } from '../../base/hash.ts';
import { parseDocument } from '../../yaml/parse.ts';
import { type Cursor, get, items, rootCursor } from '../../yaml/read.ts';
import { knownValue } from '../field.ts';
import type { InsecureAuth, Kubeconfig } from '../objects.ts';
import { isNull, readNonEmpty } from '../read-scalar.ts';
import { readValue } from '../read-value.ts';
import { type ApiServer, readApiServer } from './api-server.ts';
import { flawsOf } from './kubeconfig-flaws.ts';

/** A kubeconfig that cannot be read. */
export const UNKNOWN_KUBECONFIG: Kubeconfig = { server: 'unknown', insecureAuth: [], flaws: [] };

/** Text that is decoded has no place in the workspace; the anchors within it are thrown away. */
const NOWHERE = 0 as DocumentId;

/**
 * @param text the YAML of the kubeconfig
 * @param key that of the Secret: the name of the cluster
 */
export function readKubeconfig(text: string, key = ''): Kubeconfig {
  const { root } = parseDocument(text);
  if (root === undefined || root.type !== 'map') return UNKNOWN_KUBECONFIG;
  const config = rootCursor(NOWHERE, root);
  const { cluster, user } = currentEntries(config);
  const written = get(cluster, 'server')?.node;
  const server = readApiServer(written?.type === 'scalar' ? written.text : '');
  return {
    server: server.kind,
    insecureAuth: insecureAuth(config),
    flaws: flawsOf(config),
    ...(server.kind === 'other' ? { address: addressOf(server, cluster, user, key) } : {}),
  };
}

/** What leads to an API server: its address, and by way of what. */
function addressOf(
  { normal, host }: ApiServer,
  cluster: Cursor | undefined,
  user: Cursor | undefined,
  key: string,
): NonNullable<Kubeconfig['address']> {
  const more = ['proxy-url', 'tls-server-name'].map((name) => knownValue(readNonEmpty(get(cluster, name))) ?? '');
  const words = host.split(/[^a-z0-9]+/);
  const named = key.toLowerCase().split(/[^a-z0-9]+/);
  return {
    digest: hashText(JSON.stringify([normal, ...more])),
    userDigest: hashText(JSON.stringify(knownValue(readValue(user)) ?? null)),
    namesKey: key !== '' && words.some((_, i) => named.every((word, j) => words[i + j] === word)),
  };
}

/** The entry of a list of `{name, ...}`. */
function named(list: Cursor | undefined, name: string): Cursor | undefined {
  return items(list).find((item) => knownValue(readNonEmpty(get(item, 'name'))) === name);
}

/** The cluster and the user of the current context; without one, the only ones. */
function currentEntries(config: Cursor): { readonly [entry in 'cluster' | 'user']: Cursor | undefined } {
  const current = knownValue(readNonEmpty(get(config, 'current-context')));
  const context = current === undefined ? undefined : get(named(get(config, 'contexts'), current), 'context');
  const entryOf = (kind: 'cluster' | 'user'): Cursor | undefined => {
    const list = get(config, `${kind}s`);
    const name = knownValue(readNonEmpty(get(context, kind)));
    const only = items(list).length === 1 ? items(list)[0] : undefined;
    return get(name === undefined ? only : named(list, name), kind);
  };
  return { cluster: entryOf('cluster'), user: entryOf('user') };
}

/** Fields of a user, by the word with which istiod allows them (`sanitizeKubeConfig`, pkg/kube/util.go:438-500). */
const AUTH_FIELDS: readonly (readonly [string, InsecureAuth])[] = [
  ['exec', 'exec'],
  ['client-key', 'clientKey'],
  ['client-certificate', 'clientCertificate'],
  ['tokenFile', 'tokenFile'],
];

/** What istiod refuses of all users, whichever is the current one. The provider `oidc` is allowed. */
function insecureAuth(config: Cursor): readonly InsecureAuth[] {
  const found = new Set<InsecureAuth>();
  for (const item of items(get(config, 'users'))) {
    const user = get(item, 'user');
    const provider = get(user, 'auth-provider');
    if (provider !== undefined && !isNull(provider.node)) {
      if (knownValue(readNonEmpty(get(provider, 'name'))) !== 'oidc') found.add('auth-provider');
    }
    for (const [key, word] of AUTH_FIELDS) {
      const value = get(user, key)?.node;
      if (value !== undefined && !isNull(value) && !(value.type === 'scalar' && value.text === '')) found.add(word);
    }
  }
  return [...found].sort();
}
