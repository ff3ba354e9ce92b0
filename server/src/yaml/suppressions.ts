/** Finds the comments that silence findings (contract, "Names"). */
import { lineStarts, positionAt, type Span } from '../base/range.ts';
import { embeddedText } from './embedded-text.ts';
import { lineEnd, trimmedEnd } from './extent.ts';
import type { Node, ScalarNode } from './node.ts';
import { parseDocument } from './parse.ts';
import type { Documents, SourceDocument, SourceFile } from './source.ts';
import { splitDocuments } from './split.ts';

export interface Suppression {
  /** `like`: a comment that begins much as one that silences does, and silences nothing. */
  readonly kind: 'line' | 'file' | 'like';
  readonly rules: readonly string[];
  /** Empty if none is given; all of what is like a suppression. */
  readonly reason: string;
  /** The comment, from its `#` to its end, in the file's text. */
  readonly span: Span;
  /** Lines of the file that it holds for, both included; zero-based. */
  readonly lines: { readonly first: number; readonly last: number };
  /** True if it stands in a document with a Secret: nobody is told its words. */
  readonly inSecret?: true;
}

/** What a comment that silences begins with; below, one that silences in all of a file or document. */
export const MARK = 'ambient-multicluster-ignore';
export const FILE_MARK = `${MARK}-file`;

/** A comment that begins with the name of this program, or one that is spelt much like it. */
const LIKE = /(?<![^ \t\r\n])#+[ \t]*a\w{4,8}[-_ ]?\w{0,12}(?:multi|cluster)\w{0,12}(?=[-_/ \t:])/im;

/** One of the two, and nothing that goes on. */
const KEYWORD = new RegExp(`^${MARK}(?:-file)?(?:[ \\t]|$)`);

/** True for a text that may hold a suppression, or what was to be one. */
function mayHold(text: string): boolean {
  return text.includes(MARK) || LIKE.test(text);
}

/**
 * The suppressions of a file. Text in a scalar that merely looks like one is none, but in a
 * literal block that is YAML itself comments are comments. What is said of the line on which a literal block begins holds for all of it. Linear: a file may consist of nothing but suppressions.
 */
export function findSuppressions(source: SourceFile, parses: Pick<Documents, 'parsed'>): readonly Suppression[] {
  const { text } = source;
  if (!mayHold(text)) return [];
  const found: Suppression[] = [];
  const extents = new Extents(source);
  const { held, blocks } = textsOf(source, parses, (offset) => extents.lineOf(offset));
  let start = 0;
  let heldUntil = 0;
  let next = 0;
  const lines = text.split(/\r\n|\r|\n/);
  const below = linesBelow(lines);
  for (const [line, content] of lines.entries()) {
    const mark = content.includes(MARK) ? commentStart(content) : -1;
    const hash = mark >= 0 ? mark : content.search(LIKE);
    const span = { start: start + hash, end: start + content.length };
    for (; next < held.length && (held[next] as Span).start <= span.start; next++) {
      heldUntil = Math.max(heldUntil, (held[next] as Span).end);
    }
    if (hash >= 0 && span.start >= heldUntil) {
      const before = content.slice(0, hash);
      const first = before.trim() === '' ? (below[line] as number) : line;
      const about = { first, last: blocks.get(first) ?? first };
      const suppression =
        mark >= 0 && KEYWORD.test(content.slice(content.indexOf(MARK)))
          ? read(extents, content, before, about, span)
          : readLike(content, about, span);
      if (suppression !== undefined) {
        found.push(holdsSecretAt(source, span.start) ? { ...suppression, inSecret: true } : suppression);
      }
    }
    start += content.length + (text.startsWith('\r\n', start + content.length) ? 2 : 1);
  }
  return found;
}

