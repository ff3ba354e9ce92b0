/** A cache in files of the user's own, in the folder that the system has for it. */
import { createHash, randomBytes } from 'node:crypto';
import { constants, statSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import type { Cache } from '../ports.ts';

/** Larger texts are not kept. */
const MOST_BYTES = 32 * 1024 * 1024;
/** Of all that is kept the newest stay: so many, and so many bytes. */
const MOST_ENTRIES = 64;
const MOST_BYTES_TOGETHER = 128 * 1024 * 1024;
/** What is half written after this long was given up. */
const GIVEN_UP_MS = 60 * 60 * 1000;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where the user's caches are: https://specifications.freedesktop.org/basedir-spec/latest/ and its like on macOS and Windows.
 * @returns an absolute path; undefined if the environment does not tell
 */
export function cacheFolder(env: Environment, platform: NodeJS.Platform = process.platform): string | undefined {
  const home = env.HOME ?? (env === process.env ? homedir() : '');
  const system =
    platform === 'win32'
      ? (env.LOCALAPPDATA ?? '')
      : platform === 'darwin'
        ? env.XDG_CACHE_HOME || join(home, 'Library', 'Caches')
        : env.XDG_CACHE_HOME || join(home, '.cache');
  return isAbsolute(system) ? join(system, 'ambient-multicluster') : undefined;
}

/**
 * @param folder an absolute path; it is made when something is first kept
 * @param program what is kept is of no use to another program, or to the same one when its file is another: its path
 */
export function nodeCache(folder: string, program: string): Cache {
  let build: string | undefined;
  const pathOf = (name: string): string => {
    build ??= buildOf(program);
    return join(folder, hash(`${build}\n${name}`));
  };
  return {
    get: async (name) => {
      try {
        const path = pathOf(name);
        const content = await contentOf(path);
        const end = content.indexOf('\n');
        const text = content.slice(end + 1);
        if (content.slice(0, end) !== hash(text)) return undefined;
        const now = new Date();
        await utimes(path, now, now).catch(() => {}); // what is used is not the first to go
        return text;
      } catch {
        return undefined;
      }
    },
    set: async (name, text) => {
      if (text.length > MOST_BYTES) return;
      const temporary = join(folder, `${randomBytes(8).toString('hex')}.tmp`);
      try {
        await makeFolder(folder);
        await writeFile(temporary, `${hash(text)}\n${text}`, { mode: 0o600, flag: 'wx' });
        await rename(temporary, pathOf(name));
        await makeRoom(folder);
      } catch {
        await rm(temporary, { force: true }).catch(() => {});
      }
    },
  };
}

/** Node's own `recursive` never ends below `/proc`, where nothing can be made. */
async function makeFolder(path: string): Promise<void> {
  const make = (): Promise<void> =>
    mkdir(path, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  const parent = dirname(path);
  try {
    await make();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || parent === path) throw error;
    await makeFolder(parent);
    await make();
  }
}

/** Nothing is waited for: a pipe in the place of an entry is none. */
async function contentOf(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    return (await file.stat()).isFile() ? await file.readFile('utf8') : '';
  } finally {
    await file.close();
  }
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function buildOf(program: string): string {
  const { size, mtimeMs } = statSync(program, { throwIfNoEntry: false }) ?? { size: 0, mtimeMs: 0 };
  return `${program} ${size} ${mtimeMs}`;
}

async function makeRoom(folder: string): Promise<void> {
  const files = await Promise.all(
    (await readdir(folder)).map(async (name) => {
      const path = join(folder, name);
      const { size, mtimeMs } = await stat(path);
      return { path, size, mtimeMs, isTemporary: name.endsWith('.tmp') };
    }),
  );
  let bytes = 0;
  let entries = 0;
  for (const file of files.sort((a, b) => b.mtimeMs - a.mtimeMs)) {
    const isGivenUp = file.isTemporary && Date.now() - file.mtimeMs > GIVEN_UP_MS;
    if (!file.isTemporary) {
      bytes += file.size;
      entries++;
    }
    const isTooMuch = !file.isTemporary && (bytes > MOST_BYTES_TOGETHER || entries > MOST_ENTRIES);
    if (isGivenUp || isTooMuch) await rm(file.path, { force: true });
  }
}
