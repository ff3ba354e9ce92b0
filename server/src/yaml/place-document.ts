/** In which file a new document belongs. */

import type { Anchor } from '../base/anchor.ts';
import { folderOf, lastSegment } from '../base/relative-path.ts';
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
  if (first === undefined || model === undefined) return first === undefined ? undefined : { file: first };
  const name = lastSegment(model.file);
  const alike = candidates.find((file) => lastSegment(file) === name);
  if (alike !== undefined) return { file: alike };
  const place = model.documents.length > 1 ? undefined : newFile(documents, folderOf(first), model, value);
  return place ?? { file: first };
}

/**
 * A file that is called as the model's, in the folder of the cluster that corresponds to the model's: the paths differ in one folder, as
 * `clusters/east/app` and `clusters/west/app` do.
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
    if (steps.length === others.length && differing.length === 1) return newFile(documents, folder, model, value);
  }
  return undefined;
}

/** Undefined where there is a file of that name, or where a list of files would have to name it. */
function newFile(documents: Documents, folder: string, model: SourceFile, value: YamlValue): DocumentPlace | undefined {
  const name = lastSegment(model.file);
  const file = inFolder(folder, name);
  if (documents.isTaken(file) || isListed(documents, folder) || name.endsWith('.json')) return undefined;
  return { file, create: value, lineBreak: lineBreakOf(model.text) };
}

/** True if files of a folder are named one by one, there or above. */
function isListed(documents: Documents, folder: string): boolean {
  if (LISTS.some((list) => documents.isTaken(inFolder(folder, list)))) return true;
  return folder !== '' && isListed(documents, folderOf(folder));
}

function inFolder(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

function fileOf(documents: Documents, anchor: Anchor): SourceFile | undefined {
  const document = documents.document(anchor.doc);
  return document === undefined ? undefined : documents.file(document.file);
}
