/** Loads the patches of a kustomization, in all the forms that they are written in. */
import { type Anchor, documentAnchor, sameAnchor } from '../../base/anchor.ts';
import { resolvePath } from '../../base/relative-path.ts';
import type { Node } from '../../yaml/node.ts';
import { parseDocument } from '../../yaml/parse.ts';
import { type Cursor, embedded, get } from '../../yaml/read.ts';
import { splitDocuments } from '../../yaml/split.ts';
import type { DeployFile } from '../deploy-files.ts';
import type { Draft } from './draft.ts';
import { type JsonOperation, jsonOperations } from './json-patch.ts';
import { isOn, type Kustomization } from './kustomization-file.ts';
import { placedAt, textOf } from './placed-nodes.ts';
import { Refusal, TooLarge } from './refusal.ts';
import { brokenYaml, hasKeyTwice, isTooLarge, objectsOf, objectsOfFile, type WrittenObject } from './resource-file.ts';
import { Selector } from './target.ts';

/** Objects to be merged, or operations. */
export type PatchContent =
  | { readonly type: 'merge'; readonly objects: readonly WrittenObject[] }
  | { readonly type: 'json'; readonly operations: readonly JsonOperation[]; readonly at: Anchor }
  | { readonly type: 'nothing' };

export interface Patch {
  readonly content: PatchContent;
  readonly target: Selector | undefined;
  readonly allowNameChange: boolean;
  readonly allowKindChange: boolean;
  /** The entry of the kustomization. */
  readonly at: Anchor;
}

/** Loads an entry of `patches` or `patchesJson6902`; undefined if its file is not known. */
export function loadPatch(draft: Draft, kustomization: Kustomization, entry: Cursor): Patch | undefined {
  const { at } = entry;
  const inline = get(entry, 'patch') ?? get(entry, 'jsonOp');
  const path = get(entry, 'path');
  const hasInline = inline !== undefined && textOf(inline.node).trim() !== '';
  const hasPath = path !== undefined && textOf(path.node) !== '';
  if (hasInline && hasPath) {
    throw new Refusal('conflicting-patch-form', 'a patch has both a path and a text of its own', { at });
  }
  if (!hasInline && !hasPath) throw new Refusal('patch-unparsable', 'a patch has neither a path nor a text', { at });
  const file = path && hasPath ? draft.read(kustomization.folder, path, textOf(path.node)) : undefined;
  if (hasPath && file === undefined) return undefined;
  const content = file === undefined ? inline && contentOfText(inline) : contentOfFile(file);
  if (content === undefined) {
    const place = (hasInline ? inline : path)?.at ?? at;
    const text = file?.text ?? textOf(inline?.node);
    if (hasKeyTwice(text)) {
      draft.miss(textOf(path?.node) || 'a patch', place, 'unread');
      return undefined;
    }
    const isBroken = file?.documents().some(({ broken }) => broken) === true;
    const problem = isBroken
      ? brokenYaml(text, textOf(path?.node))
      : 'neither a strategic merge patch nor a JSON patch';
    throw new Refusal('patch-unparsable', problem, { at: place });
  }
  const target = get(entry, 'target');
  const options = get(entry, 'options');
  return {
    content,
    target: target === undefined ? undefined : new Selector(target),
    allowNameChange: isOn(options, 'allowNameChange'),
    allowKindChange: isOn(options, 'allowKindChange'),
    at,
  };
}

/** Loads an entry of `patchesStrategicMerge`: a text if it reads as one, else a path. */
export function loadStrategicPatch(
  draft: Draft,
  kustomization: Kustomization,
  entry: Cursor,
): PatchContent | undefined {
  const written = textOf(entry.node);
  if (/[\n:{]/.test(written)) {
    const content = contentOfText(entry);
    if (content?.type === 'merge') return content;
  }
  const file = draft.read(kustomization.folder, entry, written);
  if (file === undefined) return undefined;
  if (file.documents().some(({ broken }) => broken) && hasKeyTwice(file.text)) {
    draft.miss(written, entry.at, 'unread');
    return undefined;
  }
  return { type: 'merge', objects: objectsOfFile(file, resolvePath(kustomization.folder, written) ?? written) };
}

/** What texts say: a component is built anew for each kustomization that has it. */
const contents = new WeakMap<Node, { readonly at: Anchor; readonly content: PatchContent | undefined }>();

/** The content of a text that stands in the kustomization itself. */
export function contentOfText(cursor: Cursor): PatchContent | undefined {
  const known = contents.get(cursor.node);
  if (known !== undefined && sameAnchor(known.at, cursor.at)) return known.content;
  const content = readText(cursor);
  contents.set(cursor.node, { at: cursor.at, content });
  return content;
}

function readText(cursor: Cursor): PatchContent | undefined {
  if (cursor.node.type !== 'scalar') return undefined;
  const written = cursor.node.text;
  if (written.trimStart().startsWith('[') && !isJson(written)) return undefined;
  const slices = splitDocuments(written);
  if (slices.length <= 1) {
    if (parseDocument(written).problems.length > 0) return undefined;
    const root = embedded(cursor);
    return root === undefined ? { type: 'nothing' } : contentOf([root], 1);
  }
  const roots: Cursor[] = [];
  for (const slice of slices) {
    const { root, problems } = parseDocument(slice.text);
    if (problems.length > 0) return undefined;
    // Only one text can stand in a scalar: of several, everything is placed at the scalar.
    if (root !== undefined) roots.push({ node: allPlacedAt(root, cursor.at), at: cursor.at });
  }
  return contentOf(roots, slices.length);
}

function allPlacedAt(node: Node, at: Anchor): Node {
  if (node.type === 'seq') return { ...node, origin: at, items: node.items.map((item) => allPlacedAt(item, at)) };
  if (node.type === 'scalar') return placedAt(node, at);
  const entries = node.entries.map(({ key, value }) => ({ key, value: allPlacedAt(value, at) }));
  return { ...node, origin: at, entries };
}

function contentOfFile(file: DeployFile): PatchContent | undefined {
  const documents = file.documents();
  if (isTooLarge(file)) throw new TooLarge();
  if (documents.some(({ broken }) => broken)) return undefined;
  if (file.text.startsWith('[') && !isJson(file.text)) return undefined;
  const roots = documents.flatMap(({ id, root }) =>
    root === undefined ? [] : [{ node: root, at: documentAnchor(id) }],
  );
  return contentOf(roots, documents.length);
}

function isJson(written: string): boolean {
  try {
    JSON.parse(written);
    return true;
  } catch {
    return false;
  }
}

function contentOf(roots: readonly Cursor[], documents: number): PatchContent | undefined {
  const [first] = roots;
  if (first === undefined) return { type: 'nothing' };
  if (first.node.type === 'seq') {
    const operations = jsonOperations(first);
    return operations === undefined ? undefined : { type: 'json', operations, at: first.at };
  }
  try {
    const objects = objectsOf(
      roots.map((root) => ({ root, doc: root.at.doc })),
      documents,
    );
    return { type: 'merge', objects };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return undefined;
  }
}
