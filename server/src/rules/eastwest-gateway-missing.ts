/** A cluster with global Services, but without a gateway through which other networks could reach them. */
import { sameData } from '../base/same-data.ts';
import { isKnown, isUnknown, knownValue } from '../facts/field.ts';
import type { GatewayObject } from '../facts/objects.ts';
import type { Cluster, ClusterId } from '../layout/layout.ts';
import type { Mesh } from '../mesh/model.ts';
import { istioNamespace, NETWORK_LABEL } from '../mesh/network.ts';
import { relation } from '../mesh/relation.ts';
import { type Finding, type Fix, rule } from './rule.ts';
import { gatewayManifest } from './shared/copy-object.ts';
import { keepDeleted } from './shared/deleted-object.ts';
import { EASTWEST_NAME, mayBeEastWest, newEastWestGateway } from './shared/eastwest-gateway.ts';
import { type ExportedService, exportedServices, isSeenBy } from './shared/exported-services.ts';
import { isWeak, takesPart } from './shared/taking-part.ts';
import { clusterOf, listed, MULTI_NETWORK_DOCS, WHILE_UNREAD } from './shared/wording.ts';

export const eastwestGatewayMissing = rule({
  id: 'eastwest-gateway-missing',
  summary: 'A cluster whose global Services are called from other networks must have an east-west gateway.',
  why: 'What runs on another network is reached through a gateway of that network only. istiod looks for one by its label `topology.istio.io/network`; where it finds none it logs `No network gateway found` and tells ztunnel of no endpoint there. Clients in that cluster are not affected; those of all others use the Pods of their own cluster, or fail.',
  severity: 'error',
  otherwise: {
    warning:
      "unless the cluster's files hold other Gateways, and those of another cluster its east-west gateway and the Service, or Gateways are declared to be complete",
    hint: WHILE_UNREAD,
  },
  group: 'gateway',
  limitation: null,
  since: '1.27',
  reads: ['Gateway', 'GatewayClass', 'Service', 'Namespace', 'Install', 'Workload'],
  fix: 'unsafe',
  howToFix:
    "Create a Gateway of class `istio-east-west` in the cluster, labelled with the cluster's network, with the HBONE listener that the example shows. A gateway that the other clusters cannot discover, or cannot reach on port 15008 of the address in its status (behind address translation, or deployed otherwise), is written in each of them as a Gateway of class `istio-remote`, with the label of its network, its address in `spec.addresses`, and an HBONE listener on the port to call. It must be in the namespace of that gateway and name its ServiceAccount in the annotation `gateway.istio.io/service-account`: ztunnel expects `<name>-istio-remote` otherwise, and refuses the connection.",
  whenToSilence: 'If the gateway is created outside of the workspace, as by `gen-eastwest-gateway.sh --ambient`.',
  docs: MULTI_NETWORK_DOCS,
  references: [
    'pilot/pkg/serviceregistry/ambient/multicluster.go:315-368',
    'pilot/pkg/serviceregistry/ambient/networks.go:248-334',
    'pilot/pkg/serviceregistry/kube/conversion.go:245-254',
    'pilot/pkg/serviceregistry/ambient/workloads.go:1389-1412',
    'samples/multicluster/gen-eastwest-gateway.sh',
  ],
  per: 'cluster',
  *check(mesh, { cluster: id }) {
    const cluster = clusterOf(mesh, id);
    const own = mesh.network(id).effective;
    if (cluster === undefined || cluster.install.ofSolo || !takesPart(mesh, id)) return;
    if (!isKnown(own) || own.value === '') return;
    const network = own.value;
    if (networksWithGateway(mesh).has(network)) return;
    const services = exportedServices(mesh, id);
    if (services.length === 0) return;
    const cutOff = mesh.clusters.filter((one) => isCutOff(mesh, one.id, network));
    const exported = services.filter((one) => cutOff.some((viewer) => isSeenBy(mesh, viewer.id, id, one)));
    const [first] = exported;
    if (first === undefined) return;
    const viewers = cutOff.filter((viewer) => services.some((one) => isSeenBy(mesh, viewer.id, id, one)));
    yield finding(mesh, cluster, { network, at: own.at }, viewers, first, exported.length);
  },
});

/** The networks on which there may be an east-west gateway. */
const networksWithGateway = relation((mesh): ReadonlySet<string | undefined> => {
  const having = mesh.clusters.filter((one) => mesh.objects(one.id, 'Gateway').some(mayBeEastWest));
  return new Set(having.map((one) => knownValue(mesh.network(one.id).effective)));
}, sameData);

