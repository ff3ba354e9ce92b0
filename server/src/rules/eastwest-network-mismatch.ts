/** An east-west gateway without the network label, or with that of another network. */

import { isKnown, knownValue } from '../facts/field.ts';
import { labelPlace } from '../facts/read-labels.ts';
import { NETWORK_LABEL } from '../mesh/network.ts';
import { type Finding, type Fix, rule } from './rule.ts';
import { setLabel } from './shared/label-edits.ts';
import { isWeak, takesPart } from './shared/taking-part.ts';
import { listed, MULTI_NETWORK_DOCS, nameOf, onNetwork, shownValue } from './shared/wording.ts';

export const eastwestNetworkMismatch = rule({
  id: 'eastwest-network-mismatch',
  summary: "An east-west gateway must carry the label topology.istio.io/network with its cluster's network.",
  why: 'Other clusters find the gateway of a network by this label on the Gateway itself. Without it the gateway is not found, with another value traffic for that other network is sent to it. A Gateway of class `istio-remote` is read by the istiod of its own cluster only, by the same label. Labels in `spec.infrastructure.labels` reach only what Istio generates, and do not count.',
  severity: 'error',
  otherwise: {
    hint: 'for a missing label while something of the cluster is not read, and for a network that only a cluster outside of the workspace can be on',
  },
  group: 'gateway',
  limitation: 1,
  since: '1.27',
  reads: ['Gateway', 'Namespace', 'Install', 'Service', 'Workload'],
  fix: 'both',
  howToFix:
    "Label the Gateway (`metadata.labels`) with the network of its cluster. A Gateway of class `istio-remote` stands for another cluster's gateway and carries that one's network.",
  whenToSilence: 'If a patch outside of the workspace writes the label.',
  docs: MULTI_NETWORK_DOCS,
  references: ['pilot/pkg/serviceregistry/ambient/networks.go:248-334', 'https://github.com/istio/istio/issues/54909'],
  per: 'gateway',
  *check(mesh, { cluster, namespace, name }) {
    const gateway = mesh.object(cluster, 'Gateway', namespace, name);
    const className = gateway === undefined ? undefined : knownValue(gateway.className);
    if (gateway === undefined || !takesPart(mesh, cluster) || gateway.labels.open) return;
    if (className !== 'istio-east-west' && className !== 'istio-remote') return;
    const remote = className === 'istio-remote';
    const label = gateway.labels.entries.get(NETWORK_LABEL);
    const own = mesh.network(cluster).effective;
    const where = nameOf(mesh, cluster);
    const title = `${remote ? 'Gateway' : 'East-west gateway'} ${namespace}/${name} in ${where}`;
    const make = (check: string, at: Finding['at'], message: string, fixes: readonly Fix[]): Finding => ({
      check,
      ofCluster: cluster,
      message: `${title} ${message}`,
      at,
      clusters: [cluster],
      object: { kind: 'Gateway', namespace, name },
      related: isKnown(own) ? [{ at: own.at, cluster, message: `${where} is ${onNetwork(own.value)}` }] : [],
      fixes: () => fixes,
    });
    const correct = (safe: boolean): readonly Fix[] =>
      !remote && isKnown(own) && own.value !== ''
        ? [
            {
              title: `Set ${NETWORK_LABEL}: ${own.value} on the Gateway`,
              safe,
              preferred: true,
              edits: () => [setLabel(gateway, NETWORK_LABEL, own.value)],
            },
          ]
        : [];
    if (label === undefined || (isKnown(label) && label.value === '')) {
      const infrastructure = knownValue(gateway.infrastructureLabels)?.entries.has(NETWORK_LABEL) ?? false;
      const why = infrastructure
        ? 'The label in spec.infrastructure.labels does not count.'
        : remote
          ? 'istiod does not know which network it leads to, so it does not use it.'
          : 'Other clusters do not find it.';
      const finding = make(
        'missing',
        labelPlace(gateway, NETWORK_LABEL),
        `has no label ${NETWORK_LABEL}. ${why}`,
        correct(true),
      );
      yield label === undefined && isWeak(mesh, cluster, 'Gateway', 'istio-east-west')
        ? { ...finding, severity: 'hint' }
        : finding;
      return;
    }
    if (!isKnown(label) || !isKnown(own)) return;
    if (!remote) {
      if (label.value === own.value) return;
      yield make(
        'differs',
        label.at,
        `is labelled with network ${shownValue(label.value)}, but the cluster is ${onNetwork(own.value)}. Other clusters send it the traffic for ${shownValue(label.value)}.`,
        correct(false),
      );
      return;
    }
    const others = mesh.clusters.filter(({ id }) => id !== cluster).map(({ id }) => mesh.network(id).effective);
    const peers = others.filter(isKnown);
    if (label.value === own.value) {
      yield make(
        'own-network',
        label.at,
        `stands for the gateway of another network, but is labelled with ${label.value}, the network of its own cluster. istiod does not use it.`,
        [],
      );
    } else if (
      peers.length > 0 &&
      peers.length === others.length &&
      !peers.some((peer) => peer.value === label.value)
    ) {
      const known = listed([...new Set(peers.map((peer) => peer.value || 'no network'))].sort());
      const found = make(
        'unknown-network',
        label.at,
        `is labelled with network ${shownValue(label.value)}, but no cluster in this workspace is on it. The other clusters are on ${known}.`,
        [],
      );
      // A cluster that is not in the workspace may be on it, unless one that is cannot be reached otherwise.
      const reached = new Set(mesh.networkGateways(cluster).map(({ network }) => network));
      const isWrong = mesh.complete(cluster, 'Gateway') || peers.some((peer) => !reached.has(peer.value));
      yield isWrong ? found : { ...found, severity: 'hint' };
    }
  },
});
