/** Text from files made fit for Markdown, in running text, in tables and in links. */
import type { Location } from '../../base/range.ts';
import { encodePath } from '../encode-path.ts';
import { plain } from '../plain-text.ts';

/**
 * Where readers make links of what is no markup: the `//` of addresses, `www.`, and the `@` of mail and of people
 * (https://github.github.com/gfm/#autolinks-extension-). Escapes do not keep all of them from it, a comment in between does.
 */
const LINKED = /(?<=\/)(?=\/)|(?<=www)(?=\.)|(?=@)/gi;

/** `text` as it is, whatever is in it; underscores and dots inside of words are harmless and stay readable. */
export function escapeMarkdown(text: string): string {
  return plain(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\\`*[\]{}|~#!$]/g, '\\$&')
    .replace(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\_')
    .replace(LINKED, '<!-- -->');
}

/** `text` as code: nothing in it is markup, not even for readers that show comments. */
export function codeSpan(text: string): string {
  const inner = plain(text);
  const fence = '`'.repeat(1 + Math.max(0, ...(inner.match(/`+/g) ?? []).map(({ length }) => length)));
  const gap = fence.length > 1 || /^ | $/.test(inner) ? ' ' : '';
  return fence + gap + inner + gap + fence;
}

/** A link to the line of a place; the path is relative to the root, as the report is. */
export function placeLink({ file, range }: Location): string {
  const line = range.start.line + 1;
  return `[${escapeMarkdown(file)}:${line}](${encodePath(file)}#L${line})`;
}

export function fileLink(file: string): string {
  return `[${escapeMarkdown(file)}](${encodePath(file)})`;
}

/** A table; cells are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
