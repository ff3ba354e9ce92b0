/** Which global Services of a cluster have Pods that clusters on other networks can only reach through an east-west gateway. */
import { knownValue } from '../facts/field.ts';
import type { ServiceObject } from '../facts/objects.ts';
import type { ClusterId } from '../layout/layout.ts';
import type { Mesh } from '../mesh/model.ts';
import { remember } from '../mesh/object-store.ts';
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
 * The Services of a cluster that are global, and not known to be local in the eyes of a viewer. One without Pods here, which has Pods in
 * another cluster's manifests, is a stand-in for that cluster's and exports nothing.
 */
export function exportedServices(mesh: Mesh, owner: ClusterId, viewer: ClusterId): readonly ExportedService[] {
  const hasPods = podFinder(mesh);
  const isStandIn = (namespace: string, service: ServiceObject): boolean =>
    !hasPods(owner, namespace, service) &&
    mesh.clusters.some(({ id }) => {
      const other = id === owner ? undefined : mesh.object(id, 'Service', namespace, service.name.value);
      return other !== undefined && hasPods(id, namespace, other);
    });
  return mesh.objects(owner, 'Service').flatMap((service): readonly ExportedService[] => {
    const namespace = knownValue(service.namespace);
    const name = service.name.value;
    if (namespace === undefined || service.selector === undefined) return [];
    if (isExternalName(service) || isHeadless(service) || ownScope(mesh, owner, namespace, name) !== 'GLOBAL')
      return [];
    const seen = certainScope(mesh, owner, mesh.scope(viewer, owner, namespace, name));
    return seen !== 'LOCAL' && !isStandIn(namespace, service) ? [{ namespace, name, service }] : [];
  });
}

/** Tells whether a Service has Pods in a cluster, as far as manifests show. */
function podFinder(mesh: Mesh): (cluster: ClusterId, namespace: string, service: ServiceObject) => boolean {
  const selectors = new Map<string, ReturnType<typeof workloadsBySelector>>();
  return (cluster, namespace, { selector }) => {
    const select = remember(selectors, `${cluster}\n${namespace}`, () =>
      workloadsBySelector(mesh.objects(cluster, 'Workload', namespace)),
    );
    return select(knownValue(selector)).some(({ replicas }) => knownValue(replicas) !== 0);
  };
}
