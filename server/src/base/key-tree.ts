/** Values by several keys: looking one up joins no texts and makes nothing. */

type Level<V> = Map<string, Level<V> | V>;

/** All values have the same number of keys, one or more. */
export class KeyTree<V> {
  private readonly top: Level<V> = new Map();
  /** How many keys a value has. */
  private depth = 0;

  get(...keys: readonly string[]): V | undefined {
    let level: Level<V> | undefined = this.top;
    const last = keys.length - 1;
    for (let i = 0; i < last && level !== undefined; i++) level = level.get(keys[i] as string) as Level<V> | undefined;
    return level?.get(keys[last] as string) as V | undefined;
  }

  /** Forgets the value of the keys, and the levels that lead to no other. */
  delete(keys: readonly string[]): void {
    remove(this.top, keys, 0);
  }

  /** The values; some may come and go meanwhile. */
  [Symbol.iterator](): Generator<V, void> {
    return valuesOf(this.top, this.depth);
  }

  /** The value of the keys, which is made if there is none. */
  obtain(keys: readonly string[], make: (keys: readonly string[]) => V): V {
    let level = this.top;
    const last = keys.length - 1;
    for (let i = 0; i < last; i++) {
      const key = keys[i] as string;
      let next = level.get(key) as Level<V> | undefined;
      if (next === undefined) {
        next = new Map();
        level.set(key, next);
      }
      level = next;
    }
    const key = keys[last] as string;
    let value = level.get(key) as V | undefined;
    if (value === undefined) {
      value = make(keys);
      this.depth = keys.length;
      level.set(key, value);
    }
    return value;
  }
}

function remove<V>(level: Level<V>, keys: readonly string[], at: number): void {
  const key = keys[at] as string;
  if (at < keys.length - 1) {
    const below = level.get(key) as Level<V> | undefined;
    if (below === undefined) return;
    remove(below, keys, at + 1);
    if (below.size > 0) return;
  }
  level.delete(key);
}

function* valuesOf<V>(level: Level<V>, depth: number): Generator<V, void> {
  for (const below of level.values()) {
    if (depth <= 1) yield below as V;
    else yield* valuesOf(below as Level<V>, depth - 1);
  }
}
