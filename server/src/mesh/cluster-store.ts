/**
 * The clusters of the world as inputs of the mesh model. What rules look at and what only views show are apart: a file that cannot be
 * read for a moment, as while it is typed, must not make every rule run again.
 */
import { Lifetime } from '../base/incremental.ts';
import { remember } from '../base/remember.ts';
import { sameData } from '../base/same-data.ts';
import type { Cluster, ClusterId, PlacedCluster } from '../layout/layout.ts';
import { isLeftOutOfBuild } from '../layout/skip-reasons.ts';
import { ClusterView } from './cluster-view.ts';

export class ClusterStore {
  private readonly views = new Map<ClusterId, ClusterView>();
  private readonly present = new Map<ClusterId, PlacedCluster>();
  private readonly lifetime = new Lifetime();
  private readonly clusters = this.lifetime.inputs((id: ClusterId) => this.views.get(id)?.cluster);
  private readonly placed = this.lifetime.inputs((id: ClusterId) => this.present.get(id), sameData);
  private readonly partials = this.lifetime.inputs((id: ClusterId) => isPartial(this.present.get(id)));

  /** Replaces all clusters. */
  replace(clusters: ReadonlyMap<ClusterId, PlacedCluster>): void {
    for (const id of new Set([...this.present.keys(), ...clusters.keys()])) this.set(id, clusters.get(id));
  }

  /** A cluster without what `at` has beside it: always the same object, each property of which is a tracked read. */
  get(id: ClusterId): Cluster | undefined {
    return this.clusters.get(id);
  }

  /** A cluster with its files and how it was recognised. */
  at(id: ClusterId): PlacedCluster | undefined {
    return this.placed.get(id);
  }

  /** True if a file of the cluster was not read, and nothing is known of what it holds. */
  isPartial(id: ClusterId): boolean {
    return this.partials.get(id);
  }

  /** Forgets what was once asked for and nothing has read for long. Not while something is computed. */
  letGo(): void {
    this.lifetime.letGo();
  }

  private set(id: ClusterId, cluster: PlacedCluster | undefined): void {
    if (cluster === undefined) {
      this.present.delete(id);
      this.views.delete(id);
    } else {
      this.present.set(id, cluster);
      remember(this.views, id, () => new ClusterView(cluster)).set(cluster);
    }
    this.placed.changed(id);
    this.partials.changed(id);
    this.clusters.changed(id);
  }
}

/**
 * A broken manifest, as there is one at nearly every key stroke, is searched for what it may hold (`facts/unread-signs.ts`); what a manifest
 * holds that kustomize leaves out is known.
 */
function isPartial(cluster: PlacedCluster | undefined): boolean {
  return (
    cluster?.partial !== undefined ||
    cluster?.skipped.some((file) => file.reason !== 'broken-yaml' && !isLeftOutOfBuild(file)) === true
  );
}
