/** A ztunnel that runs with another network than its cluster. */
import { keyOf } from '../base/anchor.ts';
import { type Field, isKnown } from '../facts/field.ts';
import type { ZtunnelSettings } from '../facts/install.ts';
import type { Cluster } from '../layout/layout.ts';
import type { Mesh } from '../mesh/model.ts';
import { type Finding, rule } from './rule.ts';
import { settingEdit } from './shared/edits-for.ts';
import { takesPart } from './shared/taking-part.ts';
import { clusterOf, idleWords, MULTI_NETWORK_DOCS } from './shared/wording.ts';

export const ztunnelNetworkMismatch = rule({
  id: 'ztunnel-network-mismatch',
  summary: "ztunnel's network must be that of the namespace of istiod.",
  why: 'istiod tells ztunnel the addresses of Services together with the network in the label of its namespace. ztunnel looks up the Service behind an address in the network of its own setting `NETWORK`, which is `network` of its chart: if that is another one, it finds none. It then bypasses the waypoint of the Service, so that L7 policies and routes do not apply, and refuses connections to Pods on other networks, because an east-west gateway must be told the Service. Pods on its own network are reached as before: for them ztunnel takes the network that istiod gives the client. Waypoints and east-west gateways without a label `topology.istio.io/network` of their own get their network from `global.network` of istiod: where that of ztunnel is another one, one of the two is not the network of the namespace, whatever its label says.',
  severity: 'error',
  group: 'network',
  limitation: 1,
  since: '1.27',
  reads: ['Install', 'Namespace', 'Gateway', 'Service', 'Workload'],
  fix: 'both',
  howToFix:
    'Set `network` in the values of the ztunnel chart (`spec.values.ztunnel.network` in the Sail resource `ZTunnel`). In 1.27.0 and 1.27.1 the chart reads `global.network` only.',
  whenToSilence: 'If the value is set on the command line of Helm.',
  docs: MULTI_NETWORK_DOCS,
  references: [
    'ztunnel src/config.rs:39, 853',
    'manifests/charts/istio-control/istio-discovery/files/waypoint.yaml',
    'pilot/pkg/config/kube/gatewaycommon/deploymentcontroller.go:488-492',
    'ztunnel src/proxy/outbound.rs:599-606, 651-659, 685-704',
    'manifests/charts/ztunnel/templates/daemonset.yaml',
    'https://github.com/istio/istio/pull/57881',
  ],
  per: 'cluster',
  *check(mesh, { cluster: id }) {
    const cluster = clusterOf(mesh, id);
    const ztunnel = cluster?.install.ztunnel;
    if (cluster === undefined || ztunnel === undefined || !mesh.multicluster || !takesPart(mesh, id)) return;
    const { namespaceLabel } = mesh.network(id);
    if (!isKnown(namespaceLabel)) yield* againstIstiod(mesh, cluster, ztunnel.network);
    if (!isKnown(namespaceLabel) || namespaceLabel.value === '') return;
    if (!lacksNetwork(mesh, cluster) && (!isKnown(ztunnel.network) || ztunnel.network.value === namespaceLabel.value))
      return;
    const place = cluster.install.places.ztunnelNetwork;
    const has = isKnown(ztunnel.network)
      ? `runs with network ${ztunnel.network.value}`
      : `has no network${whyNone(ztunnel, place !== undefined)}`;
    yield {
      ofCluster: id,
      message: `ztunnel in ${cluster.name} ${has}, but the cluster is on ${namespaceLabel.value}. It finds no Service by its address, so requests bypass waypoints, and those to Pods on other networks fail.`,
      at: isKnown(ztunnel.network) ? ztunnel.network.at : idlePlace(ztunnel, place !== undefined),
      clusters: [id],
      object: undefined,
      related: [{ at: namespaceLabel.at, cluster: id, message: `${cluster.name} is on ${namespaceLabel.value}` }],
      fixes: () =>
        place === undefined
          ? []
          : [
              {
                title: `Set ztunnel's network to ${namespaceLabel.value} in ${cluster.name}`,
                safe: true,
                preferred: true,
                edits: () => [settingEdit(place, namespaceLabel.value)],
              },
            ],
    };
  },
});

/** Where a network is written that the chart does not read, or the version whose chart reads none. */
function idlePlace({ idle, idleNetwork, istioVersion, at }: ZtunnelSettings, canBeSet: boolean): Finding['at'] {
  if (!canBeSet && idleNetwork !== undefined && isKnown(istioVersion)) return istioVersion.at;
  const place = idleNetwork ?? idle;
  return place === undefined ? at : keyOf(place);
}

/** The charts before 1.27 read no network, and those of 1.27.0 and 1.27.1 nothing but `global.network` (1.27.2: istio/istio#57881). */
function whyNone(ztunnel: ZtunnelSettings, canBeSet: boolean): string {
  if (ztunnel.idleNetwork === undefined) return idleWords(ztunnel, ' (', ')');
  return ` (before ${canBeSet ? '1.27.2 the ztunnel chart reads only global.network' : '1.27 the ztunnel chart reads none'})`;
}

/** True if nothing sets the network of ztunnel, though its cluster is on one. */
export function lacksNetwork(mesh: Mesh, { id, install: { ztunnel, defaulted } }: Cluster): boolean {
  const { namespaceLabel } = mesh.network(id);
  const isOnNetwork = isKnown(namespaceLabel) && namespaceLabel.value !== '';
  return isOnNetwork && ztunnel !== undefined && ztunnel.network === undefined && defaulted.has('ztunnel.network');
}

/**
 * What the namespace says is not known; but ztunnel must agree with it (outbound.rs:599-606), and so must `global.network`, which gateways
 * and waypoints run with (waypoint.yaml, deploymentcontroller.go:488-492): two that differ cannot both be right.
 */
function* againstIstiod(mesh: Mesh, { id, name, install }: Cluster, network: Field<string>): Iterable<Finding> {
  const { global } = mesh.network(id);
  if (!isKnown(global) || !isKnown(network) || [global.value, network.value].includes('')) return;
  if (global.value === network.value) return;
  const place = install.places.ztunnelNetwork;
  yield {
    check: 'istiod',
    ofCluster: id,
    message: `ztunnel in ${name} runs with network ${network.value}, but istiod there was installed with ${global.value}. Both must be the network that istiod's namespace is labelled with: else ztunnel finds no Service by its address, or waypoints run on another network.`,
    at: network.at,
    clusters: [id],
    object: undefined,
    related: [{ at: global.at, cluster: id, message: `istiod was installed with network ${global.value}` }],
    fixes: () =>
      place === undefined
        ? []
        : [
            {
              title: `Set ztunnel's network to ${global.value} in ${name}`,
              safe: false,
              preferred: true,
              edits: () => [settingEdit(place, global.value)],
            },
          ],
  };
}
