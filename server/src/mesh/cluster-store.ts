/**
 * The clusters of the world as inputs of the mesh model. What rules look at and what only views show are apart: a file that cannot be
 * read for a moment, as while it is typed, must not make every rule run again.
 */
import { type Cell, cell, sameData } from '../base/incremental.ts';
import type { Cluster, ClusterId, PlacedCluster } from '../layout/layout.ts';
import { ClusterView } from './cluster-view.ts';
import { remember } from './object-store.ts';

export class ClusterStore {
  private readonly views = new Map<ClusterId, ClusterView>();
  private readonly clusters = new Map<ClusterId, Cell<Cluster | undefined>>();
  private readonly placed = new Map<ClusterId, Cell<PlacedCluster | undefined>>();
  private readonly partials = new Map<ClusterId, Cell<boolean>>();

  /** Replaces all clusters. */
  replace(clusters: ReadonlyMap<ClusterId, PlacedCluster>): void {
    for (const id of new Set([...this.placed.keys(), ...clusters.keys()])) this.set(id, clusters.get(id));
  }

  /** A cluster without what `at` has beside it: always the same object, each property of which is a tracked read. */
  get(id: ClusterId): Cluster | undefined {
    return this.clusterCell(id).get();
  }

  /** A cluster with its files and how it was recognised. */
  at(id: ClusterId): PlacedCluster | undefined {
    return this.placedCell(id).get();
  }

  /** True if a file of the cluster was not read. */
  isPartial(id: ClusterId): boolean {
    return this.partialCell(id).get();
  }

  private set(id: ClusterId, cluster: PlacedCluster | undefined): void {
    this.placedCell(id).set(cluster);
    this.partialCell(id).set((cluster?.skipped.length ?? 0) > 0 || cluster?.partial === true);
    this.clusterCell(id).set(cluster && this.viewOf(cluster));
  }

  private viewOf(cluster: PlacedCluster): Cluster {
    const view = remember(this.views, cluster.id, () => new ClusterView(cluster));
    view.set(cluster);
    return view.cluster;
  }

  private clusterCell(id: ClusterId): Cell<Cluster | undefined> {
    return remember(this.clusters, id, () => cell<Cluster | undefined>(undefined));
  }

  private placedCell(id: ClusterId): Cell<PlacedCluster | undefined> {
    return remember(this.placed, id, () => cell<PlacedCluster | undefined>(undefined, sameData));
  }

  private partialCell(id: ClusterId): Cell<boolean> {
    return remember(this.partials, id, () => cell(false));
  }
}
