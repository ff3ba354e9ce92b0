/** Finds the comments that silence findings (contract, "Names"). */
import type { Span } from '../base/range.ts';
import { lineEnd } from './extent.ts';
import type { Node } from './node.ts';
import type { Documents, SourceDocument, SourceFile } from './source.ts';

export interface Suppression {
  readonly kind: 'line' | 'file';
  readonly rules: readonly string[];
  /** Empty if none is given. */
  readonly reason: string;
  /** The comment, from its `#` to its end, in the file's text. */
  readonly span: Span;
  /** Lines of the file that it holds for, both included; zero-based. */
  readonly lines: { readonly first: number; readonly last: number };
}

const MARK = 'ambient-multicluster-ignore';
const FILE_MARK = `${MARK}-file`;

/** The suppressions of a file. Text in a scalar that merely looks like one is none. */
export function findSuppressions(source: SourceFile, parses: Pick<Documents, 'parsed'>): readonly Suppression[] {
  const { text } = source;
  if (!text.includes(MARK)) return [];
  const found: Suppression[] = [];
  const texts = textsWithMark(source, parses);
  let start = 0;
  const lines = text.split(/\r\n|\r|\n/);
  const below = linesBelow(lines);
  for (const [line, content] of lines.entries()) {
    const hash = content.includes(MARK) ? commentStart(content) : -1;
    const span = { start: start + hash, end: start + content.length };
    if (hash >= 0 && !texts.some((held) => span.start >= held.start && span.start < held.end)) {
      const alone = content.slice(0, hash).trim() === '';
      const suppression = read(source, content, alone ? (below[line] as number) : line, span);
      if (suppression !== undefined) found.push(suppression);
    }
    start += content.length + (text.startsWith('\r\n', start + content.length) ? 2 : 1);
  }
  return found;
}

/** What stands in the comment of a suppression, without its `#`. */
export function suppressionText({ kind, rules, reason }: Pick<Suppression, 'kind' | 'rules' | 'reason'>): string {
  const told = reason === '' ? rules.join(', ') : `${rules.join(', ')}: ${reason}`;
  return `${kind === 'file' ? FILE_MARK : MARK} ${told}`;
}

/** For each line the next one that is no comment: several comments above a line are all about it. */
function linesBelow(lines: readonly string[]): readonly number[] {
  const below = new Array<number>(lines.length);
  for (let line = lines.length - 1; line >= 0; line--) {
    const isComment = lines[line + 1]?.trimStart().startsWith('#') ?? false;
    below[line] = isComment ? (below[line + 1] as number) : line + 1;
  }
  return below;
}

/** Where the comment begins that the mark opens; -1 if something else comes before the mark. */
function commentStart(line: string): number {
  let at = line.indexOf(MARK) - 1;
  while (at >= 0 && (line[at] === ' ' || line[at] === '\t')) at--;
  const isHash = line[at] === '#';
  return isHash && (at === 0 || line[at - 1] === ' ' || line[at - 1] === '\t') ? at : -1;
}

function read(source: SourceFile, content: string, line: number, span: Span): Suppression | undefined {
  const whole = content.startsWith(FILE_MARK, content.indexOf(MARK));
  const rest = content.slice(content.indexOf(MARK) + (whole ? FILE_MARK : MARK).length);
  if (rest !== '' && rest[0] !== ' ' && rest[0] !== '\t') return undefined;
  const colon = rest.indexOf(':');
  const rules = (colon < 0 ? rest : rest.slice(0, colon)).split(',').map((rule) => rule.trim());
  const told = {
    rules: rules.filter((rule) => rule !== ''),
    reason: colon < 0 ? '' : rest.slice(colon + 1).trim(),
    span,
  };
  if (!whole) return { kind: 'line', ...told, lines: { first: line, last: line } };
  if (isBlank(source.text.slice(0, span.start)))
    return { kind: 'file', ...told, lines: { first: 0, last: lineOf(source.text, source.text.length) + 1 } };
  const document = documentAt(source, span.start);
  if (document === undefined || !isBlank(source.text.slice(document.start, span.start))) return undefined;
  const first = lineOf(source.text, document.start);
  return {
    kind: 'file',
    ...told,
    lines: { first, last: lineOf(source.text, document.start + document.text.trimEnd().length) },
  };
}

/** True for text without content: comments, blank lines and document markers. */
function isBlank(text: string): boolean {
  return text.split(/\r\n|\r|\n/).every((line) => /^\ufeff?\s*(?:#.*|---\s*)?$/.test(line));
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split(/\r\n|\r|\n/).length - 1;
}

function documentAt({ documents }: SourceFile, offset: number): SourceDocument | undefined {
  return documents.find(({ start, text }) => offset >= start && offset < start + text.length);
}

/** The places, in the file's text, of scalars that hold the mark: there it is text. */
function textsWithMark({ documents }: SourceFile, parses: Pick<Documents, 'parsed'>): readonly Span[] {
  const spans: Span[] = [];
  for (const { id, start, text } of documents) {
    const root = text.includes(MARK) ? parses.parsed(id)?.root : undefined;
    if (root !== undefined) collect(root, text, start, spans);
  }
  return spans;
}

/** The line on which a block scalar begins may end in a comment: it is not the scalar's. */
function collect(node: Node, text: string, offset: number, spans: Span[]): void {
  if (node.type === 'seq') for (const item of node.items) collect(item, text, offset, spans);
  else if (node.type === 'map') {
    for (const { key, value } of node.entries) {
      collect(key, text, offset, spans);
      collect(value, text, offset, spans);
    }
  } else if (text.slice(node.start, node.end).includes(MARK)) {
    const isBlock = node.style === 'literal' || node.style === 'folded';
    const start = isBlock ? lineEnd(text, node.start) : node.start;
    spans.push({ start: start + offset, end: node.end + offset });
  }
}
