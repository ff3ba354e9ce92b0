/**
 * Incremental computation: values that remember what they read and are computed again only when that changed.
 *
 * Inputs are cells. A computed value records every cell and computed value that it reads. Changing a cell marks what
 * depends on it; nothing is computed until it is asked for, and a computed value that comes out equal stops the
 * change from going further (early cutoff). Reads and writes are synchronous.
 *
 * A large world has hundreds of thousands of these values, so each is one small object: what a value reads stands in an
 * array that is only replaced when it reads something else than last time, and few values have a set of dependents.
 *
 * Values of a lifetime that nothing reads any more are kept for a while, since edits go back and forth, and then let go of: an editor
 * that runs all day must not fill the memory with what was typed in between.
 */
import { Dependents } from './dependents.ts';
import { KeyTree } from './key-tree.ts';
import { inSteps } from './steps.ts';

export type Equal<T> = (a: T, b: T) => boolean;

const CLEAN = 0;
/** Something that it rests on may have changed. */
const CHECK = 1;
const DIRTY = 2;
const COMPUTING = 3;
type State = typeof CLEAN | typeof CHECK | typeof DIRTY | typeof COMPUTING;

abstract class Source {
  readonly dependents = new Dependents<ComputedNode<unknown>>();
  /** The run of a computation that read it last: most repeated reads are told by it. */
  lastRun = 0;

  /** Brings it up to date. */
  abstract refresh(): void;

  protected changed(): void {
    this.dependents.forEach(markDirty);
  }

  /** Nothing may read it any more. */
  abstract abandon(): void;
}

function markDirty(node: ComputedNode<unknown>): void {
  node.mark(DIRTY);
}

function markCheck(node: ComputedNode<unknown>): void {
  node.mark(CHECK);
}

/** The evaluation in progress, whose reads are recorded, and its number. */
let current: ComputedNode<unknown> | undefined;
let currentRun = 0;
/** So many of the sources that it read the last time have been read again, in the same order ... */
let repeated = 0;
/** ... and then these others. */
let others: Source[] | undefined;
let runs = 0;
/** False while nothing is remembered of what is read. */
let remembering = true;

/**
 * Computes for good: what is computed meanwhile remembers nothing of what it read, which saves a good part of the time and of the memory.
 * Changes that come later do not reach it.
 */
export function forGood<T>(compute: () => T): T {
  const before = remembering;
  remembering = false;
  try {
    return compute();
  } finally {
    remembering = before;
  }
}

function recordRead(source: Source): void {
  if (current === undefined || source.lastRun === currentRun) return;
  source.lastRun = currentRun;
  if (others !== undefined) others.push(source);
  else if (current.sources[repeated] === source) repeated++;
  else others = [source];
}

/** An input. */
export interface Cell<T> {
  get(): T;
  /** Sets the value; nothing happens if it is equal to the present one. */
  set(value: T): void;
}

/** A computed value. */
export interface Computed<T> {
  get(): T;
}

class InputCell<T> extends Source implements Cell<T> {
  constructor(
    private value: T,
    private readonly equal: Equal<T>,
  ) {
    super();
  }

  get(): T {
    recordRead(this);
    return this.value;
  }

  set(value: T): void {
    if (this.equal(this.value, value)) return;
    this.value = value;
    this.changed();
  }

  refresh(): void {}

  abandon(): void {}
}

/** An input that can be made anew: what it holds is told by those who change it. */
class KeptCell<T> extends InputCell<T> {
  constructor(
    value: T,
    equal: Equal<T>,
    private readonly home: { readonly cells: KeyTree<KeptCell<T>>; readonly lifetime: Lifetime },
    private readonly keys: readonly string[],
  ) {
    super(value, equal);
  }

  override abandon(): void {
    this.home.lifetime.abandon(this);
  }

  forget(): void {
    this.home.cells.delete(this.keys);
  }
}

const NO_SOURCES: readonly Source[] = [];
const NOT_COMPUTED: unique symbol = Symbol('not computed');

/** What all values of one computation have in common. */
interface Definition<T> {
  readonly compute: (...keys: readonly string[]) => T;
  readonly equal: Equal<T>;
  /** Called once when a clean value may have changed. */
  readonly invalidated?: () => void;
  /** Where its values are kept, by their keys. */
  readonly values?: KeyTree<ComputedNode<T>>;
  readonly lifetime?: Lifetime;
}

