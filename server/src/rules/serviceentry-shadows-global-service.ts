/** A ServiceEntry for the host of a Service that is global in another cluster, where there is no such Service. */
import { isKnown } from '../facts/field.ts';
import type { ServiceEntryObject } from '../facts/objects.ts';
import type { ClusterId } from '../layout/layout.ts';
import type { ClusterName, Mesh } from '../mesh/model.ts';
import { type Finding, rule } from './rule.ts';
import { isExternalName } from './shared/global-sides.ts';
import { certainScope, isWeakOf, takesPart, wayBetween } from './shared/taking-part.ts';
import { listed, MULTICLUSTER_DOCS, nameOf, WHILE_UNREAD } from './shared/wording.ts';

export const serviceentryShadowsGlobalService = rule({
  id: 'serviceentry-shadows-global-service',
  summary: 'A cluster must have no ServiceEntry for the host of a global Service of another cluster.',
  why: 'istiod merges the Services of one name over all clusters, starting from what its own cluster has of that host. A ServiceEntry has no scope, so it counts as local, and nothing is merged with it: clients in this cluster get its endpoints, the Pods that the Service has in other clusters on their own network, and no gateway to another network. Where the cluster has a Service of that name and namespace, that comes before the ServiceEntry.',
  severity: 'warning',
  otherwise: { hint: WHILE_UNREAD },
  group: 'scope',
  limitation: 4,
  since: '1.27',
  reads: ['ServiceEntry', 'Service', 'Namespace', 'Gateway', 'Install', 'Workload'],
  fix: 'unsafe',
  howToFix:
    'Delete the ServiceEntry, or the host from it; a Service of that name and namespace with `istio.io/global: "true"`, which needs no Pods, gives clients the other clusters.',
  whenToSilence: 'If clients in this cluster are meant to reach the host by the ServiceEntry alone.',
  docs: MULTICLUSTER_DOCS,
  references: [
    'pilot/pkg/serviceregistry/ambient/multicluster.go:598-620',
    'pilot/pkg/serviceregistry/ambient/services.go:107-152, 516-525',
    'https://github.com/istio/istio/issues/59401',
  ],
  per: 'namespace',
  *check(mesh, { cluster, name: namespace }) {
    if (!mesh.multicluster || !takesPart(mesh, cluster)) return;
    for (const entry of mesh.objects(cluster, 'ServiceEntry', namespace)) yield* judge(mesh, cluster, namespace, entry);
  },
});

/** The domain of Services; another one than Istio's default would have to be set in every cluster. */
const DOMAIN = 'svc.cluster.local';

function* judge(mesh: Mesh, cluster: ClusterId, namespace: string, entry: ServiceEntryObject): Iterable<Finding> {
  const hosts = isKnown(entry.hosts) ? entry.hosts.value : [];
  const suffix = `.${namespace}.${DOMAIN}`;
  for (const host of hosts) {
    if (!isKnown(host) || !host.value.endsWith(suffix)) continue;
    const name = host.value.slice(0, -suffix.length);
    const local = mesh.serviceRow(cluster, namespace, name);
    // An ExternalName Service is not in istiod's index (services.go:258-265), so the ServiceEntry is all that the cluster has.
    if (local !== undefined && (local.service === undefined || !isExternalName(local.service))) continue;
    const owners = mesh.clusterNames.filter((owner) => isGlobalIn(mesh, cluster, owner, namespace, name));
    if (owners.length === 0) continue;
    const where = listed(owners.map((owner) => owner.name));
    yield {
      check: name,
      ofCluster: cluster,
      ...(isWeakOf(mesh, cluster, 'Service', namespace, name) ? { severity: 'hint' as const } : {}),
      message: `ServiceEntry ${namespace}/${entry.name.value} (${nameOf(mesh, cluster)}) has the host of Service ${namespace}/${name}, which is global in ${where}. Clients in ${nameOf(mesh, cluster)} get the endpoints of the ServiceEntry ${beside(mesh, cluster, owners)}.`,
      at: host.at,
      clusters: [cluster, ...owners.map(({ id }) => id)],
      object: { kind: 'ServiceEntry', namespace, name: entry.name.value },
      related: owners.flatMap(({ id, name: owner }) => {
        const service = mesh.serviceRow(id, namespace, name)?.service;
        return service === undefined ? [] : [{ at: service.name.at, cluster: id, message: `the Service in ${owner}` }];
      }),
      fixes: () =>
        hosts.length < 2
          ? []
          : [
              {
                title: `Remove host ${host.value} from the ServiceEntry`,
                safe: false,
                preferred: true,
                edits: () => [{ op: 'remove', at: host.at }],
              },
            ],
    };
  }
}

/** What they get of the Service: on one network nothing takes its Pods away again (multicluster.go:325-339). */
function beside(mesh: Mesh, cluster: ClusterId, owners: readonly ClusterName[]): string {
  const near = owners.filter(({ id }) => wayBetween(mesh, cluster, id) === 'within a network').length;
  if (near === 0) return "and none of the Service's";
  return near === owners.length
    ? 'and the Pods of the Service, which are on the same network'
    : 'and of the Service only the Pods that are on the same network';
}

/** True if the Service of `owner` is certainly global in the eyes of `viewer`. */
function isGlobalIn(
  mesh: Mesh,
  viewer: ClusterId,
  { id: owner }: ClusterName,
  namespace: string,
  name: string,
): boolean {
  if (owner === viewer || !takesPart(mesh, owner)) return false;
  return certainScope(mesh, owner, mesh.scope(viewer, owner, namespace, name)) === 'GLOBAL';
}
