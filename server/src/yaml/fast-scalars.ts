/** Scalars on one line, for the fast reader. */
import type { ScalarNode } from './node.ts';

/** Thrown, without a stack, where the fast reader gives up; caught at its door. */
export const GIVE_UP = { giveUp: true } as const;

/** Where the line that holds `from` ends, before its line break. */
export function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  if (end < 0) return text.length;
  return end > from && text.charCodeAt(end - 1) === 13 ? end - 1 : end;
}

export function skipSpaces(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === 32) at++;
  return at;
}

/** The end of a plain scalar in a block: before a comment, without trailing spaces. Gives up on what looks like a key. */
export function plainEnd(text: string, from: number, lineEnd: number): number {
  let end = from + 1;
  for (let at = from; at < lineEnd; at++) {
    const code = text.charCodeAt(at);
    if (code === 32) continue;
    if (code === 35 && at > from && text.charCodeAt(at - 1) === 32) break;
    if (code === 58 && (at + 1 >= lineEnd || text.charCodeAt(at + 1) === 32)) throw GIVE_UP;
    end = at + 1;
  }
  return end;
}

/** The offset behind the closing quote; -1 if there is none on the line. */
export function quotedEnd(text: string, from: number, lineEnd: number): number {
  const quote = text[from] as string;
  for (let at = text.indexOf(quote, from + 1); at >= 0 && at < lineEnd; at = text.indexOf(quote, at + 1)) {
    if (quote === "'" && text.charCodeAt(at + 1) === 39) at++;
    else return at + 1;
  }
  return -1;
}

/** A quoted scalar without escapes; `''` in single quotes is one quote. */
export function quotedNode(text: string, start: number, end: number): ScalarNode {
  if (end < 0) throw GIVE_UP;
  const inner = text.slice(start + 1, end - 1);
  if (text.charCodeAt(start) === 39) {
    return { type: 'scalar', text: inner.replaceAll("''", "'"), style: 'single', start, end };
  }
  if (inner.includes('\\')) throw GIVE_UP;
  return { type: 'scalar', text: inner, style: 'double', start, end };
}
