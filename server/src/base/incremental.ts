/**
 * Incremental computation: values that remember what they read and are computed again only when that changed.
 *
 * Inputs are cells. A computed value records every cell and computed value that it reads. Changing a cell marks what
 * depends on it; nothing is computed until it is asked for, and a computed value that comes out equal stops the
 * change from going further (early cutoff). Reads and writes are synchronous.
 */

type State = 'clean' | 'check' | 'dirty';
export type Equal<T> = (a: T, b: T) => boolean;

interface Source {
  readonly dependents: Set<ComputedNode<unknown>>;
  refresh(): void;
}

/** The evaluation in progress; reads inside it are recorded as its sources. */
let current: ComputedNode<unknown> | undefined;

function recordRead(source: Source): void {
  if (current === undefined) return;
  current.sources.add(source);
  source.dependents.add(current);
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

class InputCell<T> implements Cell<T>, Source {
  readonly dependents = new Set<ComputedNode<unknown>>();

  constructor(
    private value: T,
    private readonly equal: Equal<T>,
  ) {}

  get(): T {
    recordRead(this);
    return this.value;
  }

  set(value: T): void {
    if (this.equal(this.value, value)) return;
    this.value = value;
    for (const node of this.dependents) node.mark('dirty');
  }

  refresh(): void {}
}

class ComputedNode<T> implements Computed<T>, Source {
  readonly dependents = new Set<ComputedNode<unknown>>();
  sources = new Set<Source>();
  private state: State = 'dirty';
  private value: T | undefined;
  private computed = false;
  private computing = false;

  constructor(
    private readonly compute: () => T,
    private readonly equal: Equal<T>,
    /** Called once when a clean value may have changed. */
    private readonly onInvalidated: (() => void) | undefined,
  ) {}

  get(): T {
    recordRead(this as ComputedNode<unknown>);
    this.refresh();
    return this.value as T;
  }

  mark(state: 'check' | 'dirty'): void {
    const before = this.state;
    if (before === 'dirty') return;
    this.state = state;
    if (before !== 'clean') return;
    for (const node of this.dependents) node.mark('check');
    this.onInvalidated?.();
  }

  refresh(): void {
    if (this.state === 'clean') return;
    if (this.computing) throw new Error('a computed value depends on itself');
    if (this.state === 'check') {
      for (const source of this.sources) {
        source.refresh();
        if ((this.state as State) === 'dirty') break;
      }
      if ((this.state as State) !== 'dirty') {
        this.state = 'clean';
        return;
      }
    }
    this.recompute();
  }

  private recompute(): void {
    for (const source of this.sources) source.dependents.delete(this as ComputedNode<unknown>);
    this.sources = new Set();
    const outer = current;
    current = this as ComputedNode<unknown>;
    this.computing = true;
    try {
      const next = this.compute();
      if (!this.computed || !this.equal(this.value as T, next)) {
        this.value = next;
        this.computed = true;
        for (const node of this.dependents) node.mark('dirty');
      }
      this.state = 'clean';
    } finally {
      this.computing = false;
      current = outer;
    }
  }

  /** Lets go of everything it reads. It must not be read again. */
  dispose(): void {
    for (const source of this.sources) source.dependents.delete(this as ComputedNode<unknown>);
    this.sources.clear();
    this.state = 'dirty';
  }
}

/** An input cell. Without `equal`, values are compared by identity. */
export function cell<T>(value: T, equal: Equal<T> = Object.is): Cell<T> {
  return new InputCell(value, equal);
}

/** A value computed on demand from what `compute` reads. */
export function computed<T>(compute: () => T, equal: Equal<T> = Object.is): Computed<T> {
  return new ComputedNode(compute, equal, undefined);
}

/** A computed value that someone watches: `invalidated` is called when it may have changed since it was last read. */
export interface Watched<T> extends Computed<T> {
  dispose(): void;
}

export function watched<T>(compute: () => T, invalidated: () => void, equal: Equal<T> = Object.is): Watched<T> {
  return new ComputedNode(compute, equal, invalidated);
}

/** Computed values by key, each made when it is first asked for. */
export function family<T>(compute: (key: string) => T, equal: Equal<T> = Object.is): (key: string) => T {
  const nodes = new Map<string, Computed<T>>();
  return (key) => {
    let node = nodes.get(key);
    if (node === undefined) {
      node = computed(() => compute(key), equal);
      nodes.set(key, node);
    }
    return node.get();
  };
}

/** Structural equality of plain data (objects, arrays, Maps, Sets, primitives); other objects are compared by identity. */
export function sameData(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => sameData(item, b[i]));
  }
  if (a instanceof Map) {
    if (!(b instanceof Map) || a.size !== b.size) return false;
    for (const [key, value] of a) if (!b.has(key) || !sameData(value, b.get(key))) return false;
    return true;
  }
  if (a instanceof Set) {
    if (!(b instanceof Set) || a.size !== b.size) return false;
    for (const value of a) if (!b.has(value)) return false;
    return true;
  }
  // Instances of classes, such as interned paths, are equal only to themselves; what hangs on them may be a cycle.
  const prototype: unknown = Object.getPrototypeOf(a);
  if (prototype !== Object.getPrototypeOf(b) || (prototype !== Object.prototype && prototype !== null)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && sameData(a[key as never], b[key as never]));
}
