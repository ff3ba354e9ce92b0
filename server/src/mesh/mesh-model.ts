/** The model of one mesh: every relation on demand, kept until something it rests on changes. */
import { computed, family, sameData } from '../base/incremental.ts';
import type { Boundary } from '../config/config.ts';
import { isKnown, knownValue } from '../facts/field.ts';
import type { Labels } from '../facts/objects.ts';
import type { ClusterId, MeshGroup } from '../layout/layout.ts';
import { showsAmbient } from './ambient.ts';
import type { ClusterStore } from './cluster-store.ts';
import { keyOf, meshContext, partsOf, sameItems } from './context.ts';
import { controllerOf } from './gateway-classes.ts';
import { type GeneratedService, generatedServices } from './generated-services.ts';
import { judgeListeners } from './listeners.ts';
import { exposedServices, isInIndex, mergedView, type ViewParts } from './merged-view.ts';
import type { Mesh, NetworkJudgement, ScopeJudgement, ServiceRow } from './model.ts';
import { istioNamespace, judgeNetwork } from './network.ts';
import { declaredRemoteGateways, offeredGateways } from './network-gateways.ts';
import type { ObjectStore } from './object-store.ts';
import { judgeScope } from './scope.ts';
import { labelOf } from './selectors.ts';
import { clusterVersion } from './version.ts';
import { judgeWaypoint } from './waypoint.ts';

export interface MeshOptions {
  /** What if all clusters had this one. */
  readonly assumeIstioVersion?: string;
  /** A tracked read of what the configuration says must not leave its cluster. */
  readonly boundaries?: () => readonly Boundary[];
}

const NO_LABELS: Labels = { entries: new Map(), at: undefined, open: false };
const NOT_INDEXED: ScopeJudgement = { scope: 'LOCAL', assumed: false, because: undefined, entry: undefined };

