/** Finds the comments that silence findings (contract, "Names"). */
import type { Span } from '../base/range.ts';
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
  let start = 0;
  const lines = text.split(/\r\n|\r|\n/);
  for (const [line, content] of lines.entries()) {
    const hash = content.includes(MARK) ? commentStart(content) : -1;
    if (hash >= 0 && isComment(source, parses, start + hash)) {
      const suppression = read(source, lines, line, hash, { start: start + hash, end: start + content.length });
      if (suppression !== undefined) found.push(suppression);
    }
    start += content.length + (text.startsWith('\r\n', start + content.length) ? 2 : 1);
  }
  return found;
}

/** Where the comment begins that the mark opens; -1 if something else comes before the mark. */
function commentStart(line: string): number {
  let at = line.indexOf(MARK) - 1;
  while (at >= 0 && (line[at] === ' ' || line[at] === '\t')) at--;
  const isHash = line[at] === '#';
  return isHash && (at === 0 || line[at - 1] === ' ' || line[at - 1] === '\t') ? at : -1;
}

function read(
  source: SourceFile,
  lines: readonly string[],
  line: number,
  hash: number,
  span: Span,
): Suppression | undefined {
  const content = lines[line] as string;
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
  if (!whole) {
    const alone = content.slice(0, hash).trim() === '';
    const at = alone ? line + 1 : line;
    return { kind: 'line', ...told, lines: { first: at, last: at } };
  }
  if (isBlank(source.text.slice(0, span.start)))
    return { kind: 'file', ...told, lines: { first: 0, last: lines.length } };
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

/** True if no scalar holds this place. The line on which a block scalar begins may end in a comment. */
function isComment(source: SourceFile, parses: Pick<Documents, 'parsed'>, offset: number): boolean {
  const document = documentAt(source, offset);
  const root = document && parses.parsed(document.id)?.root;
  if (document === undefined || root === undefined) return true;
  return !isInScalar(root, document.text, offset - document.start);
}

function isInScalar(node: Node, text: string, offset: number): boolean {
  if (node.type !== 'scalar') {
    const children = node.type === 'map' ? node.entries.flatMap(({ key, value }) => [key, value]) : node.items;
    return children.some((child) => isInScalar(child, text, offset));
  }
  const isBlock = node.style === 'literal' || node.style === 'folded';
  const start = isBlock ? text.indexOf('\n', node.start) : node.start;
  return start >= 0 && offset >= start && offset < node.end;
}
