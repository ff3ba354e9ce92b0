/** Writes the files that fixes changed, or the patch that would change them. A fix is written as a whole or not at all. */
import { join } from 'node:path';
import { type FixedWorld, fixDiff } from './fix-world.ts';
import type { Io } from './io.ts';

export interface WrittenFixes {
  readonly fixes: number;
  readonly files: number;
  /** True if something could not be written. */
  readonly isPart: boolean;
}

export interface ShownFixes {
  readonly patch: string;
  /** True if something could not be shown. */
  readonly isPart: boolean;
}

/**
 * A file that changed since it was read is left as it is, and named; so are the files that belong to it by a fix. New files come first: what
 * nothing names yet does no harm.
 */
export async function writeFixes({ files, fixes }: FixedWorld, root: string, io: Io): Promise<WrittenFixes> {
  const failed = new Set<string>();
  const written = new Set<string>();
  const inOrder = [...files].sort(([, a], [, b]) => Number(a.before !== undefined) - Number(b.before !== undefined));
  for (const [file, { before, after }] of inOrder) {
    if (failed.has(file)) continue;
    try {
      await io.host.files.write(join(root, file), after, before ?? null);
      written.add(file);
    } catch (error) {
      io.err(`not written: ${messageOf(error)}`);
      for (const other of boundTo(file, fixes)) failed.add(other);
    }
  }
  for (const file of written) {
    const { before, after } = files.get(file) ?? {};
    if (!failed.has(file) || after === undefined) continue;
    try {
      // Nothing is deleted: a new file stays, and is named.
      if (before === undefined) throw new Error(`${file} is new, and nothing names it`);
      await io.host.files.write(join(root, file), before, after);
      written.delete(file);
    } catch (error) {
      io.err(`not taken back: ${messageOf(error)}`);
    }
  }
  return {
    fixes: fixes.filter((changed) => !changed.some((file) => failed.has(file))).length,
    files: written.size,
    isPart: failed.size > 0,
  };
}

/** What would be written, as a patch that applies to the bytes of the files: what could not be written is left out, and named. */
export async function showFixes({ files, fixes }: FixedWorld, root: string, io: Io): Promise<ShownFixes> {
  const failed = new Set<string>();
  const marks = new Map<string, string>();
  for (const [file, { before }] of files) {
    if (before === undefined) continue;
    try {
      marks.set(file, await io.host.files.byteOrderMark(join(root, file), before));
    } catch (error) {
      io.err(`not shown: ${messageOf(error)}`);
      for (const other of boundTo(file, fixes)) failed.add(other);
    }
  }
  const shown = new Map([...files].filter(([file]) => !failed.has(file)));
  return { patch: fixDiff({ files: shown }, marks), isPart: failed.size > 0 };
}

/** The files that must not be changed without one. */
function boundTo(file: string, fixes: FixedWorld['fixes']): ReadonlySet<string> {
  const bound = new Set([file]);
  for (let size = 0; size < bound.size; ) {
    size = bound.size;
    for (const changed of fixes) if (changed.some((one) => bound.has(one))) for (const one of changed) bound.add(one);
  }
  return bound;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
