/** What a path in a kustomization names: a place in the world, one above it that nobody reads, or something far away. */
import { resolvePath } from '../../base/relative-path.ts';

export type Named =
  | { readonly type: 'inside'; readonly path: string }
  /** Above the root of the world, or an absolute path. */
  | { readonly type: 'outside' }
  | { readonly type: 'remote' };

/** True if a path names a folder above the root of the world: one that the folder itself lies in. */
export function leadsAbove(folder: string, path: string): boolean {
  if (path.startsWith('/')) return false;
  let depth = folder === '' ? 0 : folder.split('/').length;
  let above = false;
  for (const step of path.split('/')) {
    if (step === '..') {
      depth--;
      above = depth < 0;
    } else if (step !== '' && step !== '.') {
      if (above) return false;
      depth++;
    }
  }
  return above;
}

/** An address that a file is loaded from (kustomize `IsRemoteFile`). */
export function isRemoteFile(path: string): boolean {
  return /^https?:/i.test(path);
}

/** An address of a repository (kustomize `git.NewRepoSpecFromURL`). */
export function isRepository(path: string): boolean {
  if (path.startsWith('/')) return false;
  const address = path.replace(/^git::/i, '');
  const scheme = /^(?:ssh|https?|file):\/\//i.exec(address)?.[0] ?? '';
  const rest = address.slice(scheme.length);
  const user = /^[a-zA-Z][a-zA-Z0-9-]*@/.exec(rest)?.[0] ?? '';
  const github = /^github\.com[/:]/i.test(rest.slice(user.length));
  if (scheme === '' && user === '' && !github) return false;
  return /[/:]./.test(rest.slice(user.length));
}

export function named(folder: string, path: string): Named {
  if (isRemoteFile(path) || isRepository(path)) return { type: 'remote' };
  const joined = resolvePath(folder, path);
  return joined === undefined ? { type: 'outside' } : { type: 'inside', path: joined };
}