class ComputedNode<T> extends Source implements Computed<T> {
  sources = NO_SOURCES;
  private state: State = DIRTY;
  private value: T | typeof NOT_COMPUTED = NOT_COMPUTED;

  constructor(
    private readonly definition: Definition<T>,
    private readonly keys: readonly string[],
  ) {
    super();
  }

  get(): T {
    recordRead(this as Source);
    if (this.state !== CLEAN) this.refresh();
    return this.value as T;
  }

  mark(state: typeof CHECK | typeof DIRTY): void {
    const before = this.state;
    if (before === DIRTY || before === COMPUTING) return;
    this.state = state;
    if (before !== CLEAN) return;
    this.dependents.forEach(markCheck);
    if (this.dependents.isEmpty) this.abandon();
    this.definition.invalidated?.();
  }

  refresh(): void {
    if (this.state === CLEAN) return;
    if (this.state === COMPUTING) throw new Error('a computed value depends on itself');
    if (this.state === CHECK) {
      for (const source of this.sources) {
        source.refresh();
        if ((this.state as State) === DIRTY) break;
      }
      if ((this.state as State) !== DIRTY) {
        this.state = CLEAN;
        return;
      }
    }
    this.recompute();
  }

  private recompute(): void {
    const outer = current;
    const outerRun = currentRun;
    const outerRepeated = repeated;
    const outerOthers = others;
    const { compute, equal, lifetime } = this.definition;
    current = remembering && lifetime?.isOver !== true ? (this as ComputedNode<unknown>) : undefined;
    currentRun = ++runs;
    repeated = 0;
    others = undefined;
    this.state = COMPUTING;
    try {
      const next = compute(...this.keys);
      this.state = CLEAN;
      if (this.value === NOT_COMPUTED || !equal(this.value, next)) {
        this.value = next;
        this.changed();
      }
    } catch (error) {
      this.state = DIRTY;
      throw error;
    } finally {
      if (current !== undefined) this.depend(repeated, others, currentRun);
      current = outer;
      currentRun = outerRun;
      repeated = outerRepeated;
      others = outerOthers;
    }
  }

  /**
   * Rests from now on upon the first `kept` of its sources and `more`.
   * @param run the one that read them: those that it read last of all are told by it, so that what is read again costs next to nothing
   */
  private depend(kept: number, more: readonly Source[] | undefined, run: number): void {
    const before = this.sources;
    if (more === undefined && kept === before.length) return;
    // `concat` makes no room for more.
    this.sources = before.slice(0, kept).concat(more ?? []);
    const self = this as ComputedNode<unknown>;
    const known = -run;
    for (let i = 0; i < before.length; i++) {
      const source = before[i] as Source;
      if (source.lastRun === run) source.lastRun = known;
      else if (i >= kept && source.lastRun !== known) source.dependents.delete(self);
    }
    // What was let go of just now may be read again: it was read by a computation within this one too, or twice.
    for (const source of this.sources) if (source.lastRun !== known) source.dependents.add(self);
    for (let i = kept; i < before.length; i++) if (before[i]?.dependents.isEmpty) before[i]?.abandon();
  }

  abandon(): void {
    if (this.definition.values !== undefined) this.definition.lifetime?.abandon(this);
  }

  /** Forgets all that it knows, and is forgotten. */
  forget(): void {
    this.dispose();
    this.value = NOT_COMPUTED;
    this.definition.values?.delete(this.keys);
  }

  /** Lets go of everything it reads. It must not be read again. */
  dispose(): void {
    this.depend(0, undefined, ++runs);
    this.state = DIRTY;
  }
}

/** So many abandoned values are kept: enough for what an edit changes and the next one changes back. */
const MOST_ABANDONED = 5_000;

/** What is let go of once nothing reads it. */
interface Forgettable {
  readonly dependents: { readonly isEmpty: boolean };
  forget(): void;
}

/** Inputs by one or more keys. */
export interface Inputs<K extends readonly string[], T> {
  get(...keys: K): T;
  /** What the input of these keys holds may be something else now. */
  changed(...keys: K): void;
}

