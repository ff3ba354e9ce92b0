/** Which waypoint a Service uses (semantics.md A.0.5; pilot/pkg/serviceregistry/ambient/waypoints.go:99-352). */
import { has, type IstioVersion } from '../base/istio-version.ts';
import { isKnown, knownValue } from '../facts/field.ts';
import type { GatewayObject, Labels, NamespaceObject } from '../facts/objects.ts';
import type { ClusterId } from '../layout/layout.ts';
import { allowsAttachment } from './attachment.ts';
import type { MeshContext } from './context.ts';
import { controllerOf, MANAGED_BY } from './gateway-classes.ts';
import type { WaypointJudgement, WaypointProblem, WaypointReference } from './model.ts';
import { labelOf } from './selectors.ts';

export const USE_WAYPOINT = 'istio.io/use-waypoint';
export const USE_WAYPOINT_NAMESPACE = 'istio.io/use-waypoint-namespace';
export const INGRESS_USE_WAYPOINT = 'istio.io/ingress-use-waypoint';
const CANARY = 'istio.io/use-waypoint-canary';
const CANARY_NAMESPACE = 'istio.io/use-waypoint-canary-namespace';
const CANARY_WEIGHT = 'istio.io/use-waypoint-canary-weight';

const NONE: WaypointJudgement = {
  waypoint: null,
  problem: null,
  unknown: false,
  assumed: false,
  reference: undefined,
  optOut: undefined,
  gateway: undefined,
};
const UNKNOWN: WaypointJudgement = { ...NONE, unknown: true };
const NO_LABELS: Labels = { entries: new Map(), at: undefined, open: false };

/** A Service as the lookup reads it. */
export interface WaypointConsumer {
  readonly namespace: string;
  readonly labels: Labels;
  readonly annotations: Labels;
}

/** Resolves the waypoint of a Service in its own cluster. */
export function judgeWaypoint(
  context: MeshContext,
  cluster: ClusterId,
  consumer: WaypointConsumer,
  version: IstioVersion,
): WaypointJudgement {
  const managed = labelOf(consumer.labels, 'gateway.istio.io/managed');
  if (managed === 'unknown') return UNKNOWN;
  if (managed !== 'absent' && (managed.value === MANAGED_BY.waypoint || managed.value === MANAGED_BY['east-west']))
    return NONE;
  const namespace = context.object(cluster, 'Namespace', '', consumer.namespace);
  const own = readReference(consumer.labels, consumer.namespace, 'Service');
  if (own === 'unknown') return UNKNOWN;
  if (own !== undefined && 'optOut' in own) return { ...NONE, optOut: own.optOut };
  if (own !== undefined) return resolve(context, cluster, consumer, own, namespace, version);
  if (namespace === undefined) return { ...NONE, assumed: true };
  const inherited = readReference(namespace.labels, consumer.namespace, 'Namespace');
  if (inherited === 'unknown') return UNKNOWN;
  // `none` on a Namespace means nothing: fetchWaypointForTarget drops it.
  if (inherited === undefined || 'optOut' in inherited) return NONE;
  return resolve(context, cluster, consumer, inherited, namespace, version);
}

type OptOut = { readonly optOut: WaypointReference['at'] };

/** `istio.io/use-waypoint` of a map of labels. Any value but `none` names a waypoint, the empty one too. */
function readReference(
  labels: Labels,
  fallback: string,
  on: WaypointReference['on'],
): WaypointReference | OptOut | 'unknown' | undefined {
  const state = labelOf(labels, USE_WAYPOINT);
  if (state === 'absent') return undefined;
  const at = labels.entries.get(USE_WAYPOINT)?.at;
  if (state === 'unknown' || at === undefined) return 'unknown';
  if (state.value === 'none') return { optOut: at };
  const namespace = labelOf(labels, USE_WAYPOINT_NAMESPACE);
  if (namespace === 'unknown') return 'unknown';
  return { namespace: namespace === 'absent' ? fallback : namespace.value, name: state.value, at, on };
}

function resolve(
  context: MeshContext,
  cluster: ClusterId,
  consumer: WaypointConsumer,
  reference: WaypointReference,
  namespace: NamespaceObject | undefined,
  version: IstioVersion,
): WaypointJudgement {
  const gateway = context.object(cluster, 'Gateway', reference.namespace, reference.name);
  const found = attach(context, cluster, gateway, consumer.namespace, namespace?.labels, version);
  const judged: WaypointJudgement = { ...NONE, reference, gateway, unknown: found.unknown, assumed: found.assumed };
  if (found.unknown) return judged;
  if (found.problem !== null) return { ...judged, problem: found.problem };
  const waypoint = `${reference.namespace}/${reference.name}`;
  const problem = has(version, 'waypoint-canary')
    ? canaryProblem(context, cluster, consumer, waypoint, reference, namespace, version)
    : null;
  return { ...judged, waypoint, problem };
}

