/** Finds the files that belong to kustomizations: what they amount to is not what they say. */
import { folderOf, resolvePath } from '../base/relative-path.ts';
import type { FileTraits } from './file-traits.ts';

/**
 * Tells whether a file is part of a kustomize tree: it lies beside a kustomization, or one names it or a folder above it.
 * A kustomization that names a folder means the kustomization in there, so this takes what that one does not list too.
 */
export function kustomizeTree(files: Iterable<FileTraits>): (traits: FileTraits) => boolean {
  const folders = new Set<string>();
  const named = new Set<string>();
  for (const { folder, kustomizes } of files) {
    if (kustomizes === undefined) continue;
    folders.add(folder);
    for (const path of kustomizes) {
      const target = resolvePath(folder, path);
      // A kustomization cannot name a folder above its own without building itself.
      if (target !== undefined && target !== '' && !`${folder}/`.startsWith(`${target}/`)) named.add(target);
    }
  }
  return ({ file, folder }) => {
    if (folders.size === 0) return false;
    if (folders.has(folder) || named.has(file)) return true;
    for (let at = folder; at !== ''; at = folderOf(at)) if (named.has(at)) return true;
    return false;
  };
}
