/** What one file states: its documents' facts, kept from edit to edit for the documents whose text did not change. */
import type { DocumentId } from '../base/anchor.ts';
import { type DocumentFacts, extractFacts } from '../facts/extract.ts';
import type { FileFacts } from '../layout/file-facts.ts';
import type { SkipReason } from '../layout/layout.ts';
import { classifyText, mayConcernMesh } from '../yaml/classify.ts';
import type { DocumentTable } from '../yaml/documents.ts';
import { findSuppressions, type Suppression } from '../yaml/suppressions.ts';

/** What the host found at a path. `file` is relative to the root of the world, with `/`. */
export type FileChange =
  | { readonly file: string; readonly text: string }
  | { readonly file: string; readonly skipped: SkipReason }
  | { readonly file: string; readonly gone: true };

export interface FileRecord {
  readonly facts: FileFacts;
  readonly byDocument: ReadonlyMap<DocumentId, DocumentFacts>;
  readonly suppressions: readonly Suppression[];
  readonly documents: number;
}

const NO_DOCUMENTS: ReadonlyMap<DocumentId, DocumentFacts> = new Map();

/**
 * Reads a changed file into `table`. Text without anything that a mesh could be concerned with is not parsed.
 * @returns the record that replaces `previous`
 */
export function readFile(
  table: DocumentTable,
  change: Exclude<FileChange, { readonly gone: true }>,
  previous: FileRecord | undefined,
): FileRecord {
  const { file } = change;
  const skipped = 'skipped' in change ? change.skipped : classifyText(change.text, file);
  if (!('text' in change) || skipped !== undefined) {
    table.remove(file);
    return {
      facts: { file, documents: [], ...(skipped === undefined ? {} : { skipped }) },
      byDocument: NO_DOCUMENTS,
      suppressions: [],
      documents: 0,
    };
  }
  const { text } = change;
  if (!mayConcernMesh(text)) {
    table.remove(file);
    return { facts: { file, documents: [] }, byDocument: NO_DOCUMENTS, suppressions: [], documents: 1 };
  }
  const { documents } = table.update(file, text);
  const byDocument = new Map<DocumentId, DocumentFacts>();
  let broken = false;
  for (const { id } of documents) {
    const known = previous?.byDocument.get(id);
    if (known !== undefined) {
      byDocument.set(id, known);
      continue;
    }
    const parsed = table.parsed(id);
    if (parsed?.root !== undefined) byDocument.set(id, extractFacts(id, parsed.root, file));
    else if (parsed !== undefined && parsed.problems.length > 0) broken = true;
  }
  return {
    facts: { file, documents: [...byDocument.values()], ...(broken ? { skipped: 'broken-yaml' as const } : {}) },
    byDocument,
    suppressions: text.includes('ambient-multicluster-ignore') ? findSuppressions(text) : [],
    documents: documents.length,
  };
}
