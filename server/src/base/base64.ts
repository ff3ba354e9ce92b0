/** Reads base64 as Kubernetes does: line breaks in it do not count. */

/** The bytes, one per character of the result; undefined if the text is no base64. */
export function decodeBase64(text: string): string | undefined {
  try {
    return atob(text.replace(/\s+/g, ''));
  } catch {
    return undefined;
  }
}
