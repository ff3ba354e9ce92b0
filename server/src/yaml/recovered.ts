/**
 * What is left of a document that cannot be read: one with tabs or uneven indentation, or one that is being typed, without the line that
 * keeps it from being read, or without what follows it.
 */
import type { Node } from './node.ts';
import { parseDocument } from './parse.ts';
import { straightened } from './straightened.ts';

/** Lines above the one where reading stops that may be the cause. */
const MOST_LINES = 12;
/** Longer texts are not typed by hand; each attempt reads all of it. */
const MOST_LENGTH = 50_000;

/** @returns undefined if nothing is left, or the text can be read as it is */
export function recoveredRoot(text: string): Node | undefined {
  const [problem] = parseDocument(text).problems;
  if (problem === undefined || text.length > MOST_LENGTH) return undefined;
  const straight = parseDocument(straightened(text)).root;
  if (straight?.type === 'map') return straight;
  const lines = text.split('\n');
  const stop = text.slice(0, problem.span.start).split('\n').length - 1;
  // Reading may stop at the line before the one that does not fit to it.
  for (let line = Math.min(stop + 1, lines.length - 1); line >= 0 && line > stop - MOST_LINES; line--) {
    // A line of blanks leaves what follows where it is.
    const blank = (lines[line] ?? '').replace(/[^\r]/g, ' ');
    const without = parseDocument(lines.with(line, blank).join('\n')).root;
    if (without?.type === 'map') return without;
    const before = parseDocument(lines.slice(0, line).join('\n')).root;
    if (before?.type === 'map') return before;
  }
  return undefined;
}
