/** The objects that a kustomization has gathered: no two of one id. */
import type { Anchor } from '../../base/anchor.ts';
import { addTo } from '../../base/remember.ts';
import { Refusal } from './refusal.ts';
import { allIds, currentId, idKey, previousIds, type ResId, type Resource } from './resource.ts';

/** A name for messages, such as `Service sample/helloworld`. */
export function describeId({
  kind,
  namespace,
  name,
  isSecret,
}: Pick<ResId, 'kind' | 'namespace' | 'name' | 'isSecret'>): string {
  if (isSecret === true) return 'an object that has its name or type from a Secret';
  return `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`;
}

function placeOf({ root }: Resource): readonly Anchor[] {
  return root.origin === undefined ? [] : [root.origin];
}

/** The objects of a list by their ids: it goes from a list to the longer one, so that many small files cost no more than one large file. */
const indexes = new WeakMap<readonly Resource[], Map<string, Resource>>();

/** Lists of which no two objects have one id, as is known. */
const distinct = new WeakSet<readonly Resource[]>();

/** Where objects are, by all names and ids that they have or had: it goes from a list to the one with another object in a place. */
interface Places {
  readonly byName: Map<string, number[]>;
  readonly byId: Map<string, number[]>;
}
const places = new WeakMap<readonly Resource[], Places>();

/** How many objects were looked at to find those of one name, or two of one id: a deterministic measure of work. */
export const work = { looks: 0 };

/** Where the objects are that have, or once had, a name. */
export function placesOf(list: readonly Resource[], name: string): readonly number[] {
  return placesIn(list).byName.get(name) ?? [];
}

function placesIn(list: readonly Resource[]): Places {
  let known = places.get(list);
  if (known === undefined) {
    known = { byName: new Map(), byId: new Map() };
    work.looks += list.length;
    for (const [i, resource] of list.entries()) notePlace(known, resource, i);
    places.set(list, known);
  }
  return known;
}

function notePlace({ byName, byId }: Places, resource: Resource, i: number): void {
  for (const own of namesOf(resource)) addTo(byName, own, i);
  for (const key of keysOf(resource)) addTo(byId, key, i);
}

function namesOf(resource: Resource): ReadonlySet<string> {
  return new Set([...resource.previous.map(({ name }) => name), currentId(resource).name]);
}

function keysOf(resource: Resource): ReadonlySet<string> {
  return new Set([keyOf(resource), ...previousIds(resource).map(idKey)]);
}

/** The list with other objects, or none, in place of some. */
export function replaced(list: readonly Resource[], by: ReadonlyMap<number, readonly Resource[]>): readonly Resource[] {
  if (by.size === 0) return list;
  const isSame = [...by].every(([i, [one, ...others]]) => {
    const before = list[i] as Resource;
    return one !== undefined && others.length === 0 && keyOf(one) === keyOf(before) && isCalledAlike(one, before);
  });
  if (!isSame) return list.flatMap((resource, i) => by.get(i) ?? [resource]);
  const result = [...list];
  for (const [i, [one]] of by) if (one !== undefined) result[i] = one;
  const known = places.get(list);
  places.delete(list);
  if (known !== undefined) {
    places.set(result, known);
    for (const [i] of by) {
      const before = keysOf(list[i] as Resource);
      for (const key of keysOf(result[i] as Resource)) if (!before.has(key)) addTo(known.byId, key, i);
    }
  }
  if (distinct.has(list)) distinct.add(result);
  return result;
}

function isCalledAlike(resource: Resource, before: Resource): boolean {
  const [names, own] = [namesOf(before), namesOf(resource)];
  return names.size === own.size && [...own].every((name) => names.has(name));
}

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
  const known = places.get(list);
  places.delete(list);
  if (known !== undefined) places.set(longer, known);
  for (const [i, resource] of more.entries()) if (known !== undefined) notePlace(known, resource, list.length + i);
  distinct.add(longer);
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

/** Where the objects are that have, or once had, this id. */
export function placesWithId(list: readonly Resource[], id: ResId): readonly number[] {
  const key = idKey(id);
  const found = placesIn(list).byId.get(key) ?? [];
  work.looks += found.length;
  return found.filter((i) => keysOf(list[i] as Resource).has(key)).sort((a, b) => a - b);
}

/** Refuses a list in which two objects have one id. */
export function checkIds(list: readonly Resource[]): readonly Resource[] {
  if (distinct.has(list)) return list;
  work.looks += list.length;
  return appended([], list);
}
