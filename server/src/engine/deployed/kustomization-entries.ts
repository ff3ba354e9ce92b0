/** The kustomization of a folder as it is written: its entries, by the files and folders that they name. */
import { type Anchor, documentAnchor } from '../../base/anchor.ts';
import { inFolder, resolvePath } from '../../base/relative-path.ts';
import { KUSTOMIZATION_NAMES } from '../../deploy/kustomize/kustomization-file.ts';
import { writtenText } from '../../deploy/read-text.ts';
import type { YamlValue } from '../../yaml/edit.ts';
import type { Node } from '../../yaml/node.ts';
import { type Cursor, get, items, rootCursor } from '../../yaml/read.ts';
import type { Documents } from '../../yaml/source.ts';
import { dataOf } from './trial-builds.ts';

interface World {
  readonly documents: Documents;
}

/** An entry of a kustomization. */
export interface Entry {
  /** The key of the list, or map, that it is in. */
  readonly list: string;
  readonly value: YamlValue;
  readonly at: Anchor;
}

export const GENERATOR = 'configMapGenerator';
/** The lists that name folders. */
const FOLDERS = ['resources', 'bases', 'components'];
const PATCHES = ['patches', 'patchesStrategicMerge', 'patchesJson6902'];
/** The lists that name files or folders. */
const LISTS = [...FOLDERS, ...PATCHES, 'transformers', 'replacements'];

/** The kustomization in a folder, as a document. */
export function kustomizationIn(folder: string, { documents }: World): Anchor | undefined {
  const names = KUSTOMIZATION_NAMES.map((name) => inFolder(folder, name));
  const [document] = names.flatMap((name) => documents.file(name)?.documents ?? []);
  return document && documentAnchor(document.id);
}

export function kustomizationRoot(folder: string, world: World): Cursor | undefined {
  const place = kustomizationIn(folder, world);
  const root = place && world.documents.parsed(place.doc)?.root;
  return place && root && rootCursor(place.doc, root);
}

/** Where a kustomization has a list, or would have it. */
export function listPlace(folder: string, list: string, world: World): Anchor | undefined {
  const root = kustomizationRoot(folder, world);
  return get(root, list)?.at ?? root?.at;
}

interface Entries {
  readonly folder: string;
  readonly doc: Anchor['doc'];
  readonly entries: ReadonlyMap<string, Entry>;
}

/** By the root of the kustomization. */
const entriesOf = new WeakMap<Node, Entries>();

/** What the kustomization in a folder lists, by path; by what it says where it names none. It is read once as long as it stays the same. */
export function entriesIn(folder: string, world: World): ReadonlyMap<string, Entry> {
  const root = kustomizationRoot(folder, world);
  if (root === undefined) return new Map();
  const { doc } = root.at;
  const known = entriesOf.get(root.node);
  if (known?.folder === folder && known.doc === doc) return known.entries;
  const entries = readEntries(folder, root);
  entriesOf.set(root.node, { folder, doc, entries });
  return entries;
}

function readEntries(folder: string, root: Cursor): ReadonlyMap<string, Entry> {
  const found = new Map<string, Entry>();
  const note = (list: string, { node, at }: Cursor, written: string | undefined): void => {
    const value = asWritten(node);
    const path = written === undefined ? `${list} ${JSON.stringify(value)}` : resolvePath(folder, written);
    if (path !== undefined) found.set(path, { list, value, at });
  };
  for (const generator of items(get(root, GENERATOR)))
    for (const file of items(get(generator, 'files')))
      note(GENERATOR, { ...generator, at: file.at }, writtenText(file)?.replace(/^[^=]*=/, ''));
  for (const list of LISTS)
    for (const entry of items(get(root, list)))
      note(list, entry, writtenText(get(entry, 'path')) ?? writtenText(entry));
  return found;
}

/** A node as data, with its keys in the order in which they are written. */
export function asWritten(node: Node): YamlValue {
  if (node.type === 'seq') return node.items.map(asWritten);
  if (node.type === 'scalar') return dataOf(node) as YamlValue;
  return Object.fromEntries(node.entries.map(({ key, value }) => [key.text, asWritten(value)]));
}

/** True if the text of a kustomization has a name, or a path, as a word of its own: who writes it in a comment left that out on purpose. */
export function mentions(kustomization: Anchor, name: string, { documents }: World): boolean {
  const words = documents.document(kustomization.doc)?.text.split(name.includes('/') ? /[^\w./-]+/ : /[^\w.-]+/);
  return words?.includes(name) ?? true;
}
