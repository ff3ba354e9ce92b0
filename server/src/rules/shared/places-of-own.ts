/** The places for a new object in a cluster: behind objects of the same namespace that no other cluster shares. */
import { type Anchor, sameAnchor } from '../../base/anchor.ts';
import type { ObjectKind } from '../../facts/objects.ts';
import type { ClusterId } from '../../layout/layout.ts';
import type { Mesh } from '../../mesh/model.ts';

/** In whose neighbourhood people put things, the likeliest first. */
const LIKELY: readonly ObjectKind[] = [
  'Service',
  'Gateway',
  'Workload',
  'AuthorizationPolicy',
  'RequestAuthentication',
  'Route',
  'VirtualService',
  'DestinationRule',
];

/** More objects of a kind are not looked at: thousands of findings in a namespace of thousands of objects would take minutes. */
const MOST_PLACES = 300;

/** @returns objects whose files belong to this cluster alone as far as objects show, the likeliest place first */
export function placesOfOwn(mesh: Mesh, cluster: ClusterId, namespace: string): readonly Anchor[] {
  const found: Anchor[] = [];
  for (const kind of LIKELY) {
    const most = found.length + MOST_PLACES;
    for (const { at, name } of mesh.objects(cluster, kind, namespace)) {
      if (found.length === most) break;
      if (isOwn(mesh, cluster, kind, namespace, name.value, at)) found.push(at);
    }
  }
  const at = mesh.object(cluster, 'Namespace', '', namespace)?.at;
  return at !== undefined && isOwn(mesh, cluster, 'Namespace', '', namespace, at) ? [...found, at] : found;
}

/** @returns what tells in which folders the files of this cluster alone are: its installation, and objects of any namespace */
export function otherPlacesOfOwn(mesh: Mesh, cluster: ClusterId): readonly Anchor[] {
  const statements = mesh.clusters.flatMap(({ id, install }) => install.statements.map(({ at }) => ({ id, at })));
  const own = statements.filter(({ id, at }) => {
    return id === cluster && !statements.some((other) => other.id !== cluster && sameAnchor(other.at, at));
  });
  const found = own.map(({ at }) => at);
  for (const namespace of mesh.namespaces(cluster)) {
    if (found.length >= MOST_PLACES) break;
    found.push(...placesOfOwn(mesh, cluster, namespace));
  }
  return found;
}

function isOwn(mesh: Mesh, own: ClusterId, kind: ObjectKind, namespace: string, name: string, at: Anchor): boolean {
  return mesh.clusters.every(({ id }) => {
    const other = id === own ? undefined : mesh.object(id, kind, namespace, name);
    return other === undefined || !sameAnchor(other.at, at);
  });
}
