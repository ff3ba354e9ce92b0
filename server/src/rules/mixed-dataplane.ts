/** Sidecars in a mesh with ambient multicluster: what they lose by it, and who cannot reach them. */

import { firstWith, has } from '../base/istio-version.ts';
import { isKnown, knownValue } from '../facts/field.ts';
import type { ServiceObject } from '../facts/objects.ts';
import { labelPlace } from '../facts/read-labels.ts';
import type { ClusterId } from '../layout/layout.ts';
import { sameItems } from '../mesh/context.ts';
import type { ClusterName, Mesh } from '../mesh/model.ts';
import { relation } from '../mesh/relation.ts';
import { goParseBool } from '../yaml/scalar.ts';
import { type Finding, type Fix, type Related, rule } from './rule.ts';
import { GLOBAL_LABEL, labelDecides } from './scope-not-uniform.ts';
import { editsFor } from './shared/edits-for.ts';
import { setLabel } from './shared/label-edits.ts';
import { isMixed, mixedNamespaces } from './shared/mixed-namespace.ts';
import { hasClassicGateway, hasSidecars, servicesWithSidecars } from './shared/sidecars.ts';
import { ownScope, takesPart } from './shared/taking-part.ts';
import { assumedVersion, clusterOf, listed, MULTICLUSTER_DOCS, nameOf } from './shared/wording.ts';

const INGRESS_FLAG = 'AMBIENT_ENABLE_MULTI_NETWORK_INGRESS';

export const mixedDataplane = rule({
  id: 'mixed-dataplane',
  summary: 'In a mesh with ambient multicluster no sidecar should call, or be called from, another cluster.',
  why: `The flag \`AMBIENT_ENABLE_MULTI_NETWORK\` changes what sidecars get as well. Since Istio 1.28.1 istiod sends every proxy, sidecars included, the endpoints of other clusters for global Services only, and Services are local by default. Sidecars cannot use an ambient east-west gateway; before 1.29 istiod still sends them there, and later where a Gateway of class \`istio-remote\` tells of it, and some of their requests fail. The other way round a sidecar does not take what an ambient east-west gateway hands over, so requests of ambient Pods on other networks are reset, and those of ingress gateways fail if \`${INGRESS_FLAG}\` is on.`,
  severity: 'warning',
  otherwise: {
    error:
      'for ingress gateways that sidecars refuse, and if a Namespace with global Services is in ambient mode in other clusters and its Pods are seen',
    hint: 'if nothing shows that sidecars are to cross clusters, or if the label may be there for them alone',
  },
  group: 'foundations',
  limitation: null,
  since: '1.27',
  reads: ['Service', 'Workload', 'WorkloadEntry', 'Namespace', 'Gateway', 'GatewayClass', 'IstioGateway', 'Install'],
  fix: 'unsafe',
  howToFix: `Keep a Service and its clients in one mode, and move namespaces that call other clusters to ambient mode together. Until then: label Services that only sidecars call across clusters \`istio.io/global: "true"\` in every cluster, keep a classic east-west gateway (port 15443) for them, and leave \`${INGRESS_FLAG}\` off.`,
  whenToSilence: 'If sidecars stay in their own cluster, or while namespaces are moved to ambient mode one by one.',
  docs: MULTICLUSTER_DOCS,
  references: [
    'pilot/pkg/xds/endpoints/endpoint_builder.go:642-646',
    'pilot/pkg/xds/endpoints/ep_filters.go:292-328',
    'https://github.com/istio/istio/issues/57877',
    'https://github.com/istio/istio/issues/57878',
    'https://github.com/istio/istio/issues/60609',
    'https://github.com/istio/istio/issues/61618',
    'https://github.com/istio/istio/issues/61713',
    'https://github.com/istio/istio/issues/61746',
  ],
  per: 'cluster',
  ahead: (mesh, cluster, namespace) => {
    if (isMultiNetwork(mesh, cluster)) servicesWithSidecars(mesh, cluster, [namespace]);
  },
  *check(mesh, { cluster }) {
    if (!isMultiNetwork(mesh, cluster)) return;
    const place: Place = { mesh, cluster };
    yield* confined(place);
    yield* misled(place);
    yield* mixedNamespaces(mesh, cluster, (other, service) => isCalled({ mesh, cluster: other }, service));
    yield* unreachable(place);
    yield* ingress(place);
  },
});

function isMultiNetwork(mesh: Mesh, cluster: ClusterId): boolean {
  const flag = clusterOf(mesh, cluster)?.install.multiNetworkFlag;
  return mesh.multicluster && takesPart(mesh, cluster) && isKnown(flag) && flag.value;
}

