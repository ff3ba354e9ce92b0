/** Where units lie that go to their tool's own cluster: at the file that tells of them, or at the folder that they apply. */
import { folderOf } from '../base/relative-path.ts';
import type { Unit } from './unit.ts';

/**
 * A file's path to tell the cluster by. What Flux reads lies in the folder of its cluster. Argo CD's applications often lie together,
 * so there the folder that is applied tells more, unless several files apply it, or it is one of an app of apps: these are as many as
 * there are clusters with an Argo CD of their own.
 */
export function unitPlaces(units: readonly Unit[]): ReadonlyMap<Unit, string> {
  const holders = new Map<string, Set<string>>();
  for (const { folder, holder } of units) {
    if (folder === undefined) continue;
    const known = holders.get(folder);
    if (known === undefined) holders.set(folder, new Set([holder]));
    else known.add(holder);
  }
  const roots = new Set(units.filter(isNested).map(({ holder }) => folderOf(holder)));
  return new Map(
    units.map((unit) => {
      const { folder, holder, tool } = unit;
      const isShared = folder === undefined || (holders.get(folder)?.size ?? 0) > 1;
      if (tool !== 'argo-cd' || isShared || (isNested(unit) && roots.size > 1)) return [unit, holder] as const;
      return [unit, folder === '' ? 'kustomization.yaml' : `${folder}/kustomization.yaml`] as const;
    }),
  );
}

/** True for what an app of apps deploys to its own cluster. */
function isNested({ via, tool, destination }: Unit): boolean {
  return tool === 'argo-cd' && via.length > 1 && destination.kind === 'own';
}