/** Creates the model of a group of clusters. It reads the stores when asked, so it lives as long as the group does. */
export function createMesh(group: MeshGroup, clusters: ClusterStore, store: ObjectStore, options: MeshOptions): Mesh {
  const context = meshContext(group, clusters, store);
  const { cluster: clusterOf } = context;
  const present = computed(() => group.clusters.map(clusterOf).filter((cluster) => cluster !== undefined), sameItems);

  const version = family((id) => clusterVersion(clusterOf(id), options.assumeIstioVersion), sameData);

  const generated = family((key): ReadonlyMap<string, GeneratedService> => {
    const [cluster, namespace] = partsOf(key) as [string, string];
    const services = generatedServices(context, cluster, namespace, version(cluster));
    return new Map(services.map((service) => [service.name, service]));
  }, sameData);

  const row = family((key): ServiceRow | undefined => {
    const [cluster, namespace, name] = partsOf(key) as [string, string, string];
    const service = context.object(cluster, 'Service', namespace, name);
    const generatedFor = generated(keyOf(cluster, namespace)).get(name)?.gateway;
    return service === undefined && generatedFor === undefined ? undefined : { namespace, name, service, generatedFor };
  }, sameData);

  /** Keys of the Services of one cluster. */
  const keysOf = family((cluster): readonly string[] => {
    const namespaces = new Set([
      ...context.namespacesOf(cluster, 'Service'),
      ...context.namespacesOf(cluster, 'Gateway'),
    ]);
    const keys: string[] = [];
    for (const namespace of [...namespaces].sort()) {
      const names = new Set([
        ...store.namesIn(cluster, 'Service', namespace),
        ...generated(keyOf(cluster, namespace)).keys(),
      ]);
      for (const name of [...names].sort()) keys.push(`${namespace}/${name}`);
    }
    return keys;
  }, sameItems);

  const ownersByKey = computed((): ReadonlyMap<string, readonly ClusterId[]> => {
    const owners = new Map<string, ClusterId[]>();
    for (const { id } of present.get()) {
      for (const key of keysOf(id)) {
        const known = owners.get(key);
        if (known === undefined) owners.set(key, [id]);
        else known.push(id);
      }
    }
    return new Map([...owners].sort(([a], [b]) => (a < b ? -1 : 1)));
  });
  const serviceKeys = computed(() => [...ownersByKey.get().keys()], sameItems);
  const owners = family((key) => ownersByKey.get().get(key) ?? [], sameItems);

  const labelsOf = (cluster: ClusterId, { service, namespace, name }: ServiceRow): Labels =>
    service?.labels ?? generated(keyOf(cluster, namespace)).get(name)?.labels ?? NO_LABELS;

  const scope = family((key): ScopeJudgement => {
    const [viewer, owner, namespace, name] = partsOf(key) as [string, string, string, string];
    const found = row(keyOf(owner, namespace, name));
    const judge = clusterOf(viewer);
    if (found === undefined || judge === undefined || !isInIndex(found)) return NOT_INDEXED;
    return judgeScope(judge, {
      labels: labelsOf(owner, found),
      namespace,
      namespaceLabels: context.object(owner, 'Namespace', '', namespace)?.labels,
    });
  }, sameData);

  const waypoint = family((key) => {
    const [cluster, namespace, name] = partsOf(key) as [string, string, string];
    const found = row(keyOf(cluster, namespace, name));
    const labels = found === undefined ? NO_LABELS : labelsOf(cluster, found);
    const annotations = found?.service?.annotations ?? NO_LABELS;
    return judgeWaypoint(context, cluster, { namespace, labels, annotations }, version(cluster));
  }, sameData);

  const bindingsIn = family((key): ReadonlyMap<string, readonly string[]> => {
    const [cluster, namespace] = partsOf(key) as [string, string];
    const bound = new Map<string, string[]>();
    const names = new Set([
      ...store.namesIn(cluster, 'Service', namespace),
      ...generated(keyOf(cluster, namespace)).keys(),
    ]);
    for (const name of [...names].sort()) {
      const found = waypoint(keyOf(cluster, namespace, name)).waypoint;
      if (found !== null) bound.set(found, [...(bound.get(found) ?? []), `${namespace}/${name}`]);
    }
    return bound;
  }, sameData);
  const servedBy = family((key): readonly string[] => {
    const [cluster, waypointKey] = partsOf(key) as [string, string];
    const namespaces = new Set([
      ...context.namespacesOf(cluster, 'Service'),
      ...context.namespacesOf(cluster, 'Gateway'),
    ]);
    return [...namespaces].sort().flatMap((namespace) => bindingsIn(keyOf(cluster, namespace)).get(waypointKey) ?? []);
  }, sameItems);

  const network = family((key): NetworkJudgement => {
    const [id, namespace] = partsOf(key) as [string, string | undefined];
    const cluster = clusterOf(id);
    if (cluster !== undefined) return judgeNetwork(context, cluster, namespace);
    return {
      namespaceLabel: undefined,
      namespace: undefined,
      global: undefined,
      ztunnel: undefined,
      effective: undefined,
      reported: '',
    };
  }, sameData);

  const listeners = family((key) => {
    const [cluster, namespace, name] = partsOf(key) as [string, string, string];
    const gateway = context.object(cluster, 'Gateway', namespace, name);
    if (gateway === undefined) return [];
    const running = version(cluster);
    return judgeListeners(gateway, controllerOf(context, cluster, gateway, running), running);
  }, sameData);

  const offered = family((cluster) => offeredGateways(context, cluster), sameData);
  const networkGateways = family(
    (viewer) =>
      group.clusters
        .flatMap((id) => (id === viewer ? declaredRemoteGateways(context, id) : offered(id)))
        .sort((a, b) => (a.network < b.network ? -1 : a.network > b.network ? 1 : a.gateway < b.gateway ? -1 : 1)),
    sameData,
  );

  const podsBehind = family((key): boolean => {
    const [cluster, namespace, name] = partsOf(key) as [string, string, string];
    const found = row(keyOf(cluster, namespace, name));
    if (found?.generatedFor !== undefined && found.service === undefined) return true;
    const selector = found?.service === undefined ? undefined : knownValue(found.service.selector);
    if (selector === undefined) return false;
    const workloads = context.objectsIn(cluster, 'Workload', namespace);
    if (workloads.some(({ replicas, podLabels }) => knownValue(replicas) !== 0 && selects(selector, podLabels)))
      return true;
    // Pods of gateways carry the labels of the Service that Istio generates for them.
    return [...generated(keyOf(cluster, namespace)).values()].some(({ labels }) => selects(selector, labels));
  });

  const viewParts = (viewer: ClusterId): ViewParts => {
    const home = istioNamespace(clusterOf(viewer));
    return {
      context,
      viewer,
      version: version(viewer),
      keys: serviceKeys.get(),
      name: (id) => clusterOf(id)?.name ?? id,
      row: (cluster, namespace, name) => row(keyOf(cluster, namespace, name)),
      owners: (namespace, name) => owners(`${namespace}/${name}`),
      scope: (owner, namespace, name) => scope(keyOf(viewer, owner, namespace, name)),
      waypoint: (cluster, namespace, name) => waypoint(keyOf(cluster, namespace, name)),
      network: (id) => network(id === viewer ? id : keyOf(id, home)).reported,
      hasPods: (cluster, namespace, name) => podsBehind(keyOf(cluster, namespace, name)),
      gateways: networkGateways(viewer),
    };
  };
  const view = family((viewer) => mergedView(viewParts(viewer)), sameData);

  const namespaces = family((cluster): readonly string[] => {
    const found = new Set(context.objects(cluster, 'Namespace').map(({ name }) => name.value));
    for (const kind of ['Service', 'ServiceEntry', 'Gateway', 'Workload'] as const) {
      for (const namespace of context.namespacesOf(cluster, kind)) found.add(namespace);
    }
    return [...found].sort();
  }, sameItems);

  const ambient = family((id) => {
    const cluster = clusterOf(id);
    return cluster !== undefined && showsAmbient(context, cluster);
  });

  return {
    id: group.id,
    get clusters() {
      return present.get();
    },
    get placedClusters() {
      return group.clusters.map((id) => clusters.at(id)).filter((cluster) => cluster !== undefined);
    },
    reference: group.reference,
    get boundaries() {
      return options.boundaries?.() ?? [];
    },
    object: context.object,
    objects: (cluster, kind, namespace) =>
      namespace === undefined ? context.objects(cluster, kind) : context.objectsIn(cluster, kind, namespace),
    complete: (cluster, kind) => {
      const declared = clusterOf(cluster)?.complete ?? false;
      return typeof declared === 'boolean' ? declared && kind !== 'Secret' : declared.has(kind);
    },
    partial: (cluster) => clusters.isPartial(cluster),
    ambient,
    get multicluster() {
      return present.get().filter(({ id }) => ambient(id)).length > 1;
    },
    flagKnownOff: (cluster) => {
      const install = clusterOf(cluster)?.install;
      if (install === undefined) return false;
      return [install.multiNetworkFlag, install.ambient].some((flag) => isKnown(flag) && !flag.value);
    },
    version,
    namespaces,
    serviceKeys: () => serviceKeys.get(),
    serviceRow: (cluster, namespace, name) => row(keyOf(cluster, namespace, name)),
    owners: (namespace, name) => owners(`${namespace}/${name}`),
    network,
    scope: (viewer, owner, namespace, name) => scope(keyOf(viewer, owner, namespace, name)),
    waypoint: (cluster, namespace, name) => waypoint(keyOf(cluster, namespace, name)),
    servedBy: (cluster, waypointKey) => servedBy(keyOf(cluster, waypointKey)),
    waypointScope: (cluster, namespace, name) => {
      for (const service of generated(keyOf(cluster, namespace)).values()) {
        if (service.gateway.name.value === name) return scope(keyOf(cluster, cluster, namespace, service.name));
      }
      return NOT_INDEXED;
    },
    listeners: (cluster, namespace, name) => listeners(keyOf(cluster, namespace, name)),
    networkGateways,
    view,
    exposedByEastWestGateway: (viewer) => exposedServices(viewParts(viewer), view(viewer)),
  };
}

/** True if a Service's selector is known to match Pods with these labels; an empty one matches none. */
function selects(selector: Labels, labels: Labels): boolean {
  if (selector.entries.size === 0) return false;
  for (const [key, wanted] of selector.entries) {
    const state = labelOf(labels, key);
    if (!isKnown(wanted) || state === 'absent' || state === 'unknown' || state.value !== wanted.value) return false;
  }
  return true;
}
