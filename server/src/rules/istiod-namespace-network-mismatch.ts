/** The namespace of istiod without the network label, or with another network than istiod was installed with. */

import { sameAnchor } from '../base/anchor.ts';
import { type Field, isKnown, knownValue } from '../facts/field.ts';
import type { NamespaceObject } from '../facts/objects.ts';
import { labelPlace } from '../facts/read-labels.ts';
import type { Cluster } from '../layout/layout.ts';
import type { Mesh } from '../mesh/model.ts';
import { istioNamespace, NETWORK_LABEL } from '../mesh/network.ts';
import { type Finding, type Fix, rule } from './rule.ts';
import { additions } from './shared/copy-object.ts';
import { settingEdit } from './shared/edits-for.ts';
import { setLabel } from './shared/label-edits.ts';
import { isLabelValue } from './shared/refused-labels.ts';
import { isWeak } from './shared/taking-part.ts';
import {
  clusterOf,
  filledInAt,
  isNotString,
  listed,
  MULTI_NETWORK_DOCS,
  quotesFor,
  shownValue,
  WHILE_UNREAD,
} from './shared/wording.ts';

export const istiodNamespaceNetworkMismatch = rule({
  id: 'istiod-namespace-network-mismatch',
  summary: 'The namespace of istiod must carry the network of its cluster.',
  why: 'istiod takes the network of a cluster from the label `topology.istio.io/network` of that namespace, its own as well as those of other clusters. `global.network` only reaches proxies (gateways, waypoints and, in an IstioOperator, ztunnel); `istioctl install` labels the namespace with it only if it creates the namespace, Helm and the Sail operator never do. ztunnel looks Services up in the network of its own setting: if that is another one, it finds none, so it bypasses their waypoints and refuses connections to Pods on other networks.',
  severity: 'error',
  otherwise: {
    warning: 'for a missing label, if no other cluster has it in the workspace either: it may be set by a script',
    hint: WHILE_UNREAD,
  },
  group: 'network',
  limitation: 1,
  since: '1.27',
  reads: ['Namespace', 'Install', 'Gateway', 'Service', 'Workload'],
  fix: 'both',
  howToFix: 'Label the namespace of istiod with `topology.istio.io/network` and the value of `global.network`.',
  whenToSilence: 'If a script labels the namespace.',
  docs: MULTI_NETWORK_DOCS,
  references: [
    'pilot/pkg/serviceregistry/ambient/networks.go:69-112',
    'operator/pkg/install/install.go:97-104',
    'ztunnel src/proxy/outbound.rs:599-606, 651-659, 685-704',
  ],
  per: 'cluster',
  *check(mesh, { cluster: id }) {
    const cluster = clusterOf(mesh, id);
    if (cluster === undefined || !mesh.multicluster || !mesh.ambient(id)) return;
    const { namespaceLabel, namespace, global, ztunnel } = mesh.network(id);
    if (namespace === undefined) yield* absentNamespace(mesh, cluster);
    if (namespace === undefined || namespace.labels.open) return;
    const where = `Namespace ${namespace.name.value} (${cluster.name})`;
    const network = knownValue(ztunnel);
    const base = {
      ofCluster: id,
      clusters: [id],
      object: { kind: 'Namespace', namespace: null, name: namespace.name.value },
    } as const;
    const label = namespace.labels.entries.get(NETWORK_LABEL);
    if (label?.notString !== undefined && label.notString !== 'null') {
      yield {
        ...base,
        check: 'type',
        message: `${where} has a label ${NETWORK_LABEL} that ${isNotString(label.notString)}. The API server refuses the object; ${quotesFor(label)}.`,
        at: filledInAt(label) ?? label.at,
        related: statedAt(id, [global, ztunnel]),
        fixes: () => {
          const value = agreed([global, ztunnel]) ?? knownValue(label);
          return value === undefined ? [] : labelFixes(namespace, value, 'Set', true);
        },
      };
      return;
    }
    const isEmpty = isKnown(namespaceLabel) && namespaceLabel.value === '';
    if (namespaceLabel === undefined || isEmpty) {
      const expected = agreed([global, ztunnel]);
      if (isEmpty && expected === undefined) return;
      const peers = mesh.clusters.filter(
        (peer) => peer.id !== id && mesh.network(peer.id).namespaceLabel !== undefined,
      );
      // Where no setting tells a network the label may be written elsewhere, unless the other clusters have theirs here.
      if (expected === undefined && peers.length === 0 && !mesh.complete(id, 'Namespace')) return;
      const decisive = peers.length > 0 || mesh.complete(id, 'Namespace');
      const consequence =
        network === undefined || network === ''
          ? `The other clusters see ${cluster.name} on no network.`
          : `ztunnel there runs with ${network} and finds no Service by its address: requests bypass waypoints, and those to Pods on other networks fail.`;
      yield {
        ...base,
        ...(isWeak(mesh, id, 'Namespace', 'namespace-network')
          ? { severity: 'hint' as const }
          : decisive
            ? {}
            : { severity: 'warning' as const }),
        check: 'missing',
        message: `${where} has ${isEmpty ? 'an empty' : 'no'} label ${NETWORK_LABEL}. ${consequence}`,
        at: namespaceLabel?.at ?? labelPlace(namespace, NETWORK_LABEL),
        related: statedAt(id, [global, ztunnel]),
        fixes: () => (expected === undefined ? [] : labelFixes(namespace, expected, isEmpty ? 'Set' : 'Add', true)),
      };
      return;
    }
    if (!isKnown(namespaceLabel)) return;
    if (global === undefined && isAlone(mesh, id, namespaceLabel.value, network)) {
      const labelledWith = shownValue(namespaceLabel.value);
      yield {
        ...base,
        check: 'differs',
        message: `${where} is labelled with network ${labelledWith}, but ztunnel and the east-west gateway there have ${network}. istiod sees the cluster on ${labelledWith}: ztunnel finds no Service by its address, and other clusters find no gateway of that network.`,
        at: namespaceLabel.at,
        related: statedAt(id, [global, ztunnel]),
        fixes: () => labelFixes(namespace, network, 'Set', false),
      };
      return;
    }
    if (!isKnown(global) || global.value === '' || namespaceLabel.value === global.value) return;
    // What ztunnel agrees with is hardly what is wrong, what another cluster has hardly right.
    const isGlobal =
      network === namespaceLabel.value ||
      (isOfAnother(mesh, id, global.value) && !isOfAnother(mesh, id, namespaceLabel.value));
    const [labelledWith, installed] = [namespaceLabel.value, global.value].map(shownValue);
    const labelled = { at: namespaceLabel.at, cluster: id, message: `${where} has network ${labelledWith}` };
    yield {
      ...base,
      check: 'differs',
      message: `${where} is labelled with network ${labelledWith}, but istiod there was installed with ${installed}. istiod sees the cluster on ${labelledWith}, but waypoints and gateways without a label of their own run with ${installed}.`,
      at: isGlobal ? global.at : namespaceLabel.at,
      related: isGlobal ? [labelled, ...statedAt(id, [undefined, ztunnel])] : statedAt(id, [global, ztunnel]),
      fixes: () => networkFixes(mesh, cluster, namespace, namespaceLabel.value, global.value, isGlobal),
    };
  },
});

