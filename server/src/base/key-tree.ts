/** Values by several keys: looking one up joins no texts and makes nothing. */

type Level<V> = Map<string, Level<V> | V>;

/** All values have the same number of keys, one or more. */
export class KeyTree<V> {
  private readonly top: Level<V> = new Map();

  get(...keys: readonly string[]): V | undefined {
    let level: Level<V> | undefined = this.top;
    const last = keys.length - 1;
    for (let i = 0; i < last && level !== undefined; i++) level = level.get(keys[i] as string) as Level<V> | undefined;
    return level?.get(keys[last] as string) as V | undefined;
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
      level.set(key, value);
    }
    return value;
  }
}
