/** In which file a new document belongs. */

import type { Anchor } from '../base/anchor.ts';
import { lastSegment } from '../base/relative-path.ts';
import type { NodeEdit, YamlValue } from './edit.ts';
import { lineBreakOf } from './extent.ts';
import type { Documents, SourceFile } from './source.ts';

/** A file to which a document is appended, or that is created with it. */
export type DocumentPlace =
  | { readonly file: string; readonly create?: undefined }
  | { readonly file: string; readonly create: YamlValue; readonly lineBreak: string };

/** What makes a new file in its folder count only if it names it. */
const LISTS = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/**
 * People call files of different clusters alike: the document goes to a file that is called as the one with its model. Where the model has
 * a file of its own, it gets one too, unless a list of files would have to name it. Else it goes to the file that holds `beside`.
 * Nothing is added to JSON, which holds one document.
 */
export function placeDocument(
  documents: Documents,
  { beside, orBeside = [], like, value }: Extract<NodeEdit, { readonly op: 'add-document' }>,
): DocumentPlace | undefined {
  const files = [beside, ...orBeside].flatMap((anchor) => fileOf(documents, anchor) ?? []);
  const candidates = files.map(({ file }) => file).filter((file) => !file.endsWith('.json'));
  const model = like === undefined ? undefined : fileOf(documents, like);
  const [first] = candidates;
  if (first === undefined || model === undefined) return first === undefined ? undefined : { file: first };
  const name = lastSegment(model.file);
  const alike = candidates.find((file) => lastSegment(file) === name);
  if (alike !== undefined) return { file: alike };
  const folder = first.slice(0, first.length - lastSegment(first).length);
  const isFree = !documents.isTaken(folder + name) && !LISTS.some((list) => documents.isTaken(folder + list));
  if (model.documents.length > 1 || name.endsWith('.json') || !isFree) return { file: first };
  return { file: folder + name, create: value, lineBreak: lineBreakOf(model.text) };
}

function fileOf(documents: Documents, anchor: Anchor): SourceFile | undefined {
  const document = documents.document(anchor.doc);
  return document === undefined ? undefined : documents.file(document.file);
}
