/** A global Service with Pods that the mesh does not reach: what the east-west gateway hands over, they cannot read. */
import { has } from '../base/istio-version.ts';
import { isKnown, isUnknown, knownValue } from '../facts/field.ts';
import type { Labels, NamespaceObject, ServiceObject, WorkloadObject } from '../facts/objects.ts';
import type { ClusterId } from '../layout/layout.ts';
import type { ClusterName, Mesh } from '../mesh/model.ts';
import { relation } from '../mesh/relation.ts';
import { type LabelState, labelOf } from '../mesh/selectors.ts';
import { goParseBool } from '../yaml/scalar.ts';
import { setLabel } from './label-edits.ts';
import { pilotVariable } from './pilot-variables.ts';
import { type Finding, type Fix, rule } from './rule.ts';
import { isCertain, isWeak, onOneNetwork, ownScope, takesPart, wayBetween } from './taking-part.ts';
import { assumedVersion, clusterOf, listed, MULTICLUSTER_DOCS, nameOf, WHILE_UNREAD } from './wording.ts';
import { workloadsBySelector } from './workloads-by-selector.ts';

const DATAPLANE_MODE = 'istio.io/dataplane-mode';

/** Labels by which Pods get a sidecar: that is told by mixed-dataplane. */
const INJECTION = { namespace: ['istio-injection', 'istio.io/rev'], pod: ['sidecar.istio.io/inject', 'istio.io/rev'] };

const hasEnablementSelectors = relation(
  (mesh, cluster: ClusterId): boolean => clusterOf(mesh, cluster)?.install.enablementSelectors !== undefined,
);

export const globalServiceNotAmbient = rule({
  id: 'global-service-not-ambient',
  summary: 'The Pods of a global Service must be in the ambient mesh.',
  why: 'The east-west gateway ends the outer HBONE connection and forwards the inner one as it is. The ztunnel of the destination ends that one. A Pod that is not captured by ztunnel gets the bytes of HBONE instead of the request. A waypoint of the same cluster, to which the gateway hands requests first, ends the inner connection itself and calls such Pods in plain text; but since Istio 1.28 waypoints of other clusters send requests over networks too, and for those the gateway passes the waypoint over.',
  severity: 'error',
  otherwise: {
    warning: 'if the label is written nowhere: the documentation sets it with `kubectl`',
    hint: WHILE_UNREAD,
  },
  group: 'gateway',
  limitation: 6,
  since: '1.27',
  reads: ['Service', 'Namespace', 'Gateway', 'GatewayClass', 'Install', 'Workload'],
  fix: 'unsafe',
  howToFix: `Label the Namespace \`${DATAPLANE_MODE}: ambient\` and remove \`none\` from the Pods, or make the Service local.`,
  whenToSilence: 'If the label is set outside of the workspace, by `kubectl` or another tool.',
  docs: MULTICLUSTER_DOCS,
  references: [
    'pilot/pkg/networking/core/cluster_waypoint.go:201-218',
    'pilot/pkg/networking/core/listener_waypoint.go:499-533',
    'pilot/pkg/xds/endpoints/ep_filters.go:110-180',
    'pilot/pkg/xds/endpoints/endpoint_builder.go:807-873',
    'manifests/charts/istio-cni/values.yaml',
  ],
  per: 'namespace',
  *check(mesh, { cluster, name }) {
    if (!mesh.multicluster || !takesPart(mesh, cluster) || onOneNetwork(mesh)) return;
    const namespace = mesh.object(cluster, 'Namespace', '', name);
    if (namespace === undefined || isInjected(namespace.labels, INJECTION.namespace)) return;
    if (hasEnablementSelectors(mesh, cluster)) return;
    const services = mesh
      .objects(cluster, 'Service', name)
      .filter(
        (service) =>
          ownScope(mesh, cluster, name, service.name.value) === 'GLOBAL' &&
          callersOf(mesh, cluster, name, service.name.value) !== undefined,
      );
    if (services.length === 0) return;
    const mode = labelOf(namespace.labels, DATAPLANE_MODE);
    const served = servedWorkloads(mesh, cluster, name, services);
    const outside: WorkloadObject[] = [];
    for (const [workload, of] of served) {
      const reason = reasonOutside(workload, mode);
      if (reason === 'namespace') outside.push(workload);
      else if (reason !== undefined) yield podFinding(mesh, cluster, workload, of, reason);
    }
    if (outside.length > 0)
      yield namespaceFinding(mesh, cluster, namespace, served.get(outside[0] as WorkloadObject) ?? []);
  },
});

