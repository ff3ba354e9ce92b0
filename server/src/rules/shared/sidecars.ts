/** Which Services have Pods with sidecars, and whether sidecars of this mesh are meant to call each other across networks. */

import { isUnknown, knownValue } from '../../facts/field.ts';
import type { GatewayObject, IstioGatewayObject, Labels, ServiceObject, WorkloadObject } from '../../facts/objects.ts';
import type { ClusterId } from '../../layout/layout.ts';
import { DATAPLANE_MODE } from '../../mesh/ambient.ts';
import { sameItems } from '../../mesh/context.ts';
import { tlsMode } from '../../mesh/listeners.ts';
import type { Mesh } from '../../mesh/model.ts';
import { NETWORK_LABEL } from '../../mesh/network.ts';
import { relation } from '../../mesh/relation.ts';
import { type LabelState, labelOf } from '../../mesh/selectors.ts';
import { workloadsBySelector } from './workloads-by-selector.ts';

const NO_LABELS: Labels = { entries: new Map(), at: undefined, open: false };

/** The Services of a cluster, or of some of its namespaces, that certainly have Pods with sidecars, by namespace and name. */
export function servicesWithSidecars(
  mesh: Mesh,
  cluster: ClusterId,
  namespaces = mesh.namespacesOf(cluster, 'Workload'),
): readonly ServiceObject[] {
  return namespaces.flatMap((namespace) => servicesIn(mesh, cluster, namespace));
}

/** True if a Service certainly has Pods with sidecars. */
export function hasSidecars(mesh: Mesh, cluster: ClusterId, namespace: string, name: string): boolean {
  return servicesIn(mesh, cluster, namespace).some((service) => service.name.value === name);
}

const servicesIn = relation((mesh, cluster: ClusterId, namespace: string): readonly ServiceObject[] => {
  const workloads = sidecarWorkloads(mesh, cluster, namespace);
  if (workloads.length === 0) return [];
  const select = workloadsBySelector(workloads);
  return mesh.objects(cluster, 'Service', namespace).filter(({ selector }) => select(knownValue(selector)).length > 0);
}, sameItems);

function sidecarWorkloads(mesh: Mesh, cluster: ClusterId, namespace: string): readonly WorkloadObject[] {
  const labels = mesh.object(cluster, 'Namespace', '', namespace)?.labels ?? NO_LABELS;
  const injects = injectionLabel(labels) !== undefined;
  return mesh
    .objects(cluster, 'Workload', namespace)
    .filter((workload) => getsSidecar(workload, injects) && knownValue(workload.replicas) !== 0);
}

/**
 * The key of the label by which sidecars are certainly injected in a namespace, if they are: istio-injection counts first
 * (templates/mutatingwebhook.yaml).
 */
export function injectionLabel(labels: Labels): 'istio-injection' | 'istio.io/rev' | undefined {
  const injection = labelOf(labels, 'istio-injection');
  if (injection !== 'absent') return hasValue(injection, 'enabled') ? 'istio-injection' : undefined;
  // In a namespace of ambient mode the revision is that of waypoints.
  const revision = labelOf(labels, 'istio.io/rev');
  const isInjected = revision !== 'absent' && revision !== 'unknown' && labelOf(labels, DATAPLANE_MODE) === 'absent';
  return isInjected ? 'istio.io/rev' : undefined;
}

/** Injection as pkg/kube/inject/inject.go, `injectRequired`, decides; Pods with a template of their own are gateways. */
function getsSidecar({ podLabels, podAnnotations, hostNetwork }: WorkloadObject, injects: boolean): boolean {
  if (podAnnotations.open || podAnnotations.entries.has('inject.istio.io/templates')) return false;
  if (isUnknown(hostNetwork) || knownValue(hostNetwork) === true) return false;
  if (labelOf(podLabels, DATAPLANE_MODE) !== 'absent') return false;
  const own = labelOf(podLabels, 'sidecar.istio.io/inject');
  const decides = own === 'absent' ? labelOf(podAnnotations, 'sidecar.istio.io/inject') : own;
  return decides === 'absent' ? injects : hasValue(decides, 'true');
}

function hasValue(state: LabelState, value: string): boolean {
  return state !== 'absent' && state !== 'unknown' && state.value === value;
}

/** True if a classic gateway between networks is in sight, as sidecars use it (expose-services.yaml, `IsAutoPassthrough`). */
export function hasClassicGateway(mesh: Mesh): boolean {
  return mesh.clusters.some(
    ({ id }) =>
      mesh.objects(id, 'IstioGateway').some(isAutoPassthrough) || mesh.objects(id, 'Gateway').some(isBetweenNetworks),
  );
}

export function isAutoPassthrough({ servers }: IstioGatewayObject): boolean {
  return knownValue(servers)?.some(({ tlsMode: mode }) => knownValue(mode) === 'AUTO_PASSTHROUGH') === true;
}

/** The same, written as a Gateway. */
export function isBetweenNetworks({ className, labels, listeners }: GatewayObject): boolean {
  return (
    knownValue(className) === 'istio' &&
    labels.entries.has(NETWORK_LABEL) &&
    knownValue(listeners)?.some((listener) => tlsMode(listener) === 'Passthrough') === true
  );
}
