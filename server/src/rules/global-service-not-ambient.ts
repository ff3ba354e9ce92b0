/** A global Service with Pods that the mesh does not reach: what the east-west gateway hands over, they cannot read. */
import { has } from '../base/istio-version.ts';
import { sameData } from '../base/same-data.ts';
import { gravest } from '../base/severity.ts';
import { isKnown, isUnknown, knownValue } from '../facts/field.ts';
import type { Labels, ServiceObject, WorkloadObject } from '../facts/objects.ts';
import { labelPlace, placeOfAbsence } from '../facts/read-labels.ts';
import type { ClusterId } from '../layout/layout.ts';
import { DATAPLANE_MODE } from '../mesh/ambient.ts';
import type { ClusterName, Mesh } from '../mesh/model.ts';
import { relation } from '../mesh/relation.ts';
import { type LabelState, labelOf } from '../mesh/selectors.ts';
import { goParseBool } from '../yaml/scalar.ts';
import { type Finding, type Fix, rule, type Severity } from './rule.ts';
import { setLabel } from './shared/label-edits.ts';
import { pilotVariable } from './shared/pilot-variables.ts';
import { isCertain, isWeak, onOneNetwork, ownScope, takesPart, wayBetween } from './shared/taking-part.ts';
import { servicesOfUnseenPods } from './shared/unseen-pods.ts';
import { assumedVersion, clusterOf, listed, MULTICLUSTER_DOCS, nameOf, WHILE_UNREAD } from './shared/wording.ts';
import { workloadsBySelector } from './shared/workloads-by-selector.ts';

/** Labels by which Pods get a sidecar: that is told by mixed-dataplane. */
const INJECTION = { namespace: ['istio-injection', 'istio.io/rev'], pod: ['sidecar.istio.io/inject', 'istio.io/rev'] };

const hasEnablementSelectors = relation(
  (mesh, cluster: ClusterId): boolean => clusterOf(mesh, cluster)?.install.enablementSelectors !== undefined,
);

export const globalServiceNotAmbient = rule({
  id: 'global-service-not-ambient',
  summary: 'The Pods of a global Service must be in the ambient mesh.',
  why: 'The east-west gateway terminates the outer HBONE connection and forwards the inner one unchanged, to be terminated by the ztunnel of the node on which the Pod runs. A Pod that ztunnel does not capture gets the bytes of HBONE instead of the request. If the Service has a waypoint in that cluster, the gateway sends requests there first; the waypoint terminates the inner connection and calls such Pods in plain text. But the gateway skips the waypoint for requests that have been through one in another cluster, which sends them over networks since Istio 1.28, and, since 1.29.4 and 1.30.1, for those of an ingress gateway on another network (`AMBIENT_ENABLE_MULTI_NETWORK_INGRESS`), unless the Service, or, where it says nothing, its Namespace, has the label `istio.io/ingress-use-waypoint: "true"`.',
  severity: 'error',
  otherwise: {
    warning:
      'if the label is written nowhere (the documentation sets it with `kubectl`), or says no and the workspace has no Pods of the Service',
    hint: `${WHILE_UNREAD}, or if other clusters have the label and the workspace has no Pods of the Service`,
  },
  group: 'gateway',
  limitation: 6,
  since: '1.27',
  reads: ['Service', 'Namespace', 'Gateway', 'GatewayClass', 'Install', 'Workload', 'WorkloadEntry'],
  fix: 'unsafe',
  howToFix: `Label the Namespace \`${DATAPLANE_MODE}: ambient\` and remove \`none\` from the Pods, or make the Service local.`,
  whenToSilence: 'If the label is set outside of the workspace, by `kubectl` or another tool.',
  docs: MULTICLUSTER_DOCS,
  references: [
    'pilot/pkg/networking/core/cluster_waypoint.go:201-218',
    'pilot/pkg/networking/core/listener_waypoint.go:499-540',
    'pilot/pkg/serviceregistry/ambient/services.go:770-789',
    'https://github.com/istio/istio/pull/60162',
    'pilot/pkg/xds/endpoints/ep_filters.go:110-180',
    'pilot/pkg/xds/endpoints/endpoint_builder.go:807-873',
    'manifests/charts/istio-cni/values.yaml',
  ],
  per: 'namespace',
  *check(mesh, { cluster, name }) {
    for (const { workload, services, reason } of outsiders(mesh, cluster, name))
      if (reason !== 'namespace') yield podFinding(mesh, cluster, workload, services, reason);
    // Told once for all clusters, at the first of them: the others need not look at each other.
    const isOutside = ({ id }: ClusterName): boolean => heldOutside(mesh, id, name) !== undefined;
    if (heldOutside(mesh, cluster, name) === undefined || mesh.clusterNames.find(isOutside)?.id !== cluster) return;
    yield namespaceFinding(mesh, mesh.clusterNames.filter(isOutside), name);
  },
});

