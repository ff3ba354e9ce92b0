/** Lists that stay in order. */

type Compare<T> = (a: T, b: T) => number;

/**
 * A list in order with others in it, which are in order too; those that compare as equal come after its own. What is added to a long list
 * is compared with few of its items.
 */
export function withSorted<T>(sorted: readonly T[], added: readonly T[], compare: Compare<T>): readonly T[] {
  if (added.length === 0) return sorted;
  const merged: T[] = [];
  let from = 0;
  for (const item of added) {
    const to = endOfLower(sorted, item, from, compare);
    for (; from < to; from++) merged.push(sorted[from] as T);
    merged.push(item);
  }
  for (; from < sorted.length; from++) merged.push(sorted[from] as T);
  return merged;
}

/** The index, from `low` on, of the first item that comes after another one. */
function endOfLower<T>(sorted: readonly T[], item: T, low: number, compare: Compare<T>): number {
  let [first, end] = [low, sorted.length];
  while (first < end) {
    const middle = (first + end) >> 1;
    if (compare(sorted[middle] as T, item) <= 0) first = middle + 1;
    else end = middle;
  }
  return first;
}
