/** Parses Go's text/template as far as ApplicationSets use it: fields, pipelines, `if`, `range`, `with`, variables. */

export type TemplateNode =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'action'; readonly pipeline: Pipeline; readonly source: string }
  | { readonly kind: 'if' | 'with'; readonly branches: readonly Branch[] }
  | { readonly kind: 'range'; readonly pipeline: Pipeline; readonly body: Body; readonly otherwise: Body };

export type Body = readonly TemplateNode[];

export interface Branch {
  /** Undefined for `else`. */
  readonly condition: Pipeline | undefined;
  readonly body: Body;
}

export interface Pipeline {
  /** Variables that it sets: one, or two for `range $key, $value :=`. */
  readonly sets: readonly string[];
  readonly commands: readonly Command[];
}

export type Command = readonly Operand[];

export type Operand =
  | { readonly kind: 'field'; readonly of: Operand | undefined; readonly path: readonly string[] }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'function'; readonly name: string }
  | { readonly kind: 'pipeline'; readonly pipeline: Pipeline };

/** Longer templates, and deeper nesting, are not read. */
const MAX_LENGTH = 200_000;
const MAX_DEPTH = 40;

const ACTION = /\{\{(-?)(?:\s*\/\*[\s\S]*?\*\/\s*|((?:"(?:[^"\\\n]|\\.)*"|`[^`]*`|[^"`])*?))(-?)\}\}/y;
const TOKEN =
  /\s+|(:=|=|\||\(|\)|,)|("(?:[^"\\\n]|\\.)*")|(`[^`]*`)|(-?\d+(?:\.\d+)?)|(\$\w*)|((?:\.[\p{L}_][\p{L}\d_]*)+)|(\.)|([\p{L}_][\p{L}\d_]*)/uy;

interface Token {
  readonly kind: 'sign' | 'string' | 'number' | 'variable' | 'field' | 'dot' | 'word';
  readonly text: string;
  /** True if nothing stands between it and the token before. */
  readonly joined: boolean;
}

/** The template's nodes; undefined if it has something that is not read here. */
export function parseGoTemplate(text: string): Body | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const pieces = split(text);
  if (pieces === undefined) return undefined;
  const parser = new Parser(pieces);
  const body = parser.body(0);
  return parser.failed || !parser.atEnd ? undefined : body;
}

type Piece = { readonly text: string } | { readonly tokens: readonly Token[]; readonly source: string };

function split(text: string): readonly Piece[] | undefined {
  const pieces: Piece[] = [];
  let at = 0;
  let trimNext = false;
  while (at <= text.length) {
    const open = text.indexOf('{{', at);
    let plain = text.slice(at, open < 0 ? text.length : open);
    if (trimNext) plain = plain.trimStart();
    if (open < 0) {
      pieces.push({ text: plain });
      return pieces;
    }
    ACTION.lastIndex = open;
    const match = ACTION.exec(text);
    if (match === null) return undefined;
    const [source, left, inner, right] = match;
    pieces.push({ text: left === '-' ? plain.trimEnd() : plain });
    trimNext = right === '-';
    if (inner !== undefined) {
      const tokens = tokensOf(inner);
      if (tokens === undefined) return undefined;
      pieces.push({ tokens, source });
    }
    at = open + source.length;
  }
  return pieces;
}

const KINDS = ['sign', 'string', 'string', 'number', 'variable', 'field', 'dot', 'word'] as const;

function tokensOf(text: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  let joined = false;
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match === null) return undefined;
    const index = match.slice(1).findIndex((group) => group !== undefined);
    if (index >= 0) tokens.push({ kind: KINDS[index] as Token['kind'], text: match[0], joined });
    joined = index >= 0;
  }
  return tokens;
}

const UNREAD: ReadonlySet<string> = new Set(['define', 'template', 'block', 'break', 'continue']);

class Parser {
  failed = false;
  private next = 0;

  constructor(private readonly pieces: readonly Piece[]) {}

  get atEnd(): boolean {
    return this.next >= this.pieces.length;
  }

  private fail(): undefined {
    this.failed = true;
    this.next = this.pieces.length;
    return undefined;
  }

  /** Reads up to an `else` or `end`, which stays. */
  body(depth: number): Body {
    const nodes: TemplateNode[] = [];
    if (depth > MAX_DEPTH) this.fail();
    for (let piece = this.pieces[this.next]; piece !== undefined; piece = this.pieces[this.next]) {
      if ('text' in piece) {
        nodes.push({ kind: 'text', text: piece.text });
        this.next++;
        continue;
      }
      const word = keywordOf(piece.tokens);
      if (word === 'end' || word === 'else') break;
      this.next++;
      const node = this.node(word, piece.tokens, piece.source, depth);
      if (node !== undefined) nodes.push(node);
    }
    return nodes;
  }

