/** The paths of the command line as one world: a root, and what of it is read. */
import { dirname, relative, resolve, sep } from 'node:path';
import { type Io, UsageError } from './io.ts';

/** The file in which what comes from standard input stands. */
export const STDIN_FILE = '<stdin>';

export interface DeclaredCluster {
  readonly name: string;
  /** Relative to the root, with `/`; '' for the root itself. */
  readonly path: string;
}

export interface WorldPaths {
  /** Absolute path: the common ancestor of all paths. */
  readonly root: string;
  /** What is read below it; undefined: everything. */
  readonly within: readonly string[] | undefined;
  /** The folders among the paths, without the root. */
  readonly folders: readonly string[];
  readonly declared: readonly DeclaredCluster[];
  readonly stdin: boolean;
}

/**
 * @param operands the paths as given; none means the present folder, or only what `--cluster` names
 * @param clusters values of `--cluster`
 * @throws UsageError for a path that does not exist
 */
export async function worldPaths(
  operands: readonly string[],
  clusters: readonly string[],
  io: Io,
): Promise<WorldPaths> {
  const declared = clusters.map(parseCluster);
  const stdin = declared.filter(({ path }) => path === '-').length;
  if (stdin > 1) throw new UsageError('only one --cluster can read standard input');
  const named = declared.filter(({ path }) => path !== '-').map(({ path }) => path);
  const given = [...operands, ...named];
  const paths = await Promise.all((given.length > 0 || stdin > 0 ? given : ['.']).map((path) => existing(path, io)));
  const common = commonFolder(paths, io);
  // A cluster that is the whole root would take what comes from standard input, too.
  const root = stdin > 0 && paths.some(({ path }) => path === common) ? dirname(common) : common;
  const inRoot = (path: string): string => relative(root, path).split(sep).join('/');
  return {
    root,
    within: paths.some(({ path }) => path === root) ? undefined : [...new Set(paths.map(({ path }) => inRoot(path)))],
    folders: [...new Set(paths.flatMap(({ path, folder }) => (path === folder && path !== root ? inRoot(path) : [])))],
    declared: declared.map(({ name, path }) => ({
      name,
      path: path === '-' ? STDIN_FILE : inRoot(resolve(io.cwd, path)),
    })),
    stdin: stdin > 0,
  };
}

function parseCluster(text: string): { readonly name: string; readonly path: string } {
  const equals = text.indexOf('=');
  if (equals <= 0 || equals === text.length - 1) throw new UsageError(`--cluster ${text}: must be NAME=PATH`);
  return { name: text.slice(0, equals), path: text.slice(equals + 1) };
}

interface GivenPath {
  readonly path: string;
  readonly folder: string;
}

async function existing(given: string, io: Io): Promise<GivenPath> {
  const path = resolve(io.cwd, given);
  const kind = await io.host.files.kind(path);
  if (kind === undefined) throw new UsageError(`no such file or folder: ${given}`);
  return { path, folder: kind === 'folder' ? path : dirname(path) };
}

function commonFolder(paths: readonly GivenPath[], io: Io): string {
  let common = paths[0]?.folder ?? io.cwd;
  for (const { folder } of paths) {
    while (folder !== common && !folder.startsWith(common.endsWith(sep) ? common : common + sep))
      common = dirname(common);
  }
  return common;
}
