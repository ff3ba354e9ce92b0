/** The clusters in which a Service is written and global: what rules about its sameness compare. */
import { sameData } from '../../base/same-data.ts';
import { isKnown } from '../../facts/field.ts';
import type { ServiceObject } from '../../facts/objects.ts';
import type { ClusterId } from '../../layout/layout.ts';
import { relation } from '../../mesh/relation.ts';
import { judgeScope } from '../../mesh/scope.ts';
import { certainScope, takesPart } from './taking-part.ts';
import { clusterOf, nameOf } from './wording.ts';

/** A Service that is global in the eyes of its own cluster. */
export interface GlobalSide {
  readonly cluster: ClusterId;
  /** The cluster's name. */
  readonly name: string;
  readonly service: ServiceObject;
  /** True if a label of the Service makes it global, not its Namespace or an entry that selects everything. */
  readonly byOwnLabel: boolean;
}

/** True if `spec.type` is ExternalName: Istio's ambient index leaves such Services out (services.go:258-265). */
export function isExternalName({ type }: ServiceObject): boolean {
  return isKnown(type) && type.value === 'ExternalName';
}

/** True if `spec.clusterIP` is None. */
export function isHeadless({ clusterIP }: ServiceObject): boolean {
  return isKnown(clusterIP) && clusterIP.value === 'None';
}

/**
 * The sides of a Service that take part in the mesh and are certainly global, in the order of clusters. An ExternalName Service, which has
 * no scope, counts as global where a Service with its labels would be.
 */
export const globalSides = relation(
  (mesh, namespace: string, name: string): readonly GlobalSide[] =>
    mesh.owners(namespace, name).flatMap((id): readonly GlobalSide[] => {
      const service = mesh.serviceRow(id, namespace, name)?.service;
      if (service === undefined || !takesPart(mesh, id)) return [];
      const judged = isExternalName(service)
        ? judgeScope(clusterOf(mesh, id)?.install.scopeConfigs, {
            labels: service.labels,
            namespace,
            namespaceLabels: mesh.object(id, 'Namespace', '', namespace)?.labels,
          })
        : mesh.scope(id, id, namespace, name);
      if (certainScope(mesh, id, judged) !== 'GLOBAL') return [];
      return [{ cluster: id, name: nameOf(mesh, id), service, byOwnLabel: judged.because !== undefined }];
    }),
  sameData,
);
