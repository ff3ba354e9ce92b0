/** Reads a file as text: UTF-8 with or without a byte order mark, or UTF-16 with one. */
import { readFileSync, statSync } from 'node:fs';
import type { FileRead } from '../ports.ts';

/** Larger files are no manifests that a person wrote. */
export const MAX_FILE_BYTES = 5 * 1024 * 1024;

/**
 * Reads the file at `path`, which must be no device or pipe once links are followed.
 * @param file what the result calls it
 */
export function readText(path: string, file: string): FileRead {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return { file, gone: true };
    if (!stat.isFile()) return { file, skipped: 'unreadable' };
    if (stat.size > MAX_FILE_BYTES) return { file, skipped: 'too-large' };
    const text = readFileSync(path, 'utf8');
    // Node reads a file as UTF-8 in one go; only what does not look like it is looked at as bytes.
    return text.includes('\0') || text.startsWith('\ufffd')
      ? decode(readFileSync(path), file)
      : { file, text: withoutMark(text) };
  } catch {
    return { file, skipped: 'unreadable' };
  }
}

function decode(bytes: Buffer, file: string): FileRead {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
  const text = new TextDecoder(encoding).decode(bytes);
  return text.includes('\0') ? { file, skipped: 'binary' } : { file, text };
}

/** Editors do not count the byte order mark as a character of the first line. */
function withoutMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}
