/** Which global Services of a cluster have Pods that clusters on other networks can only reach through an east-west gateway. */
import { knownValue } from '../../facts/field.ts';
import type { ServiceObject } from '../../facts/objects.ts';
import type { ClusterId } from '../../layout/layout.ts';
import type { Mesh } from '../../mesh/model.ts';
import { relation } from '../../mesh/relation.ts';
import { isExternalName, isHeadless } from './global-sides.ts';
import { certainScope, ownScope } from './taking-part.ts';
import { workloadsBySelector } from './workloads-by-selector.ts';

/** A Service that clusters of other networks are meant to call. */
export interface ExportedService {
  readonly namespace: string;
  readonly name: string;
  readonly service: ServiceObject;
}

/**
 * The Services of a cluster that are global in its own eyes. One without Pods here, which has Pods in another cluster's manifests, is a
 * stand-in for that cluster's and exports nothing.
 */
export const exportedServices = relation((mesh: Mesh, owner: ClusterId): readonly ExportedService[] =>
  mesh.objects(owner, 'Service').flatMap((service): readonly ExportedService[] => {
    const namespace = knownValue(service.namespace);
    const name = service.name.value;
    if (namespace === undefined || service.selector === undefined) return [];
    if (isExternalName(service) || isHeadless(service) || ownScope(mesh, owner, namespace, name) !== 'GLOBAL')
      return [];
    const withPods = clustersWithPods(mesh, namespace, name);
    return withPods.length === 0 || withPods.includes(owner) ? [{ namespace, name, service }] : [];
  }),
);

/** True unless a Service of `owner` is known to be local in the eyes of `viewer`. */
export function isSeenBy(
  mesh: Mesh,
  viewer: ClusterId,
  owner: ClusterId,
  { namespace, name }: ExportedService,
): boolean {
  return certainScope(mesh, owner, mesh.scope(viewer, owner, namespace, name)) !== 'LOCAL';
}

/** The clusters in which a Service has Pods, as far as manifests show. */
const clustersWithPods = relation((mesh: Mesh, namespace: string, name: string): readonly ClusterId[] =>
  mesh.clusters.flatMap(({ id }) => {
    const selector = knownValue(mesh.object(id, 'Service', namespace, name)?.selector);
    if (selector === undefined) return [];
    const workloads = workloadsBySelector(mesh.objects(id, 'Workload', namespace))(selector);
    return workloads.some(({ replicas }) => knownValue(replicas) !== 0) ? [id] : [];
  }),
);
