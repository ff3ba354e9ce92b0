/**
 * Reads regular files and nothing else. What is at a path is asked of the open file, so that a file that becomes a pipe between the
 * question and the reading stops nobody, and one that grows meanwhile fills no memory.
 */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { FileRead } from '../ports.ts';
import { decode } from './decode.ts';
import { stampOf } from './stamp.ts';

/** Larger files are no manifests that a person wrote. */
export const MAX_FILE_BYTES = 5 * 1024 * 1024;

/** A file that the configuration names may be one that a program wrote. */
export const MAX_NAMED_BYTES = 20 * 1024 * 1024;

/** Most files fit in here; it is never given away. */
const SCRATCH = Buffer.allocUnsafeSlow(64 * 1024);

/** Windows has neither. Opening a pipe waits for its other end, unless told otherwise. */
const READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
const NO_LINK = constants.O_NOFOLLOW ?? 0;

export interface ReadLimits {
  readonly bytes: number;
  /** The path itself must be no link. */
  readonly noLink?: true;
  /** The time, in milliseconds since 1970, by which what is read gets its stamp; without it, it gets none. */
  readonly stampedAt?: number | undefined;
}

/**
 * Reads the file at `path`.
 * @param file what the result calls it
 */
export function readText(path: string, file: string, limits: ReadLimits = { bytes: MAX_FILE_BYTES }): FileRead {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, limits.noLink ? READ | NO_LINK : READ);
    const stat = fstatSync(descriptor, { bigint: true });
    if (!stat.isFile()) return { file, skipped: 'unreadable' };
    const stamp = limits.stampedAt !== undefined && { stamp: stampOf(stat, limits.stampedAt) };
    if (stat.size > limits.bytes) return { file, skipped: 'too-large', ...stamp };
    const text = decode(readBytes(descriptor, Number(stat.size)));
    return text === undefined ? { file, skipped: 'binary', ...stamp } : { file, text, ...stamp };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? { file, gone: true } : { file, skipped: 'unreadable' };
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** At most `size` bytes; fewer if the file has become shorter. Valid until the next call. */
function readBytes(descriptor: number, size: number): Buffer {
  const buffer = size <= SCRATCH.length ? SCRATCH : Buffer.allocUnsafeSlow(size);
  let length = 0;
  while (length < size) {
    const read = readSync(descriptor, buffer, length, size - length, null);
    if (read === 0) break;
    length += read;
  }
  return buffer.subarray(0, length);
}
