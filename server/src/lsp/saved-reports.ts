/** Finds the saved reports of a folder, to be offered as imports. */
import type { CancellationToken } from 'vscode-languageserver';
import { asConfigured, type ConfigArea } from '../config/config-area.ts';
import type { Files } from '../host/ports.ts';
import { TOOL } from '../report/tool.ts';

/** Whoever has more JSON files than this knows the name of the report. */
const MOST_FILES = 2_000;

/** A report says so before anything that is long. */
const HEAD_LENGTH = 200;

/**
 * Paths as a configuration file names them, in order.
 * @param area what that file holds for
 */
export async function savedReports(
  root: string,
  area: ConfigArea,
  files: Files,
  token: CancellationToken,
): Promise<readonly string[]> {
  const found: string[] = [];
  let seen = 0;
  for await (const batch of files.workspace(root, { include: ['**/*.json'], exclude: [] })) {
    for (const read of batch) {
      const named = asConfigured(area, read.file);
      if (named === undefined || !('text' in read)) continue;
      if (read.text.slice(0, HEAD_LENGTH).includes(`"${TOOL.name}"`)) found.push(named);
    }
    seen += batch.length;
    if (seen > MOST_FILES || token.isCancellationRequested) break;
  }
  return found.sort();
}
