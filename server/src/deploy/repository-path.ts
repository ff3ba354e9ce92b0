/** Resolves the paths that manifests name: they count from the root of a repository, which may be the world or a folder of it. */
import { resolvePath, withoutEndSlashes } from '../base/relative-path.ts';
import { isKustomizationFile } from '../facts/foreign.ts';
import type { DeployFiles } from './deploy-files.ts';
import type { DeployTool, FoundPath, LackedPath } from './deployment.ts';

/** `path` seen from `folder`, an absolute one from the root of the repository; undefined if it leaves the world. */
export function joinPath(folder: string, path: string): string | undefined {
  return path.startsWith('/') ? resolvePath('', path.replace(/^\/+/, '')) : resolvePath(folder, path);
}

/** True for what is not a path, but an address from which a tool takes a file, such as `s3://bucket/a.yaml` or `git::https://host/repository@a.yaml`. */
export function isAddress(path: string): boolean {
  return /^[a-z][a-z0-9+.-]*:(?:\/\/|:)/i.test(path);
}

/** Where a repository may begin of which `file` is a part: the world, then the folders above the file from the outermost on. */
export function repositoryRoots(file: string): readonly string[] {
  const steps = file.split('/').slice(0, -1);
  return ['', ...steps.map((_, index) => steps.slice(0, index + 1).join('/'))];
}

/** True if something is at the path. */
export function exists(files: DeployFiles, path: string): boolean {
  return files.isFolder(path) || files.file(path) !== 'missing';
}

/**
 * What `path` means in the repository of `file`, if it is in sight there. The root of a repository is not: whoever applies that as a whole
 * nearly always means another repository.
 */
export function inRepository(files: DeployFiles, file: string, path: string): string | undefined {
  if (resolvePath('', path.replace(/^\/+/, '')) === '') return undefined;
  for (const root of repositoryRoots(file)) {
    const joined = joinPath(root, path.replace(/^\/+/, ''));
    if (joined !== undefined && exists(files, joined)) return joined;
  }
  return undefined;
}

/**
 * How a folder or a file was found; none where the name of its repository is not known.
 * @param path as it counts from the root of the repository
 * @param found where it is in the world
 */
export function foundPath(repository: string | undefined, path: string, found: string): readonly FoundPath[] {
  const steps = resolvePath('', path.replace(/^\/+/, ''));
  if (repository === undefined || !steps || !`/${found}`.endsWith(`/${steps}`)) return [];
  return [{ path: steps, repository, root: found.slice(0, -steps.length).replace(/\/$/, '') }];
}

/** A folder that a tool is told to apply and that is not there. */
export function lackedFolder(tool: DeployTool, path: string, repository: string): LackedPath {
  return { kind: 'folder', tool, written: path, path, repository };
}

/** `github.com/acme/fleet` of `ssh://git@github.com/acme/fleet.git`; undefined for what is filled in later. */
export function comparableUrl(url: string | undefined): string | undefined {
  if (url === undefined || /\$\{|\{\{/.test(url)) return undefined;
  return withoutEndSlashes(url.toLowerCase())
    .replace(/^[a-z+]+:\/\//, '')
    .replace(/^[^@/]*@/, '')
    .replace(':', '/')
    .replace(/\.git$/, '');
}

/** True if a folder holds a kustomization. */
export function hasKustomization(files: DeployFiles, folder: string): boolean {
  return files.children(folder).some(({ name, folder: isFolder }) => !isFolder && isKustomizationFile(name));
}
