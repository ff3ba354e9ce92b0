/** Walks a workspace: which files are in it, without reading them. */
import { type Dirent, readdirSync, realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import { compileGlobs } from '../../base/glob.ts';
import { otherSource } from '../../base/other-sources.ts';
import type { WorkspaceOptions } from '../ports.ts';
import { type IgnoreRules, isIgnored, withFolderRules } from './git-ignore.ts';
import { kindOf } from './kind-of.ts';
import { leadsOut, linkTarget } from './links.ts';
import { rulesAbove } from './repository.ts';
import { isIstioRelease, isNeverRead } from './unread-folders.ts';

export interface WalkedFile {
  /** Relative to the root, with `/`. */
  readonly file: string;
  readonly path: string;
  /** True if only its name is to be told. */
  readonly listed?: true;
}

/** A folder that could not be listed. */
export interface UnlistedFolder {
  readonly file: string;
  readonly unlisted: true;
}

/** Folders below each other; deeper ones are no one's manifests, and what is asked of each path grows with them. */
const MAX_DEPTH = 64;

interface Folder {
  readonly path: string;
  /** Relative to the root of the workspace, and to that of the repository; '' or ending with `/`. */
  readonly inRoot: string;
  readonly inRepository: string;
  /** The ignore rules of the folders above. */
  readonly above: IgnoreRules | undefined;
  /** Real paths of the linked folders that lead here. */
  readonly links: readonly string[];
}

/** Whether the globs take a file of the workspace. Of what manifests are made, and of `Kustomization`, they take what lies where manifests would. */
export function globFilter(options: WorkspaceOptions): (file: string) => boolean {
  const { include, globBase = '' } = options;
  const included = compileGlobs(include);
  const excluded = exclusion(options);
  return (file) => {
    const path = globBase + withLowerEnding(file);
    const isWithoutEnding = otherSource(file) !== undefined || /(?:^|\/)Kustomization$/.test(file);
    return (included(path) || (isWithoutEnding && included(`${path}.yaml`))) && !excluded(file);
  };
}

/** `gateway.YAML` is YAML for kustomize, for editors, and on the disks of Windows: the globs are meant to take it. */
function withLowerEnding(file: string): string {
  return file.replace(/\.ya?ml$/i, (ending) => ending.toLowerCase());
}

function exclusion({ exclude, globBase = '' }: WorkspaceOptions): (file: string) => boolean {
  if (exclude.length === 0) return () => false;
  const excluded = compileGlobs(exclude);
  return (file) => excluded(globBase + file);
}

/** What becomes of a file by its name. */
type Judge = (file: string) => 'read' | 'listed' | undefined;

function judgeBy(options: WorkspaceOptions): Judge {
  const takes = globFilter(options);
  const excluded = exclusion(options);
  return (file) => (takes(file) ? 'read' : file.endsWith('.json') && !excluded(file) ? 'listed' : undefined);
}

/**
 * The files of a workspace that the globs take, and those of JSON, as far as git does not ignore them, in code-unit order within each folder;
 * none where there is no such folder.
 */
export function* walk(root: string, options: WorkspaceOptions): Generator<WalkedFile | UnlistedFolder> {
  if (kindOf(root) !== 'folder') return;
  const realRoot = realpathSync.native(root);
  const judge = judgeBy(options);
  const seen = new Set<string>();
  for (const start of options.within ?? ['']) {
    const path = join(root, start);
    if (options.named !== true && leadsOut(root, start)) continue;
    const kind = kindOf(path);
    if (kind === 'folder') {
      const { rules, base } = rulesAbove(path);
      const inRoot = start === '' ? '' : `${start}/`;
      for (const found of walkFolder({ path, inRoot, inRepository: base, above: rules, links: [] }, realRoot, judge)) {
        if (!seen.has(found.file)) yield found;
        if ((options.within?.length ?? 0) > 1) seen.add(found.file);
      }
    } else if (kind === 'file' && !seen.has(start)) {
      seen.add(start);
      yield { file: start, path };
    }
  }
}

function* walkFolder(folder: Folder, realRoot: string, judge: Judge): Generator<WalkedFile | UnlistedFolder> {
  let entries: Dirent[];
  try {
    if (folder.inRoot.split('/').length > MAX_DEPTH) throw new Error('too deep');
    entries = readdirSync(folder.path, { withFileTypes: true });
  } catch {
    yield { file: folder.inRoot === '' ? '.' : folder.inRoot.slice(0, -1), unlisted: true };
    return;
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const hasRules = entries.some(({ name }) => name === '.gitignore');
  const rules = hasRules ? withFolderRules(folder.above, folder.path, folder.inRepository) : folder.above;
  for (const entry of entries) {
    const { name } = entry;
    // The name of an entry is no path to be made sense of: joining thousands of them takes its time.
    const path = folder.path.endsWith(sep) ? folder.path + name : folder.path + sep + name;
    let links = folder.links;
    let isFile = entry.isFile();
    let isFolder = entry.isDirectory();
    if (entry.isSymbolicLink()) {
      const target = linkTarget(path, realRoot, links);
      isFile = target?.kind === 'file';
      isFolder = target?.kind === 'folder';
      if (isFolder && target !== undefined) links = [...links, target.path];
    }
    if (isFile) {
      const file = folder.inRoot + name;
      const judged = judge(file);
      if (judged === undefined || isIgnored(rules, folder.inRepository + name)) continue;
      yield judged === 'listed' ? { file, path, listed: true } : { file, path };
    } else if (isFolder && !isNeverRead(name) && !isIgnored(rules, `${folder.inRepository}${name}/`)) {
      if (isIstioRelease(path, name)) continue;
      const inRoot = `${folder.inRoot}${name}/`;
      const inRepository = `${folder.inRepository}${name}/`;
      yield* walkFolder({ path, inRoot, inRepository, above: rules, links }, realRoot, judge);
    }
  }
}
