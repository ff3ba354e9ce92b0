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
  const policies = new Map([...deployments.policies].filter(([file]) => !uses.isUsed(file)));
  const known = skipped.map((one): SkippedFile => {
    const unknown = uses.isUsed(one.file) ? [] : deployments.unknownIn(one.file);
    const parts = [...unknown, ...(policies.get(one.file) ?? [])];
    policies.delete(one.file);
    return parts.length === 0 ? one : { ...one, parts };
  });
  if (policies.size === 0) return known.every((one, i) => one === skipped[i]) ? skipped : known;
  const others = [...policies].map(
    ([file, parts]): SkippedFile => ({ file, reason: 'other-tool', cluster: undefined, parts }),
  );
  return [...known, ...others].sort((a, b) => (a.file < b.file ? -1 : 1));
}
