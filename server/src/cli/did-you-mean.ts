/** "Did you mean", as messages of the command line say it. */
import { nearestWord } from '../config/did-you-mean.ts';

/** Such as ` (did you mean sarif?)`, or nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  const found = nearestWord(word, known);
  return found === undefined ? '' : ` (did you mean ${found}?)`;
}
