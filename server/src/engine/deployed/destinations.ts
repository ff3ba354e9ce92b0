/** Which clusters the destinations of deployments are: those of what else goes there, and those of that name. */
import { lastSegment } from '../../base/relative-path.ts';
import { remember } from '../../base/remember.ts';
import type { ClusterKey } from '../../deploy/deployment.ts';
import type { FileFacts } from '../../layout/file-facts.ts';
import type { ClusterId, Layout } from '../../layout/layout.ts';

export class Destinations {
  private layout: Layout | undefined;
  private known: ReadonlyMap<string, ReadonlySet<ClusterId>> = new Map();

  constructor(
    private readonly current: () => Layout | undefined,
    private readonly facts: () => Iterable<FileFacts>,
  ) {}

  /** @returns none if it is not known */
  clustersAt(keys: readonly ClusterKey[]): readonly ClusterId[] {
    const layout = this.current();
    if (layout === undefined || keys.length === 0) return [];
    if (layout !== this.layout) {
      this.layout = layout;
      this.known = destinationsOf(layout, this.facts());
    }
    return [...new Set(keys.flatMap((key) => [...(this.known.get(identityOf(key)) ?? [])]))];
  }
}

function destinationsOf({ clusters, placement }: Layout, facts: Iterable<FileFacts>): Destinations['known'] {
  const known = new Map<string, Set<ClusterId>>();
  const add = (identity: string, cluster: ClusterId): void => {
    remember(known, identity, () => new Set<ClusterId>()).add(cluster);
  };
  for (const { file, unit } of facts) {
    for (const key of unit?.keys ?? []) for (const cluster of placement.get(file) ?? []) add(identityOf(key), cluster);
  }
  for (const { id, name } of clusters.values())
    for (const word of new Set([name, lastSegment(id)])) add(`name ${word}`, id);
  return known;
}

/** People call a cluster by its name also in the elements of generators, and in contexts of kubectl. */
function identityOf({ from, value }: ClusterKey): string {
  return `${from === 'element' || from === 'context' ? 'name' : from} ${value}`;
}
