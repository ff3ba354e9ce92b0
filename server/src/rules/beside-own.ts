/** The place for a new object in a cluster: behind an object of the same namespace that no other cluster shares. */
import { type Anchor, sameAnchor } from '../base/anchor.ts';
import type { ObjectKind } from '../facts/objects.ts';
import type { ClusterId } from '../layout/layout.ts';
import type { Mesh } from '../mesh/model.ts';

const LIKELY: readonly ObjectKind[] = ['Service', 'Gateway', 'Workload'];

/** @returns an object whose file belongs to this cluster alone as far as objects show, or undefined */
export function besideOwn(mesh: Mesh, cluster: ClusterId, namespace: string): Anchor | undefined {
  for (const kind of LIKELY) {
    for (const { at, name } of mesh.objects(cluster, kind, namespace)) {
      if (isOwn(mesh, cluster, kind, namespace, name.value, at)) return at;
    }
  }
  const at = mesh.object(cluster, 'Namespace', '', namespace)?.at;
  return at !== undefined && isOwn(mesh, cluster, 'Namespace', '', namespace, at) ? at : undefined;
}

function isOwn(mesh: Mesh, own: ClusterId, kind: ObjectKind, namespace: string, name: string, at: Anchor): boolean {
  return mesh.clusters.every(({ id }) => {
    const other = id === own ? undefined : mesh.object(id, kind, namespace, name);
    return other === undefined || !sameAnchor(other.at, at);
  });
}
