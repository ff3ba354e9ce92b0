/** Objects that the patch of an overlay deletes for one cluster: that they are missing there is certain, and the patch is why. */
import type { Anchor } from '../../base/anchor.ts';
import { knownValue } from '../../facts/field.ts';
import type { ObjectKind, ObjectOf } from '../../facts/objects.ts';
import type { ClusterId } from '../../layout/layout.ts';
import type { Mesh } from '../../mesh/model.ts';
import type { YamlValue } from '../../yaml/edit.ts';
import type { Fix, Related } from '../rule.ts';
import { nameOf } from './wording.ts';

/** The object as it was; it stands where it is deleted. */
export function deletedObject<K extends ObjectKind>(
  mesh: Mesh,
  cluster: ClusterId,
  kind: K,
  namespace: string,
  name: string,
): ObjectOf<K> | undefined {
  return mesh.deleted(cluster, kind).find((one) => one.name.value === name && knownValue(one.namespace) === namespace);
}

/** An object that clusters lack. */
export interface Absence<K extends ObjectKind> {
  /** For each cluster the object as it was, where a patch deletes it. */
  readonly deletions: readonly (ObjectOf<K> | undefined)[];
  /** Where the first of them is deleted. */
  readonly at: Anchor | undefined;
  /** Such as `is deleted for`; the names of the clusters follow. */
  readonly verb: string;
  /** Where it is deleted for others of the clusters. */
  readonly related: readonly Related[];
}

/** @param verb says that it is missing, where it is not deleted for all of the clusters */
export function absenceIn<K extends ObjectKind>(
  mesh: Mesh,
  clusters: readonly ClusterId[],
  kind: K,
  namespace: string,
  name: string,
  verb: string,
): Absence<K> {
  const deletions = clusters.map((id) => deletedObject(mesh, id, kind, namespace, name));
  const at = deletions.find((one) => one !== undefined)?.at;
  return {
    deletions,
    at,
    verb: deletions.includes(undefined) ? verb : 'is deleted for',
    related: clusters.flatMap((cluster, i) => {
      const place = deletions[i]?.at;
      if (place === undefined || place === at) return [];
      return [{ at: place, cluster, message: `it is deleted for ${nameOf(mesh, cluster)}` }];
    }),
  };
}

/** An object that is to be again. */
interface Deleted {
  readonly cluster: ClusterId;
  /** Where it is deleted. */
  readonly at: Anchor;
  /** Undefined if something in it is not known. */
  readonly manifest: YamlValue | undefined;
}

/** Takes deletions back: the engine finds the patches that are in the way of the objects. */
export function keepDeleted(what: string, where: string, deleted: readonly Deleted[]): readonly Fix[] {
  const edits = deleted.flatMap(({ cluster, at, manifest }) =>
    manifest === undefined ? [] : [{ op: 'add-document' as const, beside: at, value: manifest, for: [cluster] }],
  );
  if (edits.length < deleted.length) return [];
  return [{ title: `Keep ${what} in ${where}`, safe: false, preferred: true, edits: () => edits }];
}
