/** Tells of files for deployment tools which parts of them are not known: the others are read. */
import type { SkippedFile } from '../layout/layout.ts';
import type { Deployments } from './deployments.ts';
import type { FileUses } from './file-uses.ts';

/** What goes into a build is no deployment by itself: it may be a patch, which says but a part. */
export function withParts(
  skipped: readonly SkippedFile[],
  deployments: Deployments,
  uses: FileUses,
): readonly SkippedFile[] {
  const parts = skipped.map(({ file }) => (uses.isUsed(file) ? [] : deployments.unknownIn(file)));
  if (parts.every((unknown) => unknown.length === 0)) return skipped;
  return skipped.map((file, i) => (parts[i]?.length ? { ...file, parts: parts[i] } : file));
}
