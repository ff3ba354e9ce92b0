/** The kustomize builds whose refusal is told: those of clusters. */
import { folderOf } from '../base/relative-path.ts';
import type { KustomizeBuild } from '../deploy/kustomize/build-result.ts';
import type { Layout } from '../layout/layout.ts';
import type { Builds } from './builds.ts';
import type { FileUses } from './file-uses.ts';

/**
 * Of a build that kustomize refuses nothing may be left that shows a cluster. It is one all the same if clusters are built from files that
 * it reads, too, or it is no YAML and clusters are built beside it.
 */
export function* clusterBuilds(
  { roots }: Builds,
  uses: FileUses,
  { placement, skipped }: Layout,
): Generator<KustomizeBuild> {
  const isPlaced = (id: string): boolean => (placement.get(id)?.length ?? 0) > 0;
  const beside = new Set(roots.flatMap(({ file, build }) => (isPlaced(file) ? folderOf(build.folder) : [])));
  for (const { file, build } of roots) {
    if (isPlaced(file)) yield build;
    else if (build.problems.length > 0) {
      const isSetApart = skipped.some((one) => one.file === file && one.reason === 'set-apart');
      const isOfCluster =
        build.uses.some((used) => uses.idsOf(used).some(isPlaced)) ||
        (build.problems[0]?.class === 'invalid-yaml' && build.folder !== '' && beside.has(folderOf(build.folder)));
      if (!isSetApart && isOfCluster) yield build;
    }
  }
}
