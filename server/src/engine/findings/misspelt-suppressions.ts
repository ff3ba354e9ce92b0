/** Comments and annotations that were to silence something, with a keyword that is none. */
import { editDistance } from '../../config/did-you-mean.ts';
import { FINDING_IDS } from './own-rules.ts';

/** What is said in place of the keyword, and what would silence. */
export interface MisspeltSuppression {
  readonly said: string;
  readonly kind: 'line' | 'file';
  readonly rules: readonly string[];
  readonly reason: string;
}

const NAME = 'ambient-multicluster';

/** What people call it to silence something, here and in other tools. */
const VERBS = ['ignore', 'disable', 'suppress', 'silence', 'skip', 'nolint', 'exclude'];
const DETAILS = ['file', 'next', 'line', 'rule', 'rules', 'this'];

/** More letters are another word. */
const MOST_LETTERS = 2;

/**
 * What a comment is that begins with this program's name, or nearly: one that goes on with a word for silencing, and names a rule.
 * @param text the comment without its `#`, or the key of an annotation, a blank, and its value
 */
export function misspeltSuppression(text: string): MisspeltSuppression | undefined {
  const words = [...text.matchAll(/[A-Za-z0-9]+(?:[-_/.][A-Za-z0-9]+)*/g)];
  const first = words.findIndex(([word]) => FINDING_IDS.includes(word));
  const start = words[first]?.index;
  if (start === undefined || !isKeyword(text.slice(0, start))) return undefined;
  const rules: string[] = [];
  let end = start;
  for (const { 0: word, index } of words.slice(first)) {
    if (!FINDING_IDS.includes(word) || !/^[\s,]*$/.test(text.slice(end, index))) break;
    rules.push(word);
    end = index + word.length;
  }
  const said = text.slice(0, start).trimEnd();
  const reason = text.slice(end).replace(/^[\s:,-]+/, '');
  return { said, kind: /\bfile\b/i.test(said) ? 'file' : 'line', rules, reason };
}

/** True for the name and a word for silencing, each spelt nearly so, and nothing else. */
function isKeyword(text: string): boolean {
  const [first = '', second = '', ...others] = text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  const isName = isNear(`${first}-${second}`, NAME);
  return (
    isName && others.some((word) => isAny(word, VERBS)) && others.every((word) => isAny(word, [...VERBS, ...DETAILS]))
  );
}

function isAny(word: string, known: readonly string[]): boolean {
  return known.some((one) => word === one || (one.length > 4 && isNear(word, one)));
}

function isNear(word: string, known: string): boolean {
  return editDistance(word, known) <= MOST_LETTERS;
}
