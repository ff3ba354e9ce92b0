/** The objects that a kustomization has gathered: no two of one id. */
import type { Anchor } from '../../base/anchor.ts';
import { Refusal } from './refusal.ts';
import { allIds, currentId, idKey, type ResId, type Resource } from './resource.ts';

/** A name for messages, such as `Service sample/helloworld`. */
export function describeId({ kind, namespace, name, isSecret }: ResId): string {
  if (isSecret === true) return 'an object that has its name or type from a Secret';
  return `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`;
}

function placeOf({ root }: Resource): readonly Anchor[] {
  return root.origin === undefined ? [] : [root.origin];
}

/** The objects of a list by their ids: it goes from a list to the longer one, so that many small files cost no more than one large file. */
const indexes = new WeakMap<readonly Resource[], Map<string, Resource>>();

/** The list with more objects; what has the id of one that is there is refused. */
export function appended(list: readonly Resource[], more: readonly Resource[]): readonly Resource[] {
  const byId = indexes.get(list) ?? new Map(list.map((resource) => [keyOf(resource), resource]));
  indexes.delete(list);
  for (const resource of more) {
    const key = keyOf(resource);
    const first = byId.get(key);
    if (first !== undefined) {
      throw new Refusal('duplicate-id', `${describeId(currentId(resource))} is there already`, {
        related: [...placeOf(first), ...placeOf(resource)],
      });
    }
    byId.set(key, resource);
  }
  const longer = [...list, ...more];
  indexes.set(longer, byId);
  return longer;
}

const keys = new WeakMap<ResId, string>();

/** The key of its present id, which is one object for one tree. */
function keyOf(resource: Resource): string {
  const id = currentId(resource);
  let key = keys.get(id);
  if (key === undefined) {
    key = idKey(id);
    keys.set(id, key);
  }
  return key;
}

/** The objects that have, or once had, an id that `wanted` holds for. */
export function withAnyId(list: readonly Resource[], wanted: (id: ResId) => boolean): readonly Resource[] {
  return list.filter((resource) => allIds(resource).some(wanted));
}

/** The objects that have, or once had, this id. */
export function withId(list: readonly Resource[], id: ResId): readonly Resource[] {
  const key = idKey(id);
  return withAnyId(list, (other) => other.name === id.name && idKey(other) === key);
}

/** Refuses a list in which two objects have one id. */
export function checkIds(list: readonly Resource[]): readonly Resource[] {
  return appended([], list);
}
