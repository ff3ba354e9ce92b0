/** The places for a new object in a cluster: behind objects of the same namespace that no other cluster shares. */
import { type Anchor, sameAnchor } from '../base/anchor.ts';
import type { ObjectKind } from '../facts/objects.ts';
import type { ClusterId } from '../layout/layout.ts';
import type { Mesh } from '../mesh/model.ts';

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

/** @returns objects whose files belong to this cluster alone as far as objects show, the likeliest place first */
export function placesOfOwn(mesh: Mesh, cluster: ClusterId, namespace: string): readonly Anchor[] {
  const objects = LIKELY.flatMap((kind) =>
    mesh.objects(cluster, kind, namespace).flatMap(({ at, name }) => {
      return isOwn(mesh, cluster, kind, namespace, name.value, at) ? [at] : [];
    }),
  );
  const at = mesh.object(cluster, 'Namespace', '', namespace)?.at;
  return at !== undefined && isOwn(mesh, cluster, 'Namespace', '', namespace, at) ? [...objects, at] : objects;
}

/** @returns what tells in which folders the files of this cluster alone are: its installation, and objects of any namespace */
export function otherPlacesOfOwn(mesh: Mesh, cluster: ClusterId): readonly Anchor[] {
  const statements = mesh.clusters.flatMap(({ id, install }) => install.statements.map(({ at }) => ({ id, at })));
  const own = statements.filter(({ id, at }) => {
    return id === cluster && !statements.some((other) => other.id !== cluster && sameAnchor(other.at, at));
  });
  return [
    ...own.map(({ at }) => at),
    ...mesh.namespaces(cluster).flatMap((namespace) => placesOfOwn(mesh, cluster, namespace)),
  ];
}

function isOwn(mesh: Mesh, own: ClusterId, kind: ObjectKind, namespace: string, name: string, at: Anchor): boolean {
  return mesh.clusters.every(({ id }) => {
    const other = id === own ? undefined : mesh.object(id, kind, namespace, name);
    return other === undefined || !sameAnchor(other.at, at);
  });
}
