/** A Service that is global by its scope and cluster-local by the mesh configuration, or by default. */

import { type Anchor, sameAnchor } from '../base/anchor.ts';
import { isKnown, type Known, knownValue } from '../facts/field.ts';
import type { ServiceSetting } from '../facts/install.ts';
import type { Cluster, ClusterId } from '../layout/layout.ts';
import type { Mesh } from '../mesh/model.ts';
import { splitKey } from '../mesh/object-key.ts';
import { isEmptySelector } from '../mesh/selectors.ts';
import type { NodeEdit } from '../yaml/edit.ts';
import { type Finding, rule } from './rule.ts';
import { ownScope, takesPart } from './shared/taking-part.ts';
import { clusterOf, counted, MULTICLUSTER_DOCS } from './shared/wording.ts';

/** A host of `serviceSettings` as it is matched. */
interface Host {
  readonly host: Known<string>;
  readonly setting: ServiceSetting;
  readonly local: boolean;
}

export const clusterLocalConflict = rule({
  id: 'cluster-local-conflict',
  summary: 'A global Service must not be cluster-local, in serviceSettings or by default.',
  why: 'The scope of a Service and `serviceSettings` of the mesh configuration are independent of each other. For a host with `clusterLocal: true` istiod gives waypoints, gateways and sidecars the endpoints of their own cluster only. ztunnel does not look at that setting and sends requests to all clusters. Without any setting the same holds for every Service in Namespace `kube-system`, for `kubernetes.default.svc` and for istiod itself; only an entry with `clusterLocal: false` for that very host, or for one in `kube-system`, takes the default away.',
  severity: 'warning',
  group: 'scope',
  limitation: null,
  since: '1.27',
  reads: ['Install', 'Service', 'Namespace', 'Gateway', 'GatewayClass', 'Workload'],
  fix: 'unsafe',
  howToFix:
    'Remove the host from `meshConfig.serviceSettings`, or make the Service local. A Service in `kube-system` that is to be global needs an entry for `*.kube-system.svc.cluster.local` with `clusterLocal: false` in every cluster, or another Namespace.',
  whenToSilence: 'If waypoints and gateways are to stay in their cluster while ztunnel does not.',
  docs: MULTICLUSTER_DOCS,
  references: [
    'pilot/pkg/model/cluster_local.go:24-27, 82-151',
    'pilot/pkg/xds/endpoints/endpoint_builder.go:609',
    'https://github.com/istio/istio/issues/58176',
  ],
  per: 'cluster',
  *check(mesh, { cluster: id }) {
    const cluster = clusterOf(mesh, id);
    if (cluster === undefined || !mesh.multicluster || !takesPart(mesh, id)) return;
    const hosts = hostsOf(cluster);
    if (hosts === undefined) return;
    yield* localByDefault(mesh, cluster, hosts);
    if (![...hosts.values()].some(({ local }) => local)) return;
    const caught = new Map<Host, string[]>();
    for (const [key, host] of globalServices(mesh, id, hosts)) {
      const known = caught.get(host);
      if (known === undefined) caught.set(host, [key]);
      else known.push(key);
    }
    for (const [host, services] of caught) yield finding(cluster, host, services);
  },
});

/** The hosts of a cluster's serviceSettings by `hostKey`; undefined where one of them, or what it says, is not known. */
function hostsOf({ install: { serviceSettings } }: Cluster): ReadonlyMap<string, Host> | undefined {
  if (serviceSettings === undefined) return new Map();
  if (!isKnown(serviceSettings)) return undefined;
  const hosts = new Map<string, Host>();
  for (const setting of serviceSettings.value) {
    const { clusterLocal } = setting;
    if (clusterLocal !== undefined && !isKnown(clusterLocal)) return undefined;
    for (const host of setting.hosts) {
      if (!isKnown(host)) return undefined;
      // The last one of a host counts, as in istiod's maps.
      hosts.set(hostKey(host.value), { host, setting, local: knownValue(clusterLocal) === true });
    }
  }
  return hosts;
}

/** A host without the domain of the cluster, which is not known. */
function hostKey(host: string): string {
  return host.replace(/\.svc\.[\s\S]*/, '.svc');
}

/** The global Services of a cluster for which the most specific host says cluster-local. */
function* globalServices(
  mesh: Mesh,
  id: ClusterId,
  hosts: ReadonlyMap<string, Host>,
): Iterable<readonly [string, Host]> {
  for (const key of mesh.serviceKeys()) {
    const { namespace, name } = splitKey(key);
    const host =
      hosts.get(`${name}.${namespace}.svc`) ?? hosts.get(`*.${namespace}.svc`) ?? hosts.get('*.svc') ?? hosts.get('*');
    if (host?.local !== true || mesh.serviceRow(id, namespace, name) === undefined) continue;
    if (ownScope(mesh, id, namespace, name) === 'GLOBAL') yield [key, host];
  }
}