interface Attached {
  readonly problem: WaypointProblem | null;
  readonly unknown: boolean;
  readonly assumed: boolean;
}

/** The checks that a waypoint must pass for a Service of `namespace`: it is there, admits the Namespace, is for Services. */
function attach(
  context: MeshContext,
  cluster: ClusterId,
  gateway: GatewayObject | undefined,
  namespace: string,
  namespaceLabels: Labels | undefined,
  version: IstioVersion,
): Attached {
  const fails = (problem: WaypointProblem | null, assumed = false): Attached => ({ problem, unknown: false, assumed });
  const unknown: Attached = { problem: null, unknown: true, assumed: false };
  if (gateway === undefined) return fails('WaypointIsNotReady');
  if (gateway.className !== undefined && !isKnown(gateway.className)) return unknown;
  if (!getsAddress(context, cluster, gateway, version)) return fails('WaypointIsNotReady');
  const { allowed, assumed } = allowsAttachment(context, cluster, gateway, namespace, namespaceLabels);
  if (allowed === 'unknown') return unknown;
  if (!allowed) return fails('AttachmentDenied', assumed);
  const type = trafficType(context, cluster, gateway);
  if (type === 'unknown') return unknown;
  return type === 'service' || type === 'all' ? fails(null, assumed) : fails('UnsupportedTrafficType', assumed);
}

/** A Gateway counts once it has an address (waypoints.go:361): Istio's own classes get one, others' are not ours to know. */
function getsAddress(context: MeshContext, cluster: ClusterId, gateway: GatewayObject, version: IstioVersion): boolean {
  const controller = controllerOf(context, cluster, gateway, version);
  if (controller === undefined) return false;
  return controller !== 'remote' || (knownValue(gateway.addresses) ?? []).length > 0;
}

/** `istio.io/waypoint-for` of the Gateway, else of its class, else `service` (waypoints.go:376-389). */
export function trafficType(
  context: Pick<MeshContext, 'object'>,
  cluster: ClusterId,
  gateway: GatewayObject,
): string | 'unknown' {
  const own = labelOf(gateway.labels, 'istio.io/waypoint-for');
  if (own !== 'absent') return own === 'unknown' ? 'unknown' : own.value;
  const className = knownValue(gateway.className);
  const declared = className === undefined ? undefined : context.object(cluster, 'GatewayClass', '', className);
  const inherited = declared === undefined ? 'absent' : labelOf(declared.labels, 'istio.io/waypoint-for');
  return inherited === 'unknown' ? 'unknown' : inherited === 'absent' ? 'service' : inherited.value;
}

/** What is wrong with the canary, beside the primary waypoint, which stays (waypoints.go:236-352; since 1.31). */
function canaryProblem(
  context: MeshContext,
  cluster: ClusterId,
  consumer: WaypointConsumer,
  primary: string,
  reference: WaypointReference,
  namespace: NamespaceObject | undefined,
  version: IstioVersion,
): WaypointProblem | null {
  const inherited = reference.on === 'Namespace' ? namespace : undefined;
  const own = labelOf(consumer.labels, CANARY) !== 'absent';
  const labels = own ? consumer.labels : (inherited?.labels ?? NO_LABELS);
  const canary = labelOf(labels, CANARY);
  if (canary === 'absent' || canary === 'unknown' || canary.value === '' || canary.value === 'none') return null;
  const stated = labelOf(labels, CANARY_NAMESPACE);
  if (stated === 'unknown') return null;
  const canaryNamespace = stated === 'absent' ? consumer.namespace : stated.value;
  if (`${canaryNamespace}/${canary.value}` === primary) return 'CanarySameAsPrimary';
  const ownWeight = labelOf(consumer.annotations, CANARY_WEIGHT);
  const weight = ownWeight === 'absent' ? labelOf(inherited?.annotations ?? NO_LABELS, CANARY_WEIGHT) : ownWeight;
  if (weight === 'unknown') return null;
  if (weight !== 'absent' && !isPercentage(weight.value)) return 'CanaryInvalidWeight';
  const gateway = context.object(cluster, 'Gateway', canaryNamespace, canary.value);
  const found = attach(context, cluster, gateway, consumer.namespace, namespace?.labels, version);
  return found.unknown ? null : found.problem;
}

/** As Go's `strconv.Atoi` reads it, 0 to 100. */
function isPercentage(text: string): boolean {
  return /^[-+]?\d{1,9}$/.test(text) && Number(text) >= 0 && Number(text) <= 100;
}