  private node(
    word: string | undefined,
    tokens: readonly Token[],
    source: string,
    depth: number,
  ): TemplateNode | undefined {
    if (word !== undefined && UNREAD.has(word)) return this.fail();
    if (word === 'if' || word === 'with') return { kind: word, branches: this.branches(tokens.slice(1), word, depth) };
    if (word === 'range') {
      const pipeline = this.pipeline(tokens.slice(1));
      const body = this.body(depth + 1);
      const otherwise = this.takeElse() === undefined ? [] : this.body(depth + 1);
      this.takeEnd();
      return pipeline === undefined ? undefined : { kind: 'range', pipeline, body, otherwise };
    }
    const pipeline = this.pipeline(tokens);
    return pipeline === undefined ? undefined : { kind: 'action', pipeline, source };
  }

  private branches(tokens: readonly Token[], word: string, depth: number): readonly Branch[] {
    const branches: Branch[] = [];
    for (let condition: readonly Token[] | undefined = tokens; ; ) {
      const pipeline = condition.length === 0 ? undefined : this.pipeline(condition);
      branches.push({ condition: pipeline, body: this.body(depth + 1) });
      if (this.failed) return branches;
      const rest = this.takeElse();
      if (rest === undefined) break;
      // `else if x`, or `else with x`.
      if (rest.length > 0 && rest[0]?.text !== word) this.fail();
      condition = rest.slice(1);
    }
    this.takeEnd();
    return branches;
  }

  /** The tokens after `else`; undefined where no `else` comes next. */
  private takeElse(): readonly Token[] | undefined {
    const piece = this.pieces[this.next];
    if (piece === undefined || 'text' in piece || keywordOf(piece.tokens) !== 'else') return undefined;
    this.next++;
    return piece.tokens.slice(1);
  }

  private takeEnd(): void {
    const piece = this.pieces[this.next];
    if (piece === undefined || 'text' in piece || keywordOf(piece.tokens) !== 'end') this.fail();
    else this.next++;
  }

  private pipeline(tokens: readonly Token[]): Pipeline | undefined {
    const reader = new PipelineReader(tokens);
    const pipeline = reader.pipeline(0);
    return pipeline === undefined || !reader.atEnd ? this.fail() : pipeline;
  }
}

function keywordOf(tokens: readonly Token[]): string | undefined {
  return tokens[0]?.kind === 'word' ? tokens[0].text : undefined;
}

class PipelineReader {
  private next = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  get atEnd(): boolean {
    return this.next >= this.tokens.length;
  }

  pipeline(depth: number): Pipeline | undefined {
    if (depth > MAX_DEPTH) return undefined;
    const sets = this.variables();
    const commands: Command[] = [];
    do {
      const command = this.command(depth);
      if (command === undefined || command.length === 0) return undefined;
      commands.push(command);
    } while (this.take('|'));
    return { sets, commands };
  }

  /** `$a :=`, `$a =` or `$a, $b :=`. */
  private variables(): readonly string[] {
    const start = this.next;
    const names: string[] = [];
    do {
      const token = this.tokens[this.next];
      if (token?.kind !== 'variable') break;
      names.push(token.text);
      this.next++;
    } while (this.take(','));
    if (names.length > 0 && (this.take(':=') || this.take('='))) return names;
    this.next = start;
    return [];
  }

  private take(sign: string): boolean {
    if (this.tokens[this.next]?.text !== sign || this.tokens[this.next]?.kind !== 'sign') return false;
    this.next++;
    return true;
  }

  private command(depth: number): Command | undefined {
    const operands: Operand[] = [];
    for (let token = this.tokens[this.next]; token !== undefined; token = this.tokens[this.next]) {
      if (token.kind === 'sign' && token.text !== '(') break;
      this.next++;
      const operand = this.operand(token, depth);
      if (operand === undefined) return undefined;
      const after = this.tokens[this.next];
      if (after?.kind === 'field' && after.joined && token.kind !== 'field') {
        this.next++;
        operands.push({ kind: 'field', of: operand, path: after.text.slice(1).split('.') });
      } else operands.push(operand);
    }
    return operands;
  }

  private operand({ kind, text }: Token, depth: number): Operand | undefined {
    switch (kind) {
      case 'sign': {
        const pipeline = this.pipeline(depth + 1);
        return pipeline !== undefined && this.take(')') ? { kind: 'pipeline', pipeline } : undefined;
      }
      case 'string':
        return { kind: 'literal', value: unquoted(text) };
      case 'number':
        return { kind: 'literal', value: Number(text) };
      case 'variable':
        return { kind: 'variable', name: text };
      case 'field':
        return { kind: 'field', of: undefined, path: text.slice(1).split('.') };
      case 'dot':
        return { kind: 'field', of: undefined, path: [] };
      case 'word':
        if (text === 'true' || text === 'false') return { kind: 'literal', value: text === 'true' };
        return text === 'nil' ? { kind: 'literal', value: null } : { kind: 'function', name: text };
    }
  }
}

function unquoted(text: string): string {
  const inner = text.slice(1, -1);
  if (text.startsWith('`')) return inner;
  const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };
  return inner.replaceAll(/\\(.)/g, (_, char: string) => escapes[char] ?? char);
}
