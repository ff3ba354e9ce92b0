/** Finds the saved reports of a folder, to be offered as imports. */
import type { CancellationToken } from 'vscode-languageserver';
import type { Files } from '../host/ports.ts';
import { TOOL } from '../report/tool.ts';

/** Whoever has more JSON files than this knows the name of the report. */
const MOST_FILES = 2_000;

/** A report says so before anything that is long. */
const HEAD_LENGTH = 200;

/** Paths relative to the folder, in order. */
export async function savedReports(root: string, files: Files, token: CancellationToken): Promise<readonly string[]> {
  const found: string[] = [];
  let seen = 0;
  for await (const batch of files.workspace(root, { include: ['**/*.json'], exclude: [] })) {
    for (const read of batch) {
      if ('text' in read && read.text.slice(0, HEAD_LENGTH).includes(`"${TOOL.name}"`)) found.push(read.file);
    }
    seen += batch.length;
    if (seen > MOST_FILES || token.isCancellationRequested) break;
  }
  return found.sort();
}