const EAST_WEST: ReadonlySet<string> = new Set(['istio-east-west']);

/** True if a cluster is known to be on another network and has no way in sight into this one. */
function isCutOff(mesh: Mesh, viewer: ClusterId, network: string): boolean {
  const other = mesh.network(viewer).effective;
  if (!takesPart(mesh, viewer) || !isKnown(other) || other.value === network) return false;
  if (mesh.networkGateways(viewer).some((gateway) => gateway.network === network)) return false;
  // One that is written, but not complete, has its own finding.
  return !mesh.objects(viewer, 'Gateway').some(({ className, labels }) => {
    if (className !== undefined && knownValue(className) !== 'istio-remote') return isUnknown(className);
    const label = labels.entries.get(NETWORK_LABEL);
    return labels.open || isUnknown(label) || knownValue(label) === network;
  });
}

function keyOf({ namespace, name }: ExportedService): string {
  return `${namespace}/${name}`;
}

function finding(
  mesh: Mesh,
  cluster: Cluster,
  { network, at }: { readonly network: string; readonly at: Finding['at'] },
  viewers: readonly Cluster[],
  first: ExportedService,
  count: number,
): Finding {
  const { id, name } = cluster;
  const more = count === 1 ? '' : ` and ${count - 1} other global Service${count === 2 ? '' : 's'}`;
  const deleted = mesh.deleted(id, 'Gateway').find(({ className }) => knownValue(className) === 'istio-east-west');
  const weak = deleted === undefined && isWeak(mesh, id, 'Gateway', 'istio-east-west');
  const severity = weak ? 'hint' : isCertain(mesh, id, viewers, first) ? 'error' : 'warning';
  return {
    severity,
    ofCluster: id,
    message: `${name} has no east-west gateway in ${weak ? 'what could be read of ' : ''}this workspace${deleted === undefined ? '' : `: ${deleted.name.value} is deleted for it`}. Without one, ${listed(viewers.map((one) => one.name))} cannot reach Service ${keyOf(first)}${more} there: ztunnel gets no endpoint on ${network}.`,
    at: deleted?.at ?? at,
    clusters: [id, ...viewers.map((one) => one.id)],
    object: undefined,
    ...(deleted === undefined ? { lacks: { kind: 'Gateway', classes: EAST_WEST } } : {}),
    related: [{ at: first.service.name.at, cluster: id, message: `Service ${keyOf(first)} is global` }],
    // What was not read may hold the gateway.
    fixes: () => {
      if (weak) return [];
      const namespace = knownValue(deleted?.namespace);
      // One with the label of another cluster's network would take the traffic for that.
      if (deleted === undefined || namespace === undefined || !isOf(deleted, network))
        return fixes(mesh, cluster, network);
      const what = `east-west gateway ${namespace}/${deleted.name.value}`;
      return keepDeleted(what, name, [{ cluster: id, at: deleted.at, manifest: gatewayManifest(deleted) }]);
    },
  };
}

function isOf({ labels }: GatewayObject, network: string): boolean {
  return knownValue(labels.entries.get(NETWORK_LABEL)) === network;
}

/**
 * Gateways are often made by a script. That this one is missing is certain if the cluster's files hold Gateways, another cluster's hold
 * its east-west gateway, and that cluster has the Service too.
 */
function isCertain(mesh: Mesh, id: ClusterId, viewers: readonly Cluster[], { namespace, name }: ExportedService) {
  if (mesh.complete(id, 'Gateway')) return true;
  return (
    mesh.objects(id, 'Gateway').length > 0 &&
    mesh.clusters.some((one) => mesh.objects(one.id, 'Gateway').some(mayBeEastWest)) &&
    viewers.some((one) => mesh.serviceRow(one.id, namespace, name) !== undefined)
  );
}

function fixes(mesh: Mesh, cluster: Cluster, network: string): readonly Fix[] {
  const namespace = istioNamespace(cluster);
  const edits = newEastWestGateway(mesh, cluster, network);
  if (edits.length === 0) return [];
  return [
    {
      title: `Create east-west gateway ${namespace}/${EASTWEST_NAME} in ${cluster.name}`,
      safe: false,
      preferred: true,
      edits: () => edits,
    },
  ];
}
