/**
 * What the data plane of a cluster is told once the Services of all clusters are merged
 * (semantics.md A.0.7; pilot/pkg/serviceregistry/ambient/multicluster.go:578-681).
 */
import { has, type IstioVersion } from '../base/istio-version.ts';
import { type Field, isKnown, knownValue } from '../facts/field.ts';
import type { ServiceEntryObject, ServiceObject } from '../facts/objects.ts';
import type { ClusterId } from '../layout/layout.ts';
import type { MeshContext } from './context.ts';
import type { MeshView, NetworkGateway, Scope, ServiceRow, ViewRow, WaypointJudgement } from './model.ts';
import { splitKey } from './object-key.ts';
import { judgeWaypoint } from './waypoint.ts';
import { selects, selectsPods } from './workload-index.ts';

/** The relations that a view is made of. */
export interface ViewParts {
  readonly context: MeshContext;
  readonly viewer: ClusterId;
  readonly version: IstioVersion;
  readonly keys: readonly string[];
  name(cluster: ClusterId): string;
  row(cluster: ClusterId, namespace: string, name: string): ServiceRow | undefined;
  owners(namespace: string, name: string): readonly ClusterId[];
  /** What no viewer sees otherwise than another. */
  standing(key: string): ViewedService;
  scope(owner: ClusterId, namespace: string, name: string): Scope;
  waypoint(cluster: ClusterId, namespace: string, name: string): WaypointJudgement;
  /** False if the viewer's istiod leaves a namespace of a cluster out, by its discovery selectors. */
  sees(cluster: ClusterId, namespace: string): boolean;
  /** The network that a cluster is taken to be in by the viewer. */
  network(cluster: ClusterId): string;
  readonly gateways: readonly NetworkGateway[];
}

/** A Service, whoever looks at it. */
export interface ViewedService {
  readonly namespace: string;
  readonly name: string;
  /** The clusters that have it in Istio's index. */
  readonly owners: readonly ClusterId[];
  /** Those with an address for it. */
  readonly withAddress: ReadonlySet<ClusterId>;
  /** Those with a Pod of the workspace behind it. */
  readonly withPods: ReadonlySet<ClusterId>;
}

export function viewedService(
  key: string,
  { row, owners }: Pick<ViewParts, 'row' | 'owners'>,
  hasPods: (cluster: ClusterId, namespace: string, name: string) => boolean,
): ViewedService {
  const slash = key.indexOf('/');
  const namespace = key.slice(0, slash);
  const name = key.slice(slash + 1);
  const indexed = owners(namespace, name).filter((owner) => isInIndex(row(owner, namespace, name)));
  return {
    namespace,
    name,
    owners: indexed,
    withAddress: new Set(indexed.filter((owner) => hasAddress(row(owner, namespace, name)?.service))),
    withPods: new Set(indexed.filter((owner) => hasPods(owner, namespace, name))),
  };
}

