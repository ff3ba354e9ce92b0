/** What of a file is not known, in words. */
import type { SkippedFile } from '../layout/layout.ts';
import type { Documents } from '../yaml/source.ts';

/** More parts of one file are counted. */
const MOST = 4;

/** Each such as `the folder apps/web (line 12)`. */
export function unreadParts(parts: NonNullable<SkippedFile['parts']>, documents: Documents): readonly string[] {
  const lines = parts.map(({ what, at }) => {
    const line = documents.locate(at)?.range.start.line;
    return line === undefined ? what : `${what} (line ${line + 1})`;
  });
  const all = [...new Set(lines)];
  return all.length <= MOST ? all : [...all.slice(0, MOST - 1), `… and ${all.length - MOST + 1} more`];
}
