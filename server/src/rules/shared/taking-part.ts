/** Which clusters and conclusions the rules may speak of (domain rules: unknown and assumed is not wrong). */
import { sameData } from '../../base/same-data.ts';
import { knownValue } from '../../facts/field.ts';
import { type Sign, signsOfOne } from '../../facts/unread-signs.ts';
import type { ClusterId } from '../../layout/layout.ts';
import type { Mesh, Scope, ScopeJudgement, WaypointJudgement } from '../../mesh/model.ts';
import { relation } from '../../mesh/relation.ts';

/** Clusters that use ambient and whose multi-network flag is not known to be off: only they can be compared. */
export const takesPart = relation(
  (mesh, cluster: ClusterId): boolean => mesh.ambient(cluster) && !mesh.flagKnownOff(cluster),
);

/** The scope, if it follows from what is written (or everything is declared to be). */
export function certainScope(
  mesh: Mesh,
  owner: ClusterId,
  { scope, assumed }: ScopeJudgement,
): Exclude<Scope, 'UNKNOWN'> | undefined {
  if (scope === 'UNKNOWN' || (assumed && !mesh.complete(owner, 'Namespace'))) return undefined;
  return scope;
}

/** True if a waypoint's judgement follows from what is written (or everything is declared to be). */
export function isCertain(mesh: Mesh, cluster: ClusterId, { unknown, assumed }: WaypointJudgement): boolean {
  return !unknown && (!assumed || mesh.complete(cluster, 'Namespace'));
}

/** The scope of a Service in its own cluster's eyes, if it is certain. */
export function ownScope(
  mesh: Mesh,
  cluster: ClusterId,
  namespace: string,
  name: string,
): 'GLOBAL' | 'LOCAL' | undefined {
  return certainScope(mesh, cluster, mesh.scope(cluster, cluster, namespace, name));
}

/**
 * True if "not in the workspace" says little: a file of the cluster could not be read at all, or a broken one, or one of which nobody
 * knows where it goes, may hold what is missing.
 * @param signs that tell of it
 */
export function isWeak(
  mesh: Mesh,
  cluster: ClusterId,
  kind: string,
  ...signs: readonly [Sign, ...(readonly Sign[])]
): boolean {
  if (mesh.complete(cluster, kind)) return false;
  return mesh.partial(cluster) || signs.some((sign) => mesh.mayStandUnread(cluster, sign));
}

/** The same of one object. */
export function isWeakOf(mesh: Mesh, cluster: ClusterId, kind: string, namespace: string, name: string): boolean {
  return isWeak(mesh, cluster, kind, ...signsOfOne(kind, namespace, name));
}

/** The networks of the clusters that take part. */
const networksTaking = relation((mesh): ReadonlySet<string | undefined> => {
  const taking = mesh.clusterNames.filter(({ id }) => takesPart(mesh, id));
  return new Set(taking.map(({ id }) => knownValue(mesh.network(id).effective)));
}, sameData);

/** True if all clusters that take part are known to be on one network: then no gateway stands between them. */
export const onOneNetwork = relation((mesh): boolean => {
  const networks = networksTaking(mesh);
  return networks.size === 1 && !networks.has(undefined);
});

/** What requests from one cluster to another cross. */
export const wayBetween = relation(
  (mesh, a: ClusterId, b: ClusterId): 'between networks' | 'within a network' | 'unknown' => {
    const [one, other] = [a, b].map((cluster) => knownValue(mesh.network(cluster).effective));
    if (one === undefined || other === undefined) return 'unknown';
    return one === other ? 'within a network' : 'between networks';
  },
);
