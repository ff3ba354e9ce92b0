/** Computes which cluster and mesh every file belongs to. Pure: the order of the files does not matter. */
import { atOnce, inSteps } from '../base/steps.ts';
import { type Configs, configsOf } from '../config/config.ts';
import { openFiles } from '../deploy/open-values.ts';
import { type BuiltCluster, buildCluster, candidateOf, type Draft } from './build-cluster.ts';
import {
  type ClusterOption,
  type DeclaredGroup,
  declaredGroups,
  mergedGroup,
  takenFiles,
} from './declared-clusters.ts';
import type { FileFacts } from './file-facts.ts';
import { type FileTraits, fileTraits } from './file-traits.ts';
import { groupByFolders } from './group-by-folders.ts';
import type { Grouping } from './group-files.ts';
import { chartFolders, isChartDefault, type SharedStatements, sharedStatements } from './layers.ts';
import type { ClusterId, Layout, MeshGroup, PlacedCluster, SkippedFile, SkipReason } from './layout.ts';
import { type LeftOut, type SortedFiles, sortFiles } from './left-out.ts';
import { type Candidate, meshGroups } from './mesh-groups.ts';
import { type UmbrellaCharts, umbrellaCharts, withUmbrellaValues } from './umbrella-values.ts';
import type { VersionAssumptions } from './version-evidence.ts';

export { layoutRelevant } from './file-traits.ts';

/** What a layout was concluded from, step by step. */
export interface LayoutState {
  readonly layout: Layout;
  readonly configs: Configs;
  readonly versions: VersionAssumptions;
  /** By id. */
  readonly traits: Map<string, FileTraits>;
  readonly umbrellas: UmbrellaCharts;
  readonly declared: readonly DeclaredGroup[];
  readonly taken: ReadonlyMap<string, readonly DeclaredGroup[]>;
  /** Places of what tools made: files are elsewhere. */
  readonly units: ReadonlySet<string>;
  /** Tells files that only complete the values of others. */
  readonly isLayer: (traits: FileTraits) => boolean;
  readonly sorted: SortedFiles;
  readonly grouping: Grouping;
  readonly shared: SharedStatements;
  /** In order of id. */
  readonly built: ReadonlyMap<ClusterId, BuiltCluster>;
  readonly candidates: ReadonlyMap<ClusterId, Candidate>;
}

/**
 * @param files what every file of the workspace states
 * @param clusterOptions `--cluster NAME=PATH`
 */
export function computeLayout(
  files: readonly FileFacts[],
  configs: Configs,
  clusterOptions: readonly ClusterOption[],
  versions: VersionAssumptions = {},
): Layout {
  return atOnce(layoutSteps(files, configs, clusterOptions, versions)).layout;
}

/** The same in steps, of which none takes long. */
export function* layoutSteps(
  files: Iterable<FileFacts>,
  configs: Configs,
  clusterOptions: readonly ClusterOption[],
  versions: VersionAssumptions,
): Generator<void, LayoutState> {
  const read: FileTraits[] = [];
  yield* inSteps(files, (facts) => {
    read.push(fileTraits(facts));
  });
  read.sort(byPlace);
  yield;
  const charts = chartFolders(read);
  const umbrellas = umbrellaCharts(read, charts);
  const traits = read.map((file) => withUmbrellaValues(file, umbrellas));
  yield;
  const declared = declaredGroups(configs, clusterOptions);
  const taken = takenFiles(traits, declared);
  yield;
  const sorted = yield* sortFiles(traits, new Set(taken.keys()));
  const { live } = sorted;
  yield;
  const isLayer = isChartDefault(live, charts);
  yield;
  const grouping = yield* groupByFolders(live, taken, isLayer, configs);
  yield;
  const rest = new Set([...grouping.rest, ...live.filter(isLayer)]);
  const isOpen = openFiles(traits.flatMap(({ opens }) => opens));
  const used = new Set(traits.flatMap(({ uses = [] }) => uses));
  const handed = traits.filter((file) => file.unit === undefined && used.has(file.file));
  const shared = {
    ...sharedStatements(
      [...rest],
      live.filter((traits) => !rest.has(traits)),
      charts,
      isOpen,
    ),
    handed: sharedStatements(handed, [], charts, isOpen),
  };
  const drafts = [...declaredDrafts(live, declared, taken), ...inferredDrafts(grouping, declared, configs)];
  const isCluster = new Set(drafts.map(({ id }) => id));
  const skipped = sorted.skipped.map((file) => placeSkipped(file, grouping, taken, isCluster));
  const skippedOf = skippedByCluster(skipped);
  const clusters: BuiltCluster[] = [];
  for (const draft of drafts) {
    yield;
    clusters.push(buildCluster(draft, shared, configs, versions, skippedOf.get(draft.id) ?? []));
  }
  const built = new Map(clusters.sort((a, b) => (a.id < b.id ? -1 : 1)).map((cluster) => [cluster.id, cluster]));
  yield;
  const candidates = new Map([...built].map(([id, cluster]) => [id, candidateOf(cluster)]));
  yield;
  const meshes = meshGroups([...candidates.values()]);
  yield;
  const placement = yield* placementOf([...built.values()].map(({ draft }) => draft));
  const layout: Layout = { clusters: placedClusters(built, meshes), meshes, placement, imports: new Map(), skipped };
  yield;
  const byId = new Map<string, FileTraits>();
  const units = new Set<string>();
  yield* inSteps(traits, (file) => {
    byId.set(file.id, file);
    if (file.unit !== undefined) units.add(file.file);
  });
  return {
    layout,
    configs,
    versions,
    traits: byId,
    umbrellas,
    declared,
    taken,
    units,
    isLayer,
    sorted,
    grouping,
    shared,
    built,
    candidates,
  };
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
  const byId = new Map<ClusterId, [DeclaredGroup, ...DeclaredGroup[]]>();
  for (const group of declared) {
    const same = byId.get(declaredId(group));
    if (!files.has(group)) continue;
    if (same === undefined) byId.set(declaredId(group), [group]);
    // Two of one name in the same file are told of: one of them counts.
    else if (!same.some(({ config }) => config === group.config)) same.push(group);
  }
  return [...byId].map(([id, groups]): Draft => {
    const own = groups.flatMap((group) => files.get(group) ?? []);
    return {
      id,
      group: undefined,
      declared: mergedGroup(groups),
      files: groups.length === 1 ? own : own.sort(byPlace),
    };
  });
}

