/** Reads JSON, which is YAML, into the same tree at a fraction of the cost: saved reports are long. Strict and linear. */
import type { Entry, Node, ScalarNode } from './node.ts';

/** Deeper documents are left to the reader of YAML, which says what is wrong with them. */
const MAX_DEPTH = 100;

const SPACE = /[ \t\n\r]*/y;
/** Stricter than JSON about control characters beyond ASCII: texts with such are left to the reader of YAML. */
const STRING = /"[^"\\\p{Cc}]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\p{Cc}]*)*"/uy;
const PLAIN = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/** The root of a JSON text; undefined if it is no JSON, or a key occurs twice in one object. */
export function parseJson(text: string): Node | undefined {
  const reader = new Reader(text);
  try {
    return reader.document();
  } catch (error) {
    if (error instanceof NoJson) return undefined;
    throw error;
  }
}

class NoJson extends Error {}

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  document(): Node {
    this.space();
    const root = this.value(0);
    this.space();
    if (this.at < this.text.length) throw new NoJson();
    return root;
  }

  private value(depth: number): Node {
    if (depth > MAX_DEPTH) throw new NoJson();
    const next = this.text[this.at];
    if (next === '{') return this.map(depth);
    if (next === '[') return this.list(depth);
    return next === '"' ? this.string() : this.plain();
  }

  private map(depth: number): Node {
    const start = this.at;
    const entries: Entry[] = [];
    const keys = new Set<string>();
    this.items('}', () => {
      const key = this.string();
      if (keys.has(key.text)) throw new NoJson();
      keys.add(key.text);
      this.space();
      this.expect(':');
      this.space();
      entries.push({ key, value: this.value(depth + 1) });
    });
    return { type: 'map', flow: true, entries, start, end: this.at };
  }

  private list(depth: number): Node {
    const start = this.at;
    const items: Node[] = [];
    this.items(']', () => items.push(this.value(depth + 1)));
    return { type: 'seq', flow: true, items, start, end: this.at };
  }

  /** What stands between an opening bracket, which is next, and its `close`. */
  private items(close: string, read: () => void): void {
    this.at++;
    this.space();
    if (this.text[this.at] !== close) {
      for (;;) {
        read();
        this.space();
        if (this.text[this.at] === close) break;
        this.expect(',');
        this.space();
      }
    }
    this.at++;
  }

  private string(): ScalarNode {
    const start = this.at;
    const written = this.match(STRING);
    const text = written.includes('\\') ? (JSON.parse(written) as string) : written.slice(1, -1);
    return { type: 'scalar', text, style: 'double', start, end: this.at };
  }

  private plain(): ScalarNode {
    const start = this.at;
    return { type: 'scalar', text: this.match(PLAIN), style: 'plain', start, end: this.at };
  }

  private space(): void {
    SPACE.lastIndex = this.at;
    SPACE.test(this.text);
    this.at = SPACE.lastIndex;
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found === undefined) throw new NoJson();
    this.at += found.length;
    return found;
  }

  private expect(character: string): void {
    if (this.text[this.at] !== character) throw new NoJson();
    this.at++;
  }
}
