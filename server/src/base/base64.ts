/** Reads base64 as Kubernetes does, where line breaks do not count, and writes it. */

/** The bytes, one per character of the result; undefined if the text is no base64. */
export function decodeBase64(text: string): string | undefined {
  try {
    return atob(text.replace(/\s+/g, ''));
  } catch {
    return undefined;
  }
}

/** The base64 of a text in UTF-8. */
export function encodeBase64(text: string): string {
  let bytes = '';
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte);
  return btoa(bytes);
}