/** Clusters that are inferred, with what a declaration without paths adds to the one of its name. */
function inferredDrafts({ groups }: Grouping, declared: readonly DeclaredGroup[], configs: Configs): Draft[] {
  const pathless = declared.filter(({ takes }) => takes === undefined);
  return groups.map((group): Draft => {
    const names = [...group.otherNames, group.key.at(-1) ?? ''];
    const holding = new Set(
      pathless.length === 0
        ? []
        : configsOf(
            configs,
            group.files.map(({ file }) => file),
          ),
    );
    const own = pathless.filter(({ config }) => config !== undefined && holding.has(config));
    const named = names.map((name) => own.findLast((one) => one.name === name)).find((found) => found !== undefined);
    return { id: group.id, group, declared: named, files: group.files };
  });
}

/** Such files lack nothing in clusters. */
const OF_NO_CLUSTER: ReadonlySet<SkipReason> = new Set<SkipReason>(['set-apart', 'left-over', 'commands']);

/** Gives a file that is not read to the cluster that it would be in. */
export function placeSkipped(
  { file, reason }: LeftOut,
  grouping: Grouping,
  taken: ReadonlyMap<string, readonly DeclaredGroup[]>,
  clusters: { has(id: ClusterId): boolean },
): SkippedFile {
  const [declared] = taken.get(file) ?? [];
  const id = declared === undefined ? grouping.groupOf(file)?.id : declaredId(declared);
  const known = id !== undefined && clusters.has(id) && !OF_NO_CLUSTER.has(reason);
  return { file, reason, cluster: known ? id : undefined };
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

/** The clusters with their meshes; those of `before` that are the same are the same objects. */
export function placedClusters(
  built: ReadonlyMap<ClusterId, BuiltCluster>,
  meshes: readonly MeshGroup[],
  before?: ReadonlyMap<ClusterId, PlacedCluster>,
  changed?: ReadonlySet<ClusterId>,
): ReadonlyMap<ClusterId, PlacedCluster> {
  const meshOf = new Map(meshes.flatMap(({ id, clusters }) => clusters.map((cluster) => [cluster, id] as const)));
  const placed = new Map<ClusterId, PlacedCluster>();
  for (const { draft: _, ...cluster } of built.values()) {
    const mesh = meshOf.get(cluster.id) ?? '';
    const old = changed?.has(cluster.id) === true ? undefined : before?.get(cluster.id);
    placed.set(cluster.id, old?.mesh === mesh ? old : { ...cluster, mesh });
  }
  return placed;
}

/** The files, with the clusters that their objects belong to. A layer gives values to a cluster, but no object. */
function* placementOf(drafts: readonly Draft[]): Generator<void, ReadonlyMap<string, readonly ClusterId[]>> {
  const placement = new Map<string, ClusterId[]>();
  for (const { id, files } of drafts) {
    yield* inSteps(files, ({ id: file }) => {
      const clusters = placement.get(file);
      if (clusters === undefined) placement.set(file, [id]);
      else clusters.push(id);
    });
  }
  return placement;
}
