/** Names that are likely meant to be the same. */
import { editDistance } from '../config/did-you-mean.ts';

/** Longer names may be off by two letters; shorter ones then would be other names. */
const LONG = 8;

/** True for a name that is a letter or two off; a number tells others apart. */
export function isSlip(name: string, meant: string): boolean {
  const letters = name.length > LONG ? 2 : 1;
  if (Math.abs(name.length - meant.length) > letters) return false;
  return editDistance(name, meant) <= letters && name.replaceAll(/\d/g, '') !== meant.replaceAll(/\d/g, '');
}

/** Shorter words are names of their own, such as `cart` and `card`. */
const SHORTEST = 5;

/** Where, or what for: `japaneast` is no `japanwest`, and of `stagingbprod` it is `stagingb` that counts. */
const KIND = /(?:north|south|east|west|central|prod|stage|staging|dev|test)$/;

/**
 * The one word in which two names differ, where one of them is that word misspelt. Nothing is that tells things apart: a digit, a plural, the first or
 * the last letter (`clustera`, `clusterb`) unless letters changed places, one of the first letters of the alphabet for another. Words are what stands between other
 * characters than letters and digits.
 * @param isPlural true where a long word in the plural counts as misspelt, too
 */
export function misspeltWord(
  name: string,
  meant: string,
  isPlural = false,
): { readonly word: string; readonly meant: string } | undefined {
  const [words, wanted] = [wordsOf(name), wordsOf(meant)];
  const [i = 0, ...more] = words.flatMap((word, at) => (word === wanted[at] ? [] : [at]));
  const [own, other] = [words[i] ?? '', wanted[i] ?? ''];
  if (
    words.length !== wanted.length ||
    more.length > 0 ||
    !(isMisspelt(own, other) || (isPlural && isPluralOf(own, other)))
  )
    return undefined;
  return { word: own, meant: other };
}

/**
 * True for a key that is likely meant to be another one. A letter in place of another tells short words apart, such as in `enable_ebs` and
 * `enable_efs`, and a plural or a further word any: `zone_ids`, `zone_id_b`.
 */
export function isKeySlip(key: string, meant: string): boolean {
  if (isLonger(key, meant) || isLonger(meant, key)) return false;
  const isReplaced = key.length === meant.length && !isSwapped(key, meant);
  return isReplaced ? misspeltWord(key, meant) !== undefined : isSlip(key, meant);
}

/** True if a name is another one in the plural, or with a word before or behind it. */
function isLonger(name: string, other: string): boolean {
  const [words, own] = [name, other].map((one) =>
    wordsOf(one)
      .map((word) => word.replace(/s$/, ''))
      .join(' '),
  );
  return ` ${words} `.startsWith(` ${own} `) || ` ${words} `.endsWith(` ${own} `);
}

/** Nothing else is called nearly so. */
const DIRECTION = /^(?:north|south|east|west|central)$/;

function isMisspelt(word: string, meant: string): boolean {
  const isDirection = [word, meant].filter((one) => DIRECTION.test(one)).length === 1;
  if (isDirection && Math.min(word.length, meant.length) >= SHORTEST - 1 && !/\d/.test(word + meant))
    return editDistance(word, meant) === 1 && (isSwapped(word, meant) || hasSameEnds(word, meant));
  const [a, b] = [word, meant].map((one) => one.replace(KIND, '')) as [string, string];
  if (/\d/.test(word + meant) || Math.min(a.length, b.length) < SHORTEST || editDistance(a, b) !== 1) return false;
  const counts = a.length === b.length && [...a].some((c, i) => c !== b[i] && /^[a-d]{2}$/.test(c + b[i]));
  return (isSwapped(a, b) || hasSameEnds(a, b)) && !counts;
}

function isPluralOf(word: string, other: string): boolean {
  return Math.min(word.length, other.length) >= SHORTEST && (word === `${other}s` || other === `${word}s`);
}

function hasSameEnds(a: string, b: string): boolean {
  return a[0] === b[0] && a.at(-1) === b.at(-1);
}

/** True for the same letters in another order. */
function isSwapped(a: string, b: string): boolean {
  return [...a].sort().join('') === [...b].sort().join('');
}

export function wordsOf(name: string): readonly string[] {
  return name.split(/[^\p{L}\p{N}]+/u);
}
