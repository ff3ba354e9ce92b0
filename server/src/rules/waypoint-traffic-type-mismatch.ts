/** A waypoint that does not handle what is sent to it: Services that name one for Pods, Pods that name one for Services. */
import { isKnown, knownValue } from '../facts/field.ts';
import type { GatewayObject, WorkloadObject } from '../facts/objects.ts';
import type { ClusterId } from '../layout/layout.ts';
import type { Mesh, WaypointReference } from '../mesh/model.ts';
import { labelOf } from '../mesh/selectors.ts';
import { trafficType, USE_WAYPOINT, USE_WAYPOINT_NAMESPACE } from '../mesh/waypoint.ts';
import { type Finding, type Fix, rule } from './rule.ts';
import { editsFor } from './shared/edits-for.ts';
import { setLabel } from './shared/label-edits.ts';
import { waypointGateway } from './shared/shared-waypoint.ts';
import { isCertain, ownScope, takesPart } from './shared/taking-part.ts';
import { isTrafficType, TRAFFIC_TYPES, WAYPOINT_FOR } from './shared/traffic-types.ts';
import { listed, nameOf, WAYPOINT_DOCS } from './shared/wording.ts';

export const waypointTrafficTypeMismatch = rule({
  id: 'waypoint-traffic-type-mismatch',
  summary: 'A waypoint must handle the traffic of the Services and Pods that use it.',
  why: 'The label `istio.io/waypoint-for` says what a waypoint handles: `service` (the default), `workload`, `all` or `none`. If a Service names one that is not for Services, istiod reports UnsupportedTrafficType and gives ztunnel no waypoint; that of the Namespace does not step in. Pods that name a waypoint which is not for Pods get none either, but nothing says so: istiod writes a condition on Services, not on Pods. A waypoint for Pods only is not seen by other networks either, where a global Service is addressed as a Service.',
  severity: 'warning',
  otherwise: { error: 'if the same waypoint handles the Services in another cluster' },
  group: 'waypoint',
  limitation: 3,
  since: '1.27',
  reads: ['Service', 'Namespace', 'Gateway', 'GatewayClass', 'Install', 'Workload'],
  fix: 'unsafe',
  howToFix:
    'Label the Gateway with `istio.io/waypoint-for: service`, or `all` if Pods use it too; in every cluster alike. Or name a waypoint that is for this kind of traffic.',
  whenToSilence: 'If a waypoint is switched off on purpose.',
  docs: WAYPOINT_DOCS,
  references: [
    'pilot/pkg/serviceregistry/ambient/waypoints.go:151-206, 376-389',
    'pilot/pkg/serviceregistry/ambient/ambientindex.go:355-364, 752-756',
    'pilot/pkg/serviceregistry/ambient/multicluster.go:289-298',
  ],
  per: 'namespace',
  *check(mesh, { cluster, name: namespace }) {
    if (!mesh.multicluster || !takesPart(mesh, cluster)) return;
    for (const { name } of mesh.objects(cluster, 'Gateway', namespace)) {
      yield* judgeValue(mesh, cluster, namespace, name.value);
    }
    yield* judgeServices(mesh, cluster, namespace);
    for (const workload of mesh.objects(cluster, 'Workload', namespace)) {
      yield* judgeWorkload(mesh, cluster, workload, namespace);
    }
  },
});

