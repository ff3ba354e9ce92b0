/** `clusters --format json`: which file belongs to which cluster, and why. */
import type { Snapshot } from '../engine/snapshot.ts';
import { PLACELESSNESS, type PlacelessFile } from '../layout/placeless-files.ts';
import { type SkippedJson, skippedJson } from './check-json.ts';
import { type ClusterJson, clusterJson, type MeshJson, meshesJson } from './cluster-json.ts';
import { TOOL } from './tool.ts';
import { type UnreadJson, unreadJson } from './unread-json.ts';

export interface ClustersJson {
  readonly version: 1;
  readonly tool: typeof TOOL;
  readonly meshes: readonly MeshJson[];
  readonly clusters: readonly (Omit<ClusterJson, 'files'> & { readonly files: readonly string[] })[];
  readonly skipped: readonly SkippedJson[];
  readonly unread: readonly UnreadJson[];
  /** Files that state objects or settings of a mesh and belong to no cluster. */
  readonly placeless: readonly (PlacelessFile & { readonly why: string })[];
}

export function clustersJson(snapshot: Snapshot): ClustersJson {
  return {
    version: 1,
    tool: TOOL,
    meshes: meshesJson(snapshot),
    clusters: snapshot.meshes.flatMap((mesh) =>
      mesh.placedClusters.map((cluster) => ({
        ...clusterJson(snapshot, mesh, cluster),
        files: [...cluster.files].sort(),
      })),
    ),
    skipped: skippedJson(snapshot),
    unread: unreadJson(snapshot),
    placeless: snapshot.placeless().map(({ file, reason }) => ({ file, reason, why: PLACELESSNESS[reason] })),
  };
}
