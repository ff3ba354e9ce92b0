/** Matches regular expressions in a time that grows with text and expression alone: users write them, and none may hang us. */
import { type CharacterSet, type Pattern, parsePattern } from './pattern-syntax.ts';

type Instruction =
  | { readonly op: 'set'; readonly set: CharacterSet }
  | { readonly op: 'split'; readonly to: readonly number[] }
  | { readonly op: 'assert'; readonly what: Exclude<Pattern['type'], 'set' | 'sequence' | 'choice' | 'repeat'> }
  | { readonly op: 'match' };

/** Repetitions are written out; a longer program is no expression that anybody means. */
const MAX_PROGRAM = 5_000;
/** Repetitions of nothing write nothing, and take their time all the same. */
const MAX_STEPS = 50_000;
const KEPT = 500;

class TooLong extends Error {}

class Compiler {
  readonly program: Instruction[] = [];
  private steps = 0;

  private emit(instruction: Instruction): number {
    if (this.program.length >= MAX_PROGRAM) throw new TooLong();
    return this.program.push(instruction) - 1;
  }

  compile(pattern: Pattern): void {
    if (++this.steps > MAX_STEPS) throw new TooLong();
    switch (pattern.type) {
      case 'set':
        this.emit({ op: 'set', set: pattern.set });
        return;
      case 'sequence':
        for (const part of pattern.parts) this.compile(part);
        return;
      case 'choice':
        this.choice(pattern.options);
        return;
      case 'repeat':
        this.repeat(pattern.part, pattern.least, pattern.most);
        return;
      default:
        this.emit({ op: 'assert', what: pattern.type });
    }
  }

  private choice(options: readonly Pattern[]): void {
    const starts: number[] = [];
    const split = this.emit({ op: 'split', to: starts });
    const ends: number[][] = [];
    for (const option of options) {
      starts.push(this.program.length);
      this.compile(option);
      const end: number[] = [];
      this.emit({ op: 'split', to: end });
      ends.push(end);
    }
    if (starts.length === 0) starts.push(split + 1);
    for (const end of ends) end.push(this.program.length);
  }

  private repeat(part: Pattern, least: number, most: number | undefined): void {
    for (let i = 0; i < least; i++) this.compile(part);
    if (most === undefined) {
      const to: number[] = [];
      const split = this.emit({ op: 'split', to });
      to.push(this.program.length);
      this.compile(part);
      this.emit({ op: 'split', to: [split] });
      to.push(this.program.length);
      return;
    }
    const exits: number[][] = [];
    for (let i = least; i < most; i++) {
      const to: number[] = [];
      this.emit({ op: 'split', to });
      to.push(this.program.length);
      exits.push(to);
      this.compile(part);
    }
    for (const to of exits) to.push(this.program.length);
  }
}

function has({ ranges, negated }: CharacterSet, code: number): boolean {
  return ranges.some(([from, to]) => code >= from && code <= to) !== negated;
}

function isWord(char: string | undefined): boolean {
  return char !== undefined && /^\w$/.test(char);
}

/** Whether an expression is found in a text, as Go's `MatchString` tells. */
export type Matcher = (text: string) => boolean;

function matcher(program: readonly Instruction[]): Matcher {
  return (text) => {
    const chars = [...text];
    const holds = (what: string, at: number): boolean => {
      const before = chars[at - 1];
      const after = chars[at];
      if (what === 'start') return at === 0;
      if (what === 'end') return at === chars.length;
      if (what === 'line-start') return at === 0 || before === '\n';
      if (what === 'line-end') return at === chars.length || after === '\n';
      return (isWord(before) !== isWord(after)) === (what === 'word');
    };
    let states = new Set<number>();
    let matched = false;
    const enter = (first: number, at: number) => {
      const open = [first];
      for (let state = open.pop(); state !== undefined; state = open.pop()) {
        if (states.has(state)) continue;
        states.add(state);
        const instruction = program[state];
        if (instruction?.op === 'split') open.push(...instruction.to);
        else if (instruction?.op === 'match') matched = true;
        else if (instruction?.op === 'assert' && holds(instruction.what, at)) open.push(state + 1);
      }
    };
    for (let at = 0; at <= chars.length; at++) {
      enter(0, at);
      if (matched) return true;
      const code = chars[at]?.codePointAt(0);
      if (code === undefined) break;
      const before = states;
      states = new Set();
      for (const state of before) {
        const instruction = program[state];
        if (instruction?.op === 'set' && has(instruction.set, code)) enter(state + 1, at + 1);
      }
      if (matched) return true;
    }
    return false;
  };
}

const compiled = new Map<string, Matcher | undefined>();

/** The matcher of an expression; undefined if it is none. */
export function compilePattern(text: string): Matcher | undefined {
  if (compiled.has(text)) return compiled.get(text);
  if (compiled.size >= KEPT) compiled.clear();
  const result = compileNew(text);
  compiled.set(text, result);
  return result;
}

function compileNew(text: string): Matcher | undefined {
  const pattern = parsePattern(text);
  if (pattern === undefined) return undefined;
  const compiler = new Compiler();
  try {
    compiler.compile(pattern);
  } catch (error) {
    if (error instanceof TooLong) return undefined;
    throw error;
  }
  return matcher([...compiler.program, { op: 'match' }]);
}
