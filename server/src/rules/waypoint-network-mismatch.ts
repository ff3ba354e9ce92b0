/** A waypoint that is said to be on another network than its cluster, or that is taken for a gateway between networks. */
import { sameAnchor } from '../base/anchor.ts';
import { isKnown, knownValue } from '../facts/field.ts';
import type { GatewayObject, LabelValue } from '../facts/objects.ts';
import type { ClusterId } from '../layout/layout.ts';
import { controllerOf } from '../mesh/gateway-classes.ts';
import { isManaged } from '../mesh/generated-services.ts';
import type { Mesh } from '../mesh/model.ts';
import { NETWORK_LABEL } from '../mesh/network.ts';
import { hasReadAddress } from '../mesh/network-gateways.ts';
import { type Finding, type Fix, rule } from './rule.ts';
import { takesPart } from './shared/taking-part.ts';
import { MULTI_NETWORK_DOCS, nameOf, onNetwork } from './shared/wording.ts';

export const waypointNetworkMismatch = rule({
  id: 'waypoint-network-mismatch',
  summary: 'A waypoint must be on the network of its cluster.',
  why: 'Istio puts the label `topology.istio.io/network` of a waypoint on its Pods, and its value into their `ISTIO_META_NETWORK`; without the label it takes `global.network`. A waypoint with the network of another cluster reaches the Pods of its own cluster through the east-west gateway only, if at all, and calls Pods of that other network directly, which it cannot reach. One without the label runs on no network if `global.network` is unset as well, which no rule reports, since it may be set on the command line: until Istio 1.29 it then calls the Pods of every network directly, and since 1.30 it goes through the east-west gateway of a network wherever there is one, even to Pods of its own cluster. With `spec.addresses` the label does something else: for Envoys (waypoints, gateways and sidecars) istiod treats every Gateway with the label, an IP address or a host name there, and an HBONE listener as a gateway of that network, whatever its class is, unless `PILOT_MULTI_NETWORK_DISCOVER_GATEWAY_API` is off. ztunnel is told only of Gateways of class `istio-east-west` in other clusters and `istio-remote` in its own, by the addresses in their status.',
  severity: 'error',
  otherwise: { warning: 'for a waypoint that is taken for an east-west gateway' },
  group: 'gateway',
  limitation: 1,
  since: '1.27',
  reads: ['Gateway', 'GatewayClass', 'Namespace', 'Install', 'Service', 'Workload'],
  fix: 'both',
  howToFix:
    'Remove the label from the waypoint: Istio sets it on what it generates. Where `global.network` is not set, write the network of the cluster.',
  whenToSilence: "If the network of istiod's namespace is about to be changed to that of the waypoint.",
  docs: MULTI_NETWORK_DOCS,
  references: [
    'manifests/charts/istio-control/istio-discovery/files/waypoint.yaml:186-190',
    'pilot/pkg/config/kube/gatewaycommon/deploymentcontroller.go:488-492',
    'pilot/pkg/xds/endpoints/ep_filters.go:122-160',
    'pilot/pkg/model/context.go:443-447',
    'https://github.com/istio/istio/pull/58613',
    'pilot/pkg/serviceregistry/kube/controller/network.go:85-88, 366-446',
    'pilot/pkg/serviceregistry/ambient/networks.go:248-330',
    'https://github.com/deckhouse/deckhouse/pull/22770',
  ],
  per: 'gateway',
  *check(mesh, { cluster, namespace, name }) {
    const gateway = mesh.object(cluster, 'Gateway', namespace, name);
    if (gateway === undefined || !mesh.multicluster || !takesPart(mesh, cluster)) return;
    if (controllerOf(mesh, cluster, gateway, mesh.version(cluster)) !== 'waypoint') return;
    const used = usedLabel(gateway);
    const own = isKnown(used) ? mesh.network(cluster).effective : undefined;
    if (isKnown(used) && isKnown(own) && used.value !== '' && used.value !== own.value) {
      yield about(mesh, cluster, gateway, {
        check: 'differs',
        at: used.at,
        message: `runs with network ${used.value}, but the cluster is ${onNetwork(own.value)}. It reaches the Pods of its own cluster through the east-west gateway only, if at all, and calls those of ${used.value} directly.`,
        related: [{ at: own.at, cluster, message: `${nameOf(mesh, cluster)} is ${onNetwork(own.value)}` }],
        fixes: () => correctFixes(mesh, cluster, gateway, used, own.value),
      });
      return;
    }
    const label = gateway.labels.entries.get(NETWORK_LABEL);
    if (!isKnown(label) || label.value === '' || !isTakenForGateway(gateway)) return;
    yield about(mesh, cluster, gateway, {
      check: 'gateway',
      severity: 'warning',
      at: label.at,
      message: `has the label ${NETWORK_LABEL} and spec.addresses, so istiod takes it for an east-west gateway of ${label.value}. Envoys on other networks may send their traffic to it.`,
      related: [],
      fixes: () => removeFix(mesh, cluster, gateway, label),
    });
  },
});

