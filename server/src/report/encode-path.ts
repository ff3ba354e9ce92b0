/** Paths as relative references of RFC 3986: for links and for SARIF. */

/** What `encodeURIComponent` leaves as it is, but Markdown and some readers of URIs do not. */
const LEFT_OVER = /[()'!*]/g;

/** Percent-encodes everything that could end a path, start a query or a fragment, or be taken for a scheme. */
export function encodePath(file: string): string {
  const encoded = file
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .split('/')
    .map((step) =>
      encodeURIComponent(step).replace(LEFT_OVER, (character) => `%${character.charCodeAt(0).toString(16)}`),
    )
    .join('/');
  return encoded.startsWith('//') ? `.${encoded}` : encoded;
}
