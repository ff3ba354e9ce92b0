/** Renames a waypoint in one cluster, together with everything there that names it. */
import { isKnown, knownValue } from '../facts/field.ts';
import type { GatewayObject, Labels, TargetRef } from '../facts/objects.ts';
import type { ClusterId } from '../layout/layout.ts';
import type { Mesh } from '../mesh/model.ts';
import { USE_WAYPOINT, USE_WAYPOINT_NAMESPACE } from '../mesh/waypoint.ts';
import type { NodeEdit } from '../yaml/edit.ts';
import { editsFor } from './edits-for.ts';
import { BOUND_KINDS } from './policy-targets.ts';
import type { FixEdit } from './rule.ts';
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
  const edits: NodeEdit[] = [{ op: 'set', at: gateway.name.at, value: to }];
  const follow = (labels: Labels, own: string | undefined): void => {
    const label = labels.entries.get(USE_WAYPOINT);
    const other = labels.entries.get(USE_WAYPOINT_NAMESPACE);
    const target = other === undefined ? own : knownValue(other);
    if (isKnown(label) && label.value === from && target === namespace)
      edits.push({ op: 'set', at: label.at, value: to });
  };
  for (const name of mesh.namespaces(cluster)) {
    const written = mesh.object(cluster, 'Namespace', '', name);
    if (written !== undefined) follow(written.labels, name);
  }
  for (const service of mesh.objects(cluster, 'Service')) follow(service.labels, knownValue(service.namespace));
  for (const workload of mesh.objects(cluster, 'Workload')) follow(workload.podLabels, knownValue(workload.namespace));
  for (const kind of BOUND_KINDS) {
    for (const object of mesh.objects(cluster, kind)) {
      const refs = 'targetRefs' in object ? object.targetRefs : 'parentRefs' in object ? object.parentRefs : undefined;
      for (const ref of knownValue(refs) ?? []) {
        if (isReferenceTo(ref, knownValue(object.namespace), namespace, from) && isKnown(ref.name))
          edits.push({ op: 'set', at: ref.name.at, value: to });
      }
    }
  }
  return editsFor(cluster, edits);
}

function isReferenceTo(ref: TargetRef, own: string | undefined, namespace: string, name: string): boolean {
  const target = ref.namespace === undefined ? own : knownValue(ref.namespace);
  // A route's parent is a Gateway unless it says otherwise; a policy always says.
  const kind = ref.kind === undefined ? 'Gateway' : knownValue(ref.kind);
  return kind === 'Gateway' && target === namespace && knownValue(ref.name) === name;
}
