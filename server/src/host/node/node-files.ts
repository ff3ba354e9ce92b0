/** The file system of the machine, for Node. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { FileRead, Files, ListedFile, StampedFile, WorkspaceOptions } from '../ports.ts';
import { isIgnored, withFolderRules } from './git-ignore.ts';
import { kindOf } from './kind-of.ts';
import { leadsOut, sameFiles } from './links.ts';
import { MAX_FILE_BYTES, MAX_NAMED_BYTES, readText } from './read-text.ts';
import { findUpwards, rulesAbove } from './repository.ts';
import { stampOf } from './stamp.ts';
import { isIstioRelease, isNeverRead } from './unread-folders.ts';
import { globFilter, type UnlistedFolder, type WalkedFile, walk } from './walk.ts';
import { isMissingFromCheckout } from './whole-checkout.ts';
import { byteOrderMark, writeAtomically } from './write.ts';

/**
 * A batch ends after this many milliseconds or characters, so that neither reading it nor what the reader does with it stalls
 * the event loop for long. Reading synchronously in slices costs a fraction of what a promise per file does.
 */
const SLICE_MS = 8;
const SLICE_CHARACTERS = 512 * 1024;

/** Walks a workspace in batches of what `look` tells of each file, if it is there. */
async function* inBatches<T>(
  root: string,
  options: WorkspaceOptions,
  look: (found: WalkedFile | UnlistedFolder) => T | undefined,
  charactersOf: (seen: T) => number,
  now: () => number,
): AsyncGenerator<readonly T[]> {
  let batch: T[] = [];
  let characters = 0;
  let end = now() + SLICE_MS;
  for (const found of walk(root, options)) {
    const seen = look(found);
    if (seen !== undefined) {
      batch.push(seen);
      characters += charactersOf(seen);
    }
    if (characters < SLICE_CHARACTERS && now() < end) continue;
    if (batch.length > 0) yield batch;
    await setImmediate();
    if (options.signal?.aborted) return;
    batch = [];
    characters = 0;
    end = now() + SLICE_MS;
  }
  if (batch.length > 0) yield batch;
}

function readFound(
  found: WalkedFile | UnlistedFolder,
  stampedAt: number | undefined,
): FileRead | ListedFile | undefined {
  const { file } = found;
  if ('listed' in found) return { file, listed: true };
  if ('unlisted' in found) return { file, skipped: 'unreadable' };
  const read = readText(found.path, file, { bytes: MAX_FILE_BYTES, stampedAt });
  if (!('gone' in read)) return read;
  // A name that is no UTF-8 does not lead to its file.
  return file.includes('\ufffd') ? { file, skipped: 'unreadable' } : undefined;
}

function stampFound(found: WalkedFile | UnlistedFolder, now: number): StampedFile | ListedFile | undefined {
  const { file } = found;
  if ('listed' in found) return { file, listed: true };
  if ('unlisted' in found) return { file, stamp: undefined };
  try {
    const stat = statSync(found.path, { bigint: true, throwIfNoEntry: false });
    return stat && { file, stamp: stampOf(stat, now) };
  } catch {
    return { file, stamp: undefined }; // a folder that may not be entered, links in a loop
  }
}

/** Whether `walk` would give a file if it existed. */
function includes(root: string, file: string, options: WorkspaceOptions): boolean {
  const folders = file.split('/').slice(0, -1);
  if (folders.some(isNeverRead) || !globFilter(options)(file)) return false;
  const above = rulesAbove(root);
  let path = root;
  let base = above.base;
  let rules = withFolderRules(above.rules, path, base);
  for (const folder of folders) {
    path = join(path, folder);
    base += `${folder}/`;
    if (isIgnored(rules, base) || isIstioRelease(path, folder)) return false;
    rules = withFolderRules(rules, path, base);
  }
  return !isIgnored(rules, above.base + file);
}

/**
 * @param now tells the milliseconds by which batches are measured
 * @param date tells those since 1970
 */
export function nodeFilesBy(now: () => number, date: () => number = Date.now): Files {
  return {
    workspace: (root, options) =>
      inBatches(
        root,
        options,
        (found) => readFound(found, options.stamped && date()),
        (read) => ('text' in read ? read.text.length : 0),
        now,
      ),
    stamps: (root, options) =>
      inBatches(
        root,
        options,
        (found) => stampFound(found, date()),
        () => 0,
        now,
      ),
    file: async (root, file, named) => {
      if (leadsOut(root, file, named)) return { file, gone: true };
      const path = join(root, file);
      const read = readText(path, file, named ? { bytes: MAX_NAMED_BYTES } : undefined);
      return 'gone' in read && isMissingFromCheckout(path) ? { ...read, isMissed: true } : read;
    },
    named: async (path) => readText(path, path),
    includes: async (root, file, options) => includes(root, file, options),
    configuration: async (root, name) => findUpwards(root, name),
    kind: async (path) => kindOf(path),
    sameFiles: async (root, names) => sameFiles(root, names),
    write: writeAtomically,
    byteOrderMark: (path, expected) => byteOrderMark(path, expected),
  };
}

export const nodeFiles = nodeFilesBy(() => performance.now());
