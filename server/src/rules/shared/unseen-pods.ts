/** Services whose Pods are made outside of the workspace, as in a repository that has only the mesh's own objects. */
import { isKnown, knownValue } from '../../facts/field.ts';
import type { ServiceObject } from '../../facts/objects.ts';
import type { ClusterId } from '../../layout/layout.ts';
import { sameItems } from '../../mesh/context.ts';
import type { Mesh } from '../../mesh/model.ts';
import { relation } from '../../mesh/relation.ts';
import { selects } from '../../mesh/workload-index.ts';
import { workloadsBySelector } from './workloads-by-selector.ts';

/**
 * The Services of a namespace of a cluster that have a selector, while no cluster of the mesh has a workload for them. Where another
 * cluster has one, this one may have no Pods at all: a Service that is everywhere, and its Deployment in one place.
 */
export const servicesOfUnseenPods = relation(
  (mesh, cluster: ClusterId, namespace: string): readonly ServiceObject[] =>
    mesh
      .objects(cluster, 'Service', namespace)
      .filter(
        ({ name, selector }) =>
          isKnown(selector) &&
          !selector.value.open &&
          selector.value.entries.size > 0 &&
          [cluster, ...mesh.owners(namespace, name.value)].every(
            (one) => !mayHavePods(mesh, one, namespace, name.value),
          ),
      ),
  sameItems,
);

/** True if a cluster has a workload that the Service selects, or a WorkloadEntry, or one of which not all labels are known. */
function mayHavePods(mesh: Mesh, cluster: ClusterId, namespace: string, name: string): boolean {
  const workloads = mesh.objects(cluster, 'Workload', namespace);
  const selector = knownValue(mesh.object(cluster, 'Service', namespace, name)?.selector);
  return (
    workloads.some(({ podLabels }) => podLabels.open) ||
    workloadsBySelector(workloads)(selector).length > 0 ||
    (selector !== undefined &&
      mesh
        .objects(cluster, 'WorkloadEntry', namespace)
        .some(({ endpointLabels }) => endpointLabels.open || selects(selector, endpointLabels)))
  );
}