function about(
  mesh: Mesh,
  cluster: ClusterId,
  gateway: GatewayObject,
  statement: Pick<Finding, 'check' | 'severity' | 'at' | 'message' | 'related' | 'fixes'>,
): Finding {
  const namespace = knownValue(gateway.namespace) ?? '';
  const name = gateway.name.value;
  return {
    ...statement,
    ofCluster: cluster,
    message: `Waypoint ${namespace}/${name} in ${nameOf(mesh, cluster)} ${statement.message}`,
    clusters: [cluster],
    object: { kind: 'Gateway', namespace, name },
  };
}

/**
 * The label that reaches the Pods. With `spec.infrastructure.labels` it is the one there, unless the Gateway itself has none: then
 * `global.network` is written over it (deploymentcontroller.go:488-492, `setLabelOverrides`).
 */
function usedLabel(gateway: GatewayObject): LabelValue | undefined {
  const { labels, infrastructureLabels } = gateway;
  const label = labels.entries.get(NETWORK_LABEL);
  if (label === undefined || !isManaged(gateway)) return undefined;
  return infrastructureLabels === undefined ? label : knownValue(infrastructureLabels)?.entries.get(NETWORK_LABEL);
}

function isTakenForGateway(gateway: GatewayObject): boolean {
  const hbone = knownValue(gateway.listeners)?.some(({ protocol }) => knownValue(protocol) === 'HBONE') ?? false;
  return hbone && hasReadAddress(gateway);
}

function correctFixes(
  mesh: Mesh,
  cluster: ClusterId,
  gateway: GatewayObject,
  label: LabelValue,
  own: string,
): readonly Fix[] {
  const addressed = isTakenForGateway(gateway);
  const set: Fix = {
    title: `Set ${NETWORK_LABEL}: ${own} on the waypoint`,
    safe: true,
    preferred: !addressed,
    edits: () => [{ op: 'set', at: label.at, value: own }],
  };
  // What several clusters read from one place has no value that is right for all of them.
  const alone = clustersReading(mesh, cluster, gateway, label).length === 1;
  return [
    ...(alone && own !== '' ? [set] : []),
    ...removeFix(mesh, cluster, gateway, label).map((fix) => ({ ...fix, preferred: addressed || !alone })),
  ];
}

/** Without the label Istio uses `global.network`: offered unless that is known to be wrong, safe where it is known to be right. */
function removeFix(mesh: Mesh, cluster: ClusterId, gateway: GatewayObject, label: LabelValue): readonly Fix[] {
  const networks = clustersReading(mesh, cluster, gateway, label).map((id) => mesh.network(id));
  const wrong = networks.some(
    ({ global, effective }) => isKnown(global) && isKnown(effective) && global.value !== effective.value,
  );
  if (wrong) return [];
  const safe = networks.every(({ global, effective }) => isKnown(global) && isKnown(effective));
  return [
    {
      title: `Remove the label ${NETWORK_LABEL} from the waypoint`,
      safe,
      preferred: true,
      edits: () => [{ op: 'remove', at: label.at }],
    },
  ];
}

/** The clusters whose waypoint has its label from this place: several where it is written in a base. */
function clustersReading(
  mesh: Mesh,
  cluster: ClusterId,
  { namespace, name }: GatewayObject,
  label: LabelValue,
): readonly ClusterId[] {
  return mesh.clusters
    .map(({ id }) => id)
    .filter((id) => {
      const other = mesh.object(id, 'Gateway', knownValue(namespace) ?? '', name.value);
      const places = other === undefined ? [] : [usedLabel(other), other.labels.entries.get(NETWORK_LABEL)];
      return id === cluster || places.some((place) => place !== undefined && sameAnchor(place.at, label.at));
    });
}
