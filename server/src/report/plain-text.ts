/** Text from files made fit to be shown in a terminal or a document. */

/**
 * What must not be shown: control characters, what turns text round, and what cannot be seen. The joiners of emoji and of scripts that need
 * them stay; between letters of ASCII they are but invisible.
 */
const UNFIT = /[\p{Cc}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]|(?![\u200c\u200d])\p{Cf}|(?<!\P{ASCII})[\u200c\u200d]/gu;

/** How lines that a pipeline takes for a command of its own begin: `##vso[`, `##[`, `##teamcity[`. */
const COMMAND = /##(?=\w*\[)/g;

/** Nearly all texts: printable ASCII, in which only `#` needs a second look. */
const FIT = /^[ -"$-~]*$/;

/** One line without control characters: no file may move the cursor, colour the rest, turn the text round, or command a pipeline. */
export function plain(text: string): string {
  if (FIT.test(text)) return text;
  return text
    .replace(UNFIT, (character) => (character === '\n' || character === '\t' ? ' ' : escaped(character)))
    .replace(COMMAND, '#\\u0023');
}

/** The same at the start of a line: GitHub takes one that begins with `::` for a command. */
export function plainStart(text: string): string {
  return plain(text).replace(/^(\s*):(?=:)/, '$1\\u003a');
}

function escaped(character: string): string {
  const code = character.codePointAt(0) as number;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** Line breaks and tabs. */
const LAYOUT = /([\n\t])/;
/** The colours of `paint.ts` too. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: a colour begins with one
const PAINTED = /(\u001b\[(?:1|2|22|3[1-4]|39)m|[\n\t])/;

/**
 * A whole output without control characters but line breaks.
 * @param painted it was made with colours, and what it tells of files was made fit before
 */
export function forTerminal(text: string, painted: boolean): string {
  return text
    .split(painted ? PAINTED : LAYOUT)
    .map((part, i) => (i % 2 === 1 ? part : plain(part)))
    .join('');
}

/** `file:line:column` as editors and terminals read it: counted from one. */
export function placeText(file: string, start: { readonly line: number; readonly character: number }): string {
  return `${plainStart(file)}:${start.line + 1}:${start.character + 1}`;
}
