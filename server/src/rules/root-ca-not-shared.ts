/** Clusters whose certificates come from different root CAs. */
import type { Anchor } from '../base/anchor.ts';
import { isKnown } from '../facts/field.ts';
import { CA_SECRET, TLS_CERTIFICATE } from '../facts/objects/secret.ts';
import type { SecretObject } from '../facts/objects.ts';
import type { Cluster } from '../layout/layout.ts';
import { blame } from '../mesh/blame.ts';
import type { Mesh } from '../mesh/model.ts';
import { istioNamespace } from '../mesh/network.ts';
import { type Finding, rule } from './rule.ts';
import { signsItself } from './shared/own-ca.ts';
import { listed, MULTI_NETWORK_DOCS } from './shared/wording.ts';

/** istiod needs all of them (pilot/pkg/bootstrap/istio_ca.go:228-260, checkCABundleCompleteness). */
const KEYS = ['ca-cert.pem', 'ca-key.pem', 'root-cert.pem', 'cert-chain.pem'];

export const rootCaNotShared = rule({
  id: 'root-ca-not-shared',
  summary: 'The certificates of all clusters must go back to the same root CA.',
  why: 'istiod signs the certificates of its cluster with the CA in the Secret `cacerts` of its namespace, and tells ztunnel to trust the root in it; without that Secret it makes a root of its own. Between clusters without a common root every mTLS handshake fails, so no request of the mesh gets across. istiod does not start with a `cacerts` that lacks one of its four keys; a Secret of type `kubernetes.io/tls`, with `tls.crt`, `tls.key` and `ca.crt`, is complete too.',
  severity: 'error',
  otherwise: { warning: 'for a missing Secret, unless Secrets are declared to be complete' },
  group: 'foundations',
  limitation: null,
  reads: ['Secret', 'Install', 'Namespace', 'Gateway', 'Service', 'Workload'],
  fix: 'none',
  howToFix:
    'Sign one intermediate CA for each cluster with the same root, and give each cluster a Secret `cacerts` with `ca-cert.pem`, `ca-key.pem`, `root-cert.pem` and `cert-chain.pem`. To change roots, let both be in every `root-cert.pem` for a while.',
  whenToSilence:
    'If `cacerts` is made outside of the workspace in some clusters. Of the Secret only digests of its root certificates are kept, and nothing of its private key.',
  docs: MULTI_NETWORK_DOCS,
  references: ['pilot/pkg/bootstrap/istio_ca.go:228-260, 486-540', 'security/pkg/pki/ca/ca.go:57-66'],
  per: 'mesh',
  *check(mesh) {
    if (!mesh.multicluster) return;
    const sides = mesh.clusters
      // Reports tell nothing of Secrets.
      .filter((cluster) => cluster.imported === undefined && signsItself(mesh, cluster))
      .map((cluster) => sideOf(mesh, cluster));
    for (const side of sides) yield* judgeKeys(side);
    yield* judgeRoots(mesh, sides);
    yield* judgeMissing(mesh, sides);
  },
});

interface CaSide {
  readonly cluster: Cluster;
  readonly namespace: string;
  readonly secret: SecretObject | undefined;
  /** Of a plain Secret: the keys that it lacks. */
  readonly lacking: readonly string[];
}

function sideOf(mesh: Mesh, cluster: Cluster): CaSide {
  const namespace = istioNamespace(cluster);
  const secret =
    mesh.object(cluster.id, 'Secret', namespace, CA_SECRET) ??
    mesh.objects(cluster.id, 'Secret').find((other) => other.name.value === CA_SECRET && !isKnown(other.namespace));
  const keys = new Set(secret?.keys.map(({ value }) => value));
  const isIstios = secret !== undefined && !secret.encrypted && !keys.has(TLS_CERTIFICATE);
  return { cluster, namespace, secret, lacking: isIstios ? KEYS.filter((key) => !keys.has(key)) : [] };
}

function titleOf({ cluster, namespace }: CaSide): string {
  return `Secret ${namespace}/${CA_SECRET} (${cluster.name})`;
}

