/** Splits the text of a file into its YAML documents without parsing them. */
import { nextLine } from './extent.ts';

/** A document's text and its offset in the file. */
export interface DocumentSlice {
  readonly start: number;
  readonly text: string;
}

/**
 * Splits at lines that begin with `---` or are `...` (YAML 1.2, 9.1.2: such a line ends a document even inside a block
 * scalar). The marker `---` begins the document that follows it. Slices without content are left out.
 */
export function splitDocuments(text: string): readonly DocumentSlice[] {
  const slices: DocumentSlice[] = [];
  let start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const push = (end: number): void => {
    if (hasContent(text, start, end)) slices.push({ start, text: text.slice(start, end) });
  };
  for (let line = start; line < text.length; line = nextLine(text, line)) {
    const first = text.charCodeAt(line);
    if (first === 45 && isMarker(text, line, '---')) {
      push(line);
      start = line;
    } else if (first === 46 && isMarker(text, line, '...')) {
      push(line);
      start = nextLine(text, line);
    }
  }
  push(text.length);
  return slices;
}

function isMarker(text: string, at: number, marker: string): boolean {
  if (!text.startsWith(marker, at)) return false;
  const after = text.charCodeAt(at + 3);
  return Number.isNaN(after) || after === 32 || after === 9 || after === 10 || after === 13;
}

/** True if something but a marker, blank lines and comments is between the offsets. */
function hasContent(text: string, start: number, end: number): boolean {
  let at = start;
  if (isMarker(text, at, '---')) at += 3;
  for (; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === 35) at = nextLine(text, at) - 1;
    else if (code !== 32 && code !== 9 && code !== 10 && code !== 13) return true;
  }
  return false;
}
