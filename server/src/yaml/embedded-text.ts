/** YAML text inside a scalar: how offsets in it correspond to offsets in the document around it. */
import { lineBreakOf } from './extent.ts';
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
  const header = lineAfter(text, scalar.start);
  const indent = indentation(text, header, scalar.end);
  const lines: { readonly start: number; readonly length: number }[] = [];
  let at = header;
  for (const line of scalar.text.split('\n')) {
    if (at >= scalar.end && line !== '') break;
    lines.push({ start: Math.min(at + (line === '' ? 0 : indent), text.length), length: line.length });
    at = lineAfter(text, at);
  }
  return {
    offset: (inner) => {
      let before = 0;
      for (const [i, { start, length }] of lines.entries()) {
        if (inner <= before + length || i === lines.length - 1) return Math.min(start + (inner - before), text.length);
        before += length + 1;
      }
      return scalar.end;
    },
    lineBreak: lineBreakOf(text) + ' '.repeat(indent),
  };
}

/** Indentation of a block scalar: that of its first line with content. */
function indentation(text: string, from: number, end: number): number {
  for (let line = from; line < end; line = lineAfter(text, line)) {
    let at = line;
    while (text[at] === ' ') at++;
    if (at < end && text[at] !== '\n' && text[at] !== '\r') return at - line;
  }
  return 0;
}

function lineAfter(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 10) return i + 1;
    if (code === 13) return text.charCodeAt(i + 1) === 10 ? i + 2 : i + 1;
  }
  return text.length;
}
