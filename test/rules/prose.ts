/** How messages are judged as English: what can be said of a text without knowing what it is about. */

/** What messages never contain, and why. */
const NEVER: readonly (readonly [RegExp, string])[] = [
  [/\bundefined\b|\[object |\bNaN\b/, 'a value that was not meant to be shown'],
  [/ {2}|\s$|^\s|\n/, 'stray white space'],
  [/''|""|“”|\(\)|``/, 'an empty name'],
  [/\?/, 'a question'],
  [/(?:^|\s)([\w./-]+) \1(?=[\s.,;:)]|$)/i, 'a doubled word'],
  [/ (?:[,;:)]|\.(?!\.\.))|\( |,,|(?<!\.)\.\.(?!\.)/, 'misplaced punctuation'],
  [/\b1 (?:files|clusters|others|places|entries)\b|\b[2-9] (?:file|cluster|place|entry)\b/, 'a wrong plural'],
  [/(?<![=/-]|: )\b(?:a [aeio]\w|an [bcdfgjkpqtvwz]\w)/, 'a wrong article'],
];

/** Forms that no experienced user of Istio would write. */
const STILTED: readonly RegExp[] = [
  /\bdid you mean\b/i,
  /(?<!\bthere )\bis (?:of )?no (?:API|text|string|label|list|map|number|date|version|object|file)\b/i,
  /\bcan be no\b/,
  /\bin the eyes of\b/,
  /\ball the same\b/,
  /\bas a rule\b/,
  /\bnone of .* and none\b/,
  /\bsays network\b/,
  /\bcalls? (?:itself|themselves)\b/,
  /\bso it is with\b/i,
  /\bgoes by the name\b/,
  /, and \w+ it (?:cannot|can|is)\b/,
  /\bnetwork network network\b/,
];

/** More names in a row than `listed` shows. */
const TOO_LONG_A_LIST = /(?:[\w./-]+, ){6,}/;

/** Words in small letters that messages begin with, beside names of clusters and fields: components are written so. */
const COMPONENTS: ReadonlySet<string> = new Set(['istiod', 'ztunnel', 'istio-cni', 'kustomize']);

/** What is wrong with any text that is shown, be it a sentence or not. */
export function faultsOfText(text: string): readonly string[] {
  const faults = NEVER.filter(([pattern]) => pattern.test(text)).map(([, fault]) => fault);
  if (STILTED.some((pattern) => pattern.test(text))) faults.push('a stilted form');
  if (TOO_LONG_A_LIST.test(text)) faults.push('too long a list');
  if (text === '') faults.push('nothing');
  return faults;
}

/**
 * What is wrong with a message: one or two sentences.
 * @param names what else may begin it in small letters: clusters, fields
 */
export function faultsOfMessage(text: string, names: ReadonlySet<string>): readonly string[] {
  const faults = [...faultsOfText(text)];
  const [first = ''] = text.split(' ');
  if (!/^[A-Z]/.test(first) && !COMPONENTS.has(first) && !names.has(first)) faults.push('a small letter at the start');
  if (!/[^.]\.$/.test(text)) faults.push('no period at the end');
  const sentences = text.split(/(?<!\.\.)\. |[!?] /).length;
  if (sentences > 2) faults.push('more than two sentences');
  return faults;
}

/** What is wrong with a title or a phrase, which ends without a period. @param begins how it begins */
export function faultsOfPhrase(text: string, begins: RegExp): readonly string[] {
  const faults = [...faultsOfText(text)];
  if (!begins.test(text)) faults.push('another beginning');
  if (/[.:;,]$/.test(text)) faults.push('punctuation at the end');
  return faults;
}
