/** Parses Go's regular expressions (RE2) into trees; what RE2 does not know is no expression. */

/** A set of characters, as ranges of code points. */
export interface CharacterSet {
  readonly ranges: readonly (readonly [from: number, to: number])[];
  readonly negated: boolean;
}

export type Pattern =
  | { readonly type: 'set'; readonly set: CharacterSet }
  | { readonly type: 'sequence'; readonly parts: readonly Pattern[] }
  | { readonly type: 'choice'; readonly options: readonly Pattern[] }
  | { readonly type: 'repeat'; readonly part: Pattern; readonly least: number; readonly most: number | undefined }
  | { readonly type: 'start' | 'end' | 'line-start' | 'line-end' | 'word' | 'no-word' };

/** RE2 takes no more repetitions than these. */
const MAX_REPEAT = 1000;
const MAX_DEPTH = 200;
const LAST_CODE_POINT = 0x10ffff;

const DIGITS: CharacterSet['ranges'] = [[48, 57]];
const WORD: CharacterSet['ranges'] = [
  [48, 57],
  [65, 90],
  [95, 95],
  [97, 122],
];
const SPACE: CharacterSet['ranges'] = [
  [9, 10],
  [12, 13],
  [32, 32],
];
const NAMED: Readonly<Record<string, CharacterSet['ranges']>> = {
  alnum: [[48, 57], [65, 90], [97, 122]], // biome-ignore format: ranges read best on one line
  alpha: [[65, 90], [97, 122]], // biome-ignore format: ranges read best on one line
  digit: DIGITS,
  lower: [[97, 122]],
  upper: [[65, 90]],
  space: [[9, 13], [32, 32]], // biome-ignore format: ranges read best on one line
  word: WORD,
  xdigit: [[48, 57], [65, 70], [97, 102]], // biome-ignore format: ranges read best on one line
  punct: [[33, 47], [58, 64], [91, 96], [123, 126]], // biome-ignore format: ranges read best on one line
};
const CONTROLS: Readonly<Record<string, number>> = { a: 7, f: 12, t: 9, n: 10, r: 13, v: 11 };

interface Flags {
  readonly ignoreCase: boolean;
  readonly lines: boolean;
  readonly dotAll: boolean;
}

class NoPattern extends Error {}

function invert(ranges: CharacterSet['ranges']): CharacterSet['ranges'] {
  const result: [number, number][] = [];
  let next = 0;
  for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
    if (from > next) result.push([next, from - 1]);
    next = Math.max(next, to + 1);
  }
  if (next <= LAST_CODE_POINT) result.push([next, LAST_CODE_POINT]);
  return result;
}

/** The tree of an expression; undefined if RE2 does not take it. */
export function parsePattern(text: string): Pattern | undefined {
  try {
    return new Parser([...text]).whole();
  } catch (error) {
    if (error instanceof NoPattern) return undefined;
    throw error;
  }
}

class Parser {
  private at = 0;
  private depth = 0;
  private flags: Flags = { ignoreCase: false, lines: false, dotAll: false };

  constructor(private readonly text: readonly string[]) {}

  whole(): Pattern {
    const pattern = this.choice();
    if (this.at < this.text.length) throw new NoPattern();
    return pattern;
  }

  private next(): string {
    const char = this.text[this.at++];
    if (char === undefined) throw new NoPattern();
    return char;
  }

  private take(char: string): boolean {
    if (this.text[this.at] !== char) return false;
    this.at++;
    return true;
  }

  private choice(): Pattern {
    if (++this.depth > MAX_DEPTH) throw new NoPattern();
    const options = [this.sequence()];
    while (this.take('|')) options.push(this.sequence());
    this.depth--;
    return options.length === 1 && options[0] !== undefined ? options[0] : { type: 'choice', options };
  }

  private sequence(): Pattern {
    const parts: Pattern[] = [];
    for (let char = this.text[this.at]; char !== undefined && char !== '|' && char !== ')'; char = this.text[this.at]) {
      const part = this.atom();
      if (part !== undefined) parts.push(this.repeats(part));
    }
    return { type: 'sequence', parts };
  }

  private repeats(part: Pattern): Pattern {
    const range = this.repetition();
    if (range === undefined) return part;
    this.take('?'); // whether it is greedy makes no difference to whether it matches
    if (this.repetition() !== undefined) throw new NoPattern(); // `a**`
    return { type: 'repeat', part, ...range };
  }

  private repetition(): { least: number; most: number | undefined } | undefined {
    if (this.take('*')) return { least: 0, most: undefined };
    if (this.take('+')) return { least: 1, most: undefined };
    if (this.take('?')) return { least: 0, most: 1 };
    const match = /^\{(\d{1,5})(?:(,)(\d{1,5})?)?\}/.exec(this.text.slice(this.at, this.at + 16).join(''));
    if (match === null) return undefined;
    const least = Number(match[1]);
    const most = match[2] === undefined ? least : match[3] === undefined ? undefined : Number(match[3]);
    if (least > MAX_REPEAT || (most ?? 0) > MAX_REPEAT || (most !== undefined && most < least)) throw new NoPattern();
    this.at += match[0].length;
    return { least, most };
  }

