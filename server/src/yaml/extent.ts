/** Where nodes and lines of a document begin and end. */
import type { Span } from '../base/range.ts';
import type { Entry, Node } from './node.ts';

/** Where the text of an entry ends, without the comments and blank lines after it. */
export function contentEnd(text: string, { key, value }: Entry): number {
  if (value.end > value.start) return nodeEnd(text, value);
  const colon = text.indexOf(':', key.end);
  return colon < 0 ? key.end : colon + 1;
}

/** Where the text of a node ends, without the comments and blank lines after it. */
export function nodeEnd(text: string, node: Node): number {
  if (node.type === 'scalar')
    return node.style === 'literal' || node.style === 'folded' ? trimmedEnd(text, node) : node.end;
  if (node.flow) return node.end;
  const inside = (end: number): boolean => end <= node.end + 1;
  if (node.type === 'map') {
    let last = -1;
    for (const entry of node.entries) {
      const end = contentEnd(text, entry);
      if (inside(end)) last = Math.max(last, end);
    }
    return last < 0 ? node.end : last;
  }
  const last = node.items.at(-1);
  return last === undefined ? node.end : nodeEnd(text, last);
}

/** The end of a span without the white space at its end. */
export function trimmedEnd(text: string, { start, end }: Span): number {
  let at = end;
  while (at > start && /[\s]/.test(text[at - 1] as string)) at--;
  return at;
}

/** A null value, written or left out. */
export function isNull(node: Node): boolean {
  return node.type === 'scalar' && node.style === 'plain' && ['', '~', 'null', 'Null', 'NULL'].includes(node.text);
}

/** The start of the line that holds `offset`. */
export function lineStart(text: string, offset: number): number {
  let at = offset;
  while (at > 0 && text[at - 1] !== '\n' && text[at - 1] !== '\r') at--;
  return at;
}

/** The end of the line that holds `offset`, before its line break. */
export function lineEnd(text: string, offset: number): number {
  for (let i = offset; i < text.length; i++) if (text[i] === '\n' || text[i] === '\r') return i;
  return text.length;
}

/** The start of the line after the one that holds `offset`. */
export function nextLine(text: string, offset: number): number {
  for (let i = offset; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 10) return i + 1;
    if (code === 13) return text.charCodeAt(i + 1) === 10 ? i + 2 : i + 1;
  }
  return text.length;
}

/** The column of `offset`, in UTF-16 code units. */
export function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

/** The line break that the text is written with. */
export function lineBreakOf(text: string): string {
  if (text.includes('\r\n')) return '\r\n';
  return text.includes('\n') || !text.includes('\r') ? '\n' : '\r';
}