/**
 * The Namespace is nowhere in a workspace that is said to hold all of them: Helm and the Sail operator make it without a label. `istioctl`
 * labels the one that it makes (operator/pkg/install/install.go:97-104).
 */
function* absentNamespace(mesh: Mesh, cluster: Cluster): Iterable<Finding> {
  const { id, install } = cluster;
  const { global, ztunnel } = mesh.network(id);
  const network = agreed([global, ztunnel]);
  const stated = isKnown(global) ? global : ztunnel;
  if (!mesh.complete(id, 'Namespace') || !install.hasIstiod || install.forms.has('istio-operator')) return;
  if (network === undefined || !isKnown(stated)) return;
  const name = istioNamespace(cluster);
  const value = { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { [NETWORK_LABEL]: network } } };
  const like = mesh.clusters.flatMap((peer) => mesh.network(peer.id).namespace ?? [])[0];
  yield {
    ofCluster: id,
    check: 'missing',
    clusters: [id],
    object: { kind: 'Namespace', namespace: null, name },
    message: `Namespace ${name} (${cluster.name}) is not in this workspace, so nothing gives it the label ${NETWORK_LABEL}. The other clusters see ${cluster.name} on no network.`,
    at: stated.at,
    related: [],
    fixes: () => {
      const edits = additions(mesh, [id], name, value, like?.at);
      const title = `Create Namespace ${name} with ${NETWORK_LABEL}: ${network} in ${cluster.name}`;
      return edits === undefined ? [] : [{ title, safe: false, preferred: true, edits: () => edits }];
    },
  };
}

/**
 * Both ways to agree; the one that ztunnel and the east-west gateways agree with already is preferred, unless their network is that of
 * another cluster, from which they were copied.
 */
