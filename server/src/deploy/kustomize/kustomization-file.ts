/** Finds and reads the kustomization of a folder. */

import { type Anchor, type DocumentId, documentAnchor } from '../../base/anchor.ts';
import { folderOf, lastSegment, resolvePath } from '../../base/relative-path.ts';
import { isTemplate } from '../../yaml/classify.ts';
import type { Node } from '../../yaml/node.ts';
import { parseDocument } from '../../yaml/parse.ts';
import { type Cursor, get, items } from '../../yaml/read.ts';
import { recoveredRoot } from '../../yaml/recovered.ts';
import { resolveYaml11 } from '../../yaml/scalar.ts';
import { straightened } from '../../yaml/straightened.ts';
import type { DeployFile, DeployFiles } from '../deploy-files.ts';
import type { KustomizeBuild } from './build-result.ts';
import { checkShape, withKnownKeys } from './check-shape.ts';
import { isNullNode } from './go-scalar.ts';
import { KUSTOMIZATION_SHAPE } from './kustomization-shape.ts';
import { madeMap, statedText } from './placed-nodes.ts';
import { Refusal } from './refusal.ts';
import { brokenYaml, hasKeyTwice } from './resource-file.ts';

/** The names that a kustomization may have. */
export const KUSTOMIZATION_NAMES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'] as const;

/** The kustomization of the folder that is built; undefined where a tool makes one of all the manifests in it. */
export function rootFileOf({ folder, uses }: Pick<KustomizeBuild, 'folder' | 'uses'>): string | undefined {
  return uses.find(
    (file) => folderOf(file) === folder && KUSTOMIZATION_NAMES.some((name) => lastSegment(file) === name),
  );
}

export interface Kustomization {
  readonly folder: string;
  readonly file: string;
  readonly doc: DocumentId;
  /** Every key in kustomize's spelling. */
  readonly root: Cursor;
  readonly component: boolean;
}

/** What could be read of a kustomization. */
export interface ReadKustomization {
  readonly type: 'found';
  readonly kustomization: Kustomization;
  readonly refusal: Refusal | undefined;
  /** True for a template: what fills it in may change anything. */
  readonly isTemplate?: true;
}

/** What a folder has: a kustomization, one that is not known, or none. */
export type FoundKustomization =
  | ReadKustomization
  | { readonly type: 'refused'; readonly file: string; readonly refusal: Refusal }
  | { readonly type: 'unread' }
  | { readonly type: 'missing' };

/** Never refuses by throwing: a refusal comes with what could be read in spite of it. */
export function findKustomization(files: DeployFiles, folder: string): FoundKustomization {
  const present: { path: string; file: DeployFile | 'unread' }[] = [];
  for (const name of KUSTOMIZATION_NAMES) {
    const path = resolvePath(folder, name) ?? name;
    const file = files.file(path);
    if (file !== 'missing') present.push({ path, file });
  }
  const [first, second] = present;
  if (first === undefined) return { type: 'missing' };
  if (first.file === 'unread') return { type: 'unread' };
  const read = readKustomization(folder, first.path, first.file);
  if (second !== undefined && read.type === 'found') {
    const refusal = new Refusal('invalid-kustomization', 'the folder has several kustomization files', {
      at: documentAnchor(read.kustomization.doc),
    });
    return { ...read, refusal };
  }
  return read;
}

function readKustomization(folder: string, file: string, content: DeployFile): FoundKustomization {
  const document = content.documents()[0];
  if (document === undefined) {
    return { type: 'refused', file, refusal: new Refusal('empty-kustomization', 'the kustomization is empty') };
  }
  const at = documentAnchor(document.id);
  if (isTemplate(content.text, file)) {
    const root = parseDocument(straightened(content.text)).root;
    if (root?.type !== 'map') return { type: 'unread' };
    const kustomization = kustomizationOf(folder, file, document.id, root);
    return { type: 'found', kustomization, refusal: undefined, isTemplate: true };
  }
  if (document.broken === 'too-large') return { type: 'unread' };
  if (document.broken) {
    // Go takes a key that is there twice; what it then means is not worth guessing.
    if (hasKeyTwice(content.text)) return { type: 'unread' };
    const refusal = new Refusal('invalid-yaml', brokenYaml(content.text, 'the kustomization'), { at });
    const root = recoveredRoot(content.text);
    if (root === undefined) return { type: 'refused', file, refusal };
    return { type: 'found', kustomization: kustomizationOf(folder, file, document.id, root), refusal };
  }
  const { root: node = madeMap([], at) } = document;
  const written: Cursor = { node, at };
  let refusal: Refusal | undefined;
  try {
    checkShape(written, KUSTOMIZATION_SHAPE);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    refusal = error;
  }
  if (node.type !== 'map' && !isNullNode(node)) {
    return { type: 'refused', file, refusal: refusal ?? new Refusal('invalid-kustomization', 'no map', { at }) };
  }
  const kustomization = kustomizationOf(folder, file, document.id, node);
  return { type: 'found', kustomization, refusal: refusal ?? headerRefusal(kustomization.root) };
}

function kustomizationOf(folder: string, file: string, doc: DocumentId, node: Node): Kustomization {
  const root: Cursor = { node: withKnownKeys(node, KUSTOMIZATION_SHAPE), at: documentAnchor(doc) };
  return { folder, file, doc, root, component: text(root, 'kind') === 'Component' };
}

/** kustomize `CheckEmpty` and `EnforceFields`. */
function headerRefusal(root: Cursor): Refusal | undefined {
  const { node, at } = root;
  const stated = node.type === 'map' ? node.entries.filter(({ value }) => !isUnset(value)) : [];
  if (stated.every(({ key }) => key.text === 'kind' || key.text === 'apiVersion')) {
    return new Refusal('empty-kustomization', 'the kustomization is empty', { at });
  }
  const kind = text(root, 'kind') ?? 'Kustomization';
  if (kind !== 'Kustomization' && kind !== 'Component') {
    return new Refusal('invalid-kustomization', 'the kind must be Kustomization or Component', placeOf(root, 'kind'));
  }
  const apiVersion = text(root, 'apiVersion');
  const wanted = `kustomize.config.k8s.io/${kind === 'Component' ? 'v1alpha1' : 'v1beta1'}`;
  if (apiVersion === undefined || apiVersion === wanted) return undefined;
  return new Refusal(
    'invalid-kustomization',
    `the apiVersion of a ${kind} must be ${wanted}`,
    placeOf(root, 'apiVersion'),
  );
}

function placeOf(root: Cursor, key: string): { at?: Anchor } {
  const at = get(root, key)?.at;
  return at === undefined ? {} : { at };
}

/** Go's zero values: nothing was set. */
function isUnset(node: Cursor['node']): boolean {
  return node.type === 'scalar' && (resolveYaml11(node) === null || resolveYaml11(node) === '');
}

/** A text of a kustomization; undefined if it is unset, null or empty. */
export function text(cursor: Cursor | undefined, ...keys: readonly string[]): string | undefined {
  return statedText(get(cursor, ...keys)?.node) || undefined;
}

/** True if a switch of a kustomization is on. */
export function isOn(cursor: Cursor | undefined, key: string): boolean {
  const node = get(cursor, key)?.node;
  return node?.type === 'scalar' && resolveYaml11(node) === true;
}

/** The items of a kustomization's list. */
export function list(cursor: Cursor | undefined, key: string): readonly Cursor[] {
  return items(get(cursor, key));
}
