/** In which file a new document belongs. */

import type { Anchor } from '../base/anchor.ts';
import { folderOf, inFolder, lastSegment } from '../base/relative-path.ts';
import type { NodeEdit, YamlValue } from './edit.ts';
import { lineBreakOf } from './extent.ts';
import type { Documents, SourceFile } from './source.ts';

/** A file to which a document is appended, or that is created with it. */
export type DocumentPlace =
  | { readonly file: string; readonly create?: undefined }
  | { readonly file: string; readonly create: YamlValue; readonly lineBreak: string };

/** What makes a new file in its folder, or below it, count only if it names it. */
const LISTS = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/**
 * People call files of different clusters alike: the document goes to a file that is called as the one with its model. Where the model has
 * a file of its own, it gets one too, unless a list of files would have to name it. Else it goes to the file that holds `beside`.
 * Nothing is added to JSON, which holds one document.
 *
 * @returns undefined where there is no such place
 */
export function placeDocument(
  documents: Documents,
  { beside, orBeside = [], like, apart, value }: Extract<NodeEdit, { readonly op: 'add-document' }>,
): DocumentPlace | undefined {
  const files = [beside, ...orBeside].flatMap((anchor) => fileOf(documents, anchor) ?? []);
  const candidates = files.map(({ file }) => file).filter((file) => !file.endsWith('.json'));
  const model = like === undefined ? undefined : fileOf(documents, like);
  if (apart === true) return model && placeApart(documents, candidates, model, value);
  const [first] = candidates;
  const other = model && counterpart(documents, candidates, model.file);
  if (model !== undefined && other !== undefined) {
    if (documents.file(other) !== undefined) return { file: other };
    const place = model.documents.length === 1 ? newFile(documents, other, model, value) : undefined;
    if (place !== undefined) return place;
  }
  if (first === undefined || model === undefined) return first === undefined ? undefined : { file: first };
  const name = lastSegment(model.file);
  const alike = candidates.find((file) => lastSegment(file) === name);
  if (alike !== undefined) return { file: alike };
  const place =
    model.documents.length > 1 ? undefined : newFile(documents, inFolder(folderOf(first), name), model, value);
  return place ?? { file: first };
}

/**
 * A file that is called as the model's, in the folder of the cluster that corresponds to the model's: the paths differ in one folder, as
 * `clusters/east/app` and `clusters/west/app` do. Else one that corresponds to the model's by its name.
 */
function placeApart(
  documents: Documents,
  candidates: readonly string[],
  model: SourceFile,
  value: YamlValue,
): DocumentPlace | undefined {
  const steps = folderOf(model.file).split('/');
  for (const folder of new Set(candidates.map(folderOf))) {
    const others = folder.split('/');
    const differing = steps.filter((step, i) => step !== others[i]);
    if (steps.length === others.length && differing.length === 1)
      return newFile(documents, inFolder(folder, lastSegment(model.file)), model, value);
  }
  const other = counterpart(documents, candidates, model.file);
  return other === undefined ? undefined : newFile(documents, other, model, value);
}

/**
 * Where the names of files tell the cluster, the file that corresponds to the model's: the two differ in the word in which a candidate
 * differs from a file that there is, as `services/cart-east.yaml` does from `services/cart-west.yaml`.
 */
function counterpart(documents: Documents, candidates: readonly string[], model: string): string | undefined {
  // What files of this cluster are called as well tells of no other one.
  const ours = new Set(candidates.flatMap((file) => wordsOf(lastSegment(file))));
  const theirs = wordsOf(lastSegment(model)).filter((word) => !ours.has(word));
  for (const file of candidates) {
    const name = lastSegment(file);
    // A name of one word tells the cluster, or what is in the file: not both.
    const words = wordsOf(name);
    if (words.length <= 2) continue;
    const pairs = words.flatMap((own) => theirs.map((other) => [own, other] as const));
    const pair = pairs.find(([own, other]) => {
      const like = inFolder(folderOf(file), withWord(name, own, other));
      return like === model || documents.isTaken(like);
    });
    if (pair !== undefined) return inFolder(folderOf(model), withWord(lastSegment(model), pair[1], pair[0]));
  }
  return undefined;
}

function wordsOf(name: string): readonly string[] {
  return name.split(/[^\p{L}\p{N}]+/u);
}

function withWord(name: string, from: string, to: string): string {
  return name.replace(/[\p{L}\p{N}]+/gu, (word) => (word === from ? to : word));
}

/** Undefined where there is a file of that name, or where a list of files would have to name it. */
function newFile(documents: Documents, file: string, model: SourceFile, value: YamlValue): DocumentPlace | undefined {
  if (documents.isTaken(file) || isListed(documents, folderOf(file)) || file.endsWith('.json')) return undefined;
  return { file, create: value, lineBreak: lineBreakOf(model.text) };
}

/** True if files of a folder are named one by one, there or above. */
function isListed(documents: Documents, folder: string): boolean {
  if (LISTS.some((list) => documents.isTaken(inFolder(folder, list)))) return true;
  return folder !== '' && isListed(documents, folderOf(folder));
}

function fileOf(documents: Documents, anchor: Anchor): SourceFile | undefined {
  const document = documents.document(anchor.doc);
  return document === undefined ? undefined : documents.file(document.file);
}
