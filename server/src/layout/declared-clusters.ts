/** The clusters that the user declares, in the configuration file or with `--cluster`, and the files that these take. */
import type { Anchor } from '../base/anchor.ts';
import { type Completeness, type Config, completeness, type DeclaredMesh } from '../config/config.ts';
import { matcherOf } from '../config/globs.ts';
import type { FileTraits } from './file-traits.ts';

/** `--cluster NAME=PATH`; the path is relative to the root of the world. */
export interface ClusterOption {
  readonly name: string;
  readonly path: string;
}

export interface DeclaredGroup {
  readonly name: string;
  /** Where the configuration file declares it; undefined for the command line's. */
  readonly at: Anchor | undefined;
  readonly mesh: DeclaredMesh | undefined;
  readonly network: string | undefined;
  readonly istioVersion: string | undefined;
  readonly complete: Completeness;
  /** Undefined: the declaration names no paths and is about the inferred cluster of that name. */
  readonly takes: ((file: string) => boolean) | undefined;
}

/** All declarations, those of the command line first: for their files nothing else counts. */
export function declaredGroups(config: Config, options: readonly ClusterOption[]): readonly DeclaredGroup[] {
  const groups: DeclaredGroup[] = options.map(({ name, path }) => ({
    name,
    at: undefined,
    mesh: undefined,
    network: undefined,
    istioVersion: undefined,
    complete: config.complete,
    takes: liesAt(path),
  }));
  for (const mesh of config.meshes) {
    for (const { name, at, paths, network, istioVersion } of mesh.clusters) {
      const matches = paths === undefined ? undefined : matcherOf(paths);
      groups.push({
        name,
        at,
        mesh,
        network,
        istioVersion,
        complete: completeness(mesh.complete) ?? config.complete,
        takes: matches === undefined ? undefined : (file) => matches(config.base + file),
      });
    }
  }
  return groups;
}

function liesAt(path: string): (file: string) => boolean {
  const folder = path.replace(/^(?:\.\/)+/, '').replace(/\/+$/, '');
  if (folder === '' || folder === '.') return () => true;
  return (file) => file === folder || file.startsWith(`${folder}/`);
}

/** The files that each declaration takes, of those for which something else than inference decides. */
export function takenFiles(
  files: readonly FileTraits[],
  groups: readonly DeclaredGroup[],
): ReadonlyMap<string, readonly DeclaredGroup[]> {
  const taken = new Map<string, readonly DeclaredGroup[]>();
  const taking = groups.filter(({ takes }) => takes !== undefined);
  if (taking.length === 0) return taken;
  const [options, configured] = [taking.filter(({ mesh }) => !mesh), taking.filter(({ mesh }) => mesh)];
  for (const traits of files) {
    const byOption = options.filter((group) => takesAll(group, traits));
    const by = byOption.length > 0 ? byOption : configured.filter((group) => takesAll(group, traits));
    if (by.length > 0) taken.set(traits.id, by);
  }
  return taken;
}

/** A unit is taken with the file that tells of it, or with all that goes into it. */
function takesAll({ takes }: DeclaredGroup, { file, unit, uses = [] }: FileTraits): boolean {
  if (takes === undefined) return false;
  if (unit === undefined) return takes(file);
  return takes(unit.holder) || takes(unit.place) || (uses.length > 0 && uses.every(takes));
}