  private atom(): Pattern | undefined {
    const char = this.next();
    switch (char) {
      case '(':
        return this.group();
      case '[':
        return this.characters(this.set());
      case '.':
        return { type: 'set', set: { ranges: this.flags.dotAll ? [] : [[10, 10]], negated: true } };
      case '^':
        return { type: this.flags.lines ? 'line-start' : 'start' };
      case '$':
        return { type: this.flags.lines ? 'line-end' : 'end' };
      case '*':
      case '+':
      case '?':
        throw new NoPattern();
      case '\\':
        return this.escape();
      default:
        return this.literal(char);
    }
  }

  private literal(char: string): Pattern {
    const code = char.codePointAt(0) ?? 0;
    return this.characters({ ranges: [[code, code]], negated: false });
  }

  private characters(set: CharacterSet): Pattern {
    if (!this.flags.ignoreCase) return { type: 'set', set };
    const ranges = [...set.ranges];
    for (const [from, to] of set.ranges) {
      const lower: [number, number] = [Math.max(from, 97), Math.min(to, 122)];
      const upper: [number, number] = [Math.max(from, 65), Math.min(to, 90)];
      if (lower[0] <= lower[1]) ranges.push([lower[0] - 32, lower[1] - 32]);
      if (upper[0] <= upper[1]) ranges.push([upper[0] + 32, upper[1] + 32]);
    }
    return { type: 'set', set: { ranges, negated: set.negated } };
  }

  private group(): Pattern | undefined {
    const outer = this.flags;
    if (this.take('?')) {
      const head = /^(?:P?<\w+>|[imsU]*(?:-[imsU]+)?[:)])/.exec(this.text.slice(this.at, this.at + 256).join(''))?.[0];
      if (head === undefined) throw new NoPattern();
      this.at += head.length;
      if (!head.endsWith('>')) {
        const [on = '', off = ''] = head.slice(0, -1).split('-');
        const flag = (name: string, before: boolean) => (off.includes(name) ? false : before || on.includes(name));
        this.flags = {
          ignoreCase: flag('i', outer.ignoreCase),
          lines: flag('m', outer.lines),
          dotAll: flag('s', outer.dotAll),
        };
      }
      if (head.endsWith(')')) return undefined; // flags alone hold for the rest of the group around
    }
    const pattern = this.choice();
    if (!this.take(')')) throw new NoPattern();
    this.flags = outer;
    return pattern;
  }

  private escape(): Pattern {
    const char = this.next();
    if (char === 'A') return { type: 'start' };
    if (char === 'z') return { type: 'end' };
    if (char === 'b') return { type: 'word' };
    if (char === 'B') return { type: 'no-word' };
    if (char === 'Q') {
      const parts: Pattern[] = [];
      while (this.at < this.text.length && !(this.text[this.at] === '\\' && this.text[this.at + 1] === 'E')) {
        parts.push(this.literal(this.next()));
      }
      this.at = Math.min(this.at + 2, this.text.length);
      return { type: 'sequence', parts };
    }
    const ranges = classRanges(char);
    if (ranges !== undefined) return { type: 'set', set: { ranges, negated: false } };
    const code = this.escapedCode(char);
    return this.characters({ ranges: [[code, code]], negated: false });
  }

  private escapedCode(char: string): number {
    const control = CONTROLS[char];
    if (control !== undefined) return control;
    if (char === 'x') {
      const rest = this.text.slice(this.at, this.at + 10).join('');
      const match = /^(?:\{([0-9a-fA-F]{1,6})\}|([0-9a-fA-F]{2}))/.exec(rest);
      if (match === null) throw new NoPattern();
      this.at += match[0].length;
      return Number.parseInt(match[1] ?? match[2] ?? '', 16);
    }
    if (/[A-Za-z0-9]/.test(char)) throw new NoPattern();
    return char.codePointAt(0) ?? 0;
  }

  private set(): CharacterSet {
    const negated = this.take('^');
    const ranges: (readonly [number, number])[] = [];
    for (let first = true; first || this.text[this.at] !== ']'; first = false) {
      const rest = this.text.slice(this.at, this.at + 16).join('');
      const named = /^\[:(\^?)(\w+):\]/.exec(rest);
      if (named !== null) {
        const known = NAMED[named[2] ?? ''];
        if (known === undefined) throw new NoPattern();
        ranges.push(...(named[1] === '^' ? invert(known) : known));
        this.at += named[0].length;
        continue;
      }
      const char = this.next();
      const known = char === '\\' ? classRanges(this.text[this.at] ?? '') : undefined;
      if (known !== undefined) {
        this.at++;
        ranges.push(...known);
        continue;
      }
      const from = char === '\\' ? this.escapedCode(this.next()) : (char.codePointAt(0) ?? 0);
      let to = from;
      if (this.text[this.at] === '-' && this.text[this.at + 1] !== ']') {
        this.at++;
        const last = this.next();
        to = last === '\\' ? this.escapedCode(this.next()) : (last.codePointAt(0) ?? 0);
      }
      if (to < from) throw new NoPattern();
      ranges.push([from, to]);
    }
    this.at++;
    return { ranges, negated };
  }
}

/** What `\d` and its like stand for. */
function classRanges(char: string): CharacterSet['ranges'] | undefined {
  switch (char) {
    case 'd':
      return DIGITS;
    case 'D':
      return invert(DIGITS);
    case 'w':
      return WORD;
    case 'W':
      return invert(WORD);
    case 's':
      return SPACE;
    case 'S':
      return invert(SPACE);
    default:
      return undefined;
  }
}