/**
 * Whose requests the east-west gateway hands to the Pods themselves. A waypoint of the cluster ends HBONE itself and calls Pods outside of
 * the mesh in plain text; but the gateway passes it over for what comes from a waypoint (listener_waypoint.go:511-533), and waypoints send
 * to the gateway whatever the Pods behind it are (ep_filters.go:120-180).
 */
function callersOf(
  mesh: Mesh,
  cluster: ClusterId,
  namespace: string,
  name: string,
): 'clients' | 'waypoints' | undefined {
  const judged = mesh.waypoint(cluster, namespace, name);
  if (!isCertain(mesh, cluster, judged)) return undefined;
  if (judged.reference === undefined) return 'clients';
  const sends = ({ id }: ClusterName): boolean =>
    id !== cluster &&
    takesPart(mesh, id) &&
    wayBetween(mesh, id, cluster) === 'between networks' &&
    crossesNetworks(mesh, id) &&
    ownScope(mesh, id, namespace, name) === 'GLOBAL' &&
    isCertain(mesh, id, mesh.waypoint(id, namespace, name)) &&
    mesh.waypoint(id, namespace, name).waypoint !== null;
  return crossesNetworks(mesh, cluster) && mesh.clusterNames.some(sends) ? 'waypoints' : undefined;
}

/** True if waypoints of a cluster certainly send requests to other networks. */
function crossesNetworks(mesh: Mesh, cluster: ClusterId): boolean {
  const install = clusterOf(mesh, cluster)?.install;
  const flag = install && pilotVariable(install, 'AMBIENT_ENABLE_MULTI_NETWORK_WAYPOINT');
  const isOn = flag === undefined || (isKnown(flag) && goParseBool(flag.value) !== false);
  return isOn && has(mesh.version(cluster), 'waypoint-crosses-networks');
}

/** The workloads behind global Services, each with the Services. */
function servedWorkloads(
  mesh: Mesh,
  cluster: ClusterId,
  namespace: string,
  services: readonly ServiceObject[],
): ReadonlyMap<WorkloadObject, readonly string[]> {
  const select = workloadsBySelector(mesh.objects(cluster, 'Workload', namespace));
  const served = new Map<WorkloadObject, string[]>();
  for (const { name, selector } of services) {
    for (const workload of select(knownValue(selector))) {
      // What is scaled to 0 has no endpoints; what else may scale it up (KEDA) is not told by the manifest.
      if (knownValue(workload.replicas) === 0) continue;
      served.set(workload, [...(served.get(workload) ?? []), name.value]);
    }
  }
  return served;
}

type Reason = 'namespace' | 'none' | 'host-network';

/** Why ztunnel does not capture a workload's Pods; undefined if it does, or if that is not known. */
function reasonOutside({ podLabels, hostNetwork }: WorkloadObject, mode: LabelState): Reason | undefined {
  if (isInjected(podLabels, INJECTION.pod)) return undefined;
  const own = labelOf(podLabels, DATAPLANE_MODE);
  if (own === 'unknown' || (own === 'absent' && mode === 'unknown') || isUnknown(hostNetwork)) return undefined;
  if (hostNetwork !== undefined && knownValue(hostNetwork) === true) return 'host-network';
  if (own !== 'absent' && own.value === 'none') return 'none';
  if (own !== 'absent' && own.value === 'ambient') return undefined;
  return mode !== 'absent' && mode !== 'unknown' && mode.value === 'ambient' ? undefined : 'namespace';
}

