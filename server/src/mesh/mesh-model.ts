/** The model of one mesh: every relation on demand, kept until something it rests on changes. */
import { Lifetime } from '../base/incremental.ts';
import { remember } from '../base/remember.ts';
import { sameData } from '../base/same-data.ts';
import type { Boundary } from '../config/config.ts';
import { isKnown, knownValue } from '../facts/field.ts';
import type { Labels } from '../facts/objects.ts';
import { type Sign, shown } from '../facts/unread-signs.ts';
import type { Cluster, ClusterId, MeshGroup } from '../layout/layout.ts';
import { showsAmbient } from './ambient.ts';
import type { ClusterStore } from './cluster-store.ts';
import { meshContext, sameItems } from './context.ts';
import { controllerOf } from './gateway-classes.ts';
import { type GeneratedService, generatedServices } from './generated-services.ts';
import { judgeListeners } from './listeners.ts';
import { isInIndex, mergedView, type ViewedService, viewedService } from './merged-view.ts';
import type { ClusterName, Mesh, MeshView, NetworkJudgement, ScopeJudgement, ServiceRow } from './model.ts';
import { istioNamespace, judgeNetwork } from './network.ts';
import { declaredRemoteGateways, offeredGateways } from './network-gateways.ts';
import { splitKey } from './object-key.ts';
import { ObjectStore } from './object-store.ts';
import { judgeScope, scopeView, seenBy } from './scope.ts';
import { namespaceLabel, sees } from './selectors.ts';
import { withUnreadSettings } from './unread-settings.ts';
import { clusterVersion } from './version.ts';
import { judgeWaypoint } from './waypoint.ts';
import { selects, selectsPods } from './workload-index.ts';

/** The boundaries of a configuration file. */
export interface ConfiguredBoundaries {
  readonly file: string;
  readonly boundaries: readonly Boundary[];
}

export interface MeshOptions {
  /** What if all clusters had this one. */
  readonly assumeIstioVersion?: string;
  /** A tracked read of what the configurations say must not leave its cluster. */
  readonly boundaries?: () => readonly ConfiguredBoundaries[];
  /** What patches delete on its way into clusters. */
  readonly deleted?: ObjectStore;
  /** A tracked read of whether something may stand in what was not read (`UnreadStore`). */
  readonly mayStandUnread?: (cluster: ClusterId, sign: Sign) => boolean;
  /** The same of what shows it: a file of which nothing is known does not. */
  readonly isShownUnread?: (cluster: ClusterId, sign: Sign) => boolean;
}

const NO_LABELS: Labels = { entries: new Map(), at: undefined, open: false };
const NOT_INDEXED: ScopeJudgement = { scope: 'LOCAL', assumed: false, because: undefined, entry: undefined };

/** Always the same one for a cluster, as a view of a cluster is. */
const knownTold = new WeakMap<Cluster, Cluster>();

/** The clusters by names that tell them apart: where several have one name, what identifies them is said too. */
function toldApart(clusters: readonly Cluster[]): readonly Cluster[] {
  const counts = new Map<string, number>();
  for (const { name } of clusters) counts.set(name, (counts.get(name) ?? 0) + 1);
  return clusters.map((cluster) => {
    if (counts.get(cluster.name) === 1) return cluster;
    const name = { get: () => `${cluster.name} (${cluster.id})` };
    const told = knownTold.get(cluster) ?? (Object.create(cluster, { name }) as Cluster);
    knownTold.set(cluster, told);
    return told;
  });
}

/** True if all objects of the kind are declared to be in the workspace. */
function isComplete({ complete }: Cluster, kind: string): boolean {
  return typeof complete === 'boolean' ? complete && kind !== 'Secret' : complete.has(kind);
}

