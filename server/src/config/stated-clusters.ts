/** The clusters as the configuration file writes them, each value with its place. */
import type { Anchor } from '../base/anchor.ts';
import { type Cursor, get, items } from '../yaml/read.ts';
import { type ClusterGlob, globsOf } from './cluster-paths.ts';

/** A text with its place. */
export interface StatedText {
  readonly value: string;
  readonly at: Anchor;
}

export interface StatedCluster {
  readonly name: StatedText;
  readonly network: StatedText | undefined;
  readonly globs: readonly ClusterGlob[];
}

export interface StatedMesh {
  readonly id: StatedText;
  readonly clusters: readonly StatedCluster[];
}

/** Every entry of `meshes` that has an id, with its clusters that have a name. */
export function statedMeshes(root: Cursor | undefined): readonly StatedMesh[] {
  return items(get(root, 'meshes')).flatMap((mesh) => {
    const id = textAt(get(mesh, 'id'));
    return id === undefined ? [] : [{ id, clusters: items(get(mesh, 'clusters')).flatMap(clusterAt) }];
  });
}

function clusterAt(cluster: Cursor): readonly StatedCluster[] {
  const name = textAt(get(cluster, 'name'));
  if (name === undefined) return [];
  return [{ name, network: textAt(get(cluster, 'network')), globs: globsOf(cluster) }];
}

function textAt(cursor: Cursor | undefined): StatedText | undefined {
  return cursor?.node.type === 'scalar' ? { value: cursor.node.text, at: cursor.at } : undefined;
}
