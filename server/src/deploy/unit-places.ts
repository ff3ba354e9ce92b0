/** Where units lie that go to their tool's own cluster: at the file that tells of them, or at the folder that they apply. */
import type { Unit } from './unit.ts';

/**
 * A file's path to tell the cluster by. What Flux reads lies in the folder of its cluster. Argo CD's applications often lie together,
 * so there the folder that is applied tells more, unless several files apply it.
 */
export function unitPlaces(units: readonly Unit[]): ReadonlyMap<Unit, string> {
  const holders = new Map<string, Set<string>>();
  for (const { folder, holder } of units) {
    if (folder === undefined) continue;
    const known = holders.get(folder);
    if (known === undefined) holders.set(folder, new Set([holder]));
    else known.add(holder);
  }
  return new Map(
    units.map((unit) => {
      const { folder, holder, tool } = unit;
      const isShared = folder === undefined || (holders.get(folder)?.size ?? 0) > 1;
      if (tool !== 'argo-cd' || isShared) return [unit, holder] as const;
      return [unit, folder === '' ? 'kustomization.yaml' : `${folder}/kustomization.yaml`] as const;
    }),
  );
}
