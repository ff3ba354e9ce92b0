/** Turns the bytes of a file into text: UTF-8 with or without a byte order mark, or UTF-16 with one. */

/** The text of the bytes; undefined if they are none. */
export function decode(bytes: Buffer): string | undefined {
  const text = bytes.toString('utf8');
  // Only what does not look like UTF-8 is looked at as bytes.
  if (!text.includes('\0') && !text.startsWith('\ufffd')) return withoutMark(text);
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
  const decoded = new TextDecoder(encoding).decode(bytes);
  return decoded.includes('\0') ? undefined : decoded;
}

/** Editors do not count the byte order mark as a character of the first line. */
function withoutMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}
