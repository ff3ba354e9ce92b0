/** Places of files as builds have them: the built object that a place belongs to, and whether an edit there reaches it. */
import { type Anchor, below, documentAnchor, keysBelow, sameAnchor } from '../../base/anchor.ts';
import { type PathKey, pathKeys } from '../../base/path.ts';
import { sameData } from '../../base/same-data.ts';
import type { FilledIn } from '../../deploy/deployment.ts';
import type { BuiltObject, KustomizeBuild } from '../../deploy/kustomize/build-result.ts';
import type { AnchoredEdit, NodeEdit, YamlValue } from '../../yaml/edit.ts';
import type { Node } from '../../yaml/node.ts';
import { type Cursor, embedded, entries, get, items, rootCursor } from '../../yaml/read.ts';
import { isMap } from '../../yaml/render.ts';
import type { Documents } from '../../yaml/source.ts';
import { dataOf, writtenAs } from './trial-builds.ts';

interface World {
  readonly documents: Documents;
}

/** A place in a built object. */
export interface BuiltPlace {
  readonly object: BuiltObject;
  /** Where the object, or the patch of it, is written. */
  readonly place: Anchor;
  /** The way to the place from there. */
  readonly keys: readonly PathKey[];
}

/** What an object is called in the cluster. */
export interface ObjectName {
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string;
}

export function isCalled({ current }: BuiltObject, { kind, namespace, name }: ObjectName): boolean {
  return current.kind === kind && current.name === name && (current.namespace ?? '') === (namespace ?? '');
}

/**
 * The built object that a place belongs to.
 * @param wanted the one of them that is meant, where a patch reaches several
 */
export function objectAt(at: Anchor, { objects }: KustomizeBuild, wanted?: ObjectName): BuiltPlace | undefined {
  const meant = wanted === undefined ? [] : objects.filter((object) => isCalled(object, wanted));
  for (const object of [...meant, ...objects]) {
    for (const place of [object.root.origin ?? documentAnchor(object.doc), ...object.patches]) {
      const keys = keysBelow(at, place);
      if (keys === undefined) continue;
      const isElsewhere = typeof keys[0] === 'number' || object.generated;
      return { object, place, keys: isElsewhere ? operated(object, place, keys) : keys };
    }
  }
  return undefined;
}

/** What an operation of a JSON patch or a generator writes stands somewhere else in the object: the way to it there. */
function operated({ doc, root }: BuiltObject, place: Anchor, keys: readonly PathKey[]): readonly PathKey[] {
  for (let depth = keys.length; depth > 0; depth--) {
    const way = wayTo(below(place, ...keys.slice(0, depth)), rootCursor(doc, root));
    if (way !== undefined) return [...way, ...keys.slice(depth)];
  }
  return keys;
}

/** The way to the node of an object that is written in a place. */
function wayTo(place: Anchor, from: Cursor): readonly PathKey[] | undefined {
  if (sameAnchor(place, from.at)) return [];
  const children: readonly (readonly [PathKey, Cursor])[] = [...entries(from), ...items(from).entries()];
  for (const [key, child] of children) {
    const way = wayTo(place, child);
    if (way !== undefined) return [key, ...way];
  }
  return undefined;
}

/** Ways in which a build has the place of an edit. */
export type Bearing =
  /** As it is written there, or nothing yet. */
  | 'own'
  /** A patch put something else in the place, or took away what was there. */
  | 'patched'
  /** It has what the edit would make of it already. */
  | 'none';

/** How a build has the place of an edit. */
export function bearingOf(
  edit: AnchoredEdit,
  { build }: { readonly build: KustomizeBuild | undefined },
  world: World,
  wanted?: ObjectName,
): Bearing {
  const found = build === undefined ? undefined : objectAt(edit.at, build, wanted);
  if (found === undefined) return 'own';
  const { object, keys } = found;
  const { exists, depth, cursor } = reach(rootCursor(object.doc, object.root), keys);
  const steps = pathKeys(edit.at.path);
  const written = below(documentAnchor(edit.at.doc), ...steps.slice(0, steps.length - keys.length + depth));
  if (!sameAnchor(cursor.at, written)) return 'patched';
  if (writtenAt(edit.at, world) === undefined) return 'own';
  if (exists) return isSoAlready(edit, world) ? 'none' : 'own';
  return edit.op === 'set' ? 'patched' : 'none';
}