/** A value that is no traffic type matches nothing. */
function* judgeValue(mesh: Mesh, cluster: ClusterId, namespace: string, name: string): Iterable<Finding> {
  const gateway = waypointGateway(mesh, cluster, namespace, name);
  const label = gateway?.labels.entries.get(WAYPOINT_FOR);
  if (gateway === undefined || !isKnown(label) || label.notString !== undefined || isTrafficType(label.value)) return;
  const where = nameOf(mesh, cluster);
  const meant = TRAFFIC_TYPES.find((type) => label.value.trim().toLowerCase().startsWith(type));
  yield {
    check: 'value',
    ofCluster: cluster,
    message: `Waypoint ${namespace}/${name} in ${where} has ${label.value === '' ? `an empty ${WAYPOINT_FOR}` : `${WAYPOINT_FOR}: ${label.value}`}, which is not a traffic type (${TRAFFIC_TYPES.join(', ')}). It handles nothing, and what uses it gets no L7 policy.`,
    at: label.at,
    clusters: [cluster],
    object: { kind: 'Gateway', namespace, name },
    related: [],
    fixes: () => (meant === undefined ? [] : [typeFix(mesh, [{ cluster, gateway }], meant)]),
  };
}

interface Refused {
  readonly reference: WaypointReference;
  readonly gateway: GatewayObject;
  readonly services: string[];
}

/** The Services that a waypoint is not for, together where the label of their Namespace names it. */
function* judgeServices(mesh: Mesh, cluster: ClusterId, namespace: string): Iterable<Finding> {
  const refused = new Map<string, Refused>();
  for (const { name } of mesh.objects(cluster, 'Service', namespace)) {
    const judged = mesh.waypoint(cluster, namespace, name.value);
    const { reference, gateway, problem } = judged;
    if (problem !== 'UnsupportedTrafficType' || judged.waypoint !== null || !isCertain(mesh, cluster, judged)) continue;
    if (reference === undefined || gateway === undefined || !isTrafficType(trafficType(mesh, cluster, gateway)))
      continue;
    const onNamespace = reference.on === 'Namespace';
    // A Namespace may well name a waypoint for its Pods; but a global Service is addressed as a Service.
    if (onNamespace && ownScope(mesh, cluster, namespace, name.value) !== 'GLOBAL') continue;
    const key = onNamespace ? '' : name.value;
    const found = refused.get(key) ?? { reference, gateway, services: [] };
    found.services.push(name.value);
    refused.set(key, found);
  }
  for (const one of refused.values()) yield serviceFinding(mesh, cluster, namespace, one);
}

function serviceFinding(
  mesh: Mesh,
  cluster: ClusterId,
  namespace: string,
  { reference, gateway, services }: Refused,
): Finding {
  const onNamespace = reference.on === 'Namespace';
  const key = `${reference.namespace}/${reference.name}`;
  const where = nameOf(mesh, cluster);
  const type = trafficType(mesh, cluster, gateway);
  const servers = mesh.clusterNames.filter(
    ({ id }) =>
      id !== cluster &&
      takesPart(mesh, id) &&
      services.some((name) => mesh.waypoint(id, namespace, name).waypoint === key),
  );
  const title = onNamespace ? `Namespace ${namespace}` : `Service ${namespace}/${services[0]}`;
  const peers = servers.length === 0 ? '' : `; in ${listed(servers.map(({ name }) => name))} it handles Services`;
  const types = new Set(servers.map(({ id }) => typeIn(mesh, id, reference)));
  const [like] = types;
  const wanted = types.size === 1 && like !== undefined ? like : type === 'workload' ? 'all' : 'service';
  return {
    check: 'service',
    ofCluster: cluster,
    ...(servers.length > 0 ? { severity: 'error' as const } : {}),
    message: `${title} in ${where} uses waypoint ${key}, which is for ${type === 'none' ? 'no traffic' : 'Pods only'} there${peers}. Istio reports UnsupportedTrafficType and applies no L7 policy to requests to ${onNamespace ? servicesIn(namespace, services) : 'the Service'}.`,
    at: reference.at,
    clusters: [cluster, ...servers.map(({ id }) => id)],
    object: onNamespace
      ? { kind: 'Namespace', namespace: null, name: namespace }
      : { kind: 'Service', namespace, name: services[0] ?? '' },
    related: [
      { ...typeOf(gateway, cluster, type), ...(servers.length > 0 ? { instead: `${title} names the waypoint` } : {}) },
    ],
    fixes: () => [typeFix(mesh, [{ cluster, gateway }], wanted)],
  };
}

