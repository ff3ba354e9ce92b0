/**
 * Moves the edits of fixes from what several clusters share to the overlay of the cluster that is concerned. What is concerned in all
 * clusters that a file is built for stays there.
 */

import { type Anchor, below, documentAnchor, sameAnchor } from '../base/anchor.ts';
import { EMBEDDED, type PathKey, pathKeys } from '../base/path.ts';
import { folderOf } from '../base/relative-path.ts';
import { sameData } from '../base/same-data.ts';
import type { BuiltObject, KustomizeBuild } from '../deploy/kustomize/build-result.ts';
import type { ClusterId } from '../layout/layout.ts';
import type { NodeEdit, YamlValue } from '../yaml/edit.ts';
import type { Node } from '../yaml/node.ts';
import { type Cursor, embedded, get, items, rootCursor } from '../yaml/read.ts';
import { renderDocument } from '../yaml/render.ts';
import type { Documents } from '../yaml/source.ts';
import { type LayerUse, layerEdits } from './value-layers.ts';

/** A build, or a unit that a tool deploys, that reads a file. */
export interface BuildUse {
  /** The file of the root kustomization; undefined for a unit, of which there is no file of its own. */
  readonly root: string | undefined;
  /** Undefined where the file is applied as it is. */
  readonly build: KustomizeBuild | undefined;
  readonly clusters: readonly ClusterId[];
}

/** What edits are moved within. */
export interface OverlayWorld {
  readonly documents: Documents;
  /** The builds that a file goes into. */
  usesOf(file: string): readonly BuildUse[];
  /** The clusters for which a file is a layer below their own values. */
  layersOf(file: string): readonly LayerUse[];
}

type AnchoredEdit = Extract<NodeEdit, { readonly at: Anchor }>;

/**
 * @param blamed the clusters that the fix is for, the first one first. An edit that occurs several times is for as many of them.
 * @param together the number of clusters that every edit is for at least
 * @returns the edits as they are to be made; none if one of them cannot be made for these clusters alone
 */
export function overlayEdits(
  edits: readonly NodeEdit[],
  blamed: readonly ClusterId[],
  together: number,
  world: OverlayWorld,
): readonly NodeEdit[] {
  const moved: NodeEdit[] = [];
  const distinct: { readonly edit: NodeEdit; times: number }[] = [];
  for (const edit of edits) {
    const same = distinct.find((known) => sameData(known.edit, edit));
    if (same === undefined) distinct.push({ edit, times: 1 });
    else same.times++;
  }
  for (const { edit, times } of distinct) {
    const own = overlayEdit(edit, new Set(blamed.slice(0, Math.max(times, together))), world);
    if (own === undefined) return [];
    moved.push(...own);
  }
  return moved;
}

function overlayEdit(
  edit: NodeEdit,
  concerned: ReadonlySet<ClusterId>,
  world: OverlayWorld,
): readonly NodeEdit[] | undefined {
  const anchor = 'at' in edit ? edit.at : 'beside' in edit ? edit.beside : undefined;
  const file = anchor === undefined ? undefined : world.documents.document(anchor.doc)?.file;
  if (anchor !== undefined && isMade(anchor, world)) return undefined;
  if (anchor === undefined || file === undefined || edit.op === 'comment-above' || edit.op === 'comment-top')
    return [edit];
  const layers = 'at' in edit ? world.layersOf(file) : [];
  if (layers.length > 0) return layerEdits(edit as AnchoredEdit, layers, concerned);
  const uses = world
    .usesOf(file)
    .filter((use) => edit.op === 'add-document' || mayBeFor(edit as AnchoredEdit, use, world));
  const own = uses.filter(({ clusters }) => clusters.some((cluster) => concerned.has(cluster)));
  const shared = uses.length > own.length || ('at' in edit && isSoAlready(edit, world));
  if (edit.op === 'add-document') {
    // A kustomization lists its files: a document in one that it lists already needs no entry.
    return shared && own.length > 0 ? all(own.map((use) => newResource(edit.value, use, world))) : [edit];
  }
  if (!shared || own.length === 0) return [edit];
  return all(own.map((use) => patched(edit as AnchoredEdit, use, world)));
}

/** True for a place inside of what is no text: what a chart was rendered to, which is written nowhere. */
function isMade({ doc, path }: Anchor, { documents }: OverlayWorld): boolean {
  const keys = pathKeys(path);
  const root = documents.parsed(doc)?.root;
  if (root === undefined || !keys.includes(EMBEDDED)) return false;
  const { depth, cursor } = reach(rootCursor(doc, root), keys);
  return keys[depth] === EMBEDDED && cursor.node.type !== 'scalar';
}

function all(parts: readonly (readonly NodeEdit[] | undefined)[]): readonly NodeEdit[] | undefined {
  return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
}

/** The kustomization of a build as a document. */
function kustomizationOf({ root }: BuildUse, { documents }: OverlayWorld): Anchor | undefined {
  const [document] = (root === undefined ? undefined : documents.file(root))?.documents ?? [];
  return document && documentAnchor(document.id);
}

/** Names that Kubernetes takes (RFC 1123), without dots: no step of a path, and no device of Windows. Others make no name of a file. */
const PLAIN_NAME = /^[a-z0-9](?:[a-z0-9-]{0,200}[a-z0-9])?$/;