interface Outsider {
  readonly workload: WorkloadObject;
  /** The global Services that select it. */
  readonly services: readonly string[];
  readonly reason: Reason;
}

/** The workloads in a namespace of a cluster to which requests of other networks come, and which ztunnel does not capture. */
const outsiders = relation(findOutsiders, (a, b) => a.length === 0 && b.length === 0);

function findOutsiders(mesh: Mesh, cluster: ClusterId, name: string): readonly Outsider[] {
  const services = calledServices(mesh, cluster, name);
  if (services.length === 0) return [];
  const mode = ambientLabel(mesh, cluster, name);
  return [...servedWorkloads(mesh, cluster, name, services)].flatMap(([workload, of]): readonly Outsider[] => {
    const reason = reasonOutside(workload, mode);
    return reason === undefined ? [] : [{ workload, services: of, reason }];
  });
}

/** The global Services of a namespace to whose Pods requests of other networks come, if only labels put Pods into the mesh. */
function calledServices(mesh: Mesh, cluster: ClusterId, name: string): readonly ServiceObject[] {
  if (!mesh.multicluster || !takesPart(mesh, cluster) || onOneNetwork(mesh)) return [];
  const namespace = mesh.object(cluster, 'Namespace', '', name);
  if (namespace === undefined || isInjected(namespace.labels, INJECTION.namespace)) return [];
  if (hasEnablementSelectors(mesh, cluster)) return [];
  return mesh
    .objects(cluster, 'Service', name)
    .filter(
      (service) =>
        ownScope(mesh, cluster, name, service.name.value) === 'GLOBAL' &&
        callersOf(mesh, cluster, name, service.name.value) !== undefined,
    );
}

function ambientLabel(mesh: Mesh, cluster: ClusterId, name: string): LabelState {
  const labels = mesh.object(cluster, 'Namespace', '', name)?.labels;
  return labels === undefined ? 'unknown' : labelOf(labels, DATAPLANE_MODE);
}

function isAmbient(mode: LabelState): boolean {
  return mode !== 'absent' && mode !== 'unknown' && mode.value === 'ambient';
}

/** Global Services whose Pods are outside of the mesh because the Namespace is. */
interface Held {
  readonly services: readonly string[];
  /** True if the Pods are in the workspace. */
  readonly seen: boolean;
}

/** Those of the first such workload; where the workspace has none for them, what another cluster's Namespace makes unlikely to be meant. */
const heldOutside = relation((mesh, cluster: ClusterId, name: string): Held | undefined => {
  const outsider = outsiders(mesh, cluster, name).find(({ reason }) => reason === 'namespace');
  if (outsider !== undefined) return { services: outsider.services, seen: true };
  const mode = ambientLabel(mesh, cluster, name);
  if (mode === 'unknown' || isAmbient(mode) || ambientPeer(mesh, name) === undefined) return undefined;
  const unseen = new Set(servicesOfUnseenPods(mesh, cluster, name));
  const services = calledServices(mesh, cluster, name).flatMap((service) =>
    unseen.has(service) ? [service.name.value] : [],
  );
  return services.length === 0 ? undefined : { services, seen: false };
}, sameData);