/** A Secret with nothing but a root, or nothing at all, is completed by something else. */
function* judgeKeys(side: CaSide): Iterable<Finding> {
  const { cluster, namespace, secret, lacking } = side;
  if (secret === undefined || lacking.length === 0 || !secret.keys.some(({ value }) => value === 'ca-key.pem')) return;
  yield {
    check: 'keys',
    ofCluster: cluster.id,
    message: `${titleOf(side)} has no ${listed(lacking)}. istiod does not start with an incomplete CA.`,
    at: secret.name.at,
    clusters: [cluster.id],
    object: { kind: 'Secret', namespace, name: CA_SECRET },
    related: [],
  };
}

interface Rooted extends CaSide {
  readonly roots: readonly string[];
  readonly at: Anchor;
}

function isRooted(side: CaSide): readonly Rooted[] {
  const roots = side.secret?.rootCertificates;
  return isKnown(roots) ? [{ ...side, roots: roots.value, at: roots.at }] : [];
}

/** Two clusters trust each other if they have a root in common; a chain of such pairs counts as one, as while roots are changed. */
function* judgeRoots(mesh: Mesh, sides: readonly CaSide[]): Iterable<Finding> {
  const rooted = sides.flatMap(isRooted);
  const groups: Set<string>[] = [];
  for (const { roots } of rooted) {
    const joined = groups.filter((group) => roots.some((root) => group.has(root)));
    const merged = new Set([...roots, ...joined.flatMap((group) => [...group])]);
    for (const group of joined) groups.splice(groups.indexOf(group), 1);
    groups.push(merged);
  }
  const blamed = blame(
    rooted.map((side) => ({
      cluster: side.cluster.id,
      name: side.cluster.name,
      value: String(groups.findIndex((group) => side.roots.some((root) => group.has(root)))),
      side,
    })),
    mesh,
  );
  const [first] = blamed?.odd ?? [];
  if (blamed === undefined || first === undefined) return;
  const { odd, agreeing, tie } = blamed;
  const peers = listed(agreeing.map(({ name }) => name));
  const message = `${titleOf(first.side)} has no root certificate in common with that of ${peers}. mTLS between them fails: ztunnel trusts only the root of its own cluster.`;
  yield {
    check: 'roots',
    message,
    at: first.side.at,
    clusters: [...odd, ...agreeing].map(({ cluster }) => cluster),
    object: { kind: 'Secret', namespace: first.side.namespace, name: CA_SECRET },
    related: [...odd.slice(1), ...agreeing].map(({ cluster, name, side }) => ({
      at: side.at,
      cluster,
      message: `root certificates of ${name}`,
      mirror: message,
    })),
    tie,
  };
}

/** Where no cluster has the Secret it is most likely kept out of git. */
function* judgeMissing(mesh: Mesh, sides: readonly CaSide[]): Iterable<Finding> {
  const present = sides.filter(({ secret }) => secret !== undefined);
  const [example] = present;
  for (const { cluster, namespace, secret } of sides) {
    if (secret !== undefined || mesh.partial(cluster.id) || mesh.mayStandUnread(cluster.id, 'cacerts')) continue;
    const complete = mesh.complete(cluster.id, 'Secret');
    const { clusterName } = cluster.install;
    if (!isKnown(clusterName) || (example === undefined && !complete)) continue;
    yield {
      check: 'missing',
      ofCluster: cluster.id,
      ...(complete ? {} : { severity: 'warning' as const }),
      message: `${cluster.name} has no Secret ${namespace}/${CA_SECRET}${example === undefined ? '' : `, but ${listed(present.map((side) => side.cluster.name))} ${present.length > 1 ? 'have' : 'has'} one`}. istiod in ${cluster.name} creates a root CA of its own, which no other cluster trusts.`,
      at: clusterName.at,
      clusters: [cluster.id, ...present.map((side) => side.cluster.id)],
      object: { kind: 'Secret', namespace, name: CA_SECRET },
      related: present.flatMap((side) =>
        side.secret === undefined
          ? []
          : [{ at: side.secret.name.at, cluster: side.cluster.id, message: `${side.cluster.name} has the Secret` }],
      ),
    };
  }
}
