/** The kustomize builds whose refusal is told: those of clusters. */
import { folderOf } from '../../base/relative-path.ts';
import type { KustomizeBuild } from '../../deploy/kustomize/build-result.ts';
import { rootFileOf } from '../../deploy/kustomize/kustomization-file.ts';
import type { Unit } from '../../deploy/unit.ts';
import type { ObjectKind } from '../../facts/objects.ts';
import type { Layout } from '../../layout/layout.ts';
import { NO_NAMESPACE, type ObjectStore } from '../../mesh/object-store.ts';
import type { Builds } from '../deployed/builds.ts';
import type { Deployments } from '../deployed/deployments.ts';
import type { FileTree } from '../deployed/file-tree.ts';
import type { FileUses } from '../deployed/file-uses.ts';
import type { JudgedBuild, JudgedBuilds } from './kustomization-findings.ts';
import { lackedPlaces } from './lacked-paths.ts';
import { loneZtunnels } from './lone-ztunnels.ts';
import { misdirectedFolders } from './misdirected-folders.ts';
import type { MisspeltDestination } from './misspelt-destinations.ts';
import { strayNames } from './stray-names.ts';

/** They are judged together with what is missing although it should be there. */
export function judgedBuilds(
  builds: Builds,
  deployments: Deployments,
  uses: FileUses,
  layout: Layout,
  tree: FileTree,
  objects: ObjectStore,
  misspelt: readonly MisspeltDestination[],
): JudgedBuilds {
  const { unitBuilds, unitUses, unitsById, filledIn, expansions, applied, idle } = deployments;
  const isOfCluster = [...unitUses.keys()].some((id) => (layout.placement.get(id)?.length ?? 0) > 0);
  return {
    of: [...clusterBuilds(builds, unitBuilds, unitsById, filledIn, uses, layout)],
    lacks: (path) => tree.lacks(path),
    misses: (path) => tree.misses(path),
    meshOf: (cluster) => layout.clusters.get(cluster)?.mesh,
    hasObject: (clusters, { kind, namespace, name }) =>
      clusters.some((cluster) =>
        [namespace, NO_NAMESPACE].some((at) => objects.namesIn(cluster, kind as ObjectKind, at).includes(name)),
      ),
    // What tools apply elsewhere than in a mesh is nobody's concern here.
    misdirected: isOfCluster
      ? misdirectedFolders(
          expansions.flatMap((one) => one.units),
          unitsById,
          layout,
        )
      : [],
    misspeltDestinations: isOfCluster ? [...misspelt, ...loneZtunnels(unitsById, layout)] : [],
    strayNames: isOfCluster ? strayNames(unitsById, layout, tree) : [],
    lackedObjects: isOfCluster
      ? applied.flatMap((one) =>
          one.unknown.flatMap(({ lacksObject }) => (lacksObject ? { ...lacksObject, isIdle: idle.has(one) } : [])),
        )
      : [],
    unread: isOfCluster ? applied.flatMap(({ unknown }) => unknown) : [],
    // Where a selector picks no cluster, Istio is installed in none.
    lackedParameters: applied.flatMap(({ lacksParameters, units }) =>
      isOfCluster || units.some(installsIstio) ? lacksParameters : [],
    ),
    isComplete: (kind) =>
      [...layout.clusters.values()].every(
        ({ complete }) => complete === true || (complete !== false && complete.has(kind)),
      ),
    lacked: isOfCluster ? lackedPlaces(applied, idle) : [],
    filledFolders: isOfCluster ? applied.flatMap(({ filled }) => filled) : [],
    folders: tree,
    deployed: builds.deployed,
  };
}

function installsIstio({ documents }: Unit): boolean {
  return documents.some(({ install }) => install.length > 0);
}

/**
 * Of a build that kustomize refuses nothing may be left that shows a cluster. It is one all the same if clusters are built from files that
 * it reads, too, or it is no YAML and clusters are built beside it. One of which nothing is left but patches may have lost what they are for.
 */
function* clusterBuilds(
  { roots }: Builds,
  units: ReadonlyMap<string, KustomizeBuild>,
  unitsById: ReadonlyMap<string, Unit>,
  filledIn: ReadonlySet<KustomizeBuild>,
  uses: FileUses,
  { placement, skipped }: Layout,
): Generator<JudgedBuild> {
  const isPlaced = (id: string): boolean => (placement.get(id)?.length ?? 0) > 0;
  const judged = (id: string, build: KustomizeBuild, isBeside = false): JudgedBuild => ({
    build,
    clusters: placement.get(id) ?? [],
    isBeside,
    isFilledIn: filledIn.has(build),
    tool: unitsById.get(id)?.tool,
  });
  const placed = [
    ...roots.flatMap(({ file, build }) => (isPlaced(file) ? build : [])),
    ...[...units].flatMap(([id, build]) => (isPlaced(id) ? build : [])),
  ];
  const beside = new Set(placed.map(({ folder }) => folderOf(folder)));
  for (const [id, build] of units) {
    const isOfCluster = isPlaced(id);
    if (rootFileOf(build) !== undefined && (isOfCluster || beside.has(folderOf(build.folder))))
      yield judged(id, build, !isOfCluster);
  }
  for (const { file, build } of roots) {
    if (isPlaced(file)) yield judged(file, build);
    else if (build.problems.length > 0 || build.idle.length > 0 || beside.has(folderOf(build.folder))) {
      const isSetApart = skipped.some((one) => one.file === file && one.reason === 'set-apart');
      const isOfCluster =
        build.problems.length > 0 &&
        (build.uses.some((used) => uses.idsOf(used).some(isPlaced)) ||
          (isUnreadable(build) && build.folder !== '' && beside.has(folderOf(build.folder))));
      if (!isSetApart) yield judged(file, build, !isOfCluster);
    }
  }
}

/** True if it, or what it lists, is nothing of which a cluster could be told. */
function isUnreadable({ problems }: KustomizeBuild): boolean {
  return problems[0]?.class === 'invalid-yaml' || problems[0]?.class === 'invalid-object';
}
