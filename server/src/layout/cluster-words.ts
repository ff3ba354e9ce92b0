/** Finds the cluster that a path speaks of, by the names of clusters that were recognised elsewhere. */
import { folderOf } from '../base/relative-path.ts';
import { isSharedFolder, nameWords, ownerWords } from './path-words.ts';

/** A cluster as paths know it: its steps, such as `prod` and `00`, and other names of it. */
export interface WordedCluster {
  readonly key: readonly string[];
  readonly otherNames: readonly string[];
}

/** A name of one cluster has at most so many words between hyphens. */
const MAX_WORDS = 6;

/**
 * A function that gives the only cluster that a file's path speaks of: a folder with its name at any depth
 * (`shop/overlays/east/`), else its name among the words of the file's name (`east-gw.yaml`). Below `base/`, `common/` and the like a
 * word may be a part of another name: there the file's name must speak of nothing else.
 */
export function clusterWords<C extends WordedCluster>(clusters: Iterable<C>): (file: string) => C | undefined {
  const byLastStep = new Map<string, Set<C>>();
  const trees = new Map<string, readonly string[]>();
  for (const cluster of clusters) {
    const tree = cluster.key.slice(0, -1);
    if (tree.length > 0) trees.set(tree.join('/'), tree);
    for (const name of [cluster.key.at(-1), ...cluster.otherNames]) {
      if (name === undefined || !/\p{L}|^\d\d/u.test(name)) continue;
      const known = byLastStep.get(name.toLowerCase());
      if (known === undefined) byLastStep.set(name.toLowerCase(), new Set([cluster]));
      else known.add(cluster);
    }
  }
  const byFolder = new Map<string, C | undefined>();

  const ofFolder = (folder: string): C | undefined => {
    if (folder === '') return undefined;
    if (byFolder.has(folder)) return byFolder.get(folder);
    const segments = folder.split('/');
    const candidates = new Set<C>();
    for (const segment of segments)
      for (const cluster of byLastStep.get(segment.toLowerCase()) ?? []) candidates.add(cluster);
    const named = [...candidates].filter(
      ({ key, otherNames }) => hasSteps(segments, key) || otherNames.some((name) => segments.includes(name)),
    );
    // What lies in the tree of other clusters is none of one that only is called alike.
    const isElsewhere = [...trees.values()].some((tree) => hasSteps(segments, tree));
    const near = isElsewhere ? named.filter(({ key }) => hasSteps(segments, key.slice(0, -1))) : named;
    const found = only(nearest(near, segments));
    byFolder.set(folder, found);
    return found;
  };

  return (file) => {
    const folder = folderOf(file);
    const found = ofFolder(folder);
    if (found !== undefined) return found;
    const words = nameWords(file).map((word) => word.toLowerCase());
    const whole = folder.split('/').some(isSharedFolder) ? ownerWords(file).join('-').toLowerCase() : undefined;
    const candidates = new Set<C>();
    for (let from = 0; from < words.length; from++) {
      for (let to = from + 1; to <= Math.min(words.length, from + MAX_WORDS); to++) {
        const name = words.slice(from, to).join('-');
        if (/^\d+$/.test(name) || (whole !== undefined && name !== whole)) continue;
        for (const cluster of byLastStep.get(name) ?? []) candidates.add(cluster);
      }
    }
    const steps = [...folder.split('/'), ...words];
    const named = [...candidates].filter(({ key }) => key.length < 2 || hasSteps(steps, key));
    return only(nearest(named, steps));
  };
}

/** Those whose own steps a path takes, where there are any: they tell more than a name that clusters of other trees have too. */
function nearest<C extends WordedCluster>(named: readonly C[], words: readonly string[]): readonly C[] {
  const exact = named.filter(({ key }) => hasSteps(words, key));
  const longest = Math.max(...exact.map(({ key }) => key.length));
  return exact.length === 0 ? named : exact.filter(({ key }) => key.length === longest);
}

function only<C>(found: readonly C[]): C | undefined {
  return found.length === 1 ? found[0] : undefined;
}

/** True if the steps come in this order among the words. */
function hasSteps(words: readonly string[], steps: readonly string[]): boolean {
  let next = 0;
  for (const word of words) if (word.toLowerCase() === steps[next]?.toLowerCase()) next++;
  return next === steps.length;
}
