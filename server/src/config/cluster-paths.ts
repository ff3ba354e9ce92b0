/** The globs of clusters as the configuration file writes them, each with its place. */
import type { Anchor } from '../base/anchor.ts';
import { compileGlob } from '../base/glob.ts';
import { type Cursor, get, items } from '../yaml/read.ts';

/** The entries of every `meshes[].clusters[].paths`, whatever they are. */
export function* clusterPaths(root: Cursor | undefined): Generator<Cursor> {
  for (const mesh of items(get(root, 'meshes')))
    for (const cluster of items(get(mesh, 'clusters'))) yield* items(get(cluster, 'paths'));
}

export interface ClusterGlob {
  readonly glob: string;
  readonly at: Anchor;
}

/** The globs of a cluster that count. */
export function globsOf(cluster: Cursor): readonly ClusterGlob[] {
  return items(get(cluster, 'paths')).flatMap(({ node, at }) =>
    node.type !== 'scalar' || compileGlob(node.text) === undefined ? [] : [{ glob: node.text, at }],
  );
}
