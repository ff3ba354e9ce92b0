/**
 * Folders and files of values that a tool is told to take and that are not there: what they hold is not known, so that nothing is said
 * about it. That is a slip where one that nothing takes is called alike, or where a whole checkout lacks it of a repository that others
 * are taken from.
 */

import type { Anchor } from '../../base/anchor.ts';
import { pathKeys } from '../../base/path.ts';
import { folderOf, inFolder, lastSegment } from '../../base/relative-path.ts';
import { nearestWord } from '../../config/did-you-mean.ts';
import type { LackedPath } from '../../deploy/deployment.ts';
import type { Expansion } from '../../deploy/expand.ts';
import { misspeltWord } from '../../deploy/name-slip.ts';
import { joinPath, repositoryRoots } from '../../deploy/repository-path.ts';
import { rootCursor } from '../../yaml/read.ts';
import type { Documents } from '../../yaml/source.ts';
import { reach } from '../deployed/built-places.ts';
import { type Folders, nearestFolder } from '../deployed/nearest-folder.ts';
import { changeTo } from '../fixes/change-to.ts';
import type { JudgedBuilds, KustomizationFault } from './kustomization-findings.ts';

export interface LackedPlace extends LackedPath {
  readonly at: Anchor;
  /** Where its repository certainly begins in the world: several others are taken from it there. */
  readonly roots: readonly string[];
  /** How many deployments take a folder or a file of the world. */
  readonly taken: ReadonlyMap<string, number>;
  /** Set for one that need not be there: the files that go into what is deployed. */
  readonly used?: ReadonlySet<string>;
  /** True if what tells of it may be left over. */
  readonly isIdle: boolean;
}

/** Fewer folders may be called as those of another repository by chance. */
const CERTAIN = 2;

/** What tools that apply folders are called. */
export const TOOLS: Readonly<Record<string, string>> = { 'argo-cd': 'Argo CD', flux: 'Flux' };
/** And those that install charts. */
export const NAMES: Readonly<Record<string, string>> = { ...TOOLS, helmfile: 'helmfile', kustomize: 'kustomize' };

/** @param all what files tell to deploy that no other file deploys */
export function lackedPlaces(all: readonly Expansion[], idle: ReadonlySet<Expansion>): readonly LackedPlace[] {
  const lacked = all.flatMap((expansion) =>
    expansion.unknown.flatMap(({ at, lacks }) =>
      lacks === undefined ? [] : [{ at, lacks, isIdle: lacks.tool === 'flux' && idle.has(expansion) }],
    ),
  );
  const named = all.flatMap(({ units }) =>
    units.flatMap(({ tool, names = [] }) => names.map((one) => ({ tool, ...one }))),
  );
  const optional = named.filter(({ missing }) => missing !== undefined);
  if (lacked.length + optional.length === 0) return [];
  const found = new Map<string, Map<string, Set<string>>>();
  for (const { repository, root, path } of all.flatMap((expansion) => expansion.found)) {
    const roots = found.get(repository) ?? new Map<string, Set<string>>();
    found.set(repository, roots.set(root, (roots.get(root) ?? new Set<string>()).add(path)));
  }
  const taken = new Map<string, number>();
  for (const { path } of named) taken.set(path, (taken.get(path) ?? 0) + 1);
  const used = new Set(
    optional.length === 0
      ? []
      : all.flatMap(({ units }) => units.flatMap(({ uses, mayUse = [] }) => [...uses, ...mayUse])),
  );
  const isLeftOut = optional.map(
    ({ tool, path, at, missing: written = path }): LackedPlace => ({
      ...{ kind: 'values', tool, written, path, repository: undefined, at, roots: [''], taken, used, isIdle: false },
    }),
  );
  const isLacking = lacked.map(({ at, lacks, isIdle }) => {
    const { repository } = lacks;
    const roots = repository === undefined ? [] : [...(found.get(repository) ?? [])];
    const certain = roots.flatMap(([root, { size }]) => (size >= CERTAIN ? root : [])).sort();
    return { ...lacks, at, roots: repository === undefined ? [''] : certain, taken, isIdle };
  });
  return [...isLacking, ...isLeftOut];
}

