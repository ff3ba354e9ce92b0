/** The clusters as the configuration file writes them, each value with its place. */
import type { Anchor } from '../base/anchor.ts';
import { type Cursor, get, items } from '../yaml/read.ts';
import { type ClusterGlob, globsOf } from './cluster-paths.ts';
import type { ConfigArea } from './config-area.ts';

/** A text with its place. */
export interface StatedText {
  readonly value: string;
  readonly at: Anchor;
}

export interface StatedCluster {
  readonly name: StatedText;
  readonly network: StatedText | undefined;
  readonly istioVersion: StatedText | undefined;
  readonly globs: readonly ClusterGlob[];
}

export interface StatedMesh {
  /** What the file that states it holds for. */
  readonly area: ConfigArea;
  readonly id: StatedText;
  readonly reference: StatedText | undefined;
  readonly clusters: readonly StatedCluster[];
}

/** Every entry of `meshes` that has an id, with its clusters that have a name. */
export function statedMeshes(root: Cursor | undefined, area: ConfigArea): readonly StatedMesh[] {
  return items(get(root, 'meshes')).flatMap((mesh) => {
    const id = textAt(get(mesh, 'id'));
    if (id === undefined) return [];
    const reference = textAt(get(mesh, 'reference'));
    return [{ area, id, reference, clusters: items(get(mesh, 'clusters')).flatMap(clusterAt) }];
  });
}

function clusterAt(cluster: Cursor): readonly StatedCluster[] {
  const name = textAt(get(cluster, 'name'));
  if (name === undefined) return [];
  const [network, istioVersion] = [textAt(get(cluster, 'network')), textAt(get(cluster, 'istioVersion'))];
  return [{ name, network, istioVersion, globs: globsOf(cluster) }];
}

function textAt(cursor: Cursor | undefined): StatedText | undefined {
  return cursor?.node.type === 'scalar' ? { value: cursor.node.text, at: cursor.at } : undefined;
}
