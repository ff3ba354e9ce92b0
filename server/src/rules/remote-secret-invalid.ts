/** A remote secret that istiod does not read, or with which it reads the wrong cluster or none. */
import { type Anchor, sameAnchor } from '../base/anchor.ts';
import { isKnown, knownValue } from '../facts/field.ts';
import { REMOTE_SECRET_LABEL } from '../facts/objects/secret.ts';
import type { ApiServerKind, Kubeconfig, KubeconfigFlaw } from '../facts/objects.ts';
import type { ClusterId } from '../layout/layout.ts';
import type { Mesh } from '../mesh/model.ts';
import { type Finding, rule } from './rule.ts';
import { setLabel } from './shared/label-edits.ts';
import { judgeOwnName } from './shared/misnamed-istiod.ts';
import { judgeAddresses } from './shared/remote-secret-addresses.ts';
import { judgeKeys, withOriginals } from './shared/remote-secret-keys.ts';
import { judgeNames } from './shared/remote-secret-names.ts';
import {
  hasTrueLabel,
  namespaceMissed,
  type RemoteSecret,
  readSecrets,
  readsRemoteSecrets,
  remoteSecrets,
  titleOf,
} from './shared/remote-secrets.ts';
import { unlabelledSecrets } from './shared/unlabelled-remote-secret.ts';
import { clusterOf, isNotString, listed, MULTI_NETWORK_DOCS, quotesFor } from './shared/wording.ts';

export const remoteSecretInvalid = rule({
  id: 'remote-secret-invalid',
  summary: 'A remote secret must be one that istiod reads, for a cluster that exists, with a kubeconfig that works.',
  why: 'istiod reads the Secrets of its own namespace that are labelled `istio/multiCluster: "true"`. Each key is the name of a cluster and its value the kubeconfig for it: the key must be that cluster\'s `global.multiCluster.clusterName`, its own name is ignored, and of two Secrets with one key only the first counts, and two manifests of one name are one Secret. A kubeconfig that is inconsistent (a `current-context`, user or cluster that it does not define, a CA file that is not in the Pod of istiod) is refused; so is one whose user runs a command, or has a key, certificate or token in a file, unless `PILOT_INSECURE_MULTICLUSTER_KUBECONFIG_OPTIONS` allows it, and an address such as `127.0.0.1` leads back to istiod itself. With the API server of another cluster, as a copied Secret has it, istiod reads that one under the wrong name. istiod then does not know the workloads of the other cluster.',
  severity: 'error',
  otherwise: {
    warning:
      'for a key that may belong to a cluster outside of the workspace, an annotation, an API server that is a Service, and two keys with one API server where neither is known to be wrong',
    hint: "for a cluster's own name beside Secrets for all others",
  },
  group: 'control-plane',
  limitation: null,
  reads: ['Secret', 'Install', 'Namespace', 'Gateway', 'Service', 'Workload'],
  fix: 'both',
  howToFix:
    "Make the Secret with `istioctl create-remote-secret --name=<clusterName>`, with `--server` where the kubeconfig at hand has an address that only works on your machine. Apply it in the other cluster, in istiod's namespace.",
  whenToSilence: 'If something outside of the workspace rewrites the Secret before istiod reads it.',
  docs: MULTI_NETWORK_DOCS,
  references: [
    'pkg/kube/multicluster/secretcontroller.go:43-45, 152-156, 432-455',
    'pkg/kube/util.go:89-120, 438-500',
    'https://github.com/kubernetes/client-go/blob/master/tools/clientcmd/validation.go',
    'https://github.com/istio/istio/issues/49780',
  ],
  per: 'cluster',
  *check(mesh, { cluster }) {
    if (!mesh.multicluster) return;
    yield* judgeOwnName(mesh, cluster);
    if (!readsRemoteSecrets(mesh, cluster)) return;
    const secrets = remoteSecrets(mesh, cluster);
    const read = readSecrets(mesh, cluster);
    const copied = withOriginals(read).flatMap(({ entry, original }) => (original === undefined ? [] : [entry.at]));
    for (const secret of secrets) {
      const unread = [...judgeLabel(mesh, cluster, secret), ...judgeNamespace(mesh, cluster, secret)];
      yield* unread.slice(0, 1);
      if (unread.length === 0) yield* judgeKubeconfigs(mesh, cluster, secret, copied);
    }
    yield* judgeKeys(mesh, cluster, read);
    yield* judgeNames(mesh, cluster);
    yield* judgeAddresses(mesh, cluster);
    yield* unlabelledSecrets(mesh, cluster);
  },
});

function finding(
  cluster: ClusterId,
  { secret, namespace }: RemoteSecret,
  check: string,
  at: Anchor,
  message: string,
): Finding {
  return {
    check,
    ofCluster: cluster,
    message,
    at,
    clusters: [cluster],
    object: { kind: 'Secret', namespace: namespace ?? null, name: secret.name.value },
    related: [],
  };
}

