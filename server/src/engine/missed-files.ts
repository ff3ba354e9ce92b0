/** Files below the folder of a cluster's globs that are in no cluster: a glob may be meant to take more than it does. */

import { sameData } from '../base/same-data.ts';
import type { ClusterGlob } from '../config/cluster-paths.ts';
import type { ConfigProblem } from '../config/config.ts';
import { matchesGlob } from '../config/globs.ts';
import type { StatedMesh } from '../config/stated-clusters.ts';
import type { Layout } from '../layout/layout.ts';
import { remember } from '../mesh/object-store.ts';
import { counted } from '../rules/wording.ts';

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

  private seek(meshes: readonly StatedMesh[], { placement, skipped }: Layout): readonly ConfigProblem[] {
    const bases = basesOf(meshes);
    if (bases.length === 0) return [];
    const takes = meshes.flatMap(({ clusters }) => clusters.flatMap(({ globs }) => globs.map(({ glob }) => glob)));
    const unread = new Set(skipped.map(({ file }) => file));
    const missed = new Map<Base, string[]>();
    for (const file of this.known.files) {
      const named = this.known.named(file);
      const base = named === undefined ? undefined : bases.find(({ prefix }) => named.startsWith(prefix));
      if (
        named === undefined ||
        base === undefined ||
        (placement.get(file) ?? []).length > 0 ||
        takes.some((glob) => matchesGlob(glob, named)) ||
        unread.has(file) ||
        !this.known.states(file)
      )
        continue;
      remember(missed, base, (): string[] => []).push(named);
    }
    return [...missed].map(([{ folder, glob }, files]) => {
      const suggestion = `${folder}/**`;
      return {
        at: glob.at,
        message: `Folder ${folder} has ${counted(files.length, 'file')} in no cluster, such as ${files.sort()[0]}: '${glob.glob}' does not take ${files.length === 1 ? 'it' : 'them'}. Perhaps '${suggestion}' is meant.`,
        suggestion,
        isGuess: true,
        severity: 'hint',
      };
    });
  }
}

/** The folders that globs begin with, each of one cluster alone; the deepest first. */
function basesOf(meshes: readonly StatedMesh[]): readonly Base[] {
  const clusters = meshes.flatMap((mesh) => mesh.clusters);
  const bases = clusters.map(({ globs }) => globs.flatMap((glob) => baseOf(glob)));
  const isAlone = (base: Base, own: readonly Base[]): boolean =>
    bases.every((others) => others === own || others.every(({ prefix }) => !prefix.startsWith(base.prefix)));
  return bases
    .flatMap((own) => own.filter((base) => isAlone(base, own)))
    .sort((a, b) => b.folder.length - a.folder.length);
}

function baseOf(glob: ClusterGlob): readonly Base[] {
  const steps = glob.glob.replace(/^(?:\.\/)+/, '').split('/');
  const first = steps.findIndex((step) => /[*?[\]{}()!]/.test(step));
  const folder = steps.slice(0, first).join('/');
  return first <= 0 || folder.includes('$') ? [] : [{ folder, prefix: `${folder}/`, glob }];
}
