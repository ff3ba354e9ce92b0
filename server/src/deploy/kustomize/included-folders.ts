/** Which folders a kustomization includes, directly and through others: known before anything is evaluated, so that circles are seen. */

import { family } from '../../base/incremental.ts';
import { resolvePath } from '../../base/relative-path.ts';
import { sameData } from '../../base/same-data.ts';
import type { DeployFiles } from '../deploy-files.ts';
import { findKustomization, list } from './kustomization-file.ts';
import { textOf } from './placed-nodes.ts';

/** Deeper than this nobody nests kustomizations, and no more of them are in one build. */
const MAX_LEVELS = 50;
const MAX_FOLDERS = 5_000;

export interface IncludedFolders {
  /** The folders that a kustomization names directly. */
  direct(folder: string): readonly string[];
  /** All folders that it includes; undefined if they are too many or nested too deep. */
  all(folder: string): ReadonlySet<string> | undefined;
}

export function includedFolders(files: DeployFiles): IncludedFolders {
  const direct = family((folder): readonly string[] => namedFolders(files, folder), sameData);
  const all = family((folder): ReadonlySet<string> | undefined => {
    const found = new Set<string>();
    let level: readonly string[] = [folder];
    for (let depth = 0; level.length > 0; depth++) {
      if (depth > MAX_LEVELS || found.size > MAX_FOLDERS) return undefined;
      const next: string[] = [];
      for (const at of level) {
        for (const child of direct(at)) {
          if (found.has(child)) continue;
          found.add(child);
          next.push(child);
        }
      }
      level = next;
    }
    return found;
  }, sameData);
  return { direct, all };
}

function namedFolders(files: DeployFiles, folder: string): readonly string[] {
  const found = findKustomization(files, folder);
  if (found.type !== 'found') return [];
  const { root } = found.kustomization;
  const folders = new Set<string>();
  for (const key of ['resources', 'bases', 'components']) {
    for (const { node } of list(root, key)) {
      const path = resolvePath(folder, textOf(node));
      if (path !== undefined && textOf(node) !== '' && files.file(path) === 'missing' && files.isFolder(path)) {
        folders.add(path);
      }
    }
  }
  return [...folders];
}