/** `"false"` and its like are a way to switch the Secret off. */
function* judgeLabel(mesh: Mesh, cluster: ClusterId, remote: RemoteSecret): Iterable<Finding> {
  const label = remote.secret.labels.entries.get(REMOTE_SECRET_LABEL);
  if (!isKnown(label) || hasTrueLabel(remote) || /^(?:false|no|off|0|disabled?)$/i.test(label.value)) return;
  const says =
    label.notString === undefined
      ? `has ${label.value === '' ? `an empty ${REMOTE_SECRET_LABEL}` : `${REMOTE_SECRET_LABEL}: "${label.value}"`}. istiod reads only Secrets with the value "true".`
      : `has a label ${REMOTE_SECRET_LABEL} that ${isNotString(label.notString)}. The API server refuses the object; ${quotesFor(label)}.`;
  yield {
    ...finding(cluster, remote, 'label', label.at, `${titleOf(mesh, cluster, remote)} ${says}`),
    fixes: () => [
      {
        title: `Set ${REMOTE_SECRET_LABEL}: "true"`,
        safe: /^(?:true|yes|on|1)$/i.test(label.value),
        preferred: true,
        edits: () => [setLabel(remote.secret, REMOTE_SECRET_LABEL, 'true')],
      },
    ],
  };
}

function* judgeNamespace(mesh: Mesh, cluster: ClusterId, remote: RemoteSecret): Iterable<Finding> {
  const home = namespaceMissed(mesh, cluster, remote);
  const { namespace } = remote.secret;
  if (home === undefined || !isKnown(namespace)) return;
  yield {
    ...finding(
      cluster,
      remote,
      'namespace',
      namespace.at,
      `${titleOf(mesh, cluster, remote)} is not in ${home}, the namespace of istiod. istiod does not read it.`,
    ),
    fixes: () => [
      {
        title: `Move the Secret to namespace ${home}`,
        safe: false,
        preferred: true,
        edits: () => [{ op: 'set', at: namespace.at, value: home }],
      },
    ],
  };
}

const SERVERS: Readonly<Partial<Record<ApiServerKind, readonly [what: string, consequence: string]>>> = {
  loopback: ['a loopback address', 'There istiod reaches only its own Pod.'],
  'own-cluster': ['kubernetes.default.svc', 'There istiod reaches the API server of its own cluster.'],
  service: ['a Service (.svc)', 'istiod looks for that Service in its own cluster.'],
};

/** In words: what the kubeconfig has or does. The kinds of things, never a name or an address that is in it. */
const FLAWS: Readonly<Record<KubeconfigFlaw, string>> = {
  'unknown-current-context': 'has a current-context that is none of its contexts',
  'context-without-user': 'has a context without a user',
  'context-with-unknown-user': 'has a context with a user that it does not define',
  'context-without-cluster': 'has a context without a cluster',
  'context-with-unknown-cluster': 'has a context with a cluster that it does not define',
  'cluster-without-server': 'has a cluster without a server',
  'authority-in-home-folder':
    "takes the certificate-authority of a cluster from a file in somebody's home folder, which istiod's Pod does not have",
  'authority-written-twice': 'has both certificate-authority and certificate-authority-data for a cluster',
  'certificate-without-key': 'has a client certificate without its key',
  'several-ways-to-log-in': 'has more than one way to log in (token, password, client certificate) for one user',
};

/** @param copied keys that another Secret has too: what is told of them */
function* judgeKubeconfigs(
  mesh: Mesh,
  cluster: ClusterId,
  remote: RemoteSecret,
  copied: readonly Anchor[],
): Iterable<Finding> {
  const own = knownValue(clusterOf(mesh, cluster)?.install.clusterName);
  for (const [key, kubeconfig] of remote.kubeconfigs ?? []) {
    const at = remote.secret.keys.find(({ value }) => value === key)?.at;
    if (key === own || at === undefined || copied.some((one) => sameAnchor(one, at))) continue;
    const title = `${titleOf(mesh, cluster, remote)}, key ${key}:`;
    const server = SERVERS[kubeconfig.server];
    if (server !== undefined) {
      const [what, consequence] = server;
      yield {
        ...finding(
          cluster,
          remote,
          `server ${key}`,
          at,
          `${title} the kubeconfig's API server is ${what}. ${consequence}`,
        ),
        // A virtual cluster is in fact reached through a Service of its host.
        ...(kubeconfig.server === 'service' ? { severity: 'warning' as const } : {}),
      };
    }
    if (kubeconfig.flaws.length > 0) {
      const what = listed(kubeconfig.flaws.map((flaw) => FLAWS[flaw]));
      yield finding(
        cluster,
        remote,
        `valid ${key}`,
        at,
        `${title} the kubeconfig ${what}. istiod refuses it and does not read the cluster.`,
      );
    }
    const refused = refusedAuth(mesh, cluster, kubeconfig);
    if (refused.length > 0) {
      yield finding(
        cluster,
        remote,
        `auth ${key}`,
        at,
        `${title} the kubeconfig uses ${listed(refused)}, which istiod refuses. istiod does not read the cluster.`,
      );
    }
  }
}

/** What the setting of istiod does not allow; nothing where it is not known. Of an `auth-provider` it names the kind, which we do not keep. */
function refusedAuth(mesh: Mesh, cluster: ClusterId, { insecureAuth }: Kubeconfig): readonly string[] {
  const option = clusterOf(mesh, cluster)?.install.pilotEnv.get('PILOT_INSECURE_MULTICLUSTER_KUBECONFIG_OPTIONS');
  if (option === undefined) return insecureAuth;
  if (!isKnown(option)) return [];
  const allowed = option.value.split(',').filter((word) => word !== '');
  return insecureAuth.filter((word) => !allowed.includes(word) && (word !== 'auth-provider' || allowed.length === 0));
}
