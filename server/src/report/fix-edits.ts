/** Fixes as edits of text, with ranges as the protocol and the json format have them. */
import type { Range } from '../base/range.ts';
import { lineStarts, positionAt } from '../base/range.ts';
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

/** The edits of a fix in the texts as they are; undefined if they cannot be made there. */
export function fixEdits(documents: Documents, edits: readonly NodeEdit[]): readonly EditJson[] | undefined {
  return textEdits(documents, edits)?.flatMap((change): readonly EditJson[] => {
    const { file } = change;
    if ('create' in change) return [{ file, range: START, newText: change.create, create: true }];
    const starts = lineStarts(documents.file(file)?.text ?? '');
    return change.edits.map(({ start, end, newText }) => ({
      file,
      range: { start: positionAt(starts, start), end: positionAt(starts, end) },
      newText,
    }));
  });
}
