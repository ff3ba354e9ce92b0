/** Replaces a file at once, as far as the file system allows. */
import { isUtf8 } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { access, constants, lstat, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { leadsOutOfRepository } from './repository.ts';

const BYTE_ORDER_MARK = Buffer.from('\ufeff');

/**
 * Writes beside the file and renames. Links, hard ones too, stay links, and the mode and a byte order mark stay as they are. What is no
 * regular file (a pipe, `/dev/stdout`) is written as it is. What the user protected against writing stays, and so does what a link in a
 * repository leads to outside of it: whoever wrote the repository could have it overwritten by an output of that name.
 */
export async function writeAtomically(path: string, text: Iterable<string>, expected?: string | null): Promise<void> {
  if (expected === undefined && leadsOutOfRepository(path)) {
    throw new Error(`${path} is, or lies behind, a link that leads out of the repository`);
  }
  const target = await realpath(path).catch(() => path);
  if (target === path && (await leadsNowhere(path))) throw new Error(`${path} is a link that leads nowhere`);
  const before = await stat(target).catch(() => undefined);
  if (before !== undefined && expected === null) throw new Error(`${path} exists already`);
  if (before !== undefined && !before.isFile()) {
    if (expected !== undefined) throw new Error(`${path} is no file`);
    return writeFile(target, text);
  }
  if (before !== undefined) await access(target, constants.W_OK);
  const mark = before === undefined || typeof expected !== 'string' ? '' : await byteOrderMark(target, expected, path);
  // Its other names are to have the new text too.
  if (before !== undefined && before.nlink > 1) return writeFile(target, withMark(mark, text));
  const temporary = `${target}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await writeFile(temporary, withMark(mark, text), { mode: before?.mode ?? 0o666, flag: 'wx' });
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/**
 * The byte order mark that a file has before its text, or nothing. Rejects if it does not hold `expected`, as UTF-8, any more.
 * @param called what the file is called where it rejects
 */
export async function byteOrderMark(path: string, expected: string, called = path): Promise<string> {
  const bytes = await readFile(path);
  const marked = bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
  const content = marked ? bytes.subarray(BYTE_ORDER_MARK.length) : bytes;
  if (content.equals(Buffer.from(expected))) return marked ? '\ufeff' : '';
  throw new Error(`${called} ${isUtf8(content) ? 'has changed meanwhile' : 'is not UTF-8'}`);
}

/** True of a link to something that is not there: it would be replaced. */
async function leadsNowhere(path: string): Promise<boolean> {
  const [link, target] = await Promise.all([lstat, stat].map((look) => look(path).catch(() => undefined)));
  return link?.isSymbolicLink() === true && target === undefined;
}

function* withMark(mark: string, text: Iterable<string>): Generator<string, void> {
  yield mark;
  if (typeof text === 'string') yield text;
  else yield* text;
}