/** Says that a Secret is in a document, also in one that is no YAML. */
const SECRET_KIND = /\bkind["']?[ \t]*:[ \t]*["']?Secret\b/;

const withSecrets = new WeakMap<SourceDocument, boolean>();

/** True if the document that an offset is in has a Secret in it. */
function holdsSecretAt({ documents }: SourceFile, offset: number): boolean {
  let [low, high] = [0, documents.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((documents[middle] as SourceDocument).start <= offset) low = middle + 1;
    else high = middle;
  }
  const document = documents[Math.max(0, low - 1)];
  if (document === undefined) return false;
  const known = withSecrets.get(document) ?? SECRET_KIND.test(document.text);
  withSecrets.set(document, known);
  return known;
}

/** What stands in the comment of a suppression, without its `#`. */
export function suppressionText({
  kind,
  rules,
  reason,
}: Pick<Suppression, 'rules' | 'reason'> & { readonly kind: 'line' | 'file' }): string {
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

function read(
  extents: Extents,
  content: string,
  before: string,
  about: Suppression['lines'],
  span: Span,
): Suppression | undefined {
  const whole = content.startsWith(FILE_MARK, content.indexOf(MARK));
  const rest = content.slice(content.indexOf(MARK) + (whole ? FILE_MARK : MARK).length);
  const colon = rest.indexOf(':');
  const rules = (colon < 0 ? rest : rest.slice(0, colon)).split(',').map((rule) => rule.trim());
  const told = {
    rules: rules.filter((rule) => rule !== ''),
    reason: colon < 0 ? '' : rest.slice(colon + 1).trim(),
    span,
  };
  if (!whole) return { kind: 'line', ...told, lines: about };
  const lines = BLANK.test(before) ? extents.headedAt(span.start) : undefined;
  return lines && { kind: 'file', ...told, lines };
}

/** A comment that names no rule is never taken for a suppression, so all of it may be one's reason. */
function readLike(content: string, lines: Suppression['lines'], span: Span): Suppression | undefined {
  const comment = content.slice(content.length - (span.end - span.start));
  if (!LIKE.test(comment)) return undefined;
  return { kind: 'like', rules: [], reason: comment.replace(/^#+[ \t]*/, '').trimEnd(), span, lines };
}

/** A line without content: a comment, nothing, or a document marker. */
const BLANK = /^\ufeff?\s*(?:---(?:\s+|$))?(?:#.*)?$/;

/** What of a file a comment at the top holds for: the file, or a document of it. Asked from the top to the bottom. */
class Extents {
  private readonly starts: readonly number[];
  private readonly whole: Extent;
  private document: Extent | undefined;
  private next = 0;

  constructor(private readonly source: SourceFile) {
    this.starts = lineStarts(source.text);
    this.whole = { head: this.headEnd(0), lines: { first: 0, last: this.lineOf(source.text.length) + 1 } };
  }

  /** The lines that a comment holds for which begins at an offset; undefined in the middle of a document. */
  headedAt(offset: number): Suppression['lines'] | undefined {
    if (offset < this.whole.head) return this.whole.lines;
    const { documents } = this.source;
    for (; (documents[this.next]?.start ?? Number.POSITIVE_INFINITY) <= offset; this.next++) {
      const { start, text } = documents[this.next] as SourceDocument;
      const last = this.lineOf(start + text.trimEnd().length);
      this.document = { head: this.headEnd(start), lines: { first: this.lineOf(start), last } };
    }
    return this.document !== undefined && offset < this.document.head ? this.document.lines : undefined;
  }

  /** The end of the first line with content from an offset on. */
  private headEnd(offset: number): number {
    const { text } = this.source;
    for (let line = this.lineOf(offset); line < this.starts.length; line++) {
      const start = Math.max(offset, this.starts[line] as number);
      const end = lineEnd(text, start);
      if (!BLANK.test(text.slice(start, end))) return end;
    }
    return text.length;
  }

  lineOf(offset: number): number {
    return positionAt(this.starts, offset).line;
  }
}

interface Extent {
  /** Up to here there are only comments, blank lines and markers, and the first line with content. */
  readonly head: number;
  readonly lines: Suppression['lines'];
}

/** What scalars make of the comments of a file. */
interface Texts {
  /** The places, in the file's text, of scalars that hold the mark, or what is like it, and are no YAML: there it is text. */
  readonly held: Span[];
  /** By the line on which a literal block begins: the last line of it. What is said of that line is said of all of it. */
  readonly blocks: Map<number, number>;
}

function textsOf(
  { documents }: SourceFile,
  parses: Pick<Documents, 'parsed'>,
  lineOf: (offset: number) => number,
): Texts {
  const texts: Texts = { held: [], blocks: new Map() };
  for (const { id, start, text } of documents) {
    const root = mayHold(text) ? parses.parsed(id)?.root : undefined;
    if (root !== undefined)
      collect(root, { text, offset: (at) => at + start, lineOf, texts, seen: new Set(), depth: 0 });
  }
  texts.held.sort((a, b) => a.start - b.start);
  return texts;
}

/** A text that is YAML: a document, or what a literal block of one holds. */
interface Yaml {
  readonly text: string;
  /** The offset in the file of an offset in the text. */
  offset(at: number): number;
  lineOf(offset: number): number;
  readonly texts: Texts;
  /** Aliases share their nodes. */
  readonly seen: Set<Node>;
  /** In so many texts it stands. */
  readonly depth: number;
}

/** Nobody writes texts in texts in texts deeper than this, and looking into each costs its length. */
const MOST_DEPTH = 4;

function collect(node: Node, yaml: Yaml): void {
  const { text, offset, lineOf, texts, seen } = yaml;
  if (seen.has(node)) return;
  seen.add(node);
  if (node.type === 'seq') for (const item of node.items) collect(item, yaml);
  else if (node.type === 'map') {
    for (const { key, value } of node.entries) {
      collect(key, yaml);
      collect(value, yaml);
    }
  } else {
    const isBlock = node.style === 'literal' || node.style === 'folded';
    if (node.style === 'literal') {
      texts.blocks.set(lineOf(offset(node.start)), lineOf(offset(trimmedEnd(text, node))));
    }
    if (!mayHold(text.slice(node.start, node.end)) || isYaml(node, yaml)) return;
    // The line on which a block begins may end in a comment: it is not the scalar's.
    texts.held.push({ start: offset(isBlock ? lineEnd(text, node.start) : node.start), end: offset(node.end) });
  }
}

/** Looks into a literal block whose text is YAML, as patches and mesh configurations are: its comments are comments. */
function isYaml(node: ScalarNode, yaml: Yaml): boolean {
  const embedded = node.style === 'literal' && yaml.depth < MOST_DEPTH ? embeddedText(yaml.text, node) : undefined;
  if (embedded === undefined) return false;
  const parts = splitDocuments(node.text).map(({ start, text }) => ({ start, text, ...parseDocument(text) }));
  if (!parts.some(({ root }) => root !== undefined && root.type !== 'scalar')) return false;
  if (parts.some(({ problems }) => problems.length > 0)) return false;
  for (const { start, text, root } of parts) {
    const offset = (at: number): number => yaml.offset(embedded.offset(start + at));
    if (root !== undefined) collect(root, { ...yaml, text, offset, depth: yaml.depth + 1 });
  }
  return true;
}
