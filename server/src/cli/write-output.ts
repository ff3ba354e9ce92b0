/** Writes a file that the arguments name. */
import { resolve } from 'node:path';
import { type Io, UsageError } from './io.ts';

/**
 * @param given the path as the arguments have it
 * @throws UsageError if it cannot be written there
 */
export async function writeOutput(given: string, text: Iterable<string>, io: Io): Promise<void> {
  try {
    await io.host.files.write(resolve(io.cwd, given), text);
  } catch (error) {
    throw new UsageError(`cannot write ${given}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
