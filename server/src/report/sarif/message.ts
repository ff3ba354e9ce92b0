/** Texts as SARIF's messages want them (SARIF 2.1.0, 3.11): their syntax has placeholders in braces, and links. */

/** Text of which nothing is a placeholder or a link. */
export function sarifText(text: string): string {
  return braced(text).replaceAll('](', '\\](');
}

/** Markdown, whose links are meant (3.11.4). */
export function sarifMarkdown(markdown: string): string {
  return braced(markdown);
}

/** A link to the location of the same result that has this id (3.11.6); GitHub shows only those related locations that are linked. */
export function sarifLink(text: string, id: number): string {
  return `[${braced(text).replace(/[\\[\]]/g, '\\$&')}](${id})`;
}

function braced(text: string): string {
  return text.replace(/[{}]/g, '$&$&');
}
