/** Renames a waypoint in one cluster, together with everything there that names it; or only what names it. */
import type { Anchor } from '../../base/anchor.ts';
import { isKnown, knownValue } from '../../facts/field.ts';
import type { GatewayObject, Labels, TargetRef } from '../../facts/objects.ts';
import type { ClusterId } from '../../layout/layout.ts';
import type { Mesh } from '../../mesh/model.ts';
import { USE_WAYPOINT, USE_WAYPOINT_NAMESPACE } from '../../mesh/waypoint.ts';
import type { FixEdit } from '../rule.ts';
import { editsFor } from './edits-for.ts';
import { BOUND_KINDS } from './policy-targets.ts';
import { waypointGateway } from './shared-waypoint.ts';

/**
 * The name, the labels of Namespaces, Services and Pods, and the references of policies and routes.
 *
 * @param together clusters in which it is renamed too
 * @returns undefined where it is no matter of its name: another cluster has a waypoint that is called so too, or the new name is taken
 */
export function waypointRenaming(
  mesh: Mesh,
  cluster: ClusterId,
  gateway: GatewayObject,
  to: string,
  together: readonly ClusterId[] = [],
): readonly FixEdit[] | undefined {
  const namespace = knownValue(gateway.namespace);
  const from = gateway.name.value;
  if (namespace === undefined || waypointGateway(mesh, cluster, namespace, from) === undefined) return undefined;
  const isElsewhere = mesh.clusters.some(
    ({ id }) => id !== cluster && !together.includes(id) && mesh.object(id, 'Gateway', namespace, from) !== undefined,
  );
  if (isElsewhere || mesh.object(cluster, 'Gateway', namespace, to) !== undefined) return undefined;
  return [
    ...editsFor(cluster, [{ op: 'set', at: gateway.name.at, value: to }]),
    ...namedOtherwise(mesh, cluster, namespace, from, to),
  ];
}

/** Names another waypoint of the same namespace wherever one is named in a cluster. */
export function namedOtherwise(
  mesh: Mesh,
  cluster: ClusterId,
  namespace: string,
  from: string,
  to: string,
): readonly FixEdit[] {
  const places = [...labelsNaming(mesh, cluster, namespace, from), ...referencesTo(mesh, cluster, namespace, from)];
  return editsFor(
    cluster,
    places.map((at) => ({ op: 'set', at, value: to })),
  );
}

/** Where labels of Namespaces, Services and Pods of a cluster name a waypoint. */
function labelsNaming(mesh: Mesh, cluster: ClusterId, namespace: string, name: string): readonly Anchor[] {
  const places = ({ entries }: Labels, own: string | undefined): readonly Anchor[] => {
    const label = entries.get(USE_WAYPOINT);
    const other = entries.get(USE_WAYPOINT_NAMESPACE);
    const target = other === undefined ? own : knownValue(other);
    return isKnown(label) && label.value === name && target === namespace ? [label.at] : [];
  };
  return [
    ...mesh.namespaces(cluster).flatMap((own) => {
      const written = mesh.object(cluster, 'Namespace', '', own);
      return written === undefined ? [] : places(written.labels, own);
    }),
    ...mesh.objects(cluster, 'Service').flatMap((service) => places(service.labels, knownValue(service.namespace))),
    ...mesh
      .objects(cluster, 'Workload')
      .flatMap((workload) => places(workload.podLabels, knownValue(workload.namespace))),
  ];
}

/** Where policies and routes of a cluster name a Gateway, or a Service. */
export function referencesTo(
  mesh: Mesh,
  cluster: ClusterId,
  namespace: string,
  name: string,
  wanted: 'Gateway' | 'Service' = 'Gateway',
): readonly Anchor[] {
  // A route's parent is a Gateway unless it says otherwise, and what it sends to a Service; a policy always says.
  const isMeant = (ref: TargetRef, own: string | undefined, usual: string): boolean =>
    (ref.namespace === undefined ? own : knownValue(ref.namespace)) === namespace &&
    (ref.kind === undefined ? usual : knownValue(ref.kind)) === wanted &&
    knownValue(ref.name) === name;
  return BOUND_KINDS.flatMap((kind) =>
    mesh.objects(cluster, kind).flatMap((object) => {
      const refs = 'targetRefs' in object ? object.targetRefs : 'parentRefs' in object ? object.parentRefs : undefined;
      const backends = 'backendRefs' in object ? object.backendRefs : [];
      const own = knownValue(object.namespace);
      return [
        ...(knownValue(refs) ?? []).filter((ref) => isMeant(ref, own, 'Gateway')),
        ...backends.filter((ref) => isMeant(ref, own, 'Service')),
      ].flatMap((ref) => (isKnown(ref.name) ? [ref.name.at] : []));
    }),
  );
}
