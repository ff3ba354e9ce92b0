/** Finds the object that a reference by name means, where several clusters may each have one of that name. */
import { folderOf } from '../../base/relative-path.ts';
import type { Cursor } from '../../yaml/read.ts';
import type { DeployObject, DeployWorld } from '../deployment.ts';
import { isInNamespace, textAt } from '../read-text.ts';

export interface Reference {
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
}

/**
 * The object, if there is one in sight and it is clear which: what is applied together with what refers to it, else the only one of its
 * name, in the same file, in the same folder, or in the nearest folder above.
 */
export function referredObject(world: DeployWorld, file: string, reference: Reference): Cursor | undefined {
  const { kind, namespace, name } = reference;
  if (name === undefined) return undefined;
  const isNamed = (object: Cursor): boolean =>
    textAt(object, 'metadata', 'name') === name && isInNamespace(object, namespace);
  const beside = (world.beside ?? []).filter((object) => textAt(object, 'kind') === kind && isNamed(object));
  if (beside.length > 0) return only(beside);
  return nearest(
    world.objects(kind).filter(({ object }) => isNamed(object)),
    file,
  )?.object;
}

function nearest(candidates: readonly DeployObject[], file: string): DeployObject | undefined {
  if (candidates.length <= 1) return candidates[0];
  const own = candidates.filter((candidate) => candidate.file === file);
  if (own.length > 0) return only(own);
  for (let folder = folderOf(file); ; folder = folderOf(folder)) {
    const inFolder = candidates.filter((candidate) => folder === '' || candidate.file.startsWith(`${folder}/`));
    if (inFolder.length > 0) return only(inFolder);
    if (folder === '') return undefined;
  }
}

function only<T>(found: readonly T[]): T | undefined {
  return found.length === 1 ? found[0] : undefined;
}
