/** Tells whether two meshIDs were likely meant to be one: spelt alike, or told apart by nothing but a number. */
import { editDistance } from '../config/did-you-mean.ts';

/** Shorter words may be names of their own that are a letter apart: `eu` and `us`. */
const SHORTEST = 4;
/** From this length on one letter for another one is a typo, and no other word. */
const LONG = 6;
/** Regions that are a letter or two apart. */
const REGIONS: ReadonlySet<string> = new Set('east west north south central'.split(' '));

/** True for `mesh1` and `mehs1`, `shop-mesh` and `shopmesh`, not for `mesh1` and `mesh2`, `mesh-a` and `mesh-b`, `mesh-east` and `mesh-west`. */
export function areSpeltAlike(a: string, b: string): boolean {
  if (a === b || !sameItems(numbersOf(a), numbersOf(b))) return false;
  const [own, other] = [wordsOf(a), wordsOf(b)];
  if (own.join('') === other.join('')) return true;
  const differing = own.flatMap((word, i) => (word === other[i] ? [] : [[word, other[i] ?? ''] as const]));
  const [pair, ...more] = differing;
  return own.length === other.length && pair !== undefined && more.length === 0 && isTypo(...pair);
}

/** True for `mesh1` and `mesh2`. */
export function areNumbersApart(a: string, b: string): boolean {
  return sameItems(wordsOf(a), wordsOf(b)) && !sameItems(numbersOf(a), numbersOf(b));
}

/** A letter too many or too few, or two that changed places; in a long word also one for another. First and last letters are seldom mistaken, but often count. */
function isTypo(a: string, b: string): boolean {
  if (Math.min(a.length, b.length) < SHORTEST - 1 || Math.max(a.length, b.length) < SHORTEST) return false;
  if (REGIONS.has(a) || REGIONS.has(b) || a[0] !== b[0] || editDistance(a, b) !== 1) return false;
  const isSwapped = a.length === b.length && sameItems([...a].sort(), [...b].sort());
  if (isSwapped) return true;
  if (a.length !== b.length) return a.at(-1) === b.at(-1);
  return a.length >= LONG && a.at(-1) === b.at(-1);
}

export function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/\p{L}+/gu) ?? [];
}

export function numbersOf(text: string): readonly string[] {
  return text.match(/\d+/g) ?? [];
}

function sameItems(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}
