/**
 * Folders that Argo CD or Flux is told to apply and that are not there: what they hold is not known, so that nothing is said about it. That
 * is a slip where a folder that nothing applies is called alike, or where a whole checkout lacks it of a repository that others are taken from.
 */
import type { Anchor } from '../base/anchor.ts';
import type { LackedFolder } from '../deploy/deployment.ts';
import type { Expansion } from '../deploy/expand.ts';
import { joinPath, repositoryRoots } from '../deploy/repository-path.ts';
import type { Documents } from '../yaml/source.ts';
import type { JudgedBuilds, KustomizationFault } from './kustomization-findings.ts';
import { nearestFolder } from './nearest-folder.ts';

export interface LackedPlace extends LackedFolder {
  readonly at: Anchor;
  /** Where its repository certainly begins in the world: several other folders are taken from it there. */
  readonly roots: readonly string[];
  /** Folders of the world that are applied. */
  readonly applied: ReadonlySet<string>;
}

/** Fewer folders may be called as those of another repository by chance. */
const CERTAIN = 2;

/** What tools that apply folders are called. */
export const TOOLS: Readonly<Record<string, string>> = { 'argo-cd': 'Argo CD', flux: 'Flux' };

/** @param all what all files tell to deploy */
export function lackedPlaces(all: readonly Pick<Expansion, 'unknown' | 'found'>[]): readonly LackedPlace[] {
  const lacked = all.flatMap(({ unknown }) =>
    unknown.flatMap(({ at, lacks }) => (lacks === undefined ? [] : [{ at, lacks }])),
  );
  if (lacked.length === 0) return [];
  const found = new Map<string, Map<string, Set<string>>>();
  const applied = new Set<string>();
  for (const { repository, root, path } of all.flatMap((expansion) => expansion.found)) {
    applied.add(root === '' ? path : `${root}/${path}`);
    const roots = found.get(repository) ?? new Map<string, Set<string>>();
    found.set(repository, roots.set(root, (roots.get(root) ?? new Set<string>()).add(path)));
  }
  return lacked.map(({ at, lacks }) => {
    const roots = [...(found.get(lacks.repository) ?? [])];
    const certain = roots.flatMap(([root, { size }]) => (size >= CERTAIN ? root : [])).sort();
    return { ...lacks, at, roots: certain, applied };
  });
}

export function* lackedFolders(
  { lacked, lacks, folders, deployed }: Pick<JudgedBuilds, 'lacked' | 'lacks' | 'folders' | 'deployed'>,
  documents: Documents,
): Generator<KustomizationFault> {
  for (const { tool, at, path, roots, applied } of lacked) {
    const location = documents.locate(at);
    if (location === undefined) continue;
    const inRepository = path.replace(/^\/+/, '');
    const isMissed = roots.some((root) => {
      const joined = joinPath(root, inRepository);
      return joined !== undefined && lacks(joined);
    });
    // What Argo CD applies is often of another repository, and which one this is it does not say.
    if (tool !== 'flux' && !isMissed) continue;
    const where = isMissed ? 'this checkout of its repository has none' : 'there is none in what is read';
    const nothing = `${TOOLS[tool]} is told to apply the folder ${path}, and ${where}, so what it holds is not known.`;
    const meant = (isMissed ? roots : repositoryRoots(location.file)).flatMap((root) => {
      const joined = joinPath(root, inRepository);
      const near = joined === undefined ? undefined : nearestFolder(joined, folders);
      if (near === undefined || !folders.isFolder(near) || deployed.has(near) || applied.has(near)) return [];
      return [`${tool === 'flux' ? './' : ''}${root === '' ? near : near.slice(root.length + 1)}`];
    })[0];
    const severity = isMissed || meant !== undefined ? 'warning' : 'hint';
    if (meant === undefined) yield { severity, message: nothing, location, at };
    else {
      const edits = () => [{ op: 'set', at, value: meant } as const];
      // Argo CD's path may be a template, or one of the words that are filled into it.
      const fixes =
        tool === 'flux' ? [{ title: `Change path to '${meant}'`, safe: false, preferred: true, edits }] : [];
      yield { severity, message: `${nothing} Perhaps '${meant}' is meant.`, location, at, fixes };
    }
  }
}
