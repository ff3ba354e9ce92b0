/** Limitation 3: a waypoint that a cluster lacks although it has the Namespace. */

import { isKnown, knownValue } from '../facts/field.ts';
import type { GatewayObject } from '../facts/objects.ts';
import type { ClusterId } from '../layout/layout.ts';
import type { ClusterName, Mesh } from '../mesh/model.ts';
import { splitKey } from '../mesh/object-key.ts';
import { labelOf } from '../mesh/selectors.ts';
import { USE_WAYPOINT } from '../mesh/waypoint.ts';
import { rule } from './rule.ts';
import { gatewayManifest } from './shared/copy-object.ts';
import { createWaypoint, waypointElsewhere } from './shared/create-waypoint.ts';
import { absenceIn, keepDeleted } from './shared/deleted-object.ts';
import { waypointGateway } from './shared/shared-waypoint.ts';
import { ownScope, takesPart } from './shared/taking-part.ts';
import { waypointsOf } from './shared/waypoint-presence.ts';
import { listed, MULTICLUSTER_DOCS } from './shared/wording.ts';

export const waypointMissingInCluster = rule({
  id: 'waypoint-missing-in-cluster',
  summary: 'A waypoint should exist in every cluster that has its Namespace.',
  why: 'Nothing copies a waypoint from one cluster to another. A cluster without it cannot apply its L7 policies to the requests of its own clients, and what is deployed there later and names it gets none.',
  severity: 'hint',
  group: 'waypoint',
  limitation: 3,
  since: '1.27',
  reads: ['Gateway', 'GatewayClass', 'Namespace', 'Service', 'Install', 'Workload'],
  fix: 'unsafe',
  howToFix: 'Apply the manifest of the waypoint to every cluster, best from a base that all of them share.',
  whenToSilence: 'If only one cluster has Services that need the waypoint.',
  docs: MULTICLUSTER_DOCS,
  references: [
    'pilot/pkg/serviceregistry/ambient/ambientindex.go:184-216',
    'https://github.com/istio/istio/issues/60985',
  ],
  per: 'gateway',
  *check(mesh, { cluster, namespace, name }) {
    if (!mesh.multicluster) return;
    const has = (id: ClusterId) => waypointGateway(mesh, id, namespace, name) !== undefined;
    // Told once for all clusters: the others need not look at each other.
    if (!has(cluster)) return;
    if (mesh.clusterNames.find(({ id }) => takesPart(mesh, id) && has(id))?.id !== cluster) return;
    const clusters = mesh.clusterNames.filter(({ id }) => takesPart(mesh, id));
    const having = clusters.flatMap((one) => {
      const gateway = waypointGateway(mesh, one.id, namespace, name);
      return gateway === undefined ? [] : [{ ...one, gateway }];
    });
    const [first, ...others] = having;
    if (first === undefined) return;
    const lacking = clusters.filter((one) => lacks(mesh, one, having, namespace, name));
    if (lacking.length === 0 || (others.length === 0 && isMisnamed(mesh, first.id, first.gateway, namespace))) return;
    const where = listed(lacking.map((one) => one.name));
    const ids = lacking.map(({ id }) => id);
    const absence = absenceIn(mesh, ids, 'Gateway', namespace, name, 'not in');
    yield {
      message: `Waypoint ${namespace}/${name} exists in ${listed(having.map((one) => one.name))}, but ${absence.verb} ${where}, where Namespace ${namespace} exists too. A Service there that names it gets no L7 policy.`,
      at: absence.at ?? first.gateway.name.at,
      clusters: [...lacking, ...having].map(({ id }) => id),
      object: { kind: 'Gateway', namespace, name },
      related: [
        ...absence.related,
        ...(absence.at === undefined ? others : having).map((one) => ({
          at: one.gateway.name.at,
          cluster: one.id,
          message: `it exists in ${one.name}`,
        })),
      ],
      fixes: () => {
        const kept = ids.flatMap((cluster, i) => {
          const one = absence.deletions[i];
          return one === undefined ? [] : [{ cluster, at: one.at, manifest: gatewayManifest(one) }];
        });
        return kept.length === ids.length
          ? keepDeleted(`waypoint ${namespace}/${name}`, where, kept)
          : createWaypoint(mesh, lacking, first.gateway);
      },
    };
  },
});

/** True if a cluster has the Namespace, but nothing of the name; and if no other rule tells that where it is used. */
function lacks(
  mesh: Mesh,
  { id }: ClusterName,
  having: readonly ClusterName[],
  namespace: string,
  name: string,
): boolean {
  if (mesh.object(id, 'Namespace', '', namespace) === undefined) return false;
  if (mesh.object(id, 'Gateway', namespace, name) !== undefined) return false;
  // A Gateway whose manifest says no namespace may be the one.
  if (mesh.objects(id, 'Gateway').some((other) => other.name.value === name && !isKnown(other.namespace))) return false;
  return !isNamed(mesh, id, namespace, name) && !having.some((one) => servesGlobal(mesh, one.id, id, namespace, name));
}

/** True if it is the only waypoint where labels name another one, which the other clusters have: use-waypoint-unresolved. */
function isMisnamed(mesh: Mesh, cluster: ClusterId, gateway: GatewayObject, namespace: string): boolean {
  const isOther = (other: GatewayObject): boolean => other !== gateway && knownValue(other.namespace) === namespace;
  if (waypointsOf(mesh, cluster).some(isOther)) return false;
  const label = mesh.object(cluster, 'Namespace', '', namespace)?.labels.entries.get(USE_WAYPOINT);
  const named = mesh.objects(cluster, 'Service', namespace).flatMap((service) => {
    const { reference } = mesh.waypoint(cluster, namespace, service.name.value);
    return reference?.namespace === namespace ? [reference.name] : [];
  });
  return [...new Set([...(isKnown(label) ? [label.value] : []), ...named])].some(
    (name) =>
      mesh.object(cluster, 'Gateway', namespace, name) === undefined &&
      waypointElsewhere(mesh, cluster, namespace, name) !== undefined,
  );
}

/** True if the Namespace or a Service in it names the waypoint: use-waypoint-unresolved. */
function isNamed(mesh: Mesh, cluster: ClusterId, namespace: string, name: string): boolean {
  const label = mesh.object(cluster, 'Namespace', '', namespace)?.labels;
  const stated = label === undefined ? 'absent' : labelOf(label, USE_WAYPOINT);
  if (stated === 'unknown' || (stated !== 'absent' && stated.value === name)) return true;
  return mesh.objects(cluster, 'Service', namespace).some((service) => {
    const { reference, unknown } = mesh.waypoint(cluster, namespace, service.name.value);
    return unknown || (reference?.namespace === namespace && reference.name === name);
  });
}

/** True if the waypoint serves a global Service that the other cluster has too: waypoint-not-uniform. */
function servesGlobal(mesh: Mesh, owner: ClusterId, other: ClusterId, namespace: string, name: string): boolean {
  return mesh.servedBy(owner, `${namespace}/${name}`).some((key) => {
    const { namespace: ns, name: service } = splitKey(key);
    return mesh.serviceRow(other, ns, service) !== undefined && ownScope(mesh, owner, ns, service) === 'GLOBAL';
  });
}
