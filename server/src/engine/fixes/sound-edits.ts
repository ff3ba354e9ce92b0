/** What kustomize would make of the edits of a fix: whether it refuses anything, and who would get something else. */
import { pathKeys } from '../../base/path.ts';
import type { NodeEdit } from '../../yaml/edit.ts';
import { editedTexts } from '../../yaml/text-edits.ts';
import type { BuildUse } from '../deployed/build-use.ts';
import { isMadeIn, objectAt } from '../deployed/built-places.ts';
import { isComposed } from '../deployed/composed-values.ts';
import { givesTheSame, isRefusedNow } from '../deployed/trial-builds.ts';
import { assignmentEdit } from './assignment-edits.ts';
import type { FixScope, OverlayWorld, Wish } from './overlay-edits.ts';
import { isSpread } from './patch-entries.ts';

/** True if a whole value would be written where only a part of it stands, be it in a patch of that place. */
function setsPart(edits: readonly NodeEdit[], wishes: readonly Wish[], world: OverlayWorld): boolean {
  // An assignment such as `network=east` is written again as a whole.
  const wished = wishes.flatMap(({ edit }) => (assignmentEdit(edit, world) === undefined ? edit : []));
  const values = wished.flatMap((edit) => (edit.op === 'set' ? [edit.value] : []));
  return [...wished, ...edits].some(
    (edit) => edit.op === 'set' && values.includes(edit.value) && isComposed(edit.at, world),
  );
}

/** True if one of the edits is of a patch that is also for others than the object that is to be another. */
function isForOtherObjects(edits: readonly NodeEdit[], wishes: readonly Wish[], world: OverlayWorld): boolean {
  const builds = edits.flatMap((edit) =>
    world.usesOf(fileOf(edit, world) ?? '').flatMap(({ build }) => (build === undefined ? [] : [{ edit, build }])),
  );
  return wishes.some(
    ({ object }) => object !== undefined && builds.some(({ edit, build }) => isSpread(edit, build, object, world)),
  );
}

/**
 * True if kustomize refuses nothing that it took before, clusters that a fix is not for get what they got, and those that it is for get
 * what is wished.
 */
export function isSound(
  edits: readonly NodeEdit[],
  wishes: readonly Wish[],
  { isForAll }: FixScope,
  world: OverlayWorld,
): boolean {
  if (setsPart(edits, wishes, world) || (!isForAll && isForOtherObjects(edits, wishes, world))) return false;
  const files = new Set(edits.flatMap((edit) => fileOf(edit, world) ?? []));
  if ([...files].every((file) => usesIn(file, world).every(({ build }) => build === undefined))) return true;
  const texts = editedTexts(world.documents, edits);
  if (texts === undefined) return false;
  const after = world.builtWith(texts);
  const concerned = new Set(wishes.flatMap((wish) => [...wish.concerned]));
  // Also what changes nothing must have been so.
  const uses = [...new Set([...files, ...texts.keys()])].flatMap((file) => usesIn(file, world));
  const builds = new Map(uses.flatMap((use) => (use.build === undefined ? [] : [[use.build, use] as const])));
  const tried = new Set<string>();
  for (const [build, use] of builds) {
    // Tools may deploy one folder to several clusters.
    const clusters = new Set(uses.flatMap((one) => (one.build === build ? one.clusters : [])));
    const own = [...clusters].some((id) => concerned.has(id));
    const like = likenessOf(use, wishes, [...files, ...texts.keys()], own, world);
    if (tried.has(like)) continue;
    tried.add(like);
    const made = after(build.folder, use.edited);
    if (made === undefined) continue;
    if (isRefusedNow(build, made)) return false;
    const due = wishes.filter((wish) => [...clusters].some((cluster) => wish.concerned.has(cluster)));
    if (!due.every(({ edit, object }) => isMadeIn(edit, build, made, object, use.references))) return false;
    const isForEach = own && due.every((wish) => [...clusters].every((cluster) => wish.concerned.has(cluster)));
    if (!isForEach && !isForAll && concerned.size > 0 && !givesTheSame(build, made)) return false;
  }
  return true;
}

/** The same for builds that read the same of the edited files and patch the edited objects alike: one of them tells of the others. */
function likenessOf(
  use: BuildUse,
  wishes: readonly Wish[],
  files: readonly string[],
  own: boolean,
  world: OverlayWorld,
): string {
  const isRead = (file: string): boolean => world.usesOf(file).some(({ build }) => build === use.build);
  const objects = wishes.map(({ edit, object }) =>
    'at' in edit && use.build !== undefined ? objectAt(edit.at, use.build, object)?.object : undefined,
  );
  const patches = objects.map((object) => object?.patches.map(({ doc, path }) => [doc, ...pathKeys(path).map(String)]));
  // What is added may meet anything.
  const isPlain = wishes.every(({ edit }) => 'at' in edit && edit.op !== 'append');
  return JSON.stringify([own, isPlain ? '' : use.build?.folder, [...new Set(files)].filter(isRead), patches]);
}

/** What a file goes into, and what it tells a tool to edit. */
export function usesIn(file: string, world: OverlayWorld): readonly BuildUse[] {
  return [...world.usesOf(file), ...world.usesBy(file)];
}

export function fileOf(edit: NodeEdit, { documents }: OverlayWorld): string | undefined {
  if ('file' in edit) return edit.file;
  return documents.document(('at' in edit ? edit.at : edit.beside).doc)?.file;
}