function isInjected(labels: Labels, keys: readonly string[]): boolean {
  return keys.some((key) => {
    const label = labels.entries.get(key);
    return label !== undefined && !(isKnown(label) && ['disabled', 'false'].includes(label.value));
  });
}

function podFinding(
  mesh: Mesh,
  cluster: ClusterId,
  workload: WorkloadObject,
  services: readonly string[],
  reason: 'none' | 'host-network',
): Finding {
  const { name, namespace, workloadKind, podLabels, hostNetwork } = workload;
  const label = podLabels.entries.get(DATAPLANE_MODE);
  const remove: Fix | undefined =
    reason === 'none' && label !== undefined
      ? { title: `Remove ${DATAPLANE_MODE}: none`, safe: false, edits: () => [{ op: 'remove', at: label.at }] }
      : undefined;
  const why =
    reason === 'none' ? 'opts out of the mesh' : 'uses the network of the host, where ztunnel captures nothing';
  return {
    check: 'pods',
    ofCluster: cluster,
    message: `${workloadKind} ${knownValue(namespace) ?? ''}/${name.value} in ${nameOf(mesh, cluster)} ${why}, but serves ${subjectOf(services)}. ${fate(mesh, cluster, knownValue(namespace) ?? '', services)}`,
    at: (reason === 'none' ? label?.at : hostNetwork?.at) ?? name.at,
    clusters: [cluster],
    object: { kind: workloadKind, namespace: knownValue(namespace) ?? null, name: name.value },
    related: [],
    fixes: () => (remove === undefined ? [] : [remove]),
  };
}

function namespaceFinding(
  mesh: Mesh,
  cluster: ClusterId,
  namespace: NamespaceObject,
  services: readonly string[],
): Finding {
  const name = namespace.name.value;
  const label = namespace.labels.entries.get(DATAPLANE_MODE);
  const peer = mesh.clusterNames.find(({ id }) => {
    const stated =
      id === cluster ? undefined : mesh.object(id, 'Namespace', '', name)?.labels.entries.get(DATAPLANE_MODE);
    return isKnown(stated) && stated.value === 'ambient';
  });
  // The documentation sets the label with kubectl: that it is written nowhere says little.
  const sure = label !== undefined || peer !== undefined || mesh.complete(cluster, 'Namespace');
  const weak = label === undefined && isWeak(mesh, cluster, 'Namespace', 'namespace-ambient');
  const but = peer === undefined ? '' : `, unlike in ${peer.name},`;
  return {
    ...(weak ? { severity: 'hint' as const } : sure ? {} : { severity: 'warning' as const }),
    check: 'namespace',
    ofCluster: cluster,
    message: `Namespace ${name} in ${nameOf(mesh, cluster)} is not in the ambient mesh${but} but holds ${subjectOf(services)}. ${fate(mesh, cluster, name, services)}`,
    at: label?.at ?? namespace.name.at,
    clusters: [cluster],
    object: { kind: 'Namespace', namespace: null, name },
    related: [],
    fixes: () => [
      {
        title: `Label Namespace ${name} in ${nameOf(mesh, cluster)} ${DATAPLANE_MODE}: ambient`,
        safe: false,
        preferred: true,
        edits: () => [setLabel(namespace, DATAPLANE_MODE, 'ambient')],
      },
    ],
  };
}

/** What becomes of requests, in the words for those that come first. */
function fate(mesh: Mesh, cluster: ClusterId, namespace: string, services: readonly string[]): string {
  const isDirect = services.some((name) => callersOf(mesh, cluster, namespace, name) === 'clients');
  const what = isDirect
    ? 'Calls from other networks'
    : `Requests that waypoints of other networks send${assumedVersion(mesh, cluster)}`;
  return `${what} reach its Pods as HBONE, which they cannot read.`;
}

function subjectOf(services: readonly string[]): string {
  return `global Service${services.length === 1 ? '' : 's'} ${listed(services)}`;
}
