/** Files below the folder of a cluster's globs that are in no cluster, or make one of their own: a glob may be meant to take more than it does. */

import { remember } from '../../base/remember.ts';
import { sameData } from '../../base/same-data.ts';
import type { ClusterGlob } from '../../config/cluster-paths.ts';
import type { ConfigProblem } from '../../config/config.ts';
import { matchesGlob } from '../../config/globs.ts';
import type { StatedMesh } from '../../config/stated-clusters.ts';
import type { Layout } from '../../layout/layout.ts';
import { counted, listed } from '../../rules/shared/wording.ts';
import { isPlaceholder } from '../../yaml/placeholder.ts';

/** The files of the world. */
interface KnownFiles {
  readonly files: Iterable<string>;
  /** How the configuration names a file; undefined if it does not hold for it. */
  named(file: string): string | undefined;
  /** True if it holds objects or install settings that go into no build. */
  states(file: string): boolean;
}

interface Base {
  readonly folder: string;
  /** What the paths of its files begin with. */
  readonly prefix: string;
  readonly glob: ClusterGlob;
  /** That of its cluster. */
  readonly name: string;
}

export class MissedFiles {
  /** What was found last, and in what. */
  private found:
    | { readonly meshes: readonly StatedMesh[]; readonly layout: Layout; readonly problems: readonly ConfigProblem[] }
    | undefined;

  constructor(private readonly known: KnownFiles) {}

  problems(meshes: readonly StatedMesh[], layout: Layout): readonly ConfigProblem[] {
    if (this.found?.layout !== layout || !sameData(this.found.meshes, meshes))
      this.found = { meshes, layout, problems: this.seek(meshes, layout) };
    return this.found.problems;
  }

  private seek(meshes: readonly StatedMesh[], layout: Layout): readonly ConfigProblem[] {
    const bases = basesOf(meshes);
    if (bases.length === 0) return [];
    const globs = meshes.flatMap(({ clusters }) =>
      clusters.flatMap((cluster) => cluster.globs.map(({ glob }) => glob)),
    );
    const isTaken = (named: string): boolean => globs.some((glob) => matchesGlob(glob, named));
    const baseOfFile = (named: string): Base | undefined => bases.find(({ prefix }) => named.startsWith(prefix));
    const unread = new Set(layout.skipped.map(({ file }) => file));
    /** Clusters that are made of nothing but what a glob does not take. */
    const apart = new Set(
      [...layout.clusters.values()].filter(({ files }) =>
        files.every((file) => {
          const named = this.known.named(file);
          return named !== undefined && baseOfFile(named) !== undefined && !isTaken(named);
        }),
      ),
    );
    const missed = new Map<Base, { readonly files: string[]; readonly apart: Set<string> }>();
    for (const file of this.known.files) {
      const named = this.known.named(file);
      const base = named === undefined ? undefined : baseOfFile(named);
      const clusters = (layout.placement.get(file) ?? []).map((id) => layout.clusters.get(id));
      // Another cluster below the folder is one of its own.
      const isApart = clusters.every(
        (cluster) =>
          cluster !== undefined &&
          apart.has(cluster) &&
          (cluster.name === base?.name || `/${cluster.id}`.endsWith(`/${base?.folder}`)),
      );
      if (named === undefined || base === undefined || !isApart) continue;
      if (isTaken(named) || unread.has(file) || !this.known.states(file)) continue;
      const found = remember(missed, base, () => ({ files: [], apart: new Set<string>() }));
      found.files.push(named);
      for (const cluster of clusters) found.apart.add(cluster?.name ?? '');
    }
    return [...missed].map(([base, found]) => problemOf(base, found.files.sort(), [...found.apart].sort()));
  }
}

/** @param apart the names of the clusters that the files make; none where they are in no cluster */
function problemOf({ folder, glob }: Base, files: readonly string[], apart: readonly string[]): ConfigProblem {
  const suggestion = `${folder}/**`;
  const [them, those] = files.length === 1 ? ['it', 'is'] : ['them', 'are'];
  const what =
    apart.length === 0
      ? 'in no cluster'
      : `that ${those} taken for another cluster called ${listed(apart)} and compared with nothing declared`;
  const message = `Folder ${folder} has ${counted(files.length, 'file')} ${what}, such as ${files[0]}: '${glob.glob}' does not take ${them}. Perhaps '${suggestion}' is meant.`;
  return { at: glob.at, message, suggestion, isGuess: true, severity: apart.length === 0 ? 'hint' : 'warning' };
}

/** The folders that globs begin with, each of one cluster alone; the deepest first. */
function basesOf(meshes: readonly StatedMesh[]): readonly Base[] {
  const clusters = meshes.flatMap((mesh) => mesh.clusters);
  const bases = clusters.map(({ name, globs }) => globs.flatMap((glob) => baseOf(glob, name.value)));
  const isAlone = (base: Base, own: readonly Base[]): boolean =>
    bases.every((others) => others === own || others.every(({ prefix }) => !prefix.startsWith(base.prefix)));
  return bases
    .flatMap((own) => own.filter((base) => isAlone(base, own)))
    .sort((a, b) => b.folder.length - a.folder.length);
}

/** The folder that a pattern begins with; of a path that is none, the folder of that file. */
function baseOf(glob: ClusterGlob, name: string): readonly Base[] {
  const steps = glob.glob.replace(/^(?:\.\/)+/, '').split('/');
  const first = steps.findIndex((step) => /[*?[\]{}()!]/.test(step));
  const isFile = first < 0 && /\.ya?ml$/i.test(glob.glob);
  const folder = (isFile ? steps.slice(0, -1) : steps.slice(0, Math.max(first, 0))).join('/');
  return folder === '' || isPlaceholder(glob.glob) ? [] : [{ folder, prefix: `${folder}/`, glob, name }];
}
