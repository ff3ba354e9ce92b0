/** Finds the comments that silence findings (contract, "Names"). */
import type { Span } from '../base/range.ts';
import type { Node } from './node.ts';
import type { Documents, SourceFile } from './source.ts';

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

const COMMENT = /#[ \t]*ambient-multicluster-ignore(-file)?[ \t]+([^:\r\n]*?)[ \t]*(?::[ \t]*([^\r\n]*?))?[ \t]*$/;

/** The suppressions of a file; text in a scalar that merely looks like one is none. */
export function findSuppressions(
  { text, documents }: SourceFile,
  parses: Pick<Documents, 'parsed'>,
): readonly Suppression[] {
  if (!text.includes('ambient-multicluster-ignore')) return [];
  return looksLikeSuppressions(text).filter(({ span }) => {
    const document = documents.find(({ start, text: own }) => span.start >= start && span.start < start + own.length);
    const root = document && parses.parsed(document.id)?.root;
    return root === undefined || !isInScalar(root, span.start - (document?.start ?? 0));
  });
}

function isInScalar(node: Node, offset: number): boolean {
  if (node.type === 'scalar') return offset >= node.start && offset < node.end;
  const children = node.type === 'map' ? node.entries.flatMap(({ key, value }) => [key, value]) : node.items;
  return children.some((child) => isInScalar(child, offset));
}

function looksLikeSuppressions(text: string): readonly Suppression[] {
  const found: Suppression[] = [];
  const lines = text.split(/\r\n|\r|\n/);
  let offset = 0;
  for (const [line, content] of lines.entries()) {
    const match = content.includes('ambient-multicluster-ignore') ? COMMENT.exec(content) : null;
    if (match !== null) {
      const start = offset + match.index;
      const rules = (match[2] ?? '')
        .split(',')
        .map((rule) => rule.trim())
        .filter((rule) => rule !== '');
      const alone = content.slice(0, match.index).trim() === '';
      const file = match[1] !== undefined;
      found.push({
        kind: file ? 'file' : 'line',
        rules,
        reason: match[3] ?? '',
        span: { start, end: offset + content.length },
        lines: file
          ? { first: 0, last: lines.length }
          : { first: alone ? line + 1 : line, last: alone ? line + 1 : line },
      });
    }
    offset += content.length;
    offset += text.startsWith('\r\n', offset) ? 2 : 1;
  }
  return found;
}
