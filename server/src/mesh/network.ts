/** The network of a cluster, as each of its consumers sees it (semantics.md A.0.2). */
import { type Field, isKnown, knownValue } from '../facts/field.ts';
import type { Cluster } from '../layout/layout.ts';
import type { MeshContext } from './context.ts';
import type { NetworkJudgement } from './model.ts';

export const NETWORK_LABEL = 'topology.istio.io/network';

/** The namespace of istiod in a cluster; istio-system unless something says otherwise. */
export function istioNamespace(cluster: Cluster | undefined): string {
  return (cluster && knownValue(cluster.install.istioNamespace)) ?? 'istio-system';
}

/** @param namespaceName the namespace whose label counts: for a remote cluster that of the viewer's istiod */
export function judgeNetwork(
  context: MeshContext,
  cluster: Cluster,
  namespaceName = istioNamespace(cluster),
): NetworkJudgement {
  const namespace = context.object(cluster.id, 'Namespace', '', namespaceName);
  const label = namespace?.labels.entries.get(NETWORK_LABEL);
  const open: Field<string> =
    label === undefined && namespace?.labels.open === true ? { unknown: 'template', at: namespace.at } : undefined;
  // The API server refuses a label that is no string; a null is the empty one.
  const isRefused = label?.notString !== undefined && label.notString !== 'null';
  const namespaceLabel: Field<string> = isRefused ? { unknown: 'wrong-type', at: label.at } : (label ?? open);
  const { install } = cluster;
  // istioctl labels the namespace that it creates; Helm and Sail never do (operator/pkg/install/install.go:97-104).
  const byInstaller = namespace === undefined && install.forms.has('istio-operator') ? install.network : undefined;
  const stated = namespaceLabel ?? byInstaller;
  const effective = isKnown(stated) ? stated : (cluster.declaredNetwork ?? stated);
  return {
    namespaceLabel,
    namespace,
    global: install.network,
    ztunnel: install.ztunnel?.network,
    effective,
    reported: effective === undefined ? '' : isKnown(effective) ? effective.value : 'UNKNOWN',
  };
}
