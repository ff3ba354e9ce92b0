/** The ways to write an edit into the overlay of one cluster, the one that people would choose first. */
import { type Anchor, below, documentAnchor, sameAnchor } from '../base/anchor.ts';
import { EMBEDDED, type PathKey, pathKeys } from '../base/path.ts';
import { folderOf, resolvePath } from '../base/relative-path.ts';
import type { BuiltObject } from '../deploy/kustomize/build-result.ts';
import { KUSTOMIZATION_NAMES } from '../deploy/kustomize/kustomization-file.ts';
import type { AnchoredEdit, NodeEdit, YamlValue } from '../yaml/edit.ts';
import { type Cursor, embedded, get, items, rootCursor } from '../yaml/read.ts';
import { renderDocument } from '../yaml/render.ts';
import { isIdentity, type ManifestValue, objectAt, reach, writtenAt } from './built-places.ts';
import type { BuildUse, OverlayWorld } from './overlay-edits.ts';

/** Names that Kubernetes takes (RFC 1123), without dots: no step of a path, and no device of Windows. Others make no name of a file. */
const PLAIN_NAME = /^[a-z0-9](?:[a-z0-9-]{0,200}[a-z0-9])?$/;

/** Ways to change an object: in a patch of the overlay, by taking back what removes it there, in a new patch. */
export function* overlayPatches(
  edit: AnchoredEdit,
  use: BuildUse,
  world: OverlayWorld,
): Generator<readonly NodeEdit[]> {
  const found = use.build === undefined ? undefined : objectAt(edit.at, use.build);
  const kustomization = kustomizationOf(use, world);
  if (found === undefined) return;
  const { object, keys } = found;
  if (edit.op === 'rename-key') {
    // Patches name keys in ways of their own: the new one is set, the old one goes.
    const value = writtenAt(edit.at, world);
    if (value?.type !== 'scalar') return;
    const place = below(object.root.origin ?? documentAnchor(object.doc), ...keys.slice(0, -1), edit.key);
    const removal: AnchoredEdit = { op: 'remove', at: edit.at };
    for (const setting of overlayPatches({ op: 'set', at: place, value: value.text }, use, world)) {
      yield [...setting, removal];
      for (const removing of overlayPatches(removal, use, world)) yield [...setting, ...removing];
    }
    return;
  }
  const names = keys.filter((key) => typeof key === 'string');
  const isNamed = names.length === keys.length;
  const reached = reach(rootCursor(object.doc, object.root), keys);
  const isElsewhere = reached.exists && !sameAnchor(reached.cursor.at, edit.at);
  if (isElsewhere && isOwn(reached.cursor.at, use, world)) yield [{ ...edit, at: reached.cursor.at }];
  if (edit.op === 'set' && isNamed) {
    const patch = object.patches.find((place) => isOwnMergePatch(place, object, use, world));
    if (patch !== undefined) yield [{ op: 'set', at: below(patch, ...keys), value: edit.value }];
  }
  if (kustomization === undefined) return;
  if (edit.op === 'set') yield* takenBack(object, keys, kustomization, use, world);
  if (edit.op === 'remove') {
    const steps = pathKeys(edit.at.path);
    const operation = below(documentAnchor(edit.at.doc), ...steps.slice(0, -1));
    if (steps.at(-1) === 'value' && isOwn(edit.at, use, world))
      yield* withoutOperation(operation, kustomization, world);
  }
  const { apiVersion, kind, name, namespace } = object.original;
  const identity = named({ name, namespace });
  if (edit.op === 'set' && isNamed && typeof edit.value !== 'object' && !isIdentity(keys)) {
    yield [mergePatch(kustomization, merged({ apiVersion, kind, metadata: identity }, names, edit.value))];
  }
  const operation = jsonOperation(edit, keys, rootCursor(object.doc, object.root));
  if (operation === undefined) return;
  const entry = { target: { kind, ...identity }, patch: textIn([operation]) };
  yield [{ op: 'append', at: below(kustomization, 'patches'), value: entry }];
}

/** A new patch without a target: it names its object itself. */
function mergePatch(kustomization: Anchor, patch: YamlValue): NodeEdit {
  return { op: 'append', at: below(kustomization, 'patches'), value: { patch: textIn(patch) } };
}

function textIn(value: YamlValue): string {
  return renderDocument(value, '\n').replace(/\n$/, '');
}

function named({ name, namespace = '' }: { readonly name: string; readonly namespace?: string }): {
  readonly [key: string]: YamlValue;
} {
  return { name, ...(namespace === '' ? {} : { namespace }) };
}

