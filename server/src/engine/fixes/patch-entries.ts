/** Takes back what patches do to an object: operations, keys of strategic merge patches, and an entry of `patches` with the last of what it does. */
import { type Anchor, below, documentAnchor, isAtOrBelow, keysBelow, sameAnchor } from '../../base/anchor.ts';
import { EMBEDDED, type PathKey, pathKeys } from '../../base/path.ts';
import type { BuiltObject, KustomizeBuild } from '../../deploy/kustomize/build-result.ts';
import type { NodeEdit } from '../../yaml/edit.ts';
import { type Cursor, entries, items, leavesOf, rootCursor } from '../../yaml/read.ts';
import type { Documents } from '../../yaml/source.ts';
import { isCalled, isIdentity, type ObjectName, reach } from '../deployed/built-places.ts';
import { entriesIn } from '../deployed/kustomization-entries.ts';

interface World {
  readonly documents: Documents;
}

/**
 * Takes back all that patches do at a place of an object, and below it.
 * @param isOwn true for patches that may be changed
 * @returns undefined if they do nothing there
 */
export function undone(
  object: BuiltObject,
  keys: readonly PathKey[],
  isOwn: (at: Anchor) => boolean,
  build: KustomizeBuild,
  world: World,
): readonly NodeEdit[] | undefined {
  const patches = object.patches.filter(isOwn);
  const patchOf = (at: Anchor): Anchor | undefined => patches.find((patch) => isAtOrBelow(at, patch));
  const done = new Map<Anchor, Anchor[]>();
  const note = (at: Anchor): boolean => {
    const patch = patchOf(at);
    if (patch !== undefined) done.set(patch, [...(done.get(patch) ?? []), at]);
    return patch !== undefined;
  };
  const reached = reach(rootCursor(object.doc, object.root), keys);
  if (reached.exists) noteBelow(reached.cursor, note);
  for (const { path, at } of object.removals) {
    const [removed, shared] = [pathKeys(path), Math.min(path.depth, keys.length)];
    if (removed.slice(0, shared).every((key, i) => key === keys[i])) note(at);
  }
  if (done.size === 0) return undefined;
  const edits = [...done].map(([patch, places]) => without(patch, places, build, world));
  return edits.every((edit) => edit !== undefined) ? edits.flat() : undefined;
}

/** Notes the topmost places of a node that patches wrote. */
function noteBelow(cursor: Cursor, note: (at: Anchor) => boolean): void {
  if (note(cursor.at)) return;
  for (const [, child] of entries(cursor)) noteBelow(child, note);
  for (const item of items(cursor)) noteBelow(item, note);
}

/** The edits that make a patch do nothing at some places in it. */
function without(
  patch: Anchor,
  places: readonly Anchor[],
  build: KustomizeBuild,
  world: World,
): readonly NodeEdit[] | undefined {
  const root = world.documents.parsed(patch.doc)?.root;
  const written = root && reach(rootCursor(patch.doc, root), pathKeys(patch.path));
  if (written?.exists !== true) return undefined;
  const ways = places.map(({ path }) => pathKeys(path).slice(patch.path.depth));
  const removed =
    written.cursor.node.type === 'seq' ? operationsOf(written.cursor, ways) : keysOf(written.cursor, ways);
  if (removed !== 'all') return removed.map((way) => ({ op: 'remove', at: below(patch, ...way) }));
  const entry = entryOf(patch, build, world);
  return entry && [withoutEntry(entry, world)];
}

/** Removes an entry, and the list with the last of them: but kustomize refuses a kustomization without any. */
export function withoutEntry({ doc, path }: Anchor, { documents }: World): NodeEdit {
  const at = { doc, path };
  const root = documents.parsed(doc)?.root;
  const keys = pathKeys(path).slice(0, -1);
  const list = root && reach(rootCursor(doc, root), keys);
  const map = root && reach(rootCursor(doc, root), keys.slice(0, -1));
  const others = entries(map?.cursor).filter(([key]) => key !== 'apiVersion' && key !== 'kind' && key !== keys.at(-1));
  const isLast = items(list?.cursor).length === 1 && others.length > 0;
  return { op: 'remove', at: isLast ? below(documentAnchor(doc), ...keys) : at };
}

type Ways = readonly (readonly PathKey[])[];

/** The operations of a JSON patch that ways lead to. */
function operationsOf(patch: Cursor, ways: Ways): Ways | 'all' {
  const indices = new Set(ways.flatMap(([index]) => (typeof index === 'number' ? index : [])));
  return indices.size === items(patch).length ? 'all' : [...indices].map((index) => [index]);
}

/** The keys of a strategic merge patch that ways lead to, with the maps that would be empty. What names the object does nothing by itself. */
function keysOf(patch: Cursor, ways: Ways): Ways | 'all' {
  const leaves = [...leavesOf(patch)].map(([way]) => way);
  const goes = (leaf: readonly PathKey[]): boolean => ways.some((way) => isWithin(leaf, way) || isWithin(way, leaf));
  if (leaves.every((leaf) => goes(leaf) || isIdentity(leaf))) return 'all';
  const tops = leaves.filter(goes).map((leaf) => {
    const emptied = (way: readonly PathKey[]): boolean => leaves.every((one) => goes(one) || !isWithin(one, way));
    const depth = leaf.findIndex((_, i) => emptied(leaf.slice(0, i + 1)));
    return leaf.slice(0, depth + 1);
  });
  return [...new Map(tops.map((way) => [JSON.stringify(way), way])).values()];
}

function isWithin(inner: readonly PathKey[], outer: readonly PathKey[]): boolean {
  return outer.every((key, i) => key === inner[i]);
}

/** True if an edit changes a patch, or takes one back, that is for other objects as well as for the one that is meant. */
export function isSpread(edit: NodeEdit, build: KustomizeBuild, wanted: ObjectName, world: World): boolean {
  if (!('at' in edit) || edit.op === 'append') return false;
  const { at } = edit;
  const isIn = ({ patches }: BuiltObject): boolean =>
    patches.some((patch) => {
      if (keysBelow(at, patch) !== undefined) return true;
      const entry = keysBelow(patch, at) === undefined ? entryOf(patch, build, world) : at;
      return edit.op === 'remove' && entry !== undefined && sameAnchor(entry, at);
    });
  const reached = build.objects.filter(isIn);
  return reached.length > 1 && reached.some((object) => isCalled(object, wanted));
}

/** The entry of a patch, inline or in a file, that a place is in: that of the kustomization, or of what tells a tool of it. */
export function entryOf(at: Anchor, build: KustomizeBuild, world: World): Anchor | undefined {
  const steps = pathKeys(at.path);
  const inline = steps.indexOf(EMBEDDED);
  if (inline >= 0) {
    const index = steps.slice(0, inline).findLastIndex((key) => typeof key === 'number');
    return index < 0 ? undefined : below(documentAnchor(at.doc), ...steps.slice(0, index + 1));
  }
  for (const folder of [build.folder, ...build.includes]) {
    const entry = entryOfFile(at, folder, world);
    if (entry !== undefined) return entry;
  }
  return undefined;
}

/** The entry of the kustomization in a folder that names the file of a patch, if there is no other patch in the file. */
function entryOfFile({ doc }: Anchor, folder: string, world: World): Anchor | undefined {
  const file = world.documents.document(doc)?.file ?? '';
  const entry = world.documents.file(file)?.documents.length === 1 ? entriesIn(folder, world).get(file) : undefined;
  return entry?.list.startsWith('patches') === true ? entry.at : undefined;
}
