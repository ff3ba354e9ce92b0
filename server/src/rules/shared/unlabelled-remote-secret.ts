/** Secrets that are made for another cluster, and that istiod does not read because they lack its label. */
import type { Anchor } from '../../base/anchor.ts';
import { isKnown, knownValue } from '../../facts/field.ts';
import { REMOTE_SECRET_LABEL } from '../../facts/objects/secret.ts';
import { keyOfLabel, type SecretObject } from '../../facts/objects.ts';
import type { ClusterId } from '../../layout/layout.ts';
import type { Mesh } from '../../mesh/model.ts';
import type { NodeEdit } from '../../yaml/edit.ts';
import type { Finding } from '../rule.ts';
import { setLabel } from './label-edits.ts';
import {
  CLUSTER_ANNOTATION,
  namespaceMissed,
  peersOf,
  type RemoteSecret,
  remoteKeys,
  remoteSecrets,
  titleOf,
} from './remote-secrets.ts';

/** How `istioctl create-remote-secret` names them (istioctl/pkg/multicluster/remote_secret.go, `remoteSecretNameFromClusterName`). */
const NAME = /^istio-remote-secret-/;

/** Other ways in which the label is written. */
const NEAR_LABEL = /^istio(?:\.io)?\/multi-?cluster$/i;

/** Such a Secret is only told of where no other one is for its cluster. @returns one finding for each */
export function* unlabelledSecrets(mesh: Mesh, cluster: ClusterId): Iterable<Finding> {
  const keys = remoteKeys(remoteSecrets(mesh, cluster));
  if (keys === undefined) return;
  const unread = new Set(peersOf(mesh, cluster).flatMap(({ name }) => (keys.has(name) ? [] : [name])));
  for (const secret of mesh.objects(cluster, 'Secret')) {
    const { labels } = secret;
    if (labels.open || labels.entries.has(REMOTE_SECRET_LABEL)) continue;
    const near = [...labels.entries.keys()].find((key) => NEAR_LABEL.test(key));
    if (near === undefined && !NAME.test(secret.name.value) && !secret.annotations.entries.has(CLUSTER_ANNOTATION))
      continue;
    const key = secret.keys.find(({ value }) => unread.has(value));
    const remote: RemoteSecret = { secret, namespace: knownValue(secret.namespace), kubeconfigs: undefined };
    if (key === undefined || namespaceMissed(mesh, cluster, remote) !== undefined) continue;
    yield unlabelled(mesh, cluster, remote, key.value, near);
  }
}

function unlabelled(
  mesh: Mesh,
  cluster: ClusterId,
  remote: RemoteSecret,
  key: string,
  near: string | undefined,
): Finding {
  const { secret, namespace } = remote;
  const instead = near === undefined ? '' : ` but ${near}`;
  return {
    check: 'label',
    ofCluster: cluster,
    message: `${titleOf(mesh, cluster, remote)} does not have the label ${REMOTE_SECRET_LABEL}${instead}. istiod reads only Secrets with ${REMOTE_SECRET_LABEL}: "true", so it does not know the workloads of ${key}.`,
    at: (near === undefined ? undefined : nameOfLabel(secret, near)) ?? secret.name.at,
    clusters: [cluster],
    object: { kind: 'Secret', namespace: namespace ?? null, name: secret.name.value },
    related: [],
    fixes: () => [
      {
        title: `${near === undefined ? 'Add' : `Change ${near} to`} ${REMOTE_SECRET_LABEL}: "true"`,
        safe: false,
        preferred: true,
        edits: () => labelEdits(secret, near),
      },
    ],
  };
}

function labelEdits(secret: SecretObject, near: string | undefined): readonly NodeEdit[] {
  const label = near === undefined ? undefined : secret.labels.entries.get(near);
  if (label === undefined || near === undefined) return [setLabel(secret, REMOTE_SECRET_LABEL, 'true')];
  const rename: NodeEdit = { op: 'rename-key', at: keyOfLabel(label), from: near, key: REMOTE_SECRET_LABEL };
  const isTrue = isKnown(label) && label.value === 'true' && label.notString === undefined;
  return isTrue ? [rename] : [{ op: 'set', at: label.at, value: 'true' }, rename];
}

function nameOfLabel({ labels }: SecretObject, key: string): Anchor | undefined {
  const label = labels.entries.get(key);
  return label && keyOfLabel(label);
}
