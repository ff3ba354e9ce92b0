/**
 * Tells which regular expressions can take longer than the text is long, without running any: of an automaton that does what the
 * expression does, whether one text leads along two ways around (Weber and Seidl, "On the degree of ambiguity of finite automata").
 */

export type Growth = 'linear' | 'polynomial' | 'exponential';

/** What stands between two characters, told by the one before; what is told by those that follow is taken to hold. */
type Guard = (before: string | undefined) => boolean;

interface State {
  /** Reached without a character. */
  readonly free: { readonly to: State; readonly guard?: Guard }[];
  /** Reached by one. */
  takes?: { readonly char: (char: string) => boolean; readonly to: State };
}

/** One character of each kind that expressions tell apart. */
const ALPHABET = [
  ...Array.from({ length: 0x7f - 0x09 }, (_, i) => String.fromCharCode(i + 0x09)),
  'é',
  'É',
  '\u2028',
  '\ufeff',
  '漢',
  '\ue000',
  '\ue001',
];

/** Repetitions up to a number are taken to be that many, or these. */
const MOST_COPIES = 3;

export function growthOf({ source, flags }: RegExp): Growth {
  const { start, end } = new Reader(source, flags).read();
  const isAnchored = flags.includes('y') || (source.startsWith('^') && !flags.includes('m') && !hasChoice(source));
  // A search begins anywhere.
  const begin: State = { free: [{ to: start }] };
  if (!isAnchored) begin.takes = { char: () => true, to: begin };
  return new Automaton(begin, end).growth();
}

/** True if there are alternatives that stand in no group. */
function hasChoice(source: string): boolean {
  const flat = source.replace(/\\./g, '').replace(/\[[^\]]*\]/g, '');
  let depth = 0;
  for (const char of flat) {
    if (char === '(') depth++;
    else if (char === ')') depth--;
    else if (char === '|' && depth === 0) return true;
  }
  return false;
}

class Automaton {
  private readonly states: State[] = [];
  private readonly next = new Map<State, Map<string, readonly State[]>>();
  private readonly chars: readonly string[];
  /** From which all states of a way that ends are reached by characters. */
  private readonly reach = new Map<State, ReadonlySet<State>>();

  constructor(
    begin: State,
    private readonly end: State,
  ) {
    const seen = new Set([begin]);
    for (const state of seen) {
      this.states.push(state);
      for (const { to } of state.free) seen.add(to);
      if (state.takes) seen.add(state.takes.to);
    }
    const takers = this.states.filter(({ takes }) => takes);
    // Of characters that no state tells apart, one.
    const kinds = new Map<string, string>();
    for (const char of ALPHABET) {
      const guards = this.states.flatMap(({ free }) => free.map(({ guard }) => Number(guard?.(char) ?? true)));
      const kind = [...takers.map(({ takes }) => Number(takes?.char(char))), ...guards].join('');
      if (!kinds.has(kind)) kinds.set(kind, char);
    }
    this.chars = [...kinds.values()];
  }

  growth(): Growth {
    const takers = [...this.takersFrom(this.states[0] as State, undefined)];
    const all = new Set(takers);
    for (const state of all) for (const char of this.chars) for (const to of this.after(state, char)) all.add(to);
    for (const state of all) this.reach.set(state, this.reachable(state));
    const looping = [...all].filter((state) => this.reach.get(state)?.has(state));
    const mayFail = (state: State): boolean => !this.endsFreely(state);
    if (looping.some((state) => mayFail(state) && this.isTwofold(state))) return 'exponential';
    for (const p of looping)
      for (const q of looping)
        if (p !== q && this.reach.get(p)?.has(q) && mayFail(q) && this.leadsAlong(p, q)) return 'polynomial';
    return 'linear';
  }

  /** The states that take the next character, from one that is reached. */
  private takersFrom(state: State, before: string | undefined): Set<State> {
    const seen = new Set([state]);
    for (const one of seen) for (const { to, guard } of one.free) if (guard?.(before) ?? true) seen.add(to);
    return new Set([...seen].filter(({ takes }) => takes));
  }

  private after(state: State, char: string): readonly State[] {
    let known = this.next.get(state);
    if (known === undefined) {
      known = new Map();
      this.next.set(state, known);
    }
    let found = known.get(char);
    if (found === undefined) {
      const { takes } = state;
      found = takes?.char(char) ? [...this.takersFrom(takes.to, char)] : [];
      known.set(char, found);
    }
    return found;
  }