/** Ways to have an object: by taking back a patch that deletes that of a base, or in a new file that the kustomization lists. */
export function* overlayAdditions(
  value: YamlValue,
  use: BuildUse,
  world: OverlayWorld,
  way: 'restore' | 'create',
): Generator<readonly NodeEdit[]> {
  const kustomization = kustomizationOf(use, world);
  if (kustomization === undefined) return;
  const { apiVersion, kind, metadata } = value as unknown as ManifestValue;
  if (way === 'restore') {
    const at = deletionOf(kind, metadata, kustomization, use, world);
    if (at === undefined) return;
    yield [{ op: 'remove', at }];
    // What the base has may be labelled for another cluster.
    const labelled = merged(
      { apiVersion, kind, metadata: named(metadata) },
      ['metadata', 'labels'],
      metadata.labels ?? {},
    );
    yield [{ op: 'remove', at }, mergePatch(kustomization, labelled)];
    return;
  }
  const name = `${metadata.name}-${kind.toLowerCase()}.yaml`;
  const folder = folderIn(kustomization, world);
  const file = folder === '' ? name : `${folder}/${name}`;
  if (!PLAIN_NAME.test(metadata.name) || world.documents.isTaken(file)) return;
  yield [
    { op: 'create-file', file, text: renderDocument(value, '\n') },
    { op: 'append', at: below(kustomization, 'resources'), value: name },
  ];
}

/** The entry of a patch of the overlay's own that deletes an object, and none beside it. */
function deletionOf(
  kind: string,
  { name, namespace = '' }: ManifestValue['metadata'],
  kustomization: Anchor,
  use: BuildUse,
  world: OverlayWorld,
): Anchor | undefined {
  const deleted = use.build?.deleted ?? [];
  const found = deleted.find(
    ({ object: { current } }) => current.kind === kind && current.name === name && current.namespace === namespace,
  );
  if (found === undefined || !isOwn(found.by, use, world)) return undefined;
  const entry = entryOf(found.by, kustomization, world);
  const isAlone = deleted.every((one) => one === found || !sameEntry(one.by, entry));
  return isAlone ? entry : undefined;

  function sameEntry(by: Anchor, other: Anchor | undefined): boolean {
    const own = entryOf(by, kustomization, world);
    return own !== undefined && other !== undefined && sameAnchor(own, other);
  }
}

/** The kustomization that a build is made from, as a document. */
function kustomizationOf({ root, build }: BuildUse, { documents }: OverlayWorld): Anchor | undefined {
  const folder = root === undefined ? build?.folder : folderOf(root);
  if (folder === undefined) return undefined;
  const names = KUSTOMIZATION_NAMES.map((name) => (folder === '' ? name : `${folder}/${name}`));
  const [document] = names.flatMap((name) => documents.file(name)?.documents ?? []);
  return document && documentAnchor(document.id);
}

/** Takes back what removes a place of an object in the overlay. */
function* takenBack(
  object: BuiltObject,
  keys: readonly PathKey[],
  kustomization: Anchor,
  use: BuildUse,
  world: OverlayWorld,
): Generator<readonly NodeEdit[]> {
  for (const { path, at } of object.removals) {
    const removed = pathKeys(path);
    const isAbove = removed.length <= keys.length && removed.every((key, i) => key === keys[i]);
    if (isAbove && isOwn(at, use, world)) yield* withoutOperation(at, kustomization, world);
  }
}

/** Removes an operation, or whatever else takes something away, from a patch; with the entry of the patch if nothing is left of it. */
function* withoutOperation(at: Anchor, kustomization: Anchor, world: OverlayWorld): Generator<readonly NodeEdit[]> {
  const count = listOf(at, world);
  if (count !== 1) {
    yield [{ op: 'remove', at }];
    return;
  }
  const entry = entryOf(at, kustomization, world);
  if (entry !== undefined) yield [{ op: 'remove', at: entry }];
}

/** The entry of the patch, inline or in a file, that a place is in. */
function entryOf(at: Anchor, kustomization: Anchor, world: OverlayWorld): Anchor | undefined {
  const steps = pathKeys(at.path);
  const inline = steps.indexOf(EMBEDDED);
  return inline < 0
    ? entryThat(kustomization, world, (patch) => patch.at.doc === at.doc)
    : below(documentAnchor(at.doc), ...steps.slice(0, inline - 1));
}

