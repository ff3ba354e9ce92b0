/**
 * A fast reader for the plain block YAML that nearly all manifests are. It gives up on anything unusual, and what it answers is what the
 * `yaml` package answers: giving up is always right, another answer never is (`test/yaml/fast-parse.test.ts`).
 */
import { FastFlow } from './fast-flow.ts';
import { GIVE_UP, lineEnd, plainEnd, quotedEnd, quotedNode, skipSpaces } from './fast-scalars.ts';
import type { Entry, MapNode, Node, ScalarNode, SeqNode } from './node.ts';

/** Deeper nesting is left to the slow reader, which refuses it. */
const MAX_DEPTH = 60;

/** Characters that are left to the slow reader: tabs, control characters, byte order marks, line breaks of other kinds. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters in question
const UNUSUAL = /[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029\ud800-\udfff\ufeff-\uffff]|\r(?!\n)/;

/** The root of the document; undefined if it is too unusual to be read here. */
export function fastParse(text: string): Node | undefined {
  if (UNUSUAL.test(text)) return undefined;
  try {
    return new FastReader(text).document();
  } catch (error) {
    if (error === GIVE_UP) return undefined;
    throw error;
  }
}

class FastReader {
  /** The line with content that is looked at: where its content starts and in which column; `at` is past the end if there is none. */
  private at = 0;
  private indent = 0;
  /** Where the line ends, before its line break. */
  private end = 0;
  private depth = 0;
  /** Nodes that may still be read, roughly: far fewer than the slow reader refuses. */
  private budget = 100_000;
  /** The entries and items of the collections that are being read, the innermost last: each gets an array of just its size. */
  private readonly entries: Entry[] = [];
  private entryCount = 0;
  private readonly items: Node[] = [];
  private itemCount = 0;

  private readonly hasReturns: boolean;

  constructor(private readonly text: string) {
    this.hasReturns = text.includes('\r');
  }

  document(): Node {
    const { text } = this;
    if (text.startsWith('---')) {
      const after = skipSpaces(text, 3);
      this.end = lineEnd(text, 0);
      if (after < this.end && (text[after] !== '#' || after === 3)) throw GIVE_UP;
      this.advance();
    } else this.seek(0);
    if (this.done) throw GIVE_UP;
    const root = this.block();
    if (!this.done) throw GIVE_UP;
    return root;
  }

  private get done(): boolean {
    return this.at >= this.text.length;
  }

  /** Moves to the next line with content, from the start of a line on. */
  private seek(lineStart: number): void {
    const { text } = this;
    let line = lineStart;
    while (line < text.length) {
      const at = skipSpaces(text, line);
      const code = text.charCodeAt(at);
      if (code === 10 || code === 13 || code === 35 || at >= text.length) {
        line = lineEnd(text, at) + 1;
        if (text.charCodeAt(line - 1) === 13) line++;
        continue;
      }
      this.at = at;
      this.indent = at - line;
      this.end = lineEnd(text, at);
      if (this.indent === 0 && (text.startsWith('---', at) || text.startsWith('...', at))) throw GIVE_UP;
      return;
    }
    this.at = text.length;
    this.indent = -1;
    this.end = text.length;
  }

  /** Moves on from the line looked at. */
  private advance(): void {
    this.spend(2);
    this.seek(this.text.charCodeAt(this.end) === 13 ? this.end + 2 : this.end + 1);
  }

  private get isItem(): boolean {
    const { text, at } = this;
    if (text.charCodeAt(at) !== 45) return false;
    const after = text.charCodeAt(at + 1);
    return after === 32 || after === 10 || after === 13 || at + 1 >= text.length;
  }

  private block(): MapNode | SeqNode {
    if (++this.depth > MAX_DEPTH) throw GIVE_UP;
    this.spend(1);
    const node = this.isItem ? this.sequence() : this.map();
    this.depth--;
    return node;
  }

  private map(): MapNode {
    const { indent, at: start, entries: stack } = this;
    const first = this.entryCount;
    let names: Set<string> | undefined;
    do {
      const key = this.key();
      if (this.isTaken(key.text, first, names)) throw GIVE_UP;
      if (this.entryCount - first === FEW) names = new Set(stack.slice(first, this.entryCount).map(nameOf));
      names?.add(key.text);
      const from = skipSpaces(this.text, key.end + 1);
      const value = this.value(from, indent, key.end);
      stack[this.entryCount++] = { key, value };
      if (this.indent > indent) throw GIVE_UP;
    } while (this.indent === indent && !this.isItem);
    const entries = stack.slice(first, this.entryCount);
    this.entryCount = first;
    const last = entries[entries.length - 1] as Entry;
    return { type: 'map', flow: false, entries, start, end: Math.max(last.key.end, last.value.end) };
  }

  private isTaken(name: string, first: number, names: ReadonlySet<string> | undefined): boolean {
    if (names !== undefined) return names.has(name);
    for (let i = first; i < this.entryCount; i++) if (this.entries[i]?.key.text === name) return true;
    return false;
  }

  private sequence(): SeqNode {
    const { indent, at: start } = this;
    const stack = this.items;
    const first = this.itemCount;
    do {
      const item = this.item(indent);
      stack[this.itemCount++] = item;
      if (this.indent > indent) throw GIVE_UP;
    } while (this.indent === indent && this.isItem);
    const items = stack.slice(first, this.itemCount);
    this.itemCount = first;
    return { type: 'seq', flow: false, items, start, end: (items[items.length - 1] as Node).end };
  }

