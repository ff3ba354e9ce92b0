/** Fixes that give clusters the waypoint that another one has. */
import { isKnown, knownValue } from '../../facts/field.ts';
import type { GatewayObject } from '../../facts/objects.ts';
import type { ClusterId } from '../../layout/layout.ts';
import type { ClusterName, Mesh } from '../../mesh/model.ts';
import type { Fix, FixEdit } from '../rule.ts';
import { additions, gatewayManifest } from './copy-object.ts';
import { waypointGateway } from './shared-waypoint.ts';
import { mayStandUnread } from './waypoint-presence.ts';
import { listed } from './wording.ts';

/** A copy of the waypoint for each of the clusters; none where a file that could not be read may hold it. */
export function createWaypoint(mesh: Mesh, lacking: readonly ClusterName[], model: GatewayObject): readonly Fix[] {
  if (lacking.some(({ id }) => mayStandUnread(mesh, id, model.name.value))) return [];
  const edits = waypointCopies(
    mesh,
    lacking.map(({ id }) => id),
    model,
  );
  if (edits === undefined) return [];
  const key = `${knownValue(model.namespace)}/${model.name.value}`;
  const title = `Create waypoint ${key} in ${listed(lacking.map(({ name }) => name))}`;
  return [{ title, safe: false, preferred: true, edits: () => edits }];
}

/** The edits that create copies of a waypoint; undefined if they cannot be written. */
export function waypointCopies(
  mesh: Mesh,
  clusters: readonly ClusterId[],
  model: GatewayObject,
): readonly FixEdit[] | undefined {
  const { namespace } = model;
  return isKnown(namespace) ? additions(mesh, clusters, namespace.value, gatewayManifest(model), model.at) : undefined;
}

/** The other clusters that have a waypoint of this name. */
export function waypointsElsewhere(
  mesh: Mesh,
  cluster: ClusterId,
  namespace: string,
  name: string,
): readonly (ClusterName & { readonly gateway: GatewayObject })[] {
  return mesh.clusterNames.flatMap((one) => {
    const gateway = one.id === cluster ? undefined : waypointGateway(mesh, one.id, namespace, name);
    return gateway === undefined ? [] : [{ ...one, gateway }];
  });
}

/** The waypoint of this name in the first other cluster that has it. */
export function waypointElsewhere(
  mesh: Mesh,
  cluster: ClusterId,
  namespace: string,
  name: string,
): GatewayObject | undefined {
  return waypointsElsewhere(mesh, cluster, namespace, name)[0]?.gateway;
}
