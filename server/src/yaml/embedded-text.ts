/** YAML text inside a scalar: how offsets in it correspond to offsets in the document around it. */
import { lineBreakOf, nextLine } from './extent.ts';
import type { ScalarNode } from './node.ts';

export interface EmbeddedText {
  /** The offset in the document of an offset in the scalar's value. */
  offset(inner: number): number;
  /** What a line break in the value is in the document: with the block's indentation. */
  readonly lineBreak: string;
}

/** Undefined if the two do not correspond character by character: folded or escaped text. */
export function embeddedText(text: string, scalar: ScalarNode): EmbeddedText | undefined {
  if (scalar.style !== 'literal') {
    const start = scalar.style === 'plain' ? scalar.start : scalar.start + 1;
    if (scalar.text.includes('\n') || !text.startsWith(scalar.text, start)) return undefined;
    return { offset: (inner) => start + inner, lineBreak: ' ' };
  }
  const header = nextLine(text, scalar.start);
  const indent = indentation(text, header, scalar.end);
  const lines: { readonly inner: number; readonly start: number }[] = [];
  let at = header;
  let inner = 0;
  for (const line of scalar.text.split('\n')) {
    if (at >= scalar.end && line !== '') break;
    lines.push({ inner, start: Math.min(at + (line === '' ? 0 : indent), text.length) });
    at = nextLine(text, at);
    inner += line.length + 1;
  }
  return {
    offset: (inner) => {
      let first = 0;
      for (let last = lines.length - 1; first < last; ) {
        const middle = Math.ceil((first + last) / 2);
        if ((lines[middle]?.inner ?? 0) <= inner) first = middle;
        else last = middle - 1;
      }
      const line = lines[first];
      return line === undefined ? scalar.end : Math.min(line.start + (inner - line.inner), text.length);
    },
    lineBreak: lineBreakOf(text) + ' '.repeat(indent),
  };
}

/** Indentation of a block scalar: that of its first line with content. */
function indentation(text: string, from: number, end: number): number {
  for (let line = from; line < end; line = nextLine(text, line)) {
    let at = line;
    while (text[at] === ' ') at++;
    if (at < end && text[at] !== '\n' && text[at] !== '\r') return at - line;
  }
  return 0;
}
