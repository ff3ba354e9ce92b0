/** Reads the objects of a file, or of a text inside one, as kustomize does: lists are taken apart, what is no object is refused. */
import { type Anchor, below, type DocumentId, documentAnchor, sameAnchor } from '../../base/anchor.ts';
import type { MapNode, Node, SeqNode } from '../../yaml/node.ts';
import { DUPLICATE_KEY, parseDocument } from '../../yaml/parse.ts';
import type { Cursor } from '../../yaml/read.ts';
import { splitDocuments } from '../../yaml/split.ts';
import type { DeployFile } from '../deploy-files.ts';
import { withSecretsMarked } from '../secrets-marked.ts';
import { asKustomizeReads, isEmptyNode } from './go-scalar.ts';
import { placed, valueAt } from './placed-nodes.ts';
import { Refusal, TooLarge } from './refusal.ts';
import { kindOf, nameOf } from './resource.ts';

/** An object as it is written. */
export interface WrittenObject {
  readonly root: MapNode;
  readonly doc: DocumentId;
}

/** Lists in lists in lists are nobody's. */
const MAX_LISTS = 10_000;

const settled = new WeakMap<Node, Node>();

/** A tree whose scalars mean to every reader what they mean to kustomize; the same tree where they do. */
export function settledNode(node: Node): Node {
  if (node.type === 'scalar') return asKustomizeReads(node);
  let result = settled.get(node);
  if (result === undefined) {
    result = settle(node);
    settled.set(node, result);
  }
  return result;
}

function settle(node: MapNode | SeqNode): Node {
  if (node.type === 'seq') {
    const items = node.items.map(settledNode);
    return items.every((item, i) => item === node.items[i]) ? node : { ...node, items };
  }
  const entries = node.entries.map((entry) => {
    const value = settledNode(entry.value);
    return value === entry.value ? entry : { key: entry.key, value };
  });
  return entries.every((entry, i) => entry === node.entries[i]) ? node : { ...node, entries };
}

const placedRoots = new WeakMap<Node, Node>();

/** An object with its place, the same one each time: what is known of it is known by its tree. What a Secret holds is marked before anything moves it. */
function placedRoot({ node, at }: Cursor): Node {
  const known = placedRoots.get(node);
  if (known?.origin !== undefined && sameAnchor(known.origin, at)) return known;
  const root = placed({ node: withSecretsMarked(settledNode(node)), at });
  placedRoots.set(node, root);
  return root;
}

/** True if a file holds more than is read: what kustomize makes of it is not known. */
export function isTooLarge(file: DeployFile): boolean {
  return file.documents().some(({ broken }) => broken === 'too-large');
}

/** What is broken in a text, as a sentence without its end. @param what the text is called in it */
export function brokenYaml(text: string, what: string): string {
  const [problem] = problemsIn(text);
  if (problem === undefined) return `${what} is not YAML`;
  const line = text.slice(0, problem.start).split('\n').length;
  return `${what} ${problem.message === DUPLICATE_KEY ? 'has a key twice in one map' : 'is not YAML'} (line ${line})`;
}

/** True if all that is broken in a text may be a key that stands twice in a map: in a patch, kustomize takes the last. */
export function hasKeyTwice(text: string): boolean {
  return problemsIn(text)[0]?.message === DUPLICATE_KEY;
}

function problemsIn(text: string): readonly { readonly message: string; readonly start: number }[] {
  return splitDocuments(text).flatMap((slice) =>
    parseDocument(slice.text).problems.map(({ message, span }) => ({ message, start: slice.start + span.start })),
  );
}

/** The objects of a file. @param path of the file */
export function objectsOfFile(file: DeployFile, path: string): readonly WrittenObject[] {
  if (isTooLarge(file)) throw new TooLarge();
  const documents = file.documents();
  const roots: { root: Cursor; doc: DocumentId }[] = [];
  for (const { id, root, broken } of documents) {
    if (broken) throw new Refusal('invalid-yaml', brokenYaml(file.text, path), { related: [documentAnchor(id)] });
    if (root !== undefined) roots.push({ root: { node: root, at: documentAnchor(id) }, doc: id });
  }
  return objectsOf(roots, documents.length, path);
}

/** The objects of documents. @param documents how many there are, empty ones included @param holder the file that holds them */
export function objectsOf(
  roots: readonly { readonly root: Cursor; readonly doc: DocumentId }[],
  documents: number,
  holder = 'the text',
): readonly WrittenObject[] {
  const open: { root: Cursor; doc: DocumentId }[] = [];
  for (const { root, doc } of roots) {
    const kind = kindOf(root.node);
    const items = valueAt(root.node, 'items');
    if (documents === 1 && (kind === 'List' || kind === 'ResourceList') && items !== undefined) {
      open.push(...itemsOf({ node: items, at: below(root.at, 'items') }, doc));
    } else open.push({ root, doc });
  }
  const found: WrittenObject[] = [];
  for (let i = 0; i < open.length && i < MAX_LISTS; i++) {
    const { root, doc } = open[i] as { root: Cursor; doc: DocumentId };
    if (isEmptyNode(root.node)) continue;
    checkObject(root, holder);
    const items = valueAt(root.node, 'items');
    if (kindOf(root.node).endsWith('List') && items !== undefined) {
      if (items.type === 'seq') open.push(...itemsOf({ node: items, at: below(root.at, 'items') }, doc));
      else if (!isEmptyNode(items))
        throw new Refusal('invalid-object', `the items of a list in ${holder} are not a list`, { at: root.at });
      continue;
    }
    const node = placedRoot(root);
    if (node.type === 'map') found.push({ root: node, doc });
  }
  return found;
}

function itemsOf({ node, at }: Cursor, doc: DocumentId): { root: Cursor; doc: DocumentId }[] {
  if (node.type !== 'seq') return [];
  return node.items.map((item, index) => ({ root: { node: item, at: below(at, index) }, doc }));
}

/** kyaml `GetValidatedMetadata`. */
function checkObject({ node, at }: Cursor, holder: string): void {
  const missing = (what: string, where: Anchor) =>
    new Refusal('invalid-object', `an object in ${holder} has no ${what}`, { related: [where] });
  if (node.type !== 'map')
    throw new Refusal('invalid-object', `${holder} holds something that is not an object`, { related: [at] });
  const kind = kindOf(node);
  if (kind === '') throw missing('kind', at);
  if (!kind.endsWith('List') && nameOf(node) === '') throw missing('metadata.name', at);
}