function finding(cluster: Cluster, { host, setting }: Host, services: readonly string[]): Finding {
  const others = services.length - 1;
  const more = others > 0 ? ` and ${counted(others, 'other')}` : '';
  const remove: NodeEdit = { op: 'remove', at: setting.hosts.length === 1 ? setting.at : host.at };
  return {
    check: host.value,
    ofCluster: cluster.id,
    message: `Host ${host.value} is cluster-local in the serviceSettings of ${cluster.name}, but Service ${services[0]}${more} that it matches ${others > 0 ? 'are' : 'is'} global. Waypoints and gateways in ${cluster.name} keep requests in their cluster, while ztunnel sends them to all clusters.`,
    at: host.at,
    clusters: [cluster.id],
    object: undefined,
    related: [],
    fixes: () => [
      {
        title: `Remove ${host.value} from the cluster-local hosts of ${cluster.name}`,
        safe: false,
        edits: () => [remove],
      },
    ],
  };
}

/** The namespace whose Services istiod keeps in their cluster unless an entry says otherwise (`defaultClusterLocalNamespaces`). */
const LOCAL_NAMESPACE = 'kube-system';

/** The global Services of that namespace: each with a label that makes it global, the others together at the entry that does. */
function* localByDefault(mesh: Mesh, cluster: Cluster, hosts: ReadonlyMap<string, Host>): Iterable<Finding> {
  const { id } = cluster;
  const domain = `.${LOCAL_NAMESPACE}.svc`;
  const stated = [...hosts].filter(([key]) => key.endsWith(domain));
  // One Service that is not to be local takes the default from all of them.
  if (stated.some(([key, { local }]) => !local || key === `*${domain}`)) return;
  const caught = new Map<Anchor, Known<string>[]>();
  for (const { name } of mesh.objects(id, 'Service', LOCAL_NAMESPACE)) {
    if (hosts.has(`${name.value}${domain}`) || ownScope(mesh, id, LOCAL_NAMESPACE, name.value) !== 'GLOBAL') continue;
    const { because, entry } = mesh.scope(id, id, LOCAL_NAMESPACE, name.value);
    if (because !== undefined) yield byDefault(cluster, 'default', because, [name], null);
    else if (entry !== undefined && !selectsAll(cluster, entry)) {
      const first = [...caught.keys()].find((at) => sameAnchor(at, entry)) ?? entry;
      caught.set(first, [...(caught.get(first) ?? []), name]);
    }
  }
  for (const [entry, names] of caught) yield byDefault(cluster, 'default entry', entry, names, entry);
}

/** That an entry makes all Services global is told by scope-selector-invalid. */
function selectsAll({ install: { scopeConfigs } }: Cluster, at: Anchor): boolean {
  const entry = knownValue(scopeConfigs)?.entries.find((one) => sameAnchor(one.at, at));
  return entry !== undefined && isEmptySelector(entry.namespaceSelector) && isEmptySelector(entry.servicesSelector);
}

/** @param entry of serviceScopeConfigs, where that makes them global, and nothing on them */
function byDefault(
  { id, name: where }: Cluster,
  check: string,
  at: Anchor,
  [first, ...others]: readonly Known<string>[],
  entry: Anchor | null,
): Finding {
  const isOne = others.length === 0;
  const shown = `Service ${LOCAL_NAMESPACE}/${first?.value}${isOne ? '' : ` and ${counted(others.length, 'other')}`}`;
  const is =
    entry === null
      ? `${shown} in ${where} is global`
      : `An entry of serviceScopeConfigs in ${where} makes ${shown} global`;
  return {
    check,
    ofCluster: id,
    message: `${is}, but Istio keeps the Services of Namespace ${LOCAL_NAMESPACE} in their cluster by default. Waypoints and gateways in ${where} call only ${isOne ? 'its' : 'their'} Pods in ${where}, while ztunnel sends requests to all clusters.`,
    at,
    clusters: [id],
    object: entry === null && first ? { kind: 'Service', namespace: LOCAL_NAMESPACE, name: first.value } : undefined,
    related:
      entry === null || first === undefined
        ? []
        : [first, ...others].map((name) => ({
            at: name.at,
            cluster: id,
            message: `Service ${LOCAL_NAMESPACE}/${name.value} in ${where}`,
          })),
  };
}