function servicesIn(namespace: string, services: readonly string[]): string {
  const keys = services.map((name) => `${namespace}/${name}`).sort();
  return `${keys.length > 1 ? 'Services' : 'Service'} ${listed(keys)}`;
}

function typeIn(mesh: Mesh, cluster: ClusterId, { namespace, name }: WaypointReference): string | undefined {
  const gateway = mesh.object(cluster, 'Gateway', namespace, name);
  return gateway === undefined ? undefined : trafficType(mesh, cluster, gateway);
}

/** Pods that name a waypoint themselves; what they inherit from their Namespace is for its Services (waypoints.go:195-206). */
function* judgeWorkload(
  mesh: Mesh,
  cluster: ClusterId,
  workload: WorkloadObject,
  namespace: string,
): Iterable<Finding> {
  const label = workload.podLabels.entries.get(USE_WAYPOINT);
  const elsewhere = labelOf(workload.podLabels, USE_WAYPOINT_NAMESPACE);
  if (!isKnown(label) || elsewhere === 'unknown') return;
  const target = elsewhere === 'absent' ? namespace : elsewhere.value;
  const gateway = waypointGateway(mesh, cluster, target, label.value);
  const type = gateway === undefined ? 'unknown' : trafficType(mesh, cluster, gateway);
  if (gateway === undefined || (type !== 'service' && type !== 'none')) return;
  const where = nameOf(mesh, cluster);
  const name = workload.name.value;
  yield {
    check: 'workload',
    ofCluster: cluster,
    message: `${workload.workloadKind} ${namespace}/${name} in ${where} names waypoint ${target}/${label.value} for its Pods, which is for ${type === 'none' ? 'no traffic' : 'Services only'}. istiod gives ztunnel no waypoint for them and reports that nowhere, so requests to the Pods' own addresses get no L7 policy.`,
    at: label.at,
    clusters: [cluster],
    object: { kind: workload.workloadKind, namespace, name },
    related: [typeOf(gateway, cluster, type)],
    fixes: () => [typeFix(mesh, sameWaypoints(mesh, gateway, type), type === 'none' ? 'workload' : 'all')],
  };
}

function typeOf(gateway: GatewayObject, cluster: ClusterId, type: string): Finding['related'][number] {
  const label = gateway.labels.entries.get(WAYPOINT_FOR);
  return { at: label?.at ?? gateway.name.at, cluster, message: `the waypoint is for ${type}` };
}

interface OneWaypoint {
  readonly cluster: ClusterId;
  readonly gateway: GatewayObject;
}

/** The waypoint of this name in all clusters in which it is for the same: it must stay the same everywhere. */
function sameWaypoints(mesh: Mesh, { namespace, name }: GatewayObject, type: string): readonly OneWaypoint[] {
  return mesh.clusters.flatMap(({ id: cluster }) => {
    const gateway = waypointGateway(mesh, cluster, knownValue(namespace) ?? '', name.value);
    return gateway !== undefined && trafficType(mesh, cluster, gateway) === type ? [{ cluster, gateway }] : [];
  });
}

function typeFix(mesh: Mesh, waypoints: readonly OneWaypoint[], type: string): Fix {
  const [first] = waypoints;
  const name = `${knownValue(first?.gateway.namespace) ?? ''}/${first?.gateway.name.value}`;
  const where = waypoints.map(({ cluster }) => nameOf(mesh, cluster));
  return {
    title: `Label waypoint ${name} ${WAYPOINT_FOR}: ${type} in ${listed([...where].sort())}`,
    safe: false,
    preferred: true,
    edits: () =>
      waypoints.flatMap(({ cluster, gateway }) => editsFor(cluster, [setLabel(gateway, WAYPOINT_FOR, type)])),
  };
}
