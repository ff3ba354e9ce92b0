/** Computes which cluster and mesh every file belongs to. Pure: the order of the files does not matter. */
import type { Config } from '../config/config.ts';
import { type BuiltCluster, buildCluster, candidateOf, type Draft, type VersionAssumptions } from './build-cluster.ts';
import { type ClusterOption, type DeclaredGroup, declaredGroups, takenFiles } from './declared-clusters.ts';
import type { FileFacts } from './file-facts.ts';
import { type FileTraits, fileTraits } from './file-traits.ts';
import { type Grouping, groupFiles } from './group-files.ts';
import { chartFolders, isChartDefault, sharedStatements } from './layers.ts';
import type { ClusterId, Layout, PlacedCluster, SkippedFile } from './layout.ts';
import { sortFiles } from './left-out.ts';
import { meshGroups } from './mesh-groups.ts';

export { layoutRelevant } from './file-traits.ts';

/**
 * @param files what every file of the workspace states
 * @param clusterOptions `--cluster NAME=PATH`
 */
export function computeLayout(
  files: readonly FileFacts[],
  config: Config,
  clusterOptions: readonly ClusterOption[],
  versions: VersionAssumptions = {},
): Layout {
  const traits = files.map(fileTraits).sort(byPlace);
  const declared = declaredGroups(config, clusterOptions);
  const taken = takenFiles(traits, declared);
  const { live, skipped } = sortFiles(traits, new Set(taken.keys()));
  const charts = chartFolders(traits);
  const isLayer = isChartDefault(live, charts);
  const free = live.filter(({ id }) => !taken.has(id));
  const grouping = groupFiles(free, isLayer, taken.size === 0);
  const rest = new Set([...grouping.rest, ...live.filter(isLayer)]);
  const shared = sharedStatements(
    [...rest],
    charts,
    traits.some(({ installer }) => installer),
  );
  const drafts = [...declaredDrafts(live, declared, taken), ...inferredDrafts(grouping, declared)];
  const skippedFiles = placeSkipped(skipped, grouping, taken, new Set(drafts.map(({ id }) => id)));
  const skippedOf = skippedByCluster(skippedFiles);
  const clusters = drafts.map((draft) => buildCluster(draft, shared, config, versions, skippedOf.get(draft.id) ?? []));
  return assemble(clusters, skippedFiles);
}

function byPlace(a: FileTraits, b: FileTraits): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

function declaredId({ name, mesh }: DeclaredGroup): ClusterId {
  return mesh === undefined ? `--cluster ${name}` : `${mesh.id}: ${name}`;
}

/** Clusters that the user declares with their files. One of which no file is in sight does not exist here. */
function declaredDrafts(
  live: readonly FileTraits[],
  declared: readonly DeclaredGroup[],
  taken: ReadonlyMap<string, readonly DeclaredGroup[]>,
): Draft[] {
  const files = new Map<DeclaredGroup, FileTraits[]>();
  for (const traits of live) {
    for (const group of taken.get(traits.id) ?? []) {
      const list = files.get(group);
      if (list === undefined) files.set(group, [traits]);
      else list.push(traits);
    }
  }
  const ids = new Set<ClusterId>();
  return declared.flatMap((group): Draft[] => {
    const id = declaredId(group);
    const own = files.get(group);
    if (own === undefined || ids.has(id)) return [];
    ids.add(id);
    return [{ id, group: undefined, declared: group, files: own }];
  });
}

/** Clusters that are inferred, with what a declaration without paths adds to the one of its name. */
function inferredDrafts({ groups }: Grouping, declared: readonly DeclaredGroup[]): Draft[] {
  const byName = new Map(declared.filter(({ takes }) => takes === undefined).map((group) => [group.name, group]));
  return groups.map((group): Draft => {
    const names = [...group.otherNames, group.key.at(-1) ?? ''];
    const named = names.map((name) => byName.get(name)).find((found) => found !== undefined);
    return { id: group.id, group, declared: named, files: group.files };
  });
}

function placeSkipped(
  skipped: readonly Omit<SkippedFile, 'cluster'>[],
  grouping: Grouping,
  taken: ReadonlyMap<string, readonly DeclaredGroup[]>,
  ids: ReadonlySet<ClusterId>,
): readonly SkippedFile[] {
  return skipped.map(({ file, reason }) => {
    const [declared] = taken.get(file) ?? [];
    const id = declared === undefined ? grouping.groupOf(file)?.id : declaredId(declared);
    const known = id !== undefined && ids.has(id) && reason !== 'set-apart';
    return { file, reason, cluster: known ? id : undefined };
  });
}

function skippedByCluster(skipped: readonly SkippedFile[]): ReadonlyMap<ClusterId, readonly SkippedFile[]> {
  const byCluster = new Map<ClusterId, SkippedFile[]>();
  for (const file of skipped) {
    if (file.cluster === undefined) continue;
    const list = byCluster.get(file.cluster);
    if (list === undefined) byCluster.set(file.cluster, [file]);
    else list.push(file);
  }
  return byCluster;
}

function assemble(built: readonly BuiltCluster[], skipped: readonly SkippedFile[]): Layout {
  const inOrder = [...built].sort((a, b) => (a.id < b.id ? -1 : 1));
  const meshes = meshGroups(inOrder.map(candidateOf));
  const meshOf = new Map(meshes.flatMap(({ id, clusters }) => clusters.map((cluster) => [cluster, id] as const)));
  const clusters = new Map<ClusterId, PlacedCluster>();
  for (const { draft: _, ...cluster } of inOrder) {
    clusters.set(cluster.id, { ...cluster, mesh: meshOf.get(cluster.id) ?? '' });
  }
  return { clusters, meshes, placement: placementOf(inOrder.map(({ draft }) => draft)), skipped };
}

/** The files, with the clusters that their objects belong to. A layer gives values to a cluster, but no object. */
function placementOf(drafts: readonly Draft[]): ReadonlyMap<string, readonly ClusterId[]> {
  const placement = new Map<string, ClusterId[]>();
  for (const { id, files } of drafts) {
    for (const { id: file } of files) {
      const clusters = placement.get(file);
      if (clusters === undefined) placement.set(file, [id]);
      else clusters.push(id);
    }
  }
  return placement;
}