/** The cluster that is looked at. */
interface Place {
  readonly mesh: Mesh;
  readonly cluster: ClusterId;
}

/** The Services that sidecars reach in their own cluster only, because they are local, by `keyOf`. */
const confinedIn = relation(
  (mesh, cluster: ClusterId): ReadonlyMap<string, ServiceObject> => {
    if (!isMultiNetwork(mesh, cluster) || !has(mesh.version(cluster), 'endpoints-by-scope')) return new Map();
    const lost = servicesWithSidecars(mesh, cluster).filter(
      (service) => scopeOf(mesh, cluster, service) === 'LOCAL' && sidecarPeers({ mesh, cluster }, service).length > 0,
    );
    return new Map(lost.map((service) => [keyOf(service), service]));
  },
  (a, b) => sameItems([...a.values()], [...b.values()]),
);

/** Services of which the same is to be told in some clusters, and these. */
interface Group {
  readonly where: readonly ClusterName[];
  readonly services: readonly [ServiceObject, ...ServiceObject[]];
}

type ServicesIn = (mesh: Mesh, cluster: ClusterId) => ReadonlyMap<string, ServiceObject>;

/** Those of a cluster, each told once for all clusters that it concerns: at the first of them. */
function groupsOf(mesh: Mesh, cluster: ClusterId, servicesIn: ServicesIn): Iterable<Group> {
  const groups = new Map<string, { where: readonly ClusterName[]; services: [ServiceObject, ...ServiceObject[]] }>();
  for (const [name, service] of servicesIn(mesh, cluster)) {
    const where = mesh.clusterNames.filter(({ id }) => servicesIn(mesh, id).has(name));
    if (where[0]?.id !== cluster) continue;
    const key = where.map(({ id }) => id).join('\n');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { where, services: [service] });
    else group.services.push(service);
  }
  return groups.values();
}

function* confined({ mesh, cluster }: Place): Iterable<Finding> {
  for (const group of groupsOf(mesh, cluster, confinedIn)) yield confinedFinding({ mesh, cluster }, group);
}

/** Where the first of the Services is written in the other clusters. */
function mirrors({ where, services: [first] }: Group, mesh: Mesh, servicesIn: ServicesIn, message: string): Related[] {
  return where.slice(1).flatMap(({ id, name }) => {
    const copy = servicesIn(mesh, id).get(keyOf(first));
    if (copy === undefined) return [];
    const at = labelPlace(copy, GLOBAL_LABEL);
    return [{ at, cluster: id, message: `Service ${keyOf(first)} in ${name}`, mirror: message }];
  });
}

function confinedFinding(place: Place, group: Group): Finding {
  const { mesh } = place;
  const { where, services: lost } = group;
  const [first] = lost;
  const [are, them] = lost.length === 1 ? ['it is', 'it'] : ['they are', 'them'];
  const assumed = where.map(({ id }) => assumedVersion(mesh, id)).find((text) => text !== '') ?? '';
  const message = `Sidecars in ${listed(where.map(({ name }) => name))} reach ${shown(lost)} in their own cluster only: ${are} local, and with AMBIENT_ENABLE_MULTI_NETWORK that applies to sidecars too${assumed}. To let them reach other clusters, make ${them} global in every cluster.`;
  return {
    check: `confined ${keyOf(first)}`,
    ...(hasClassicGateway(mesh) ? {} : { severity: 'hint' as const }),
    message,
    at: labelPlace(first, GLOBAL_LABEL),
    clusters: where.map(({ id }) => id),
    object: undefined,
    related: [...besideFirst(place, lost), ...mirrors(group, mesh, confinedIn, message)],
    tie: where.length === 2,
    fixes: () => globalFix(mesh, lost),
  };
}

/** The clusters whose ambient east-west gateways sidecars of a cluster are given for a Service. */
function gatewaysFor({ mesh, cluster }: Place, service: ServiceObject): readonly ClusterId[] {
  const gateways = new Set(mesh.networkGateways(cluster).map((gateway) => gateway.cluster));
  return sidecarPeers({ mesh, cluster }, service).filter(
    (peer) => gateways.has(peer) && onOtherNetwork({ mesh, cluster }, peer),
  );
}

/** The Services for which sidecars are given gateways that do not serve them, by `keyOf`. */
const misledIn = relation(
  (mesh, cluster: ClusterId): ReadonlyMap<string, ServiceObject> => {
    const version = mesh.version(cluster);
    if (!isMultiNetwork(mesh, cluster) || has(version, 'sidecars-skip-ambient-gateways')) return new Map();
    const global = has(version, 'endpoints-by-scope');
    const concerned = servicesWithSidecars(mesh, cluster).filter(
      (service) =>
        (!global || scopeOf(mesh, cluster, service) === 'GLOBAL') && gatewaysFor({ mesh, cluster }, service).length > 0,
    );
    return new Map(concerned.map((service) => [keyOf(service), service]));
  },
  (a, b) => sameItems([...a.values()], [...b.values()]),
);

