/** The ways to write an edit into the overlay of one cluster, the one that people would choose first. */
import { type Anchor, below, documentAnchor, sameAnchor } from '../../base/anchor.ts';
import { childPath, type PathKey, ROOT } from '../../base/path.ts';
import { folderOf, inFolder } from '../../base/relative-path.ts';
import type { BuiltObject } from '../../deploy/kustomize/build-result.ts';
import type { ClusterId } from '../../layout/layout.ts';
import type { AnchoredEdit, NodeEdit, YamlValue } from '../../yaml/edit.ts';
import { type Cursor, rootCursor } from '../../yaml/read.ts';
import { renderDocument } from '../../yaml/render.ts';
import type { BuildUse } from '../deployed/build-use.ts';
import {
  isIdentity,
  type ManifestValue,
  type ObjectName,
  objectAt,
  reach,
  writtenAt,
} from '../deployed/built-places.ts';
import { kustomizationIn } from '../deployed/kustomization-entries.ts';
import type { OverlayWorld } from './overlay-edits.ts';
import { entryOf, undone, withoutEntry } from './patch-entries.ts';

/** Names that Kubernetes takes (RFC 1123), without dots: no step of a path, and no device of Windows. Others make no name of a file. */
const PLAIN_NAME = /^[a-z0-9](?:[a-z0-9-]{0,200}[a-z0-9])?$/;

/** Ways to change an object: in a patch of the overlay, by taking back what removes it there, in a new patch. */
export function* overlayPatches(
  edit: AnchoredEdit,
  use: BuildUse,
  clusters: ReadonlySet<ClusterId>,
  world: OverlayWorld,
  wanted?: ObjectName,
): Generator<readonly NodeEdit[]> {
  const { build } = use;
  const found = build && objectAt(edit.at, build, wanted);
  if (build === undefined || found === undefined) return;
  const { object, keys } = found;
  if (edit.op === 'rename-key') {
    // Patches name keys in ways of their own: the new one is set, the old one goes.
    const value = edit.at.path.key === edit.from ? writtenAt(edit.at, world) : undefined;
    if (value?.type !== 'scalar') return;
    const place = below(object.root.origin ?? documentAnchor(object.doc), ...keys.slice(0, -1), edit.key);
    const removal: AnchoredEdit = { op: 'remove', at: edit.at };
    for (const setting of overlayPatches({ op: 'set', at: place, value: value.text }, use, clusters, world, wanted)) {
      yield [...setting, removal];
      for (const removing of overlayPatches(removal, use, clusters, world, wanted)) yield [...setting, ...removing];
    }
    return;
  }
  const names = keys.filter((key) => typeof key === 'string');
  const isNamed = names.length === keys.length;
  const reached = reach(rootCursor(object.doc, object.root), keys);
  const isOwn = (at: Anchor): boolean => isOfOnly(clusters, at, world);
  // What becomes of lists is not looked at when it is tried.
  const isTried = edit.op !== 'append' && typeof keys.at(-1) !== 'number';
  const undoing = isTried ? undone(object, keys, isOwn, build, world) : undefined;
  // A value that a patch writes is changed there; what is more than that is rather as it is without the patch.
  const isValue = edit.op === 'set' && typeof edit.value !== 'object';
  if (undoing !== undefined && !isValue) yield undoing;
  const isElsewhere = reached.exists && !sameAnchor(reached.cursor.at, edit.at);
  // An operation of JSON 6902 without its value is none: `undone` takes it back as a whole.
  const isOfOperation = edit.op === 'remove' && reached.cursor.at.path.key === 'value';
  if (isElsewhere && isOwn(reached.cursor.at) && !isOfOperation) yield [{ ...edit, at: reached.cursor.at }];
  if (edit.op === 'set' && isNamed) {
    const patch = object.patches.find((place) => isOwn(place) && isMergePatch(place, object, world));
    if (patch !== undefined) yield [{ op: 'set', at: below(patch, ...keys), value: edit.value }];
  }
  if (undoing !== undefined && isValue) yield undoing;
  const removal = reached.exists
    ? undefined
    : object.removals.findLast(({ path }) => path === childPath(ROOT, ...keys));
  if (edit.op === 'set' && typeof removal?.at.path.key === 'number' && isOwn(removal.at)) {
    const { at } = removal;
    yield [
      { op: 'set', at: below(at, 'op'), value: 'add' },
      { op: 'set', at: below(at, 'value'), value: edit.value },
    ];
  }
  const kustomization = kustomizationOf(use, world);
  if (kustomization === undefined) return;
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
  clusters: ReadonlySet<ClusterId>,
  world: OverlayWorld,
  way: 'restore' | 'create',
): Generator<readonly NodeEdit[]> {
  const kustomization = kustomizationOf(use, world);
  const { apiVersion, kind, metadata } = value as unknown as ManifestValue;
  if (way === 'restore') {
    const at = deletionOf(kind, metadata, use, clusters, world);
    if (at === undefined) return;
    yield [withoutEntry(at, world)];
    if (kustomization === undefined) return;
    // What the base has may be labelled for another cluster.
    const labelled = merged(
      { apiVersion, kind, metadata: named(metadata) },
      ['metadata', 'labels'],
      metadata.labels ?? {},
    );
    yield [{ op: 'remove', at }, mergePatch(kustomization, labelled)];
    return;
  }
  if (kustomization === undefined) return;
  const name = `${metadata.name}-${kind.toLowerCase()}.yaml`;
  const folder = folderIn(kustomization, world);
  const file = inFolder(folder, name);
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
  { build }: BuildUse,
  clusters: ReadonlySet<ClusterId>,
  world: OverlayWorld,
): Anchor | undefined {
  const deleted = build?.deleted ?? [];
  const found = deleted.find(
    ({ object: { current } }) => current.kind === kind && current.name === name && current.namespace === namespace,
  );
  if (build === undefined || found === undefined || !isOfOnly(clusters, found.by, world)) return undefined;
  const entry = entryOf(found.by, build, world);
  const isAlone = deleted.every((one) => {
    const other = one === found ? undefined : entryOf(one.by, build, world);
    return other === undefined || entry === undefined || !sameAnchor(entry, other);
  });
  return isAlone ? entry : undefined;
}

/** The kustomization that a build is made from, as a document. */
function kustomizationOf({ root, build }: BuildUse, world: OverlayWorld): Anchor | undefined {
  const folder = root === undefined ? build?.folder : folderOf(root);
  return folder === undefined ? undefined : kustomizationIn(folder, world);
}

function folderIn({ doc }: Anchor, { documents }: OverlayWorld): string {
  return folderOf(documents.document(doc)?.file ?? '');
}

/** True for a place in a file that goes into nothing but builds of some clusters. */
export function isOfOnly(clusters: ReadonlySet<ClusterId>, { doc }: Anchor, world: OverlayWorld): boolean {
  const file = world.documents.document(doc)?.file;
  return (
    file !== undefined && world.usesOf(file).every((use) => use.clusters.every((cluster) => clusters.has(cluster)))
  );
}

/** True for a strategic merge patch that names the object. */
function isMergePatch(place: Anchor, { original }: BuiltObject, world: OverlayWorld): boolean {
  const kind = writtenAt(below(place, 'kind'), world);
  return kind?.type === 'scalar' && kind.text === original.kind;
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
