/** Text from files made fit to be shown in a terminal or a document. */

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a terminal
const UNFIT = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** One line without control characters: no file may move the cursor, colour the rest, or turn the text round. */
export function plain(text: string): string {
  return text.replace(UNFIT, (character) =>
    character === '\n' || character === '\t' ? ' ' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Our own colours (`paint.ts`), line breaks and tabs. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: a colour begins with one
const OURS = /(\u001b\[[0-9;]*m|[\n\t])/;

/** A whole output without control characters but our own colours and line breaks. */
export function forTerminal(text: string): string {
  return text
    .split(OURS)
    .map((part, i) => (i % 2 === 1 ? part : plain(part)))
    .join('');
}

/** `file:line:column` as editors and terminals read it: counted from one. */
export function placeText(file: string, start: { readonly line: number; readonly character: number }): string {
  return `${plain(file)}:${start.line + 1}:${start.character + 1}`;
}