function networkFixes(
  mesh: Mesh,
  cluster: Cluster,
  namespace: NamespaceObject,
  label: string,
  global: string,
  isGlobal: boolean,
): readonly Fix[] {
  const { id, name } = cluster;
  const ztunnel = knownValue(mesh.network(id).ztunnel);
  const gateways = eastwestGateways(mesh, id);
  const labelled = gateways.filter(({ network }) => network === label);
  const hasLabel = isGlobal || (labelled.length > 0 && !gateways.some(({ network }) => network === global));
  if (hasLabel && isOfAnother(mesh, id, label) && isLabelValue(global)) {
    const title = `Set ${NETWORK_LABEL}: ${global} on ${listed([namespace, ...labelled.map(({ gateway }) => gateway)].map((object) => `${object.kind} ${object.name.value}`))} in ${name}`;
    const edits = () => [
      setLabel(namespace, NETWORK_LABEL, global),
      ...labelled.map(({ gateway }) => setLabel(gateway, NETWORK_LABEL, global)),
    ];
    return [{ title, safe: false, preferred: true, edits }];
  }
  const byLabel = labelFixes(namespace, global, 'Set', ztunnel === global && !hasLabel);
  const { network: place, ztunnelNetwork } = cluster.install.places;
  if ((!hasLabel && byLabel.length > 0) || place === undefined) return byLabel;
  const setting: Fix = {
    title: `Set global.network to ${shownValue(label)} in ${name}`,
    safe: ztunnel === label,
    preferred: true,
    edits: () =>
      [place, ...(ztunnel === global && ztunnelNetwork !== undefined ? [ztunnelNetwork] : [])].map((one) =>
        settingEdit(one, label),
      ),
  };
  return [setting, ...byLabel.map(({ preferred: _, ...other }) => other)];
}

function eastwestGateways(mesh: Mesh, id: Cluster['id']) {
  return mesh
    .objects(id, 'Gateway')
    .filter(({ className }) => knownValue(className) === 'istio-east-west')
    .map((gateway) => ({ gateway, network: knownValue(gateway.labels.entries.get(NETWORK_LABEL)) }));
}

/** True if nothing has the network of the label, but ztunnel and all east-west gateways have one that is no other cluster's. */
function isAlone(mesh: Mesh, id: Cluster['id'], label: string, network: string | undefined): network is string {
  const gateways = eastwestGateways(mesh, id);
  const isTaken = (): boolean =>
    mesh.clusters.some((peer) => peer.id !== id && knownValue(mesh.network(peer.id).effective) === network);
  return (
    network !== undefined &&
    !['', label].includes(network) &&
    gateways.length > 0 &&
    gateways.every((one) => one.network === network) &&
    !isTaken()
  );
}

/** True for the network that another cluster is installed with. */
function isOfAnother(mesh: Mesh, id: Cluster['id'], network: string): boolean {
  return mesh.clusters.some((peer) => peer.id !== id && knownValue(mesh.network(peer.id).global) === network);
}

/** None where the API server would refuse the label. */
function labelFixes(namespace: NamespaceObject, value: string, verb: 'Add' | 'Set', safe: boolean): readonly Fix[] {
  if (!isLabelValue(value)) return [];
  return [
    {
      title: `${verb} ${NETWORK_LABEL}: ${shownValue(value)} ${verb === 'Add' ? 'to' : 'on'} Namespace ${namespace.name.value}`,
      safe,
      preferred: true,
      edits: () => [setLabel(namespace, NETWORK_LABEL, value)],
    },
  ];
}

/** The value that all known, non-empty fields agree on. */
function agreed(fields: readonly Field<string>[]): string | undefined {
  const values = new Set(fields.flatMap((field) => (isKnown(field) && field.value !== '' ? [field.value] : [])));
  return values.size === 1 ? [...values][0] : undefined;
}

function statedAt(cluster: string, [global, ztunnel]: readonly Field<string>[]) {
  return [
    ...(isKnown(global)
      ? [{ at: global.at, cluster, message: `istiod was installed ${withNetwork(global.value)}` }]
      : []),
    ...(isKnown(ztunnel) && !(isKnown(global) && sameAnchor(ztunnel.at, global.at))
      ? [{ at: ztunnel.at, cluster, message: `ztunnel runs ${withNetwork(ztunnel.value)}` }]
      : []),
  ];
}

function withNetwork(network: string): string {
  return network === '' ? 'without a network' : `with network ${shownValue(network)}`;
}
