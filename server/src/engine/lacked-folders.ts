/**
 * Folders that Flux is told to apply and that are not there: what they hold is not known, so that nothing is said about it. That is a
 * hint, as not all of a repository need be in sight, unless a folder that nothing applies is called alike.
 */
import { joinPath, repositoryRoots } from '../deploy/repository-path.ts';
import type { Documents } from '../yaml/source.ts';
import type { JudgedBuilds, KustomizationFault } from './kustomization-findings.ts';
import { nearestFolder } from './nearest-folder.ts';

export function* lackedFolders(
  { lacked, folders, deployed }: Pick<JudgedBuilds, 'lacked' | 'folders' | 'deployed'>,
  documents: Documents,
): Generator<KustomizationFault> {
  for (const { at, path } of lacked) {
    const location = documents.locate(at);
    if (location === undefined) continue;
    const nothing = `Flux is told to apply the folder ${path}, and there is none in what is read, so what it holds is not known.`;
    const meant = repositoryRoots(location.file).flatMap((root) => {
      const joined = joinPath(root, path.replace(/^\/+/, ''));
      const near = joined === undefined ? undefined : nearestFolder(joined, folders);
      if (near === undefined || !folders.isFolder(near) || deployed.has(near)) return [];
      return [`./${root === '' ? near : near.slice(root.length + 1)}`];
    })[0];
    if (meant === undefined) yield { severity: 'hint', message: nothing, location, at };
    else {
      const edits = () => [{ op: 'set', at, value: meant } as const];
      const fixes = [{ title: `Change path to '${meant}'`, safe: false, preferred: true, edits }];
      yield { severity: 'warning', message: `${nothing} Perhaps '${meant}' is meant.`, location, at, fixes };
    }
  }
}
