/** Appends to the summary of a job of GitHub Actions. */
import type { Io } from './io.ts';

/** The file that the runner names; undefined outside of a job. */
export function jobSummaryFile({ env }: Pick<Io, 'env'>): string | undefined {
  return env.GITHUB_STEP_SUMMARY || undefined;
}

/** A summary that cannot be written is told, and no reason to fail: the annotations are there. */
export async function appendJobSummary(file: string, markdown: string, io: Io): Promise<void> {
  const read = await io.host.files.named(file);
  if ('skipped' in read) return io.err(`no job summary: ${file} cannot be read: ${read.skipped}`);
  const before = 'text' in read ? read.text : '';
  try {
    await io.host.files.write(file, before === '' ? markdown : `${before}\n${markdown}`);
  } catch (error) {
    io.err(`no job summary: ${error instanceof Error ? error.message : String(error)}`);
  }
}