  private item(indent: number): Node {
    const { text } = this;
    const from = skipSpaces(text, this.at + 1);
    if (this.isLineOver(from)) {
      this.advance();
      if (this.indent <= indent) throw GIVE_UP;
      return this.block();
    }
    const dash = this.at;
    this.at = from;
    if (this.isItem || this.startsKey(from)) {
      this.indent = indent + (from - dash);
      return this.block();
    }
    this.at = dash;
    return this.value(from, indent, -1);
  }

  /** True if nothing but a comment follows. */
  private isLineOver(from: number): boolean {
    return from >= this.end || this.text.charCodeAt(from) === 35;
  }

  /** True if an entry of a map starts here, rather than a scalar or a flow collection. */
  private startsKey(from: number): boolean {
    const { text, end } = this;
    const first = text[from];
    if (first === '{' || first === '[' || first === '|') return false;
    const after = first === '"' || first === "'" ? quotedEnd(text, from, end) : this.colon(from);
    if (after < 0 || text[after] !== ':') return false;
    return after + 1 >= end || text[after + 1] === ' ';
  }

  /** The colon that ends a plain key, or -1. */
  private colon(from: number): number {
    const { text, end } = this;
    for (let at = from; at < end; at++) {
      const code = text.charCodeAt(at);
      if (code === 58 && (at + 1 >= end || text.charCodeAt(at + 1) === 32)) return at;
      if (code === 35 && text.charCodeAt(at - 1) === 32 && at > from) return -1;
    }
    return -1;
  }

  private key(): ScalarNode {
    const { text, at } = this;
    const code = text.charCodeAt(at);
    if (code === 34 || code === 39) {
      const close = quotedEnd(text, at, this.end);
      if (!this.startsKey(at)) throw GIVE_UP;
      return quotedNode(text, at, close);
    }
    const colon = this.colon(at);
    if (colon < 0 || !isPlainStart(code) || text.charCodeAt(colon - 1) === 32) throw GIVE_UP;
    return { type: 'scalar', text: text.slice(at, colon), style: 'plain', start: at, end: colon };
  }

  /** The value of an entry or an item; then the next line is looked at. @param keyEnd end of the key, or -1 for an item */
  private value(from: number, indent: number, keyEnd: number): Node {
    const { text } = this;
    if (this.isLineOver(from)) return this.valueBelow(indent, keyEnd);
    const code = text.charCodeAt(from);
    let node: Node;
    switch (code) {
      case 124: // |
        return this.literal(from, indent);
      case 123: // {
      case 91: // [
        node = this.flow(from);
        break;
      case 34: // "
      case 39: // '
        node = quotedNode(text, from, quotedEnd(text, from, this.end));
        break;
      default: {
        if (!isPlainStart(code) && !(code === 45 && text.charCodeAt(from + 1) > 32)) throw GIVE_UP;
        const end = plainEnd(text, from, this.end);
        node = { type: 'scalar', text: text.slice(from, end), style: 'plain', start: from, end };
      }
    }
    const rest = skipSpaces(text, node.end);
    if (rest < this.end && (text.charCodeAt(rest) !== 35 || rest === node.end)) throw GIVE_UP;
    this.advance();
    if (this.indent > indent) throw GIVE_UP; // the scalar goes on
    return node;
  }

  private flow(from: number): Node {
    const flow = new FastFlow(this.text, from, this.end);
    const node = flow.collection();
    this.spend(flow.nodes);
    return node;
  }

  private spend(nodes: number): void {
    this.budget -= nodes;
    if (this.budget < 0) throw GIVE_UP;
  }

  private valueBelow(indent: number, keyEnd: number): Node {
    this.advance();
    if (this.indent > indent || (this.indent === indent && this.isItem && keyEnd >= 0)) return this.block();
    return { type: 'scalar', text: '', style: 'plain', start: keyEnd + 1, end: keyEnd + 1 };
  }

  /** A literal block scalar, with its indentation found out. */
  private literal(from: number, parent: number): ScalarNode {
    const { text } = this;
    const sign = text[from + 1];
    const chomp = sign === '-' || sign === '+' ? sign : '';
    const after = skipSpaces(text, from + 1 + chomp.length);
    if (after < this.end && (text[after] !== '#' || text[after - 1] !== ' ')) throw GIVE_UP;
    if (this.hasReturns) throw GIVE_UP;
    const lines: string[] = [];
    let indent = -1;
    let contentEnd = -1;
    let line = this.end + 1;
    while (line < text.length) {
      const at = skipSpaces(text, line);
      const end = lineEnd(text, at);
      if (at >= end) {
        if (indent < 0 ? at > line : at - line > indent) throw GIVE_UP;
        lines.push('');
      } else {
        if (indent < 0) indent = at - line;
        if (indent <= parent) break;
        if (at - line < indent) {
          if (at - line > parent && text[at] !== '#') throw GIVE_UP;
          break;
        }
        lines.push(text.slice(line + indent, end));
        contentEnd = end;
      }
      line = end + 1;
    }
    if (indent <= parent || contentEnd < 0) throw GIVE_UP;
    const content = lines.join('\n').trimEnd();
    const value = chomp === '-' ? content : `${content}\n`;
    // What trails after the last line counts only for `|+`, and white space of any kind that ends it is left to the slow reader.
    if (chomp === '+' || text[contentEnd - 1]?.trim() === '') throw GIVE_UP;
    this.seek(line);
    return { type: 'scalar', text: value, style: 'literal', start: from, end: contentEnd };
  }
}

/** Up to so many entries are looked through one by one. */
const FEW = 16;

function nameOf({ key }: Entry): string {
  return key.text;
}

/** Letters, digits and `_ . / $ ( ) ~ + = ^ ;` and anything beyond ASCII: what can start a plain scalar without a second look. */
function isPlainStart(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 46 && code <= 57) ||
    code === 95 ||
    code === 36 ||
    code === 40 ||
    code === 43 ||
    code > 160
  );
}
