/** The globs of clusters as the configuration file writes them, each with its place. */
import type { Anchor } from '../base/anchor.ts';
import { isTooCostly } from '../base/glob-cost.ts';
import { type Cursor, get, items } from '../yaml/read.ts';

/** The entries of every `meshes[].clusters[].paths`, whatever they are. */
export function* clusterPaths(
  root: Cursor | undefined,
): Generator<{ readonly cluster: Cursor | undefined; readonly path: Cursor }> {
  for (const mesh of items(get(root, 'meshes'))) {
    for (const cluster of items(get(mesh, 'clusters'))) {
      for (const path of items(get(cluster, 'paths'))) yield { cluster: get(cluster, 'name'), path };
    }
  }
}

export interface ClusterGlob {
  /** Name of the cluster. */
  readonly cluster: string;
  readonly glob: string;
  readonly at: Anchor;
}

/** Those of them that count. */
export function clusterGlobs(root: Cursor | undefined): readonly ClusterGlob[] {
  return [...clusterPaths(root)].flatMap(({ cluster, path: { node, at } }) => {
    if (cluster?.node.type !== 'scalar' || node.type !== 'scalar' || isTooCostly(node.text)) return [];
    return [{ cluster: cluster.node.text, glob: node.text, at }];
  });
}