/** The time for which some values are of use, all together. */
export class Lifetime {
  isOver = false;
  private readonly kept: Iterable<ComputedNode<unknown>>[] = [];
  /** Values that nothing read when it was last looked, the longest abandoned first. */
  private readonly abandoned = new Set<Forgettable>();

  constructor(private readonly mostAbandoned = MOST_ABANDONED) {}

  /** A value computed on demand from what `compute` reads. */
  computed<T>(compute: () => T, equal: Equal<T> = Object.is): Computed<T> {
    const node = new ComputedNode({ compute, equal, lifetime: this }, NO_KEYS);
    this.kept.push([node as ComputedNode<unknown>]);
    return node;
  }

  /** Computed values by one or more keys, each made when it is first asked for. */
  family<K extends readonly string[], T>(compute: (...keys: K) => T, equal: Equal<T> = Object.is): (...keys: K) => T {
    const { values, get } = familyOf(compute, equal, this);
    this.kept.push(values as KeyTree<ComputedNode<unknown>>);
    return get;
  }

  /** Inputs, each made when it is first asked for, of what `read` tells that it holds. */
  inputs<K extends readonly string[], T>(read: (...keys: K) => T, equal: Equal<T> = Object.is): Inputs<K, T> {
    const home = { cells: new KeyTree<KeptCell<T>>(), lifetime: this };
    const make = (keys: readonly string[]) => new KeptCell(read(...(keys as K)), equal, home, keys);
    return {
      get: (...keys) => home.cells.obtain(keys, make).get(),
      changed: (...keys) => home.cells.get(...keys)?.set(read(...keys)),
    };
  }

  /** Its values let go of what they read, in steps. Who still reads one has it computed without remembering what for. */
  *ending(): Generator<void, void> {
    this.isOver = true;
    this.abandoned.clear();
    for (const nodes of this.kept.splice(0)) yield* inSteps(nodes, (node) => node.dispose());
  }

  /** Nothing reads a value of a family, or an input, any more. */
  abandon(value: Forgettable): void {
    if (this.isOver) return;
    this.abandoned.delete(value);
    this.abandoned.add(value);
  }

  /** Lets go of the longest abandoned values. Not while something is computed: it may have read one of them just now. */
  letGo(): void {
    for (const value of this.abandoned) {
      if (this.abandoned.size <= this.mostAbandoned) return;
      this.abandoned.delete(value);
      if (value.dependents.isEmpty) value.forget();
    }
  }
}

/** An input cell. Without `equal`, values are compared by identity. */
export function cell<T>(value: T, equal: Equal<T> = Object.is): Cell<T> {
  return new InputCell(value, equal);
}

/** What `read` gives; the evaluation in progress does not remember what it read. */
export function untracked<T>(read: () => T): T {
  const outer = current;
  current = undefined;
  try {
    return read();
  } finally {
    current = outer;
  }
}

const NO_KEYS: readonly string[] = [];

/** A value computed on demand from what `compute` reads. */
export function computed<T>(compute: () => T, equal: Equal<T> = Object.is): Computed<T> {
  return new ComputedNode({ compute, equal }, NO_KEYS);
}

/** A computed value that someone watches: `invalidated` is called when it may have changed since it was last read. */
export interface Watched<T> extends Computed<T> {
  dispose(): void;
}

export function watched<T>(compute: () => T, invalidated: () => void, equal: Equal<T> = Object.is): Watched<T> {
  return new ComputedNode({ compute, equal, invalidated }, NO_KEYS);
}

/** Computed values by one or more keys, each made when it is first asked for. */
export function family<K extends readonly string[], T>(
  compute: (...keys: K) => T,
  equal: Equal<T> = Object.is,
): (...keys: K) => T {
  return familyOf(compute, equal, undefined).get;
}

function familyOf<K extends readonly string[], T>(
  compute: (...keys: K) => T,
  equal: Equal<T>,
  lifetime: Lifetime | undefined,
): { readonly values: KeyTree<ComputedNode<T>>; readonly get: (...keys: K) => T } {
  const values = new KeyTree<ComputedNode<T>>();
  const definition: Definition<T> = {
    compute: compute as (...keys: readonly string[]) => T,
    equal,
    values,
    ...(lifetime && { lifetime }),
  };
  const make = (keys: readonly string[]) => new ComputedNode(definition, keys);
  return { values, get: (...keys) => values.obtain(keys, make).get() };
}