export function* lackedPaths(
  { lacked, misses, folders }: Pick<JudgedBuilds, 'lacked' | 'misses' | 'folders'>,
  documents: Documents,
): Generator<KustomizationFault> {
  for (const place of lacked) {
    const { tool, at, path, roots, taken } = place;
    const location = documents.locate(at);
    if (location === undefined) continue;
    if (place.used !== undefined) {
      const meant = unusedPath(path, place.used, folders);
      const written = meant && writtenFor(meant, place);
      const fixes = textAt(at, documents) === place.written ? changeTo(at, written) : [];
      const message = `${NAMES[tool]} is told to take the values in ${place.written} where they are there, and they are not. Perhaps '${written ?? meant}' is meant, which nothing takes.`;
      if (meant !== undefined) yield { severity: 'warning', message, location, at, fixes };
      continue;
    }
    const inRepository = path.replace(/^\/+/, '');
    const isMissed = roots.some((root) => {
      const joined = joinPath(root, inRepository);
      return joined !== undefined && misses(joined);
    });
    // What others apply is often of another repository, and which one this is they do not say.
    if (tool !== 'flux' && !isMissed) continue;
    const nothing = whatIsLacking(place, isMissed);
    const meant = (isMissed ? roots : repositoryRoots(location.file)).flatMap((root) => {
      const joined = joinPath(root, inRepository);
      const near = joined === undefined ? undefined : nearestPath(joined, place, folders);
      // What one other deployment takes is for its cluster; what several take may be for all.
      if (near === undefined || (tool !== 'kustomize' && taken.get(near) === 1)) return [];
      return [root === '' ? near : near.slice(root.length + 1)];
    })[0];
    const severity = (isMissed || meant !== undefined) && !place.isIdle ? 'warning' : 'hint';
    if (meant === undefined) {
      yield { severity, message: nothing, location, at };
      continue;
    }
    const written = writtenFor(meant, place);
    // The path may be a template, or one of the words that are filled into it.
    const isWhole = textAt(at, documents) === place.written;
    const fixes = isWhole ? changeTo(at, written) : [];
    yield { severity, message: `${nothing} Perhaps '${written ?? meant}' is meant.`, location, at, fixes };
  }
}

function whatIsLacking({ kind, tool, written }: LackedPlace, isMissed: boolean): string {
  const where = isMissed ? 'this checkout of its repository has none' : 'there is none in what is read';
  return kind === 'folder'
    ? `${NAMES[tool]} is told to apply the folder ${written}, and ${where}, so what it holds is not known.`
    : `${NAMES[tool]} is told to take the values in ${written}, and ${where}: without that file it renders nothing.`;
}

/** What is called alike: a folder in place of one, or a file of values in place of one. */
function nearestPath(path: string, { kind }: LackedPath, folders: Folders): string | undefined {
  if (kind === 'folder') {
    const near = nearestFolder(path, folders);
    return near !== undefined && folders.isFolder(near) ? near : undefined;
  }
  const near = folders.isFolder(folderOf(path)) ? path : nearestFolder(path, folders);
  if (near === undefined) return undefined;
  const [folder, name] = [folderOf(near), lastSegment(near)];
  const beside = folders.children(folder).flatMap((one) => (one.folder ? [] : one.name));
  if (beside.includes(name)) return near;
  const stem = nearestWord(stemOf(name), beside.map(stemOf));
  const meant = stem === undefined ? undefined : beside.find((one) => stemOf(one) === stem && /\.ya?ml$/i.test(one));
  return meant === undefined ? undefined : inFolder(folder, meant);
}

/** The only file that nothing takes and of whose path one word is called otherwise, or which has another ending. */
export function unusedPath(
  path: string,
  used: ReadonlySet<string>,
  folders: Pick<Folders, 'children'>,
): string | undefined {
  const steps = path.split('/');
  const meant = steps.flatMap((step, i) => {
    const before = steps.slice(0, i).join('/');
    const rest = steps.slice(i + 1);
    return folders.children(before).flatMap(({ name, folder }) => {
      const isFile = rest.length === 0;
      const isNear = misspeltWord(step, name) !== undefined || (isFile && stemOf(step) === stemOf(name));
      const near = [inFolder(before, name), ...rest].join('/');
      return folder !== isFile && isNear && /\.ya?ml$/i.test(near) && !used.has(near) && isThere(near, folders)
        ? near
        : [];
    });
  });
  return meant.length === 1 ? meant[0] : undefined;
}

function isThere(path: string, folders: Pick<Folders, 'children'>): boolean {
  return folders.children(folderOf(path)).some(({ name, folder }) => !folder && name === lastSegment(path));
}

function stemOf(name: string): string {
  return name.replace(/\.[^.]*$/, '');
}

/** How a path from the root of the repository is written in the place of the one that is lacking; undefined where that starts elsewhere. */
function writtenFor(meant: string, { kind, tool, path, written }: LackedPath): string | undefined {
  if (kind === 'folder') return `${tool === 'flux' ? './' : ''}${meant}`;
  if (written.endsWith(path)) return written.slice(0, written.length - path.length) + meant;
  const start = path.slice(0, path.length - written.length);
  return path.endsWith(written) && meant.startsWith(start) ? meant.slice(start.length) : undefined;
}

function textAt({ doc, path }: Anchor, documents: Documents): string | undefined {
  const root = documents.parsed(doc)?.root;
  const written = root && reach(rootCursor(doc, root), pathKeys(path));
  return written?.exists === true && written.cursor.node.type === 'scalar' ? written.cursor.node.text : undefined;
}