/** Creates the model of a group of clusters. It reads the stores when asked, so it lives as long as the group does. */
export function createMesh(group: MeshGroup, clusters: ClusterStore, store: ObjectStore, options: MeshOptions): Mesh {
  const lifetime = new Lifetime();
  const known = new WeakMap<Cluster, Cluster>();
  const judged = {
    get(id: ClusterId): Cluster | undefined {
      const cluster = clusters.get(id);
      return (
        cluster && remember(known, cluster, () => withUnreadSettings(cluster, (...of) => mayBeSet(cluster, ...of)))
      );
    },
  };
  const isShown = (id: ClusterId, sign: Sign): boolean => options.isShownUnread?.(id, sign) === true;
  const mayBeSet = (cluster: Cluster, sign: Sign, isLeftOut: (install: Cluster['install']) => boolean): boolean =>
    cluster.imported === undefined &&
    !isComplete(cluster, 'Install') &&
    (isShown(cluster.id, sign) ||
      (isShown(cluster.id, shown(sign)) &&
        group.clusters.every((id) => isLeftOut(clusters.get(id)?.install ?? cluster.install))));
  const context = meshContext(group, judged, store, lifetime);
  const deleted = meshContext(group, judged, options.deleted ?? new ObjectStore(), lifetime);
  const { cluster: clusterOf } = context;
  const present = lifetime.computed(
    () => toldApart(group.clusters.map(clusterOf).filter((cluster) => cluster !== undefined)),
    sameItems,
  );

  const names = lifetime.computed(
    (): readonly ClusterName[] => present.get().map(({ id, name }) => ({ id, name })),
    sameData,
  );
  const ids = lifetime.computed(() => names.get().map(({ id }) => id), sameItems);

  const version = lifetime.family((id) => clusterVersion(clusterOf(id), options.assumeIstioVersion), sameData);

  const generated = lifetime.family((cluster: string, namespace: string): ReadonlyMap<string, GeneratedService> => {
    const services = generatedServices(context, cluster, namespace, version(cluster));
    return new Map(services.map((service) => [service.name, service]));
  }, sameData);

  const row = lifetime.family((cluster: string, namespace: string, name: string): ServiceRow | undefined => {
    const service = context.object(cluster, 'Service', namespace, name);
    const generatedFor = generated(cluster, namespace).get(name)?.gateway;
    return service === undefined && generatedFor === undefined ? undefined : { namespace, name, service, generatedFor };
  }, sameData);

  /** Names of the Services of a namespace in one cluster, sorted. */
  const namesIn = lifetime.family((cluster: string, namespace: string): readonly string[] => {
    const written = store.namesIn(cluster, 'Service', namespace);
    const made = generated(cluster, namespace);
    return made.size === 0 ? written : [...new Set([...written, ...made.keys()])].sort();
  }, sameItems);

  /** Namespaces that hold Services in one cluster, sorted. */
  const serviceNamespacesOf = lifetime.family(
    (cluster: string): readonly string[] =>
      [...new Set([...context.namespacesOf(cluster, 'Service'), ...context.namespacesOf(cluster, 'Gateway')])].sort(),
    sameItems,
  );

  /** Namespaces that hold Services in any cluster, in the order of the keys of Services. */
  const serviceNamespaces = lifetime.computed(
    (): readonly string[] =>
      [...new Set(ids.get().flatMap((id) => serviceNamespacesOf(id)))].sort((a, b) => (`${a}/` < `${b}/` ? -1 : 1)),
    sameItems,
  );

  /** Names of the Services of a namespace in any cluster, sorted. */
  const serviceNames = lifetime.family(
    (namespace: string): readonly string[] => [...new Set(ids.get().flatMap((id) => namesIn(id, namespace)))].sort(),
    sameItems,
  );
  const serviceKeys = lifetime.computed(
    () => serviceNamespaces.get().flatMap((namespace) => serviceNames(namespace).map((name) => `${namespace}/${name}`)),
    sameItems,
  );
  const owners = lifetime.family(
    (namespace: string, name: string): readonly ClusterId[] =>
      ids.get().filter((id) => row(id, namespace, name) !== undefined),
    sameItems,
  );

  const labelsOf = (cluster: ClusterId, { service, namespace, name }: ServiceRow): Labels =>
    service?.labels ?? generated(cluster, namespace).get(name)?.labels ?? NO_LABELS;

  const members = lifetime.computed((): ReadonlySet<ClusterId> => new Set(ids.get()));
  const scopesOf = lifetime.family((id: string) => clusterOf(id)?.install.scopeConfigs, sameData);
  const viewOf = lifetime.family((id: string): string => scopeView(scopesOf(id)));
  /** The first cluster with a view: it judges for all that have the same. */
  const judgeOf = lifetime.family((view: string) => ids.get().find((id) => viewOf(id) === view));
  const scopeInView = lifetime.family(
    (view: string, owner: string, namespace: string, name: string): ScopeJudgement => {
      const found = row(owner, namespace, name);
      const judge = judgeOf(view);
      if (found === undefined || judge === undefined || !isInIndex(found)) return NOT_INDEXED;
      return judgeScope(scopesOf(judge), {
        labels: labelsOf(owner, found),
        namespace,
        namespaceLabels: context.object(owner, 'Namespace', '', namespace)?.labels,
      });
    },
    sameData,
  );
  const scope = (viewer: ClusterId, owner: ClusterId, namespace: string, name: string): ScopeJudgement => {
    if (!members.get().has(viewer)) return NOT_INDEXED;
    const view = viewOf(viewer);
    const judged = scopeInView(view, owner, namespace, name);
    const judge = judged.entry === undefined ? undefined : judgeOf(view);
    return judge === undefined || judge === viewer ? judged : seenBy(scopesOf(viewer), judged, scopesOf(judge));
  };

  const waypoint = lifetime.family((cluster: string, namespace: string, name: string) => {
    const found = row(cluster, namespace, name);
    const labels = found === undefined ? NO_LABELS : labelsOf(cluster, found);
    const annotations = found?.service?.annotations ?? NO_LABELS;
    return judgeWaypoint(context, cluster, { namespace, labels, annotations }, version(cluster));
  }, sameData);

  const bindingsIn = lifetime.family((cluster: string, namespace: string): ReadonlyMap<string, readonly string[]> => {
    const bound = new Map<string, string[]>();
    for (const name of namesIn(cluster, namespace)) {
      const found = waypoint(cluster, namespace, name).waypoint;
      if (found !== null) remember(bound, found, (): string[] => []).push(`${namespace}/${name}`);
    }
    return bound;
  }, sameData);
  /** The namespaces with Services of each waypoint of a cluster, sorted: a waypoint need not look at those of others. */
  const boundNamespaces = lifetime.family((cluster: string): ReadonlyMap<string, readonly string[]> => {
    const bound = new Map<string, string[]>();
    for (const namespace of serviceNamespacesOf(cluster)) {
      for (const waypointKey of bindingsIn(cluster, namespace).keys())
        remember(bound, waypointKey, (): string[] => []).push(namespace);
    }
    return bound;
  }, sameData);
  const namespacesBoundTo = lifetime.family(
    (cluster: string, waypointKey: string) => boundNamespaces(cluster).get(waypointKey) ?? [],
    sameItems,
  );
  const servedBy = lifetime.family(
    (cluster: string, waypointKey: string): readonly string[] =>
      namespacesBoundTo(cluster, waypointKey).flatMap(
        (namespace) => bindingsIn(cluster, namespace).get(waypointKey) ?? [],
      ),
    sameItems,
  );

  /** The network of a cluster as the label of a namespace tells it; the empty name: of its own istiod's. */
  const networkIn = lifetime.family((id: string, namespace: string): NetworkJudgement => {
    const cluster = clusterOf(id);
    if (cluster !== undefined) return judgeNetwork(context, cluster, namespace === '' ? undefined : namespace);
    return {
      namespaceLabel: undefined,
      namespace: undefined,
      global: undefined,
      ztunnel: undefined,
      effective: undefined,
      reported: '',
    };
  }, sameData);
  const network = (id: ClusterId): NetworkJudgement => networkIn(id, '');

  const listeners = lifetime.family((cluster: string, namespace: string, name: string) => {
    const gateway = context.object(cluster, 'Gateway', namespace, name);
    if (gateway === undefined) return [];
    const running = version(cluster);
    return judgeListeners(gateway, controllerOf(context, cluster, gateway, running), running);
  }, sameData);

  const offered = lifetime.family((cluster) => offeredGateways(context, cluster), sameData);
  const networkGateways = lifetime.family(
    (viewer) =>
      group.clusters
        .flatMap((id) => (id === viewer ? declaredRemoteGateways(context, id) : offered(id)))
        .sort((a, b) => (a.network < b.network ? -1 : a.network > b.network ? 1 : a.gateway < b.gateway ? -1 : 1)),
    sameData,
  );

  const podsBehind = (cluster: ClusterId, namespace: string, name: string): boolean => {
    const found = row(cluster, namespace, name);
    if (found?.generatedFor !== undefined && found.service === undefined) return true;
    const selector = found?.service === undefined ? undefined : knownValue(found.service.selector);
    if (selector === undefined) return false;
    if (selectsPods(context.objectsIn(cluster, 'Workload', namespace), selector)) return true;
    // Pods of gateways carry the labels of the Service that Istio generates for them.
    return [...generated(cluster, namespace).values()].some(({ labels }) => selects(selector, labels));
  };

  const views = (): ((viewer: ClusterId) => Generator<void, MeshView>) => {
    const standings = new Map<string, ViewedService>();
    const standing = (key: string): ViewedService =>
      remember(standings, key, () => viewedService(key, { row, owners }, podsBehind));
    return (viewer) => {
      const view = viewOf(viewer);
      const home = istioNamespace(clusterOf(viewer));
      const networks = new Map(
        group.clusters.map((id) => [id, networkIn(id, id === viewer ? '' : home).reported] as const),
      );
      const selectors = knownValue(clusterOf(viewer)?.install.discoverySelectors) ?? [];
      const seesNamespace = (cluster: ClusterId, namespace: string): boolean => {
        const labels = selectors.length === 0 ? undefined : context.object(cluster, 'Namespace', '', namespace)?.labels;
        return labels === undefined || sees(selectors, namespaceLabel(namespace, labels)) !== 'no';
      };
      return mergedView({
        context,
        viewer,
        version: version(viewer),
        keys: serviceKeys.get(),
        name: (id) => clusterOf(id)?.name ?? id,
        row,
        owners,
        standing,
        scope: (owner, namespace, name) => scopeInView(view, owner, namespace, name).scope,
        waypoint,
        network: (id) => networks.get(id) ?? '',
        sees: seesNamespace,
        gateways: networkGateways(viewer).filter(({ cluster, gateway }) =>
          seesNamespace(cluster, splitKey(gateway).namespace),
        ),
      });
    };
  };

  const namespaces = lifetime.family((cluster): readonly string[] => {
    const found = new Set(context.objects(cluster, 'Namespace').map(({ name }) => name.value));
    for (const kind of ['Service', 'ServiceEntry', 'Gateway', 'Workload'] as const) {
      for (const namespace of context.namespacesOf(cluster, kind)) found.add(namespace);
    }
    return [...found].sort();
  }, sameItems);

  const ambient = lifetime.family((id) => {
    const cluster = clusterOf(id);
    return cluster !== undefined && showsAmbient(context, cluster);
  });

  const multicluster = lifetime.computed(() => ids.get().filter((id) => ambient(id)).length > 1);

  const isImported = lifetime.family((cluster: string) => clusterOf(cluster)?.imported !== undefined);

  const flagKnownOff = lifetime.family((cluster: string) => {
    const install = clusterOf(cluster)?.install;
    return (
      install !== undefined && [install.multiNetworkFlag, install.ambient].some((flag) => isKnown(flag) && !flag.value)
    );
  });

  return {
    id: group.id,
    lifetime,
    get clusters() {
      return present.get();
    },
    get clusterNames() {
      return names.get();
    },
    get placedClusters() {
      return group.clusters.map((id) => clusters.at(id)).filter((cluster) => cluster !== undefined);
    },
    reference: group.reference,
    imported: isImported,
    boundaries: (cluster) => {
      const all = (options.boundaries?.() ?? []).filter(({ boundaries }) => boundaries.length > 0);
      if (all.length === 0) return [];
      const files = isImported(cluster) ? undefined : clusterOf(cluster)?.configFiles;
      return all.flatMap(({ file, boundaries }) => (files?.includes(file) === false ? [] : boundaries));
    },
    object: context.object,
    objects: (cluster, kind, namespace) =>
      namespace === undefined ? context.objects(cluster, kind) : context.objectsIn(cluster, kind, namespace),
    deleted: deleted.objects,
    complete: (id, kind) => {
      const cluster = clusterOf(id);
      return cluster !== undefined && isComplete(cluster, kind);
    },
    partial: (cluster) => clusters.isPartial(cluster),
    mayStandUnread: options.mayStandUnread ?? (() => false),
    ambient,
    get multicluster() {
      return multicluster.get();
    },
    flagKnownOff,
    version,
    namespaces,
    namespacesOf: context.namespacesOf,
    serviceNamespaces: () => serviceNamespaces.get(),
    serviceNames,
    serviceKeys: () => serviceKeys.get(),
    serviceRow: row,
    owners,
    network,
    scope,
    scopeViewers: (clusters) => {
      const seen = new Set<string>();
      return clusters.filter((id) => !seen.has(viewOf(id)) && seen.add(viewOf(id)));
    },
    waypoint,
    servedBy,
    waypointScope: (cluster, namespace, name) => {
      for (const service of generated(cluster, namespace).values()) {
        if (service.gateway.name.value === name) return scope(cluster, cluster, namespace, service.name);
      }
      return NOT_INDEXED;
    },
    listeners,
    networkGateways,
    views,
  };
}
