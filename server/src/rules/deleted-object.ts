/** Objects that the patch of an overlay deletes for one cluster: that they are missing there is certain, and the patch is why. */
import type { Anchor } from '../base/anchor.ts';
import { knownValue } from '../facts/field.ts';
import type { ObjectKind, ObjectOf } from '../facts/objects.ts';
import type { ClusterId } from '../layout/layout.ts';
import type { Mesh } from '../mesh/model.ts';
import type { YamlValue } from '../yaml/edit.ts';
import type { Fix } from './rule.ts';

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
