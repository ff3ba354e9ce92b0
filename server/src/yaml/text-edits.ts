/** Turns edits of nodes into edits of text, file by file. */
import type { Anchor, DocumentId } from '../base/anchor.ts';
import { pathKeys } from '../base/path.ts';
import type { Span, TextEdit } from '../base/range.ts';
import { resolvePath } from '../base/relative-path.ts';
import { isEncrypted } from './classify.ts';
import type { NodeEdit, YamlValue } from './edit.ts';
import { editDocument } from './edit-node.ts';
import { lineBreakOf, lineStart } from './extent.ts';
import { type DocumentPlace, placeDocument } from './place-document.ts';
import { isMap, renderDocument } from './render.ts';
import { isSameElsewhere } from './same-elsewhere.ts';
import { smallerEdits } from './smaller-edits.ts';
import type { Documents } from './source.ts';

/** The edits of one file, which do not overlap, in order; or the text of a file to be created. */
export type FileEdits =
  | { readonly file: string; readonly edits: readonly TextEdit[] }
  | { readonly file: string; readonly create: string };

/** A text with a document has it: a line that begins with something else than a comment. Each blank is looked at once. */
const CONTENT = /(?:^|[\r\n])[^\S\r\n]*[^\s#]/;

/** Translates edits, all or none: undefined if one of them cannot be made without damage. */
export function textEdits(documents: Documents, edits: readonly NodeEdit[]): readonly FileEdits[] | undefined {
  const byFile = new Map<string, TextEdit[]>();
  const created = new Map<string, string>();
  const add = (file: string, fileEdits: readonly TextEdit[]): void => {
    byFile.set(file, [...(byFile.get(file) ?? []), ...fileEdits]);
  };
  const byDocument = new Map<DocumentId, NodeEdit[]>();
  const set = new Map<string, YamlValue>();
  for (const edit of edits) {
    if (edit.op === 'create-file') {
      // Whatever a name was made of: nothing is created outside of the world.
      if (resolvePath('', edit.file) !== edit.file) return undefined;
      created.set(edit.file, edit.text);
    } else if (edit.op === 'set-in-file') {
      if (resolvePath('', edit.file) !== edit.file) return undefined;
      set.set(edit.file, withValue(set.get(edit.file), edit.keys, edit.value));
    } else if (!('at' in edit)) {
      const place = placeOf(documents, edit);
      if (place === undefined) return undefined;
      if (place.create !== undefined) {
        const before = created.get(place.file) ?? '';
        created.set(place.file, applyTextEdits(before, [addDocument(before, place.create, place.lineBreak)]));
        continue;
      }
      const { file } = place;
      const text = documents.file(file)?.text;
      if (text === undefined) return undefined;
      add(file, [editFile(text, edit)]);
    } else byDocument.set(edit.at.doc, [...(byDocument.get(edit.at.doc) ?? []), edit]);
  }
  for (const [file, value] of set) {
    const text = documents.file(file)?.text;
    if (text === undefined ? documents.isTaken(file) : CONTENT.test(text)) return undefined;
    if (text === undefined) created.set(file, renderDocument(value, '\n'));
    else add(file, [addDocument(text, value)]);
  }
  for (const [id, group] of byDocument) {
    const document = documents.document(id);
    // SOPS refuses what was changed without it: its code of authentication is of all values, encrypted or not.
    const isRefused = document && group.some(({ op }) => op !== 'comment-above') && isEncrypted(document.text);
    const made = document && !isRefused ? editAll(document.text, group) : undefined;
    if (document === undefined || made === undefined) return undefined;
    const { start: offset } = document;
    add(
      document.file,
      made.map(({ start, end, newText }) => ({ start: start + offset, end: end + offset, newText })),
    );
  }
  const changed = [...byFile]
    .filter(([, fileEdits]) => fileEdits.length > 0)
    .map(([file, fileEdits]) => ({ file, edits: fileEdits.sort((a, b) => a.start - b.start || a.end - b.end) }));
  const made = [...created].map(([file, create]) => ({ file, create }));
  return [...changed, ...made].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
}

/** The texts of the files that edits change; undefined if they cannot be made without damage. */
export function editedTexts(documents: Documents, edits: readonly NodeEdit[]): ReadonlyMap<string, string> | undefined {
  const changes = textEdits(documents, edits);
  return (
    changes &&
    new Map(
      changes.map((change) => [
        change.file,
        'create' in change ? change.create : applyTextEdits(documents.file(change.file)?.text ?? '', change.edits),
      ]),
    )
  );
}

/** A map of maps with a value in it. */
function withValue(map: YamlValue | undefined, [key, ...rest]: readonly string[], value: YamlValue): YamlValue {
  if (key === undefined) return value;
  const entries = map !== undefined && isMap(map) ? map : {};
  return { ...entries, [key]: withValue(entries[key], rest, value) };
}

/** Where an edit of a whole file is made. */
function placeOf(
  documents: Documents,
  edit: Exclude<NodeEdit, { readonly at: Anchor } | { readonly op: 'create-file' | 'set-in-file' }>,
): DocumentPlace | undefined {
  if ('file' in edit) return { file: edit.file };
  if (edit.op === 'add-document') return placeDocument(documents, edit);
  const file = documents.document(edit.beside.doc)?.file;
  return file === undefined ? undefined : { file };
}

/** All edits of one document, each as small as it can be; where that cannot be done without damage, as it was asked for. */
function editAll(text: string, edits: readonly NodeEdit[]): readonly TextEdit[] | undefined {
  const smaller = edits.flatMap((edit) => smallerEdits(text, edit));
  return editEach(text, smaller) ?? editEach(text, edits);
}

/** Where edits touch each other they are made one after the other and given as one. */
function editEach(text: string, edits: readonly NodeEdit[]): readonly TextEdit[] | undefined {
  const independent: TextEdit[] = [];
  for (const edit of edits) {
    const made = editOne(text, edit);
    if (made === undefined) return undefined;
    independent.push(...made);
  }
  if (!touchEachOther(independent)) return independent;
  let after = text;
  for (const edit of edits) {
    const made = editOne(after, edit);
    if (made === undefined) return undefined;
    after = applyTextEdits(after, made);
  }
  return after === text ? [] : [difference(text, after)];
}

function editOne(text: string, edit: NodeEdit): readonly TextEdit[] | undefined {
  if (!('at' in edit)) return undefined;
  const keys = pathKeys(edit.at.path);
  const made = editDocument(text, keys, edit);
  if (made === undefined || made.length === 0) return made;
  return isSameElsewhere(text, applyTextEdits(text, made), keys, edit) ? made : undefined;
}

function touchEachOther(edits: readonly TextEdit[]): boolean {
  const sorted = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  return sorted.some((edit, i) => i > 0 && edit.start <= (sorted[i - 1] as TextEdit).end);
}

/** Applies edits that do not overlap. */
export function applyTextEdits(text: string, edits: readonly TextEdit[]): string {
  let result = '';
  let at = 0;
  for (const { start, end, newText } of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    result += text.slice(at, start) + newText;
    at = end;
  }
  return result + text.slice(at);
}

/** The one edit that makes `after` of `before`: what lies between what they share at both ends. */
function difference(before: string, after: string): TextEdit {
  let start = 0;
  while (start < before.length && before[start] === after[start]) start++;
  let end = 0;
  const most = Math.min(before.length, after.length) - start;
  while (end < most && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  return { start, end: before.length - end, newText: after.slice(start, after.length - end) };
}

/** An edit that concerns the file and no node. */
function editFile(
  text: string,
  edit: Extract<NodeEdit, { readonly op: 'add-document' | 'remove-comment' | 'replace-text' | 'comment-top' }>,
): TextEdit {
  switch (edit.op) {
    case 'add-document':
      return addDocument(text, edit.value);
    case 'remove-comment':
      return removeComment(text, edit.span);
    case 'replace-text':
      return { ...edit.span, newText: edit.text };
    case 'comment-top': {
      const start = text.startsWith('\ufeff') ? 1 : 0;
      return { start, end: start, newText: `# ${edit.text}${lineBreakOf(text)}` };
    }
  }
}

function addDocument(text: string, value: YamlValue, eol = lineBreakOf(text)): TextEdit {
  const gap = text === '' || text.endsWith(eol) ? '' : eol;
  const marker = !CONTENT.test(text) ? '' : `---${eol}`;
  return { start: text.length, end: text.length, newText: gap + marker + renderDocument(value, eol) };
}

/** Removes a comment, with its line if nothing else is on it. */
function removeComment(text: string, { start, end }: Span): TextEdit {
  const line = lineStart(text, start);
  const lead = text.slice(line, start);
  if (lead.trim() !== '') return { start: line + lead.trimEnd().length, end, newText: '' };
  const after = text.startsWith('\r\n', end) ? end + 2 : Math.min(end + 1, text.length);
  return { start: line, end: after, newText: '' };
}
