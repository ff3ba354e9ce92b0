/** What the relations of the model build on: tracked reads of one mesh's inputs. */
import type { Lifetime } from '../base/incremental.ts';
import type { ObjectKind, ObjectOf } from '../facts/objects.ts';
import type { Cluster, ClusterId, MeshGroup } from '../layout/layout.ts';
import type { ClusterStore } from './cluster-store.ts';
import { NO_NAMESPACE, type ObjectStore } from './object-store.ts';

/** Tracked reads of the clusters and objects of one mesh. */
export interface MeshContext {
  readonly group: MeshGroup;
  cluster(id: ClusterId): Cluster | undefined;
  object<K extends ObjectKind>(cluster: ClusterId, kind: K, namespace: string, name: string): ObjectOf<K> | undefined;
  /** Objects of a kind in a namespace, by name; memoised. */
  objectsIn<K extends ObjectKind>(cluster: ClusterId, kind: K, namespace: string): readonly ObjectOf<K>[];
  /** Namespaces that hold objects of a kind, sorted, without the objects that state none. */
  namespacesOf(cluster: ClusterId, kind: ObjectKind): readonly string[];
  /** All objects of a kind, by namespace and name, those without a namespace last. */
  objects<K extends ObjectKind>(cluster: ClusterId, kind: K): readonly ObjectOf<K>[];
}

export function meshContext(
  group: MeshGroup,
  clusters: Pick<ClusterStore, 'get'>,
  store: ObjectStore,
  lifetime: Lifetime,
): MeshContext {
  const objectsIn = lifetime.family(
    (cluster: ClusterId, kind: ObjectKind, namespace: string): readonly ObjectOf<ObjectKind>[] =>
      store
        .namesIn(cluster, kind, namespace)
        .map((name) => store.get(cluster, kind, namespace, name))
        .filter((object) => object !== undefined),
    sameItems,
  );
  const inNamespace = <K extends ObjectKind>(cluster: ClusterId, kind: K, namespace: string) =>
    objectsIn(cluster, kind, namespace) as readonly ObjectOf<K>[];
  return {
    group,
    cluster: (id) => clusters.get(id),
    object: (cluster, kind, namespace, name) => store.get(cluster, kind, namespace, name),
    objectsIn: inNamespace,
    namespacesOf: (cluster, kind) => store.namespacesOf(cluster, kind).filter((name) => name !== NO_NAMESPACE),
    objects: (cluster, kind) => {
      const namespaces = store.namespacesOf(cluster, kind);
      const named = namespaces.filter((name) => name !== NO_NAMESPACE);
      const order = named.length === namespaces.length ? named : [...named, NO_NAMESPACE];
      return order.flatMap((namespace) => inNamespace(cluster, kind, namespace));
    },
  };
}

/** Lists are equal if their items hold the same in each field. */
export function sameRecords<T extends object>(a: readonly T[], b: readonly T[]): boolean {
  const isSame = (one: T, other: T): boolean =>
    (Object.keys(one) as (keyof T)[]).every((key) => one[key] === other[key]);
  return a.length === b.length && a.every((item, i) => isSame(item, b[i] as T));
}

/** Lists are equal if they hold the same items. */
export function sameItems<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}
