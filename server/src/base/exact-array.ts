/** Arrays that are kept by the thousand. */

const NONE: readonly never[] = [];

/** The same items without the room for more that an array has left after `push` and `filter`: often many times what it holds. */
export function exactArray<T>(items: readonly T[]): readonly T[] {
  return items.length === 0 ? NONE : items.slice();
}
