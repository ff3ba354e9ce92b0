/** Fixes as edits of text, with ranges as the protocol and the json format have them. */
import type { Range } from '../base/range.ts';
import { positionAt } from '../base/range.ts';
import type { Fix } from '../rules/rule.ts';
import type { NodeEdit } from '../yaml/edit.ts';
import type { Documents } from '../yaml/source.ts';
import { textEdits } from '../yaml/text-edits.ts';

export interface EditJson {
  readonly file: string;
  readonly range: Range;
  readonly newText: string;
  /** The file does not exist yet. */
  readonly create?: true;
}

const START: Range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/**
 * Each edit of a node reads the text of its document again, so that thousands of findings in one long document would take minutes. A report
 * spells out fixes up to this many UTF-16 code units of such text.
 */
const MOST_TEXT = 100_000_000;

/** The edits of the fixes of one report. */
export class ReportFixes {
  private left = MOST_TEXT;

  constructor(private readonly documents: Documents) {}

  /** Undefined if the edits cannot be made in the text as it is, or if the report has spelt out enough. */
  edits(fix: Fix): readonly EditJson[] | undefined {
    const edits = fix.edits();
    for (const edit of edits) {
      this.left -= 'at' in edit ? (this.documents.document(edit.at.doc)?.text.length ?? 0) : 0;
    }
    return this.left < 0 ? undefined : fixEdits(this.documents, edits);
  }
}

/** The edits of a fix in the texts as they are; undefined if they cannot be made there. */
export function fixEdits(documents: Documents, edits: readonly NodeEdit[]): readonly EditJson[] | undefined {
  // A fix without edits is one that cannot be made.
  if (edits.length === 0) return undefined;
  return textEdits(documents, edits)?.flatMap((change): readonly EditJson[] => {
    const { file } = change;
    if ('create' in change) return [{ file, range: START, newText: change.create, create: true }];
    const starts = documents.lineStarts(file);
    return change.edits.map(({ start, end, newText }) => ({
      file,
      range: { start: positionAt(starts, start), end: positionAt(starts, end) },
      newText,
    }));
  });
}