/** Where that is written which a build has in the place of an edit. */
export function placeIn(
  edit: AnchoredEdit,
  { build }: { readonly build: KustomizeBuild | undefined },
  wanted?: ObjectName,
): Anchor | undefined {
  const found = build === undefined ? undefined : objectAt(edit.at, build, wanted);
  const reached = found && reach(rootCursor(found.object.doc, found.object.root), found.keys);
  return reached?.exists === true ? reached.cursor.at : undefined;
}

/** The node that is written in a place. */
export function writtenAt({ doc, path }: Anchor, { documents }: World): Node | undefined {
  const root = documents.parsed(doc)?.root;
  const written = root && reach(rootCursor(doc, root), pathKeys(path));
  return written?.exists === true ? written.cursor.node : undefined;
}

/** True if an edit would set what is written there. */
export function isSoAlready(edit: AnchoredEdit, world: World): boolean {
  const node = edit.op === 'set' ? writtenAt(edit.at, world) : undefined;
  return edit.op === 'set' && node?.type === 'scalar' && node.text === edit.value;
}

/** False if what an edit is to make of an object is not in the build that comes of it. */
export function isMadeIn(
  edit: NodeEdit,
  before: KustomizeBuild,
  after: KustomizeBuild,
  wanted?: ObjectName,
  references?: FilledIn['references'],
): boolean {
  if (edit.op === 'add-document') return hasObject(edit.value, after);
  const found = 'at' in edit && edit.op !== 'append' ? objectAt(edit.at, before, wanted) : undefined;
  if (found === undefined) return true;
  const { keys, object: was } = found;
  // The way to an operation of a patch is none in the object, another name makes another object, and items move up to where one was.
  if (typeof keys[0] !== 'string' || isIdentity(keys) || (edit.op === 'remove' && typeof keys.at(-1) === 'number'))
    return true;
  const object = writtenAs(after, was.original);
  if (object === undefined) return false;
  const at = (...way: readonly PathKey[]): Reached => reach(rootCursor(object.doc, object.root), way);
  if (edit.op === 'rename-key' && edit.at.path.key !== edit.from) return true;
  if (edit.op === 'rename-key') return !at(...keys).exists && at(...keys.slice(0, -1), edit.key).exists;
  const { exists, cursor } = at(...keys);
  if (edit.op === 'remove') return !exists;
  return edit.op !== 'set' || (exists && sameData(filled(dataOf(cursor.node), references), inOrder(edit.value)));
}

/** Data as it is when a tool has filled in what is written in it. */
function filled(data: unknown, references: FilledIn['references'] = new Map()): unknown {
  if (typeof data === 'string')
    return [...references].reduce((text, [reference, { value }]) => text.replaceAll(reference, () => value), data);
  if (Array.isArray(data)) return data.map((item) => filled(item, references));
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, filled(value, references)]));
}

/** True for the way to a field that makes an object another one. */
export function isIdentity([first, second]: readonly PathKey[]): boolean {
  return (
    first === 'apiVersion' ||
    first === 'kind' ||
    (first === 'metadata' && (second === 'name' || second === 'namespace'))
  );
}

/** True if a build has an object of that name and with these labels, whatever else it has. */
function hasObject(value: YamlValue, { objects }: KustomizeBuild): boolean {
  const { kind, metadata } = value as unknown as ManifestValue;
  const { name, namespace = '', labels = {} } = metadata;
  const object = objects.find(
    ({ current }) => current.kind === kind && current.name === name && current.namespace === namespace,
  );
  return (
    object !== undefined &&
    Object.entries(labels).every(([key, label]) => {
      const { exists, cursor } = reach(rootCursor(object.doc, object.root), ['metadata', 'labels', key]);
      return exists && dataOf(cursor.node) === label;
    })
  );
}

/** A manifest that is to be added. */
export interface ManifestValue {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
}

/** A value with its keys in order, as data of nodes are. */
function inOrder(value: YamlValue): YamlValue {
  if (Array.isArray(value)) return (value as readonly YamlValue[]).map(inOrder);
  if (!isMap(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, inOrder(inner)]));
}

/** Where keys lead, as far as they do. */
export interface Reached {
  readonly cursor: Cursor;
  /** How many of the keys lead somewhere. */
  readonly depth: number;
  readonly exists: boolean;
}

/** Follows keys as far as they lead. */
export function reach(root: Cursor, keys: readonly PathKey[]): Reached {
  let cursor = root;
  for (const [depth, key] of keys.entries()) {
    const next: Cursor | undefined =
      typeof key === 'number' ? items(cursor)[key] : typeof key === 'string' ? get(cursor, key) : embedded(cursor);
    if (next === undefined) return { cursor, depth, exists: false };
    cursor = next;
  }
  return { cursor, depth: keys.length, exists: true };
}
