/** What the clusters say about the waypoint of one Service, as far as they can be compared. */
import { type Anchor, keyOf } from '../../base/anchor.ts';
import { isKnown } from '../../facts/field.ts';
import type { NamespaceObject, ServiceObject } from '../../facts/objects.ts';
import { placeOfAbsence } from '../../facts/read-labels.ts';
import type { ClusterId } from '../../layout/layout.ts';
import type { Side } from '../../mesh/blame.ts';
import type { Mesh, WaypointJudgement } from '../../mesh/model.ts';
import { splitKey } from '../../mesh/object-key.ts';
import { trafficType, USE_WAYPOINT, USE_WAYPOINT_NAMESPACE } from '../../mesh/waypoint.ts';
import { isCertain, takesPart } from './taking-part.ts';
import { isTrafficType } from './traffic-types.ts';
import { admitsInVain } from './waypoint-listeners.ts';
import { namesNoWaypoint } from './waypoint-presence.ts';
import { nameOf } from './wording.ts';

/** Stands for "no waypoint" among the names of waypoints. */
export const NO_WAYPOINT = '';

export interface WaypointSide extends Side {
  /** `ns/name` that the labels ask for, or NO_WAYPOINT. */
  readonly value: string;
  readonly judged: WaypointJudgement;
  readonly service: ServiceObject;
  readonly namespace: NamespaceObject | undefined;
  /** Where the cluster says so: the label that decides, else what took it away, else the Service's name. */
  readonly at: Anchor;
}

/** True if somebody wrote that there is to be no waypoint: a label that says so, or a patch that takes it away. */
export function isStated({ value, at, service, isWrong, judged: { optOut } }: WaypointSide): boolean {
  return value === NO_WAYPOINT && isWrong !== true && (optOut !== undefined || at !== service.name.at);
}

/** True if the cluster has a Gateway of that name. @param waypoint `ns/name` */
export function hasWaypoint(mesh: Mesh, { cluster }: WaypointSide, waypoint: string): boolean {
  const { namespace, name } = splitKey(waypoint);
  return mesh.object(cluster, 'Gateway', namespace, name) !== undefined;
}

/** The sides whose waypoint follows from what is written. */
export function waypointSides(mesh: Mesh, namespace: string, name: string): readonly WaypointSide[] {
  return mesh.owners(namespace, name).flatMap((cluster: ClusterId): readonly WaypointSide[] => {
    const service = mesh.serviceRow(cluster, namespace, name)?.service;
    const judged = mesh.waypoint(cluster, namespace, name);
    if (service === undefined || !takesPart(mesh, cluster) || !isCertain(mesh, cluster, judged)) return [];
    const { reference, optOut, problem, gateway } = judged;
    // A value that is no traffic type is told at the waypoint.
    if (
      gateway !== undefined &&
      problem === 'UnsupportedTrafficType' &&
      !isTrafficType(trafficType(mesh, cluster, gateway))
    )
      return [];
    // So is a listener that Istio refuses.
    if (gateway !== undefined && problem === 'AttachmentDenied' && admitsInVain(mesh, cluster, gateway)) return [];
    const refused = problem === 'AttachmentDenied' || problem === 'UnsupportedTrafficType';
    // An empty name is that of no Gateway, and hides the Namespace's (waypoints.go:108-112).
    const names = reference !== undefined && reference.name !== '' && !refused;
    const value = names ? `${reference.namespace}/${reference.name}` : NO_WAYPOINT;
    const written = mesh.object(cluster, 'Namespace', '', namespace);
    const [absence] = [service, written].flatMap(
      (one) => (one && placeOfAbsence(one, 'metadata', 'labels', USE_WAYPOINT)) || [],
    );
    // It says nothing without the other label (waypoints.go:220-227).
    const [alone] = [service, written].flatMap((one) => one?.labels.entries.get(USE_WAYPOINT_NAMESPACE) ?? []);
    // `none` on the Namespace is as good as no label there.
    const none = written?.labels.entries.get(USE_WAYPOINT);
    const without = reference === undefined ? (optOut ?? absence ?? (isKnown(none) ? none.at : undefined)) : undefined;
    const isAlone = reference === undefined && without === undefined && alone !== undefined;
    return [
      {
        cluster,
        name: nameOf(mesh, cluster),
        value,
        judged,
        service,
        namespace: written,
        at: reference?.at ?? without ?? (isAlone ? keyOf(alone.at) : service.name.at),
        isWrong:
          isAlone || (reference !== undefined && namesNoWaypoint(mesh, cluster, reference.namespace, reference.name)),
      },
    ];
  });
}
