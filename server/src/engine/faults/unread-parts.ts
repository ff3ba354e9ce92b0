/** Tells of files for deployment tools which parts of them are not known: the others are read. */
import { showPath } from '../../base/path.ts';
import type { UnknownPart } from '../../deploy/deployment.ts';
import type { SkippedFile } from '../../layout/layout.ts';
import type { Documents } from '../../yaml/source.ts';
import type { Builds } from '../deployed/builds.ts';
import type { Deployments } from '../deployed/deployments.ts';
import type { FileUses } from '../deployed/file-uses.ts';

/** Of a build that is refused for what one of its files holds, that file cannot be read, and not the kustomization. */
export function withBrokenParts(
  skipped: readonly SkippedFile[],
  builds: Builds,
  documents: Documents,
): readonly SkippedFile[] {
  const named = new Map<string, SkippedFile>();
  for (const one of skipped) {
    const doc = one.reason === 'broken-yaml' ? builds.brokenPartOf(one.file) : undefined;
    const file = (doc && documents.document(doc)?.file) ?? one.file;
    if (named.get(file)?.cluster === undefined) named.set(file, file === one.file ? one : { ...one, file });
  }
  return [...named.values()].sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** What goes into a build is a deployment only if the build has it, too: it may be a patch, which says but a part. */
export function withParts(
  skipped: readonly SkippedFile[],
  deployments: Deployments,
  uses: FileUses,
): readonly SkippedFile[] {
  const policies = new Map([...deployments.policies].filter(([file]) => !uses.isUsed(file)));
  const told = new Map<string, number>();
  for (const part of deployments.expansions.flatMap(({ unknown }) => unknown))
    told.set(placeOf(part), (told.get(placeOf(part)) ?? 0) + 1);
  const known = skipped.map((one): SkippedFile => {
    const own = deployments.unknownIn(one.file);
    const unknown = uses.isUsed(one.file) ? own.filter((part) => (told.get(placeOf(part)) ?? 0) > 1) : own;
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

function placeOf({ at: { doc, path } }: UnknownPart): string {
  return `${doc} ${showPath(path)}`;
}
