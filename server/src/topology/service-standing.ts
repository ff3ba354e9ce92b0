/** How one Service stands in every cluster that has it: its scope and its waypoint, and whether they agree. */

import { atOnce } from '../base/steps.ts';
import type { ClusterId } from '../layout/layout.ts';
import type { Mesh, ScopeJudgement, WaypointJudgement } from '../mesh/model.ts';
import { splitKey } from '../mesh/object-key.ts';

export interface Standing {
  readonly cluster: ClusterId;
  /** In the cluster's own eyes. */
  readonly scope: ScopeJudgement;
  readonly waypoint: WaypointJudgement;
}

export interface ServiceStanding {
  readonly namespace: string;
  readonly name: string;
  /** True if no cluster has a manifest of it: Istio generates it. */
  readonly generated: boolean;
  readonly in: readonly Standing[];
  /** Of what is known: what is merely assumed, because a manifest is not in the workspace, differs from nothing. */
  readonly scopeDiffers: boolean;
  /** The same. Only where some cluster has the Service global: a local one is nobody else's business. */
  readonly waypointDiffers: boolean;
}

/** The standing of the Service with a key `namespace/name`. Costs what the clusters that have it cost, not their pairs. */
export function serviceStanding(mesh: Mesh, key: string): ServiceStanding {
  const { namespace, name } = splitKey(key);
  const owners = mesh.owners(namespace, name);
  const standings = owners.map((cluster) => ({
    cluster,
    scope: mesh.scope(cluster, cluster, namespace, name),
    waypoint: mesh.waypoint(cluster, namespace, name),
  }));
  const known = standings.filter(({ scope }) => scope.scope !== 'UNKNOWN' && !scope.assumed);
  const scopes = new Set(known.map(({ scope }) => scope.scope));
  const waypoints = new Set(standings.filter(isWaypointKnown).map(({ waypoint }) => waypoint.waypoint));
  return {
    namespace,
    name,
    generated: owners.every((cluster) => mesh.serviceRow(cluster, namespace, name)?.service === undefined),
    in: standings,
    scopeDiffers: scopes.size > 1,
    waypointDiffers: scopes.has('GLOBAL') && waypoints.size > 1,
  };
}

/** True if the waypoint follows from what is written. */
export function isWaypointKnown({ waypoint }: Standing): boolean {
  return !waypoint.unknown && !waypoint.assumed;
}

/** The standing of every Service that a manifest of some cluster writes. */
export function writtenServices(mesh: Mesh): readonly ServiceStanding[] {
  return atOnce(writtenServiceSteps(mesh));
}

/** The same in steps. */
export function* writtenServiceSteps(mesh: Mesh): Generator<void, readonly ServiceStanding[]> {
  const services: ServiceStanding[] = [];
  for (const key of mesh.serviceKeys()) {
    const standing = serviceStanding(mesh, key);
    if (!standing.generated) services.push(standing);
    yield;
  }
  return services;
}

/** A waypoint's key as it is shown from a namespace: its name alone if it is in the same one. */
export function shortWaypoint(waypoint: string, namespace: string): string {
  return waypoint.startsWith(`${namespace}/`) ? waypoint.slice(namespace.length + 1) : waypoint;
}

/** What is said of a waypoint: its name, `none`, or why there is none. */
export function waypointWord(judgement: WaypointJudgement, namespace: string): string {
  if (judgement.unknown) return 'waypoint unknown';
  const name = judgement.waypoint === null ? 'no waypoint' : shortWaypoint(judgement.waypoint, namespace);
  return judgement.problem === null ? name : `${name} (${judgement.problem})`;
}
