/** Several gateways for one network: only one of them is used. */

import { type Anchor, sameAnchor } from '../base/anchor.ts';
import { copiesOf } from '../base/copied-name.ts';
import { addTo } from '../base/remember.ts';
import { isKnown, isUnknown, knownValue } from '../facts/field.ts';
import type { GatewayObject } from '../facts/objects.ts';
import { labelPlace } from '../facts/read-labels.ts';
import type { Cluster, ClusterId } from '../layout/layout.ts';
import type { Mesh, NetworkGateway } from '../mesh/model.ts';
import { NETWORK_LABEL } from '../mesh/network.ts';
import { splitKey } from '../mesh/object-key.ts';
import { type Finding, rule } from './rule.ts';
import { isSolosGateway } from './shared/solo.ts';
import { takesPart } from './shared/taking-part.ts';
import { clusterOf, listed, MULTI_NETWORK_DOCS } from './shared/wording.ts';

export const eastwestGatewayDuplicate = rule({
  id: 'eastwest-gateway-duplicate',
  summary: 'A network should have a single ambient east-west gateway.',
  why: 'For a network that it is not on, istiod gives ztunnel a single gateway per Service. If it finds several it logs `Multiple gateways found for network` and takes the first of a list without order, so for ztunnel a second gateway brings neither capacity nor failover, and another one may be used after a restart of istiod. Only waypoints, and ingress gateways that call other networks, divide their requests among those in the cluster of the Pods.',
  severity: 'warning',
  group: 'gateway',
  limitation: null,
  since: '1.27',
  reads: ['Gateway', 'Namespace', 'Install', 'Service', 'Workload'],
  fix: 'none',
  howToFix:
    'Keep one Gateway of class `istio-east-west` per network and scale its Deployment instead. Where two clusters carry the same label by mistake, give each the network of its own cluster. A Gateway of class `istio-remote` should have one address.',
  whenToSilence:
    'While one gateway replaces another, or if both lead to the same place and it does not matter which one is used.',
  docs: MULTI_NETWORK_DOCS,
  references: [
    'pilot/pkg/serviceregistry/ambient/multicluster.go:351-365',
    'pilot/pkg/serviceregistry/ambient/ambientindex.go:831-837',
    'pkg/kube/krt/mergejoin.go:71-86',
    'pilot/pkg/xds/endpoints/ep_filters.go:181, 287-315',
    'https://github.com/istio/istio/issues/56960',
    'https://github.com/istio/istio/issues/59273',
  ],
  per: 'mesh',
  *check(mesh) {
    if (!mesh.multicluster) return;
    const viewers = mesh.clusters
      .filter(({ id }) => takesPart(mesh, id))
      .map((cluster) => ({ cluster, gateways: gatewaysElsewhere(mesh, cluster.id) }));
    const networks = new Set(viewers.flatMap(({ gateways }) => [...gateways.keys()]));
    for (const network of [...networks].sort()) {
      yield* offeredTwice(mesh, viewers, network);
      for (const viewer of viewers) yield* writtenTwice(mesh, viewer, network);
    }
  },
});

/** A cluster, and the gateways that it knows for each network that is not its own: several, or such as it writes itself. */
interface Viewer {
  readonly cluster: Cluster;
  readonly gateways: ReadonlyMap<string, readonly NetworkGateway[]>;
}

function gatewaysElsewhere(mesh: Mesh, viewer: ClusterId): Viewer['gateways'] {
  const own = knownValue(mesh.network(viewer).effective);
  const gateways = new Map<string, NetworkGateway[]>();
  for (const gateway of mesh.networkGateways(viewer)) {
    if (gateway.network !== own) addTo(gateways, gateway.network, gateway);
  }
  for (const [network, [one, ...others]] of gateways)
    if (others.length === 0 && one?.cluster !== viewer) gateways.delete(network);
  return gateways;
}

/** A gateway with the cluster that it is written in. */
interface Member {
  readonly cluster: Cluster;
  readonly gateway: GatewayObject;
  readonly key: string;
  readonly at: Anchor;
}

