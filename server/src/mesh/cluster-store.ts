/** The clusters of the world as inputs of the mesh model: replacing one that is the same changes nothing. */
import { type Cell, cell, sameData } from '../base/incremental.ts';
import type { Cluster, ClusterId } from '../layout/layout.ts';

export class ClusterStore {
  private readonly cells = new Map<ClusterId, Cell<Cluster | undefined>>();

  /** Replaces all clusters. */
  replace(clusters: ReadonlyMap<ClusterId, Cluster>): void {
    for (const [id, held] of this.cells) if (!clusters.has(id)) held.set(undefined);
    for (const [id, cluster] of clusters) this.cellOf(id).set(cluster);
  }

  get(id: ClusterId): Cluster | undefined {
    return this.cellOf(id).get();
  }

  private cellOf(id: ClusterId): Cell<Cluster | undefined> {
    let held = this.cells.get(id);
    if (held === undefined) {
      held = cell<Cluster | undefined>(undefined, sameData);
      this.cells.set(id, held);
    }
    return held;
  }
}