/** In steps, one for each Service. */
export function* mergedView(parts: ViewParts): Generator<void, MeshView> {
  const rows: ViewRow[] = [];
  const entries = serviceEntries(parts);
  for (const key of parts.keys) {
    const row = serviceRow(parts, parts.standing(key), entries);
    if (row !== undefined) rows.push(row);
    yield;
  }
  for (const entry of entries) if (!entry.shadowed) rows.push(entryRow(parts, entry));
  rows.sort((a, b) => order(a.namespace, b.namespace) || order(a.name, b.name) || order(a.kind, b.kind));
  yield;
  return { rows, exposedByEastWestGateway: exposedServices(parts, rows) };
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

interface HostEntry {
  readonly entry: ServiceEntryObject;
  readonly namespace: string;
  readonly host: string;
  /** Left out because a Service has the host (deduplication, services.go:107-152). */
  readonly shadowed: boolean;
}

/** The viewer's own ServiceEntries, a host each: remote ones are not read. */
function serviceEntries(parts: ViewParts): readonly HostEntry[] {
  const { context, viewer, version } = parts;
  const found: HostEntry[] = [];
  for (const namespace of context.namespacesOf(viewer, 'ServiceEntry')) {
    if (!parts.sees(viewer, namespace)) continue;
    for (const entry of context.objectsIn(viewer, 'ServiceEntry', namespace)) {
      for (const stated of knownValue(entry.hosts) ?? []) {
        if (!isKnown(stated)) continue;
        const host = stated.value;
        const service = serviceOfHost(host);
        const local =
          service !== undefined &&
          parts.sees(viewer, service.namespace) &&
          isInIndex(parts.row(viewer, service.namespace, service.name));
        // With the deduplication of 1.28 a Service of any namespace counts (#58118); before it the record of the Service wins as well.
        const anywhere = has(version, 'service-host-deduplication') && !has(version, 'deduplication-within-namespace');
        const shadowed = local && (service.namespace === namespace || anywhere);
        found.push({ entry, namespace, host, shadowed });
      }
    }
  }
  return found;
}

function serviceOfHost(host: string): { readonly namespace: string; readonly name: string } | undefined {
  const [name, namespace, svc] = host.split('.') as [string, string | undefined, string | undefined];
  return namespace === undefined || svc !== 'svc' ? undefined : { namespace, name };
}

/** ExternalName Services are not in Istio's ambient index at all (services.go:258-265). */
export function isInIndex(row: ServiceRow | undefined): boolean {
  return row !== undefined && !(row.service !== undefined && knownValue(row.service.type) === 'ExternalName');
}

function serviceRow(
  parts: ViewParts,
  { namespace, name, owners: everywhere, withAddress, withPods }: ViewedService,
  entries: readonly HostEntry[],
): ViewRow | undefined {
  const { viewer } = parts;
  const owners = everywhere.filter((owner) => parts.sees(owner, namespace));
  const scopeIn = (owner: ClusterId): Scope => parts.scope(owner, namespace, name);
  const remotes = owners.filter((owner) => owner !== viewer && scopeIn(owner) === 'GLOBAL');
  const local = owners.includes(viewer);
  const hostname = `${name}.${namespace}.svc.cluster.local`;
  // A ServiceEntry of the same namespace for the host is the base where no Service is: it has no scope, nothing is merged.
  const shadowing = entries.some((entry) => entry.namespace === namespace && entry.host === hostname);
  if (!local && (remotes.length === 0 || shadowing)) return undefined;
  const scope: Scope = local ? scopeIn(viewer) : 'GLOBAL';
  const waypointIn = (owner: ClusterId): string | null => seen(parts, owner, parts.waypoint(owner, namespace, name));
  const waypoints = new Set(remotes.map(waypointIn));
  const base = local ? viewer : (remotes[0] as ClusterId);
  const orderDependent = !local && waypoints.size > 1;
  const merged = scope === 'GLOBAL' ? [...(local ? [viewer] : []), ...remotes] : [viewer];
  const reachable = merged.filter((owner) => withAddress.has(owner));
  const candidates = [...(local ? [viewer] : []), ...remotes];
  const behind = new Set(
    candidates.filter(
      (owner) =>
        (withPods.has(owner) && reaches(parts, parts.network(owner), scope)) ||
        reachesEntries(parts, owner, namespace, name, scope),
    ),
  );
  const lends = (entry: HostEntry): boolean =>
    entry.namespace === namespace && entry.host === hostname && hasEndpoints(entry.entry);
  if (!has(parts.version, 'service-host-deduplication') && local && entries.some(lends)) {
    // Until 1.28.1 a ServiceEntry's endpoints stay attached to the Service of its host, in the records of every cluster.
    for (const owner of parts.context.group.clusters) {
      if (owner === viewer || (scope === 'GLOBAL' && reaches(parts, parts.network(owner), scope))) behind.add(owner);
    }
  }
  return {
    namespace,
    name,
    hostname,
    kind: 'Service',
    scope,
    waypoint: orderDependent ? null : waypointIn(base),
    endpointClusters: [...behind].map((owner) => parts.name(owner)).sort(),
    vipClusters: reachable.map((owner) => parts.name(owner)).sort(),
    vipNetworks: [...new Set(reachable.map((owner) => parts.network(owner)))].sort(),
    ...(orderDependent ? { orderDependent: true as const } : {}),
  };
}

/** The waypoint that is bound, unless its namespace is left out. */
function seen({ sees }: ViewParts, cluster: ClusterId, { waypoint }: WaypointJudgement): string | null {
  return waypoint === null || sees(cluster, splitKey(waypoint).namespace) ? waypoint : null;
}

/**
 * True if WorkloadEntries that a Service selects are reached. Those of the viewer alone are read, and each stands in the records of every
 * cluster whose Service selects it (workloads.go:374-400), on the network that it says, or else on that cluster's (workloads.go:557-560).
 */
function reachesEntries(parts: ViewParts, owner: ClusterId, namespace: string, name: string, scope: Scope): boolean {
  const { context, viewer, row, sees } = parts;
  const selector = knownValue(row(owner, namespace, name)?.service?.selector);
  return (
    selector !== undefined &&
    sees(viewer, namespace) &&
    context.objectsIn(viewer, 'WorkloadEntry', namespace).some(({ endpointLabels, network }) => {
      if (!selects(selector, endpointLabels)) return false;
      const isUnsaid = network === undefined || knownValue(network) === '';
      const on = isUnsaid ? parts.network(owner) : knownValue(network);
      return on === undefined ? owner === viewer : reaches(parts, on, scope);
    })
  );
}

/** Workloads on one network are reached directly, whatever the merged scope; on another one through its gateway, for a global Service alone. */
function reaches({ viewer, network, gateways }: ViewParts, where: string, scope: Scope): boolean {
  return where === network(viewer) || (scope === 'GLOBAL' && gateways.some((gateway) => gateway.network === where));
}

function hasAddress(service: ServiceObject | undefined): boolean {
  return service === undefined || knownValue(service.clusterIP) !== 'None';
}

function hasEndpoints(entry: ServiceEntryObject): boolean {
  return (knownValue(entry.endpoints) ?? []).length > 0;
}

/** True if its `workloadSelector` selects Pods or WorkloadEntries of its namespace. */
function selectsEndpoints(parts: ViewParts, entry: ServiceEntryObject, namespace: string): boolean {
  const { context, viewer } = parts;
  const selector = knownValue(entry.workloadSelector);
  if (selector === undefined) return false;
  return (
    selectsPods(context.objectsIn(viewer, 'Workload', namespace), selector) ||
    context
      .objectsIn(viewer, 'WorkloadEntry', namespace)
      .some((workload) => selects(selector, workload.endpointLabels) && isNear(parts, workload))
  );
}

/** False for a workload on another network than the viewer's: as no ServiceEntry is global, no gateway leads there. */
function isNear({ viewer, network: of }: ViewParts, { network }: { readonly network: Field<string> }): boolean {
  return ['', of(viewer)].includes(knownValue(network) ?? '');
}

function entryRow(parts: ViewParts, { entry, namespace, host }: HostEntry): ViewRow {
  return {
    namespace,
    name: entry.name.value,
    hostname: host,
    kind: 'ServiceEntry',
    scope: '',
    waypoint: seen(
      parts,
      parts.viewer,
      judgeWaypoint(parts.context, parts.viewer, { ...entry, namespace }, parts.version),
    ),
    endpointClusters:
      (knownValue(entry.endpoints) ?? []).some((one) => isNear(parts, one)) || selectsEndpoints(parts, entry, namespace)
        ? [parts.name(parts.viewer)]
        : [],
    vipClusters: [],
    vipNetworks: [parts.network(parts.viewer)],
  };
}

/** The Services that a cluster's own east-west gateway serves (ambientindex.go:604-642): the global ones, and the waypoints of global ones. */
function exposedServices(parts: ViewParts, rows: readonly ViewRow[]): readonly string[] {
  const exposed = new Set<string>();
  const served = (row: ViewRow): boolean =>
    // In 1.27 only with a workload on the gateway's own network (AllLocalNetworkGlobalServices; gone in 1.28.0).
    has(parts.version, 'serves-without-local-workloads') ||
    parts
      .owners(row.namespace, row.name)
      .some(
        (owner) =>
          parts.network(owner) === parts.network(parts.viewer) && row.endpointClusters.includes(parts.name(owner)),
      );
  const byKey = new Map(
    rows.filter(({ kind }) => kind === 'Service').map((row) => [`${row.namespace}/${row.name}`, row]),
  );
  for (const [key, row] of byKey) {
    if (row.scope !== 'GLOBAL') continue;
    if (served(row)) exposed.add(key);
    const waypoint = row.waypoint === null ? undefined : byKey.get(row.waypoint);
    if (waypoint !== undefined && served(waypoint)) exposed.add(row.waypoint as string);
  }
  return [...exposed].sort();
}