  private reachable(state: State): ReadonlySet<State> {
    const seen = new Set<State>();
    const open = [state];
    for (let one = open.pop(); one !== undefined; one = open.pop())
      for (const char of this.chars)
        for (const to of this.after(one, char))
          if (!seen.has(to)) {
            seen.add(to);
            open.push(to);
          }
    return seen;
  }

  /** True if the expression may end after each character of a loop whatever follows: it does not fail there. */
  private endsFreely(state: State): boolean {
    const seen = new Set([state.takes?.to as State]);
    for (const one of seen) for (const { to, guard } of one.free) if (guard === undefined) seen.add(to);
    return seen.has(this.end);
  }

  /** Whether a text leads from a state to itself on two ways. */
  private isTwofold(state: State): boolean {
    const isHere = (one: State): boolean => this.reach.get(one)?.has(state) === true;
    return this.search([state, state], [state, state], (tuple) => tuple.every(isHere), true);
  }

  /** Whether one text leads around p, from p to q, and around q. */
  private leadsAlong(p: State, q: State): boolean {
    // What has found something already begins nowhere else.
    const isSearch = p === this.states[0];
    const goesOn = (one: State, before: State): boolean =>
      !isSearch || before === p || one === p || !this.endsFreely(before);
    const may = ([a, b, c]: readonly State[], [, before]: readonly State[]): boolean =>
      goesOn(b as State, before as State) &&
      this.reach.get(a as State)?.has(p) === true &&
      this.reach.get(b as State)?.has(q) === true &&
      this.reach.get(c as State)?.has(q) === true;
    return this.search([p, p, q], [p, q, q], may, false);
  }

  /** @param apart whether the states must differ somewhere on the way */
  private search(
    from: readonly State[],
    to: readonly State[],
    may: (tuple: readonly State[], before: readonly State[]) => boolean,
    apart: boolean,
  ): boolean {
    const ids = new Map(this.states.map((state, i) => [state, i]));
    const key = (tuple: readonly State[], differs: boolean): string =>
      `${tuple.map((one) => ids.get(one)).join(' ')} ${differs}`;
    const seen = new Set<string>();
    const open: { readonly tuple: readonly State[]; readonly differs: boolean }[] = [{ tuple: from, differs: !apart }];
    for (let one = open.pop(); one !== undefined; one = open.pop()) {
      for (const char of this.chars) {
        const choices = one.tuple.map((state) => this.after(state, char));
        if (choices.some(({ length }) => length === 0)) continue;
        for (const tuple of product(choices)) {
          if (!may(tuple, one.tuple)) continue;
          const differs = one.differs || new Set(tuple).size > 1;
          if (differs && tuple.every((state, i) => state === to[i])) return true;
          const id = key(tuple, differs);
          if (seen.has(id)) continue;
          seen.add(id);
          open.push({ tuple, differs });
        }
      }
    }
    return false;
  }
}

function product(choices: readonly (readonly State[])[]): readonly (readonly State[])[] {
  return choices.reduce<readonly (readonly State[])[]>(
    (all, some) => all.flatMap((one) => some.map((state) => [...one, state])),
    [[]],
  );
}

interface Part {
  readonly start: State;
  readonly end: State;
}

/** Reads an expression, and makes the automaton. */
class Reader {
  private at = 0;
  private readonly groups: (() => Part)[] = [];

  constructor(
    private readonly source: string,
    private readonly flags: string,
  ) {}

  read(): Part {
    const part = this.alternatives();
    if (this.at < this.source.length) throw new Error(`cannot read ${this.source} at ${this.at}`);
    return part();
  }

  private alternatives(): () => Part {
    const ways = [this.sequence()];
    while (this.eat('|')) ways.push(this.sequence());
    return () => {
      const [start, end]: [State, State] = [{ free: [] }, { free: [] }];
      for (const way of ways) {
        const part = way();
        start.free.push({ to: part.start });
        part.end.free.push({ to: end });
      }
      return { start, end };
    };
  }

