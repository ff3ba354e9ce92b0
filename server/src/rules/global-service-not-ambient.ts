/** A global Service with Pods that the mesh does not reach: what the east-west gateway hands over, they cannot read. */
import { isKnown, isUnknown, knownValue } from '../facts/field.ts';
import type { Labels, NamespaceObject, ServiceObject, WorkloadObject } from '../facts/objects.ts';
import type { ClusterId } from '../layout/layout.ts';
import type { Mesh } from '../mesh/model.ts';
import { relation } from '../mesh/relation.ts';
import { type LabelState, labelOf } from '../mesh/selectors.ts';
import { setLabel } from './label-edits.ts';
import { type Finding, type Fix, rule } from './rule.ts';
import { isCertain, isWeak, onOneNetwork, ownScope, takesPart } from './taking-part.ts';
import { clusterOf, listed, MULTICLUSTER_DOCS, nameOf, WHILE_UNREAD } from './wording.ts';
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
  why: 'The east-west gateway ends the outer HBONE connection and forwards the inner one as it is. The ztunnel of the destination ends that one. A Pod that is not captured by ztunnel gets the bytes of HBONE instead of the request.',
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
    'pilot/pkg/xds/endpoints/endpoint_builder.go:807-873',
    'manifests/charts/istio-cni/values.yaml',
  ],
  per: 'namespace',
  *check(mesh, { cluster, name }) {
    if (!mesh.multicluster || !takesPart(mesh, cluster) || onOneNetwork(mesh)) return;
    const namespace = mesh.object(cluster, 'Namespace', '', name);
    if (namespace === undefined || isInjected(namespace.labels, INJECTION.namespace)) return;
    if (hasEnablementSelectors(mesh, cluster)) return;
    // A waypoint ends HBONE itself and calls Pods outside of the mesh in plain text.
    const services = mesh
      .objects(cluster, 'Service', name)
      .filter(
        (service) =>
          ownScope(mesh, cluster, name, service.name.value) === 'GLOBAL' &&
          isWithoutWaypoint(mesh, cluster, name, service.name.value),
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

function isWithoutWaypoint(mesh: Mesh, cluster: ClusterId, namespace: string, name: string): boolean {
  const judged = mesh.waypoint(cluster, namespace, name);
  return judged.reference === undefined && isCertain(mesh, cluster, judged);
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
    message: `${workloadKind} ${knownValue(namespace) ?? ''}/${name.value} in ${nameOf(mesh, cluster)} ${why}, but serves ${subjectOf(services)}. Calls from other networks reach its Pods as HBONE, which they cannot read.`,
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
    message: `Namespace ${name} in ${nameOf(mesh, cluster)} is not in the ambient mesh${but} but holds ${subjectOf(services)}. Calls from other networks reach its Pods as HBONE, which they cannot read.`,
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

function subjectOf(services: readonly string[]): string {
  return `global Service${services.length === 1 ? '' : 's'} ${listed(services)}`;
}
