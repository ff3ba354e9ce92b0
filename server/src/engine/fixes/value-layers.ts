/** Files of values that lie below those of clusters: what is changed in one is changed for all of them. */
import { type Anchor, below, keysBelow } from '../../base/anchor.ts';
import type { ClusterId, Layout, ValueLayer } from '../../layout/layout.ts';
import type { NodeEdit } from '../../yaml/edit.ts';

/** A layer below the values of a cluster. */
export interface LayerUse extends ValueLayer {
  readonly cluster: ClusterId;
}

/** The clusters for which a file is a layer below their own values. */
export function layersIn(layout: Layout | undefined, file: string): readonly LayerUse[] {
  return [...(layout?.clusters.values() ?? [])].flatMap(({ id, layers = [] }) =>
    layers.flatMap((layer) => (layer.file === file ? [{ ...layer, cluster: id }] : [])),
  );
}

/**
 * The edit as it is made for some of the clusters: in the values of each, over the layer that others have too.
 * @returns the edit itself where the layer is that of no other cluster; undefined if it cannot be made for these alone
 */
export function layerEdits(
  edit: Extract<NodeEdit, { readonly at: Anchor }>,
  layers: readonly LayerUse[],
  concerned: ReadonlySet<ClusterId>,
): readonly NodeEdit[] | undefined {
  if (layers.every(({ cluster }) => concerned.has(cluster))) return [edit];
  const own = layers.filter(({ cluster }) => concerned.has(cluster));
  if (own.length === 0 || edit.op !== 'set') return undefined;
  const edits = own.flatMap(({ root, over }): readonly NodeEdit[] => {
    const keys = keysBelow(edit.at, root);
    return keys === undefined ? [] : [{ ...edit, at: below(over, ...keys) }];
  });
  return edits.length === own.length ? edits : undefined;
}
