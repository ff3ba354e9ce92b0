/** The documents of the world: ids that survive edits, and the way from an anchor back to a place in a file. */

import type { Anchor, DocumentId } from '../base/anchor.ts';
import { type Location, lineStarts, positionAt, type Span } from '../base/range.ts';
import { addTo } from '../base/remember.ts';
import { assignedKey, assignedValue } from './assignments.ts';
import { spanOf } from './locate.ts';
import { type ParsedDocument, parseDocument } from './parse.ts';
import type { Documents, SourceDocument, SourceFile } from './source.ts';
import { type DocumentSlice, splitDocuments } from './split.ts';
import { templatePlace } from './template-places.ts';

/** Parsed documents that are kept: enough for what an edit and the requests after it look at. */
const PARSED_KEPT = 256;

export class DocumentTable implements Documents {
  private readonly files = new Map<string, SourceFile>();
  private readonly byId = new Map<DocumentId, SourceDocument>();
  private readonly parses = new Map<DocumentId, ParsedDocument>();
  private readonly lines = new Map<string, readonly number[]>();
  /** Files that are there, but whose text is of no concern. */
  private readonly passed = new Set<string>();
  private lastId = 0;
  /** Number of times that a document was parsed: a deterministic measure of work. */
  parsings = 0;

  /**
   * Takes the text of a file. A document whose text is unchanged keeps its id wherever it moved; what remains is paired in
   * order, so a document edited in place keeps its id too.
   */
  update(file: string, text: string): SourceFile {
    const old = this.files.get(file)?.documents ?? [];
    const slices = splitDocuments(text);
    const ids = pairDocuments(old, slices);
    const kept = new Set(ids);
    for (const { id } of old) if (!kept.has(id)) this.forget(id);
    const documents = slices.map(({ start, text }, i): SourceDocument => {
      const id = ids[i] ?? (++this.lastId as DocumentId);
      const before = this.byId.get(id);
      if (before?.text !== text) this.parses.delete(id);
      const document = before?.text === text && before.start === start ? before : { id, file, start, text };
      this.byId.set(id, document);
      return document;
    });
    const source = { file, text, documents };
    this.files.set(file, source);
    this.lines.delete(file);
    this.passed.delete(file);
    return source;
  }

  remove(file: string): void {
    for (const { id } of this.files.get(file)?.documents ?? []) this.forget(id);
    this.files.delete(file);
    this.lines.delete(file);
    this.passed.delete(file);
  }

  /** Takes note that a file is there, without its text. */
  pass(file: string): void {
    this.remove(file);
    this.passed.add(file);
  }

  isTaken(file: string): boolean {
    return this.files.has(file) || this.passed.has(file);
  }

  file(file: string): SourceFile | undefined {
    return this.files.get(file);
  }

  document(id: DocumentId): SourceDocument | undefined {
    return this.byId.get(id);
  }

  parsed(id: DocumentId): ParsedDocument | undefined {
    const document = this.byId.get(id);
    if (document === undefined) return undefined;
    const found = this.parses.get(id);
    if (found === undefined) this.parsings++;
    const parsed = found ?? parseDocument(document.text);
    this.parses.delete(id);
    this.parses.set(id, parsed);
    if (this.parses.size > PARSED_KEPT) this.parses.delete(this.parses.keys().next().value as DocumentId);
    return parsed;
  }

  locate(anchor: Anchor): Location | undefined {
    const document = this.byId.get(anchor.doc);
    const source = document && this.files.get(document.file);
    if (document === undefined || source === undefined) return undefined;
    const parsed = this.parsed(anchor.doc);
    const root = parsed?.root;
    const key = assignedKey(root, anchor.path);
    const assigned = key === undefined ? undefined : assignedValue(document.text, key);
    const special = assigned ?? (parsed && templatePlace(document.text, parsed, anchor.path));
    const span: Span = special ?? (root === undefined ? { start: 0, end: 0 } : spanOf(document.text, root, anchor));
    const starts = this.lineStarts(document.file);
    return {
      file: document.file,
      range: {
        start: positionAt(starts, document.start + span.start),
        end: positionAt(starts, document.start + span.end),
      },
    };
  }

  lineStarts(file: string): readonly number[] {
    const known = this.lines.get(file);
    if (known !== undefined) return known;
    const starts = lineStarts(this.files.get(file)?.text ?? '');
    if (this.files.has(file)) this.lines.set(file, starts);
    return starts;
  }

  private forget(id: DocumentId): void {
    this.byId.delete(id);
    this.parses.delete(id);
  }
}

/** For each new slice the id of the old document that it is, or undefined. */
function pairDocuments(old: readonly SourceDocument[], slices: readonly DocumentSlice[]): (DocumentId | undefined)[] {
  // The first of equal documents is the last of its list: taking it from there does not move the others.
  const byText = new Map<string, SourceDocument[]>();
  for (const document of old.toReversed()) {
    addTo(byText, document.text, document);
  }
  const used = new Set<DocumentId>();
  const ids = slices.map(({ text }) => {
    const id = byText.get(text)?.pop()?.id;
    if (id !== undefined) used.add(id);
    return id;
  });
  const left = old.filter(({ id }) => !used.has(id)).reverse();
  return ids.map((id) => id ?? left.pop()?.id);
}