/** The first cluster in which the Namespace is in the mesh. */
function ambientPeer(mesh: Mesh, name: string): ClusterName | undefined {
  return mesh.clusterNames.find(({ id }) => isAmbient(ambientLabel(mesh, id, name)));
}

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
  return isAmbient(mode) ? undefined : 'namespace';
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

/** @param outside the clusters in which the Namespace is not in the mesh */
function namespaceFinding(mesh: Mesh, outside: readonly ClusterName[], name: string): Finding {
  const peer = ambientPeer(mesh, name);
  const sides = outside.flatMap((one) => {
    const namespace = mesh.object(one.id, 'Namespace', '', name);
    const held = heldOutside(mesh, one.id, name);
    if (namespace === undefined || held === undefined) return [];
    const label = namespace.labels.entries.get(DATAPLANE_MODE);
    // What a patch takes away was meant to be away.
    const isStated =
      label !== undefined || placeOfAbsence(namespace, 'metadata', 'labels', DATAPLANE_MODE) !== undefined;
    const weak = !isStated && isWeak(mesh, one.id, 'Namespace', 'namespace-ambient');
    // The documentation sets the label with kubectl: that it is written nowhere says little.
    const sure = isStated || peer !== undefined || mesh.complete(one.id, 'Namespace');
    const seen: Severity = weak ? 'hint' : sure ? 'error' : 'warning';
    const severity = held.seen || mesh.complete(one.id, 'Namespace') ? seen : isStated ? 'warning' : 'hint';
    return [{ ...one, ...held, namespace, severity, at: labelPlace(namespace, DATAPLANE_MODE) }];
  });
  const severity = gravest(sides.map((side) => side.severity)) as Severity;
  const first = sides.find((side) => side.severity === severity) as (typeof sides)[number];
  const others = sides.filter((side) => side !== first);
  const where = listed(sides.map((side) => side.name));
  const but = peer === undefined ? '' : `, unlike in ${peer.name},`;
  const { services, seen } = first;
  const message = `Namespace ${name} in ${where} is not in the ambient mesh${but} but holds ${subjectOf(services)}. ${fate(mesh, first.id, name, services, seen)}`;
  return {
    severity,
    check: 'namespace',
    message,
    at: first.at,
    clusters: [first, ...others].map(({ id }) => id),
    object: { kind: 'Namespace', namespace: null, name },
    related: others.map((side) => ({
      at: side.at,
      cluster: side.id,
      message: `not in the ambient mesh in ${side.name} either`,
      mirror: message,
    })),
    tie: true,
    fixes: () => [
      {
        title: `Label Namespace ${name} in ${where} ${DATAPLANE_MODE}: ambient`,
        safe: false,
        preferred: true,
        edits: () => sides.map(({ namespace }) => setLabel(namespace, DATAPLANE_MODE, 'ambient')),
      },
    ],
  };
}

/** What becomes of requests, in the words for those that come first. */
function fate(mesh: Mesh, cluster: ClusterId, namespace: string, services: readonly string[], seen = true): string {
  const isDirect = services.some((name) => callersOf(mesh, cluster, namespace, name) === 'clients');
  const what = isDirect
    ? 'Calls from other networks'
    : `Requests that waypoints of other networks send${assumedVersion(mesh, cluster)}`;
  return `${what} reach its Pods as HBONE, which they cannot read${seen ? '' : ', unless they, which are not in the workspace, have the label themselves'}.`;
}

function subjectOf(services: readonly string[]): string {
  return `global Service${services.length === 1 ? '' : 's'} ${listed(services)}`;
}