function* misled(place: Place): Iterable<Finding> {
  const { mesh, cluster } = place;
  for (const group of groupsOf(mesh, cluster, misledIn)) {
    const { where, services } = group;
    const peers = where.flatMap(({ id }) => services.flatMap((service) => gatewaysFor({ mesh, cluster: id }, service)));
    const names = listed([...new Set(peers)].map((peer) => nameOf(mesh, peer)).sort());
    const gateways =
      where.length > 1
        ? `the ambient east-west gateways of each other's networks`
        : `the ambient east-west gateway of ${names}`;
    const fixed = firstWith(mesh.version(cluster), 'sidecars-skip-ambient-gateways').replace(/\.0$/, '');
    const message = `Sidecars in ${listed(where.map(({ name }) => name))} send some requests for ${shown(services)} to ${gateways}, which ${where.length > 1 ? 'do' : 'does'} not serve sidecars. These requests fail; since Istio ${fixed}, sidecars do not use ${where.length > 1 ? 'them' : 'that gateway'}.`;
    yield acrossClusters(place, group, misledIn, { check: 'misled', message });
  }
}

/** True if ambient Pods on other networks call a Service of the cluster through its east-west gateway: it is global in both. */
function isCalled(place: Place, service: ServiceObject): boolean {
  const { mesh, cluster } = place;
  return (
    isMultiNetwork(mesh, cluster) &&
    scopeOf(mesh, cluster, service) === 'GLOBAL' &&
    others(place, service).some((other) => onOtherNetwork(place, other) && scopeOf(mesh, other, service) === 'GLOBAL')
  );
}

/** Global Services whose Pods have sidecars, which ambient clients cannot reach, where the Namespace is no finding of its own. */
const unreachableIn = relation(
  (mesh, cluster: ClusterId): ReadonlyMap<string, ServiceObject> => {
    if (!isMultiNetwork(mesh, cluster)) return new Map();
    const concerned = servicesWithSidecars(mesh, cluster).filter(
      (service) => isCalled({ mesh, cluster }, service) && !isMixed(mesh, cluster, knownValue(service.namespace) ?? ''),
    );
    return new Map(concerned.map((service) => [keyOf(service), service]));
  },
  (a, b) => sameItems([...a.values()], [...b.values()]),
);

function* unreachable(place: Place): Iterable<Finding> {
  const { mesh, cluster } = place;
  for (const group of groupsOf(mesh, cluster, unreachableIn)) {
    const { where, services } = group;
    const one = services.length === 1;
    yield acrossClusters(place, group, unreachableIn, {
      check: 'unreachable',
      // With a classic gateway the label may be there for the sidecars alone.
      ...(hasClassicGateway(mesh) ? { severity: 'hint' as const } : {}),
      message: `${shown(services)} in ${listed(where.map(({ name }) => name))} ${one ? 'is' : 'are'} global, but ${one ? 'its' : 'their'} Pods have sidecars: calls from ambient Pods on other networks are reset. A sidecar does not accept what the ambient east-west gateway forwards.`,
    });
  }
}

/** A finding that is told at the first of the clusters; which ones they are is no part of what it is. */
function acrossClusters(
  place: Place,
  group: Group,
  servicesIn: ServicesIn,
  said: Pick<Finding, 'check' | 'severity' | 'message'>,
): Finding {
  const { where, services } = group;
  return {
    ...said,
    check: `${said.check} ${keyOf(services[0])}`,
    at: labelPlace(services[0], GLOBAL_LABEL),
    clusters: where.map(({ id }) => id),
    object: undefined,
    related: [...besideFirst(place, services), ...mirrors(group, place.mesh, servicesIn, said.message)],
    tie: where.length === 2,
  };
}

