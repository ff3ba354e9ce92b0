/** A cluster that is put on its network by `meshNetworks` alone, which nothing in ambient mode reads. */
import { keyOf } from '../base/anchor.ts';
import { type Field, isKnown, knownValue } from '../facts/field.ts';
import type { MeshNetwork } from '../facts/install.ts';
import type { Cluster, ClusterId } from '../layout/layout.ts';
import type { Mesh } from '../mesh/model.ts';
import { type Fix, rule } from './rule.ts';
import { inPlaces, networkEdits } from './shared/network-edits.ts';
import { takesPart } from './shared/taking-part.ts';
import { clusterOf, MULTI_NETWORK_DOCS, onNetwork } from './shared/wording.ts';

export const meshNetworksIneffective = rule({
  id: 'mesh-networks-ineffective',
  summary: 'The network of an ambient cluster must be set by labels, not by meshNetworks.',
  why: 'istiod reads `meshNetworks` only for the proxies: which network an endpoint is on that no label puts on one, and by which `gateways` sidecars reach other networks. For ambient mode istiod takes the network of a cluster from the label `topology.istio.io/network` of its namespace, ztunnel from its own setting `network`, and the gateways of other networks are found by their labels. Entries with `fromRegistry`, `fromCidr` or `gateways` change none of this.',
  severity: 'warning',
  group: 'network',
  limitation: 1,
  since: '1.27',
  reads: ['Install', 'Namespace', 'Gateway', 'Service', 'Workload'],
  fix: 'unsafe',
  howToFix:
    'Label the namespace of istiod with `topology.istio.io/network`, give ztunnel the same `network`, and label the east-west gateway with it. `meshNetworks` can stay for sidecars.',
  whenToSilence: 'If a script labels the namespace and sets the network of ztunnel.',
  docs: MULTI_NETWORK_DOCS,
  references: [
    'pilot/pkg/serviceregistry/ambient/networks.go:69-112',
    'pilot/pkg/serviceregistry/kube/controller/controller.go:376-393',
  ],
  per: 'cluster',
  *check(mesh, { cluster: id }) {
    const cluster = clusterOf(mesh, id);
    if (cluster === undefined || !mesh.multicluster || !takesPart(mesh, id)) return;
    const listed = knownValue(cluster.install.meshNetworks)?.filter(({ hasEntries }) => hasEntries) ?? [];
    const name = knownValue(cluster.install.clusterName);
    const own = listed.find(({ registries }) => registries.some(({ value }) => value === name));
    const network = own ?? listed[0];
    const actual = actualNetwork(mesh, cluster);
    if (network === undefined || actual === undefined || actual === own?.name) return;
    // Without an entry for this cluster the list contradicts nothing but a network that is not set at all.
    if (own === undefined && actual !== '') return;
    const says = own === undefined ? `lists ${network.name}` : `assigns the cluster to ${network.name}`;
    yield {
      ofCluster: id,
      message: `meshNetworks of ${cluster.name} ${says}, but in ambient mode the cluster is ${onNetwork(actual)}. Neither ztunnel nor the discovery of ambient gateways reads meshNetworks.`,
      at: keyOf(network.at),
      clusters: [id],
      object: undefined,
      related: statedAt(mesh, id),
      fixes: () => fixes(mesh, cluster, own),
    };
  },
});

/** The network of the cluster, '' if it is certain to have none; undefined if that cannot be known. */
function actualNetwork(mesh: Mesh, { id, install }: Cluster): string | undefined {
  const { effective, ztunnel } = mesh.network(id);
  const stated: Field<string> = effective ?? ztunnel;
  if (stated !== undefined) return isKnown(stated) ? stated.value : undefined;
  return install.ztunnel !== undefined && install.defaulted.has('ztunnel.network') ? '' : undefined;
}

function statedAt(mesh: Mesh, cluster: ClusterId) {
  const { effective } = mesh.network(cluster);
  return isKnown(effective)
    ? [{ at: effective.at, cluster, message: `the cluster is ${onNetwork(effective.value)}` }]
    : [];
}

/** Puts the cluster there by what counts, where the namespace of istiod is written without a network. */
function fixes(mesh: Mesh, cluster: Cluster, own: MeshNetwork | undefined): readonly Fix[] {
  const { namespace, namespaceLabel } = mesh.network(cluster.id);
  if (own === undefined || namespace === undefined || namespaceLabel !== undefined) return [];
  const edits = networkEdits(mesh, cluster, '', own.name);
  if (edits === undefined) return [];
  const title = `Put ${cluster.name} on network '${own.name}'${inPlaces(edits)}`;
  return [{ title, safe: false, preferred: true, edits: () => edits }];
}