/** How many operations the list has that an operation stands in; undefined if the place is no operation. */
function listOf({ doc, path }: Anchor, { documents }: OverlayWorld): number | undefined {
  const root = documents.parsed(doc)?.root;
  const keys = pathKeys(path);
  if (root === undefined || typeof keys.at(-1) !== 'number') return undefined;
  return items(reach(rootCursor(doc, root), keys.slice(0, -1)).cursor).length;
}

/** The entry of the kustomization's patches with a patch, inline or in a file, that is such. */
function entryThat(kustomization: Anchor, world: OverlayWorld, isSuch: (patch: Cursor) => boolean): Anchor | undefined {
  const { documents } = world;
  const root = documents.parsed(kustomization.doc)?.root;
  if (root === undefined) return undefined;
  const patchesIn = (entry: Cursor): readonly Cursor[] => {
    const inline = embedded(get(entry, 'patch')) ?? embedded(entry);
    if (inline !== undefined && inline.node.type !== 'scalar') return [inline];
    const path = textOf(get(entry, 'path')) ?? textOf(entry);
    const file = path === undefined ? undefined : resolvePath(folderIn(kustomization, world), path);
    return (file === undefined ? [] : (documents.file(file)?.documents ?? [])).flatMap(({ id }) => {
      const parsed = documents.parsed(id)?.root;
      return parsed === undefined ? [] : [rootCursor(id, parsed)];
    });
  };
  for (const list of ['patches', 'patchesStrategicMerge', 'patchesJson6902']) {
    for (const entry of items(get(rootCursor(kustomization.doc, root), list))) {
      const patches = patchesIn(entry);
      if (patches.length === 1 && patches.every(isSuch)) return entry.at;
    }
  }
  return undefined;
}

function folderIn({ doc }: Anchor, { documents }: OverlayWorld): string {
  return folderOf(documents.document(doc)?.file ?? '');
}

function textOf(cursor: Cursor | undefined): string | undefined {
  return cursor?.node.type === 'scalar' ? cursor.node.text : undefined;
}

/** True for a place in a file that goes into nothing but builds of the same clusters. */
function isOwn({ doc }: Anchor, use: BuildUse, world: OverlayWorld): boolean {
  const file = world.documents.document(doc)?.file;
  const isSame = ({ clusters }: BuildUse): boolean => clusters.every((cluster) => use.clusters.includes(cluster));
  return file !== undefined && world.usesOf(file).every(isSame);
}

/** True for a strategic merge patch of the overlay itself. */
function isOwnMergePatch(place: Anchor, { original }: BuiltObject, use: BuildUse, world: OverlayWorld): boolean {
  const kind = writtenAt(below(place, 'kind'), world);
  return isOwn(place, use, world) && kind?.type === 'scalar' && kind.text === original.kind;
}

function merged(
  object: { readonly [key: string]: YamlValue },
  [first, ...rest]: readonly string[],
  value: YamlValue,
): { readonly [key: string]: YamlValue } {
  if (first === undefined) return object;
  const inner = (object[first] ?? {}) as { readonly [key: string]: YamlValue };
  return { ...object, [first]: rest.length === 0 ? value : merged(inner, rest, value) };
}

/** The edit as an operation of a JSON patch on the object as it is built so far. */
function jsonOperation(
  edit: AnchoredEdit,
  keys: readonly PathKey[],
  root: Cursor,
): { readonly [key: string]: YamlValue } | undefined {
  const { depth, exists } = reach(root, keys);
  if (keys.some((key) => typeof key === 'symbol')) return undefined;
  if (edit.op === 'remove') return exists ? { op: 'remove', path: pointer(keys) } : undefined;
  if (edit.op === 'append') {
    if (exists) return { op: 'add', path: `${pointer(keys)}/-`, value: edit.value };
    return added(keys, depth, [edit.value]);
  }
  if (edit.op !== 'set') return undefined;
  return exists ? { op: 'replace', path: pointer(keys), value: edit.value } : added(keys, depth, edit.value);
}

/** Adds a value together with the maps above it that are missing. */
function added(
  keys: readonly PathKey[],
  depth: number,
  value: YamlValue,
): { readonly [key: string]: YamlValue } | undefined {
  let nested = value;
  for (const key of keys.slice(depth + 1).reverse()) {
    if (typeof key !== 'string') return undefined;
    nested = { [key]: nested };
  }
  return { op: 'add', path: pointer(keys.slice(0, depth + 1)), value: nested };
}

/** A JSON pointer (RFC 6901). */
function pointer(keys: readonly PathKey[]): string {
  return keys.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