/** A new file beside the root kustomization, listed there. */
function newResource(value: YamlValue, use: BuildUse, world: OverlayWorld): readonly NodeEdit[] | undefined {
  const { kind, metadata } = value as { readonly kind: string; readonly metadata: { readonly name: string } };
  const name = `${metadata.name}-${kind.toLowerCase()}.yaml`;
  const folder = folderOf(use.root ?? '');
  const file = folder === '' ? name : `${folder}/${name}`;
  const kustomization = kustomizationOf(use, world);
  if (!PLAIN_NAME.test(metadata.name) || kustomization === undefined || world.documents.isTaken(file)) return undefined;
  return [
    { op: 'create-file', file, text: renderDocument(value, '\n') },
    { op: 'append', at: below(kustomization, 'resources'), value: name },
  ];
}

/** The edit as a patch in the overlay. */
function patched(edit: AnchoredEdit, use: BuildUse, world: OverlayWorld): readonly NodeEdit[] | undefined {
  const found = use.build === undefined ? undefined : objectAt(edit.at, use.build);
  if (found === undefined || edit.op === 'rename-key') return undefined;
  const { object, keys } = found;
  if (edit.op === 'set' && keys.every((key) => typeof key === 'string')) {
    const patch = object.patches.find((place) => isOwnMergePatch(place, object, use, world));
    if (patch !== undefined) return [{ op: 'set', at: below(patch, ...keys), value: edit.value }];
  }
  const operation = jsonOperation(edit, keys, rootCursor(object.doc, object.root));
  const kustomization = kustomizationOf(use, world);
  if (operation === undefined || kustomization === undefined) return undefined;
  const { kind, name, namespace } = object.original;
  const target = { kind, name, ...(namespace === '' ? {} : { namespace }) };
  const patch = renderDocument([operation], '\n').replace(/\n$/, '');
  return [{ op: 'append', at: below(kustomization, 'patches'), value: { target, patch } }];
}

/**
 * True if an edit may be for what a build gives: not where a patch put something else in the place, or took away what is to be changed.
 * What would be set to what it is already is to be set where a patch took it away.
 */
function mayBeFor(edit: AnchoredEdit, { build }: BuildUse, world: OverlayWorld): boolean {
  const found = build === undefined ? undefined : objectAt(edit.at, build);
  if (found === undefined) return true;
  const { object, place, keys } = found;
  const reached = reach(rootCursor(object.doc, object.root), keys);
  if (!sameAnchor(reached.cursor.at, below(place, ...keys.slice(0, reached.depth)))) return false;
  return writtenAt(edit.at, world) === undefined || reached.exists !== isSoAlready(edit, world);
}

/** The node that is written in a place. */
function writtenAt({ doc, path }: Anchor, { documents }: OverlayWorld): Node | undefined {
  const root = documents.parsed(doc)?.root;
  const written = root && reach(rootCursor(doc, root), pathKeys(path));
  return written?.exists === true ? written.cursor.node : undefined;
}

function isSoAlready(edit: AnchoredEdit, world: OverlayWorld): boolean {
  const node = edit.op === 'set' ? writtenAt(edit.at, world) : undefined;
  return edit.op === 'set' && node?.type === 'scalar' && node.text === edit.value;
}

/** The built object that a place belongs to, and the way to the place within it. */
function objectAt(
  at: Anchor,
  { objects }: KustomizeBuild,
): { readonly object: BuiltObject; readonly place: Anchor; readonly keys: readonly PathKey[] } | undefined {
  for (const object of objects) {
    for (const place of [object.root.origin ?? documentAnchor(object.doc), ...object.patches]) {
      const keys = keysBelow(at, place);
      if (keys !== undefined) return { object, place, keys };
    }
  }
  return undefined;
}

function keysBelow(inner: Anchor, outer: Anchor): readonly PathKey[] | undefined {
  if (inner.doc !== outer.doc) return undefined;
  const [keys, above] = [pathKeys(inner.path), pathKeys(outer.path)];
  return above.every((key, i) => keys[i] === key) ? keys.slice(above.length) : undefined;
}

/** True for a strategic merge patch of the overlay itself. */
function isOwnMergePatch(place: Anchor, object: BuiltObject, use: BuildUse, world: OverlayWorld): boolean {
  const file = world.documents.document(place.doc)?.file;
  if (file === undefined || world.usesOf(file).some(({ root }) => root !== use.root)) return false;
  return isMergePatch(place, object, world);
}

function isMergePatch(place: Anchor, { original }: BuiltObject, world: OverlayWorld): boolean {
  const kind = writtenAt(below(place, 'kind'), world);
  return kind?.type === 'scalar' && kind.text === original.kind;
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

/** Where keys lead, as far as they do. */
interface Reached {
  readonly cursor: Cursor;
  /** How many of the keys lead somewhere. */
  readonly depth: number;
  readonly exists: boolean;
}

function reach(root: Cursor, keys: readonly PathKey[]): Reached {
  let cursor = root;
  for (const [depth, key] of keys.entries()) {
    const next: Cursor | undefined =
      typeof key === 'number' ? items(cursor)[key] : typeof key === 'string' ? get(cursor, key) : embedded(cursor);
    if (next === undefined) return { cursor, depth, exists: false };
    cursor = next;
  }
  return { cursor, depth: keys.length, exists: true };
}

/** A JSON pointer (RFC 6901). */
function pointer(keys: readonly PathKey[]): string {
  return keys.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
