/** What a kubeconfig in a remote secret says of its use. Of its text nothing is kept: no address but a digest, no name, no credential. */

import type { DocumentId } from '../../base/anchor.ts';
import { hashText } from '../../base/hash.ts';
import { parseDocument } from '../../yaml/parse.ts';
import { type Cursor, get, items, rootCursor } from '../../yaml/read.ts';
import { knownValue } from '../field.ts';
import type { ApiServerKind, InsecureAuth, Kubeconfig } from '../objects.ts';
import { isNull, readNonEmpty, unknownReason } from '../read-scalar.ts';
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
  const cluster = currentCluster(config);
  const server = get(cluster, 'server')?.node;
  const address = server?.type === 'scalar' ? server.text : '';
  const kind = hostKind(address);
  return {
    server: kind,
    insecureAuth: insecureAuth(config),
    flaws: flawsOf(config),
    ...(kind === 'other' ? { address: addressOf(address, cluster, key) } : {}),
  };
}

/** What leads to an API server: its address, and by way of what. */
function addressOf(server: string, cluster: Cursor | undefined, key: string): NonNullable<Kubeconfig['address']> {
  const more = ['proxy-url', 'tls-server-name'].map((name) => knownValue(readNonEmpty(get(cluster, name))) ?? '');
  const digest = hashText(JSON.stringify([server.toLowerCase().replace(/\/+$/, ''), ...more]));
  const words = hostOf(server).split(/[^a-z0-9]+/);
  const named = key.toLowerCase().split(/[^a-z0-9]+/);
  const namesKey = key !== '' && words.some((_, i) => named.every((word, j) => words[i + j] === word));
  return { digest, namesKey };
}

/** The entry of a list of `{name, ...}`. */
function named(list: Cursor | undefined, name: string): Cursor | undefined {
  return items(list).find((item) => knownValue(readNonEmpty(get(item, 'name'))) === name);
}

/** The cluster of the current context; without one, the only cluster. */
function currentCluster(config: Cursor): Cursor | undefined {
  const clusters = get(config, 'clusters');
  const current = knownValue(readNonEmpty(get(config, 'current-context')));
  const context = current === undefined ? undefined : get(named(get(config, 'contexts'), current), 'context');
  const name = knownValue(readNonEmpty(get(context, 'cluster')));
  const cluster =
    name === undefined ? (items(clusters).length === 1 ? items(clusters)[0] : undefined) : named(clusters, name);
  return get(cluster, 'cluster');
}

const LOOPBACK = /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|0\.0\.0\.0|::1?|(?:0{1,4}:){7}0{0,3}[01])$/;
const OWN_API_SERVER = /^kubernetes(?:\.default(?:\.svc(?:\.cluster\.local)?)?)?$/;
const SERVICE = /\.svc(?:\.cluster\.local)?$/;

function hostKind(server: string): ApiServerKind {
  if (server === '' || unknownReason(server) !== undefined) return 'unknown';
  const host = hostOf(server);
  if (host === '') return 'unknown';
  if (LOOPBACK.test(host)) return 'loopback';
  if (OWN_API_SERVER.test(host)) return 'own-cluster';
  return SERVICE.test(host) ? 'service' : 'other';
}

function hostOf(server: string): string {
  const authority = /^(?:https?:\/\/)?(?:[^/?#@]*@)?(\[[^\]]*\]|[^/?#:]*)/i.exec(server)?.[1] ?? '';
  return authority
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
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