/** Ingress gateways that call sidecars on other networks as if they were in ambient mode. */
function* ingress(place: Place): Iterable<Finding> {
  const { mesh, cluster } = place;
  const flag = clusterOf(mesh, cluster)?.install.pilotEnv.get(INGRESS_FLAG);
  const version = mesh.version(cluster);
  if (!isKnown(flag) || goParseBool(flag.value) !== true || !hasIngress(mesh, cluster)) return;
  if (!has(version, 'multi-network-ingress-flag') || has(version, 'ingress-tells-sidecars')) return;
  const peersOf = (service: ServiceObject): readonly ClusterId[] =>
    sidecarPeers(place, service).filter(
      (peer) => onOtherNetwork(place, peer) && scopeOf(mesh, peer, service) === 'GLOBAL',
    );
  const concerned = mesh
    .objects(cluster, 'Service')
    .filter((service) => scopeOf(mesh, cluster, service) === 'GLOBAL' && peersOf(service).length > 0);
  const [first] = concerned;
  if (first === undefined) return;
  const peers = listed([...new Set(concerned.flatMap(peersOf))].map((peer) => nameOf(mesh, peer)).sort());
  yield {
    check: 'ingress',
    ofCluster: cluster,
    severity: 'error',
    at: flag.at,
    clusters: [cluster],
    object: undefined,
    related: besideFirst(place, concerned),
    message: `Ingress gateways in ${nameOf(mesh, cluster)} cannot call ${shown(concerned)} in ${peers}: with ${INGRESS_FLAG} they use HBONE${assumedVersion(mesh, cluster)}, which sidecars do not accept from other networks. Turn the flag off as long as there are sidecars.`,
    fixes: () => [
      {
        title: `Set ${INGRESS_FLAG}: "false" in ${nameOf(mesh, cluster)}`,
        safe: false,
        preferred: true,
        edits: () => [{ op: 'set', at: flag.at, value: 'false' }],
      },
    ],
  };
}

function hasIngress(mesh: Mesh, cluster: ClusterId): boolean {
  return (
    mesh.objects(cluster, 'IstioGateway').length > 0 ||
    mesh.objects(cluster, 'Gateway').some(({ className }) => knownValue(className) === 'istio')
  );
}

/** The places of the Services beside the first of them. */
function besideFirst({ mesh, cluster }: Place, services: readonly ServiceObject[]): Finding['related'] {
  return services.slice(1).map((service) => ({
    at: service.name.at,
    cluster,
    message: `Service ${keyOf(service)} in ${nameOf(mesh, cluster)} too`,
  }));
}

function keyOf({ namespace, name }: ServiceObject): string {
  return `${knownValue(namespace) ?? ''}/${name.value}`;
}

/** `Service shop/cart`, `Services shop/cart and shop/web`, `Service shop/cart and 4 others`. */
function shown(services: readonly ServiceObject[]): string {
  const keys = services.map(keyOf);
  if (keys.length === 2) return `Services ${listed(keys)}`;
  return `Service ${keys[0]}${keys.length > 1 ? ` and ${keys.length - 1} others` : ''}`;
}

function scopeOf(mesh: Mesh, cluster: ClusterId, { namespace, name }: ServiceObject): 'GLOBAL' | 'LOCAL' | undefined {
  return ownScope(mesh, cluster, knownValue(namespace) ?? '', name.value);
}

/** The other clusters that take part and have the Service. */
function others({ mesh, cluster }: Place, { namespace, name }: ServiceObject): readonly ClusterId[] {
  const owners = mesh.owners(knownValue(namespace) ?? '', name.value);
  return owners.filter((other) => other !== cluster && takesPart(mesh, other));
}

/** The other clusters in which the Service has Pods with sidecars. */
function sidecarPeers(place: Place, service: ServiceObject): readonly ClusterId[] {
  const namespace = knownValue(service.namespace) ?? '';
  return others(place, service).filter((other) => hasSidecars(place.mesh, other, namespace, service.name.value));
}

function onOtherNetwork({ mesh, cluster }: Place, other: ClusterId): boolean {
  const [own, theirs] = [mesh.network(cluster).effective, mesh.network(other).effective];
  return isKnown(own) && isKnown(theirs) && own.value !== theirs.value;
}

/** Labels the Services in every cluster, where the label is what makes them global. */
function globalFix(mesh: Mesh, services: readonly ServiceObject[]): readonly Fix[] {
  const copies = services.flatMap((service) => {
    const namespace = knownValue(service.namespace) ?? '';
    return mesh.owners(namespace, service.name.value).flatMap((cluster) => {
      const copy = mesh.object(cluster, 'Service', namespace, service.name.value);
      const local = copy !== undefined && scopeOf(mesh, cluster, copy) !== 'GLOBAL';
      return local ? [{ cluster, namespace, service: copy }] : [];
    });
  });
  if (!copies.every(({ cluster, namespace, service }) => labelDecides(mesh, { cluster, service }, 'GLOBAL', namespace)))
    return [];
  const where = listed([...new Set(copies.map(({ cluster }) => nameOf(mesh, cluster)))].sort());
  return [
    {
      title: `Make ${shown(services)} global in ${where}`,
      safe: false,
      preferred: true,
      edits: () =>
        copies.flatMap(({ cluster, service }) => editsFor(cluster, [setLabel(service, GLOBAL_LABEL, 'true')])),
    },
  ];
}
