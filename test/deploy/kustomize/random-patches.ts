/** Random patches of objects: strategic merges and JSON patches of what is there, and of what is not. */
import { type Chance, type Json, type JsonMap, pairs } from './random-objects.ts';

function isMap(value: Json | undefined): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const SCALARS: readonly Json[] = ['changed', 7, true, 'yes', '5', null, 'a,b', ''];

/** A change of a value: of some of its fields, of some of its items, or of all of it. */
function change(chance: Chance, value: Json | undefined, depth: number): Json {
  if (isMap(value) && depth > 0 && chance.maybe(0.97)) return changeMap(chance, value, depth);
  if (Array.isArray(value) && depth > 0 && chance.maybe(0.97)) return changeList(chance, value, depth);
  if (chance.maybe(0.08)) return null;
  if (value === undefined || chance.maybe(0.02)) {
    return chance.pick<Json>([...SCALARS, pairs(chance), [chance.pick(SCALARS)], { a: { b: null, c: 1 } }]);
  }
  return typeof value === 'object' ? value : chance.pick(SCALARS);
}

function changeMap(chance: Chance, value: JsonMap, depth: number): JsonMap {
  const result: JsonMap = {};
  for (const [key, item] of Object.entries(value)) {
    if (chance.maybe(depth > 2 ? 0.45 : 0.6)) result[key] = change(chance, item, depth - 1);
  }
  if (chance.maybe(0.15)) result[chance.pick(['added', 'app', 'labels'])] = change(chance, undefined, depth - 1);
  if (chance.maybe(0.04)) result.$patch = chance.pick(['delete', 'replace', 'merge']);
  return result;
}

const MERGE_KEYS = ['name', 'containerPort', 'port', 'mountPath', 'protocol', 'ip', 'topologyKey', 'whenUnsatisfiable'];

function changeList(chance: Chance, value: readonly Json[], depth: number): Json[] {
  const result: Json[] = [];
  for (const item of value) {
    if (!chance.maybe(0.6)) continue;
    if (!isMap(item)) {
      result.push(chance.maybe(0.7) ? item : chance.pick<Json>(['x', 'y', 5]));
      continue;
    }
    const keys = Object.fromEntries(
      MERGE_KEYS.filter((key) => key in item && chance.maybe(0.92)).map((key) => [key, item[key] as Json]),
    );
    if (chance.maybe(0.12)) result.push({ ...keys, $patch: chance.pick(['delete', 'delete', 'replace', 'merge']) });
    else result.push({ ...changeMap(chance, item, depth - 1), ...keys });
  }
  if (chance.maybe(0.2)) {
    const first = value.find(isMap);
    if (first === undefined) result.push('new');
    else {
      const key = MERGE_KEYS.find((name) => name in first);
      const fresh: JsonMap = { added: 1 };
      if (key !== undefined && chance.maybe(0.9)) fresh[key] = typeof first[key] === 'number' ? 99 : 'new';
      result.push(fresh);
    }
  }
  // Beside items with directives of their own, nobody means anything by it.
  if (chance.maybe(0.04) && !result.some((item) => isMap(item) && '$patch' in item))
    result.push({ $patch: chance.pick(['replace', 'delete']) });
  return result;
}

/** A strategic merge patch of an object. */
export function mergePatch(chance: Chance, object: JsonMap, depth = 7): JsonMap {
  const { apiVersion, kind, metadata, ...content } = object;
  const own = metadata as JsonMap;
  const { name, namespace, ...rest } = own;
  if (chance.maybe(0.04)) {
    return { apiVersion: apiVersion as Json, kind: kind as Json, metadata: own, $patch: 'delete' };
  }
  return {
    apiVersion: apiVersion as Json,
    kind: kind as Json,
    metadata: {
      ...(chance.maybe(0.6) ? changeMap(chance, rest, depth) : {}),
      name: name as Json,
      ...(namespace === undefined ? {} : { namespace }),
    },
    ...(chance.maybe(0.8) ? changeMap(chance, content, depth) : {}),
  };
}

function pointer(keys: readonly (string | number)[]): string {
  return keys.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** A way into a value, and what it leads to. */
function way(chance: Chance, value: Json): { readonly keys: (string | number)[]; readonly found: Json | undefined } {
  const keys: (string | number)[] = [];
  let at: Json | undefined = value;
  while (at !== undefined && typeof at === 'object' && at !== null && (keys.length < 1 || chance.maybe(0.75))) {
    if (Array.isArray(at)) {
      const index = chance.below(at.length + 1);
      keys.push(index === at.length ? chance.pick<string | number>(['-', index, -1]) : index);
      at = at[index];
    } else {
      const names = Object.keys(at);
      const key = names.length === 0 || chance.maybe(0.1) ? 'absent' : chance.pick(names);
      keys.push(key);
      at = at[key];
    }
  }
  return { keys, found: at };
}

/** A JSON patch of an object; most of its operations can be applied. */
export function jsonPatch(chance: Chance, object: JsonMap): JsonMap[] {
  const operations: JsonMap[] = [];
  for (let i = 0; i <= chance.below(3); i++) {
    const { keys, found } = way(chance, object);
    if (found === undefined && chance.maybe(0.7)) continue;
    const path = pointer(keys);
    if (/^\/metadata(\/annotations)?$/.test(path)) continue; // kustomize keeps notes there
    // A change of what kustomize knows an object by is another story.
    if (/^\/(kind|apiVersion|metadata(\/name.*)?)$/.test(path)) continue;
    const value = chance.pick<Json>([...SCALARS, { a: 1, b: [null, 'x'] }, ['x'], pairs(chance)]);
    const op = chance.pick(['add', 'replace', 'replace', 'remove', 'test', 'move', 'copy']);
    if (op === 'remove') operations.push({ op, path });
    else if (op === 'test') operations.push({ op, path, value: chance.maybe(0.97) ? (found ?? null) : value });
    else if (op === 'move' || op === 'copy') {
      const to = pointer(way(chance, object).keys);
      if (!/^\/(kind|apiVersion|metadata(\/name.*)?)$/.test(to)) operations.push({ op, from: path, path: to });
    } else operations.push({ op, path, value });
  }
  return operations.length === 0 ? [{ op: 'add', path: '/spec', value: { made: true } }] : operations;
}
