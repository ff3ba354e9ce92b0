/** Flow collections on one line, for the fast reader: `{}`, `[]`, `{ a: b, c: "d" }`, `[x, 1]`, and such in each other. */
import { GIVE_UP, quotedEnd, quotedNode, skipSpaces } from './fast-scalars.ts';
import type { Entry, MapNode, Node, ScalarNode, SeqNode } from './node.ts';

const PLAIN = /[A-Za-z0-9_./$+-][A-Za-z0-9_./$+ @=-]*/y;

/** Deeper nesting is left to the slow reader. */
const MAX_DEPTH = 20;

/** More entries or items than this on one line are left to it too. */
const MAX_CHILDREN = 200;

export class FastFlow {
  private depth = 0;
  /** Scalars read so far. */
  nodes = 0;

  constructor(
    private readonly text: string,
    private at: number,
    private readonly end: number,
  ) {}

  collection(): MapNode | SeqNode {
    if (++this.depth > MAX_DEPTH) throw GIVE_UP;
    const node = this.text[this.at] === '{' ? this.map() : this.sequence();
    this.depth--;
    return node;
  }

  private map(): MapNode {
    const start = this.at++;
    const entries: Entry[] = [];
    if (!this.closes('}')) {
      do {
        this.seekContent();
        const key = this.scalar();
        if (entries.length >= MAX_CHILDREN || entries.some((entry) => entry.key.text === key.text)) throw GIVE_UP;
        if (this.text[this.at] !== ':' || this.text[this.at + 1] !== ' ') throw GIVE_UP;
        this.at++;
        this.seekContent();
        entries.push({ key, value: this.value() });
      } while (this.continues('}'));
    }
    return { type: 'map', flow: true, entries, start, end: this.at };
  }

  private sequence(): SeqNode {
    const start = this.at++;
    const items: Node[] = [];
    if (!this.closes(']')) {
      do {
        this.seekContent();
        if (items.length >= MAX_CHILDREN) throw GIVE_UP;
        items.push(this.value());
      } while (this.continues(']'));
    }
    return { type: 'seq', flow: true, items, start, end: this.at };
  }

  private value(): Node {
    const first = this.text[this.at];
    return first === '{' || first === '[' ? this.collection() : this.scalar();
  }

  private scalar(): ScalarNode {
    const { text, at: start } = this;
    this.nodes++;
    if (text[start] === '"' || text[start] === "'") {
      const node = quotedNode(text, start, quotedEnd(text, start, this.end));
      this.at = node.end;
      return node;
    }
    PLAIN.lastIndex = start;
    const plain = PLAIN.exec(text)?.[0].trimEnd();
    if (plain === undefined || plain.startsWith('-') || plain.includes(' -')) throw GIVE_UP;
    this.at = start + plain.length;
    if (this.at > this.end) throw GIVE_UP;
    return { type: 'scalar', text: plain, style: 'plain', start, end: this.at };
  }

  private seekContent(): void {
    this.at = skipSpaces(this.text, this.at);
  }

  /** Takes the closing bracket if it comes next. */
  private closes(bracket: string): boolean {
    this.seekContent();
    if (this.text[this.at] !== bracket) return false;
    this.at++;
    return true;
  }

  /** True after a comma, false after the closing bracket. */
  private continues(bracket: string): boolean {
    if (this.closes(bracket)) return false;
    if (this.text[this.at] !== ',' || this.at >= this.end) throw GIVE_UP;
    this.at++;
    return true;
  }
}
