/** The clusters that the user declares, in the configuration file or with `--cluster`, and the files that these take. */
import { type Anchor, below } from '../base/anchor.ts';
import { withoutEndSlashes } from '../base/relative-path.ts';
import {
  type Completeness,
  type Config,
  type Configs,
  completeness,
  configOf,
  type DeclaredCluster,
  type DeclaredMesh,
} from '../config/config.ts';
import { asConfigured } from '../config/config-area.ts';
import { matcherOf } from '../config/globs.ts';
import type { Known } from '../facts/field.ts';
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
  /** The mesh with what other configuration files declare of it: one and the same for all of them. */
  readonly wholeMesh: DeclaredMesh | undefined;
  readonly network: Known<string> | undefined;
  readonly istioVersion: Known<string> | undefined;
  readonly complete: Completeness;
  /** What declares it; undefined for the command line. */
  readonly config: Config | undefined;
  /** Undefined: the declaration names no paths and is about the inferred cluster of that name. */
  readonly takes: ((file: string) => boolean) | undefined;
}

/**
 * All declarations, those of the command line first: for their files nothing else counts. A mesh that several configuration files declare
 * is one.
 */
export function declaredGroups(configs: Configs, options: readonly ClusterOption[]): readonly DeclaredGroup[] {
  const groups: DeclaredGroup[] = options.map(({ name, path }) => ({
    name,
    at: undefined,
    mesh: undefined,
    wholeMesh: undefined,
    network: undefined,
    istioVersion: undefined,
    complete: configOf(configs, `${path}/`).complete,
    config: undefined,
    takes: liesAt(path),
  }));
  const merged = mergedMeshes(configs);
  for (const config of configs)
    for (const mesh of config.meshes)
      for (const cluster of mesh.clusters)
        groups.push(declaredGroup(cluster, mesh, merged.get(mesh) ?? mesh, config, configs));
  return groups;
}

function declaredGroup(
  cluster: DeclaredCluster,
  mesh: DeclaredMesh,
  wholeMesh: DeclaredMesh,
  config: Config,
  configs: Configs,
): DeclaredGroup {
  const { name, at, paths } = cluster;
  const stated = (key: 'network' | 'istioVersion'): Known<string> | undefined => {
    const value = cluster[key];
    return value === undefined ? undefined : { value, at: below(at, key) };
  };
  const takes = (file: string): boolean => {
    const named = configOf(configs, file) === config ? asConfigured(config.area, file) : undefined;
    return named !== undefined && paths !== undefined && matcherOf(paths)(named);
  };
  return {
    name,
    at,
    mesh,
    wholeMesh,
    network: stated('network'),
    istioVersion: stated('istioVersion'),
    complete: completeness(mesh.complete) ?? config.complete,
    config,
    takes: paths && takes,
  };
}

/** What stands for a mesh that several files declare: its reference is the first that is stated. */
function mergedMeshes(configs: Configs): ReadonlyMap<DeclaredMesh, DeclaredMesh> {
  const merged = new Map<DeclaredMesh, DeclaredMesh>();
  if (configs.length === 1) return merged;
  for (const id of new Set(configs.flatMap(({ meshes }) => meshes.map((mesh) => mesh.id)))) {
    // Two of one id in the same file are two: that is told.
    const same = configs.flatMap(({ meshes }) => meshes.find((mesh) => mesh.id === id) ?? []);
    const [first] = same as [DeclaredMesh];
    const reference = same.map((mesh) => mesh.reference).find((stated) => stated !== undefined);
    const whole: DeclaredMesh = reference === undefined ? first : { ...first, reference };
    for (const mesh of same) merged.set(mesh, whole);
  }
  return merged;
}

/** A cluster that several configuration files declare, as one: the first that states something counts, and it is complete in what all say. */
export function mergedGroup(groups: readonly [DeclaredGroup, ...DeclaredGroup[]]): DeclaredGroup {
  const [first, ...others] = groups;
  if (others.length === 0) return first;
  return {
    ...first,
    network: groups.map(({ network }) => network).find((stated) => stated !== undefined),
    istioVersion: groups.map(({ istioVersion }) => istioVersion).find((stated) => stated !== undefined),
    complete: completeInAll(groups.map(({ complete }) => complete)),
  };
}

/** What is complete in all of several places. */
export function completeInAll(all: readonly Completeness[]): Completeness {
  const lists = all.filter((one) => typeof one !== 'boolean');
  if (all.includes(false)) return false;
  const [first, ...others] = lists;
  return first === undefined ? true : new Set([...first].filter((kind) => others.every((list) => list.has(kind))));
}

function liesAt(path: string): (file: string) => boolean {
  const folder = withoutEndSlashes(path.replace(/^(?:\.\/)+/, ''));
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