  private sequence(): () => Part {
    const parts: (() => Part)[] = [];
    while (this.at < this.source.length && !'|)'.includes(this.source[this.at] as string))
      parts.push(this.repeated(this.atom()));
    return () => inSequence(parts.map((part) => part()));
  }

  private repeated(atom: () => Part): () => Part {
    const rest = this.source.slice(this.at);
    const [all, sign, from, comma, to] = /^(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/.exec(rest) ?? [];
    if (all === undefined) return atom;
    this.at += all.length;
    const least = sign === undefined ? Number(from) : sign === '+' ? 1 : 0;
    const most =
      sign === '?' ? 1 : sign !== undefined ? undefined : comma === '' ? least : to === '' ? undefined : Number(to);
    return () => {
      const copies = Array.from({ length: Math.min(least, MOST_COPIES) }, atom);
      if (most === undefined) copies.push(loop(atom()));
      else for (let i = copies.length; i < Math.min(most, MOST_COPIES); i++) copies.push(optional(atom()));
      return inSequence(copies);
    };
  }

  private atom(): () => Part {
    const char = this.source[this.at] as string;
    const look = /^\(\?<?[=!]/.exec(this.source.slice(this.at))?.[0];
    if (look !== undefined) return this.lookAround(look);
    if (char === '(') {
      this.at += /^\((?:\?(?::|<\w+>))?/.exec(this.source.slice(this.at))?.[0].length ?? 1;
      const number = this.source.startsWith('(?:', this.at - 3)
        ? undefined
        : this.groups.push(() => inSequence([])) - 1;
      const inner = this.alternatives();
      this.eat(')');
      if (number !== undefined) this.groups[number] = inner;
      return inner;
    }
    if (char === '^' || char === '$') {
      this.at++;
      const isLine = this.flags.includes('m');
      if (char === '^')
        return () => guarded((before) => before === undefined || (isLine && /[\n\r\u2028]/.test(before)));
      return () => guarded(() => true);
    }
    const boundary = /^\\[bB]/.exec(this.source.slice(this.at));
    if (boundary !== null) {
      this.at += 2;
      return () => guarded(() => true);
    }
    const back = /^\\([1-9])/.exec(this.source.slice(this.at));
    if (back !== null) {
      this.at += 2;
      return () => (this.groups[Number(back[1]) - 1] as () => Part)();
    }
    return this.one();
  }

  private one(): () => Part {
    const text =
      /^(?:\[(?:\\.|[^\]\\])*\]|\\[pP]\{[^}]*\}|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\.|[\s\S])/.exec(
        this.source.slice(this.at),
      )?.[0] ?? '';
    this.at += text.length;
    const is = new RegExp(`^${text}$`, this.flags.replace(/[gym]/g, ''));
    return () => {
      const end: State = { free: [] };
      return { start: { free: [], takes: { char: (char) => is.test(char), to: end } }, end };
    };
  }

  /** One that looks back at one character is heeded. */
  private lookAround(look: string): () => Part {
    const begin = this.at + look.length;
    this.at = begin;
    this.alternatives();
    const inner = this.source.slice(begin, this.at);
    this.eat(')');
    const isBack = look.includes('<');
    if (!isBack) return () => guarded(() => true);
    const last = new RegExp(`(?:${inner})$`, this.flags.replace(/[gym]/g, ''));
    const isOne = /^(?:\[(?:\\.|[^\]\\])*\]|\\?.)$/.test(inner);
    if (!isOne) return () => guarded(() => true);
    return () => guarded((before) => (before !== undefined && last.test(before)) === look.endsWith('='));
  }

  private eat(char: string): boolean {
    const is = this.source[this.at] === char;
    if (is) this.at++;
    return is;
  }
}

function inSequence(parts: readonly Part[]): Part {
  const start: State = { free: [] };
  let end = start;
  for (const part of parts) {
    end.free.push({ to: part.start });
    end = part.end;
  }
  return { start, end };
}

function guarded(guard: Guard): Part {
  const end: State = { free: [] };
  return { start: { free: [{ to: end, guard }] }, end };
}

function optional(part: Part): Part {
  part.start.free.push({ to: part.end });
  return part;
}

function loop(inner: Part): Part {
  const [start, end]: [State, State] = [{ free: [{ to: inner.start }] }, { free: [] }];
  inner.end.free.push({ to: start });
  start.free.push({ to: end });
  return { start, end };
}