/** Gateways of class istio-east-west that a cluster finds in others. */
function* offeredTwice(mesh: Mesh, viewers: readonly Viewer[], network: string): Iterable<Finding> {
  const members = new Map<string, Member>();
  const seeing: string[] = [];
  for (const { cluster: viewer, gateways } of viewers) {
    const offered = gateways.get(network)?.filter(({ cluster }) => cluster !== viewer.id) ?? [];
    if (offered.length < 2) continue;
    const seen = membersOf(mesh, offered).filter(({ cluster }) => isOnItsOwn(mesh, cluster, network));
    if (seen.length < 2) continue;
    seeing.push(viewer.name);
    for (const member of seen) members.set(`${member.cluster.id}\n${member.key}`, member);
  }
  if (members.size < 2) return;
  const ordered = inOrder(mesh, network, [...members.values()]);
  const clusters = [...new Set(ordered.map(({ cluster }) => cluster))];
  const each = ordered.map(({ key, cluster }) => (clusters.length === 1 ? key : `${key} in ${cluster.name}`));
  const where = clusters.length === 1 ? ` in ${clusters[0]?.name}` : '';
  const all = ordered.length === 2 ? 'both' : 'all';
  const message = `East-west gateways ${listed(each)}${where} are ${all} for ${network}. ztunnel in ${listed(seeing)} uses only one of them, and which one is not defined.`;
  yield finding(message, network, ordered);
}

/** Addresses of gateways of class istio-remote that a cluster writes for itself. */
function* writtenTwice(mesh: Mesh, { cluster: viewer, gateways }: Viewer, network: string): Iterable<Finding> {
  const members = membersOf(mesh, gateways.get(network)?.filter(({ cluster }) => cluster === viewer.id) ?? []);
  if (members.some(({ gateway }) => isSolosGateway(gateway))) return;
  const addresses = members.flatMap(({ gateway }) => knownValue(gateway.addresses) ?? []);
  if (addresses.some(({ value }) => !isKnown(value))) return;
  const different = new Set(addresses.map(({ value }) => knownValue(value)));
  if (different.size < 2) return;
  const message = `${members.length === 1 ? 'Gateway' : 'Gateways'} ${listed(members.map(({ key }) => key))} in ${viewer.name} ${members.length === 1 ? 'gives' : 'give'} ${different.size} addresses for the gateway of ${network}. ztunnel there uses only one of them, and which one is not defined.`;
  yield { ...finding(message, `remote ${network}`, members), ofCluster: viewer.id };
}

function membersOf(mesh: Mesh, gateways: readonly NetworkGateway[]): readonly Member[] {
  return gateways.flatMap((found): readonly Member[] => {
    const { namespace, name } = splitKey(found.gateway);
    const cluster = clusterOf(mesh, found.cluster);
    const gateway = mesh.object(found.cluster, 'Gateway', namespace, name);
    if (cluster === undefined || gateway === undefined) return [];
    const at = labelPlace(gateway, NETWORK_LABEL);
    return [{ cluster, gateway, key: found.gateway, at }];
  });
}

/** False for the gateway of a cluster on another network: eastwest-network-mismatch says that its label is wrong. */
function isOnItsOwn(mesh: Mesh, { id }: Cluster, network: string): boolean {
  const { effective } = mesh.network(id);
  return takesPart(mesh, id) && !isUnknown(effective) && (effective === undefined || effective.value === network);
}

/** In the order of clusters, the reference first, and last those whose network was copied from another one. */
function inOrder(mesh: Mesh, network: string, members: readonly Member[]): readonly Member[] {
  const copies = copiesOf(network, members, ({ cluster }) => [cluster.id]);
  const rank = (member: Member): number => {
    if (member.cluster.id === mesh.reference) return -1;
    return mesh.clusters.indexOf(member.cluster) + (copies.has(member) ? mesh.clusters.length : 0);
  };
  return [...members].sort((a, b) => rank(a) - rank(b) || (a.key < b.key ? -1 : 1));
}

/** Stands at the second gateway; all are marked. */
function finding(message: string, check: string, members: readonly Member[]): Finding {
  const [first, second = first] = members as readonly [Member, ...Member[]];
  // Clusters that share the file are one place.
  const others = members.filter((member) => member !== second && !sameAnchor(member.at, second.at));
  return {
    check,
    message,
    at: second.at,
    clusters: [...new Set([second, ...members].map(({ cluster }) => cluster.id))],
    object: undefined,
    related: others.map(({ cluster, key, at }) => ({
      at,
      cluster: cluster.id,
      message: `Gateway ${key} in ${cluster.name}`,
      mirror: message,
    })),
    tie: others.length === 1,
  };
}
