/** Source files as sequences of documents, and the table that turns anchors back into places. */
import type { Anchor, DocumentId } from '../base/anchor.ts';
import type { Location } from '../base/range.ts';
import type { ParsedDocument } from './parse.ts';

/** One document of a file. It keeps its id when it moves in the file, and when it is edited in place. */
export interface SourceDocument {
  readonly id: DocumentId;
  readonly file: string;
  /** Offset in the file's text. */
  readonly start: number;
  readonly text: string;
}

export interface SourceFile {
  readonly file: string;
  readonly text: string;
  readonly documents: readonly SourceDocument[];
}

/** Read access to the documents of the world. */
export interface Documents {
  file(file: string): SourceFile | undefined;
  /** True if a file of that name is known to be there, whether or not its text is. */
  isTaken(file: string): boolean;
  document(id: DocumentId): SourceDocument | undefined;
  /** Where the lines of a file's text start; of an unknown file, one empty line. */
  lineStarts(file: string): readonly number[];
  /** Parses on demand, keeping the most recently used results. */
  parsed(id: DocumentId): ParsedDocument | undefined;
  /** The range of an anchor; of the deepest existing ancestor if the node does not exist; undefined if the document is gone. */
  locate(anchor: Anchor): Location | undefined;
}
