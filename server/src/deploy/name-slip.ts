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

/** Words as short as this are names of their own, such as `a` and `b`. */
const SHORT = 3;

/**
 * The one word in which two names differ, where one of them is that word misspelt: `orders-east` and `orders-west` are none, nor are `db-a`
 * and `db-b`. Words are what stands between other characters than letters and digits.
 */
export function misspeltWord(
  name: string,
  meant: string,
): { readonly word: string; readonly meant: string } | undefined {
  const [words, wanted] = [wordsOf(name), wordsOf(meant)];
  if (words.length !== wanted.length) return isSlip(name, meant) ? { word: name, meant } : undefined;
  const [i = 0, ...more] = words.flatMap((word, at) => (word === wanted[at] ? [] : [at]));
  const [own, other] = [words[i] ?? '', wanted[i] ?? ''];
  if (more.length > 0 || Math.min(own.length, other.length) <= SHORT || !isSlip(own, other)) return undefined;
  return { word: own, meant: other };
}

function wordsOf(name: string): readonly string[] {
  return name.split(/[^\p{L}\p{N}]+/u);
}
