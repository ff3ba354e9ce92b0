/** Gives the objects of files to the clusters that they are placed in, and takes note of what may be theirs too. */
import type { ObjectFact } from '../facts/objects.ts';
import type { FileFacts } from '../layout/file-facts.ts';
import type { ClusterId, Layout } from '../layout/layout.ts';
import { ObjectStore, type Placed } from '../mesh/object-store.ts';
import { UnreadStore } from '../mesh/unread-store.ts';
import { type PlacedFiles, unplacedIn } from './unplaced.ts';

export class PlacedObjects {
  readonly objects = new ObjectStore();
  /** What is deleted on its way into a cluster. */
  readonly deleted = new ObjectStore();
  readonly unread = new UnreadStore();

  /** @param isImported tells reports of other repositories */
  constructor(
    private readonly files: PlacedFiles,
    private readonly isImported: (file: string) => boolean,
  ) {}

  /** Replaces what is stated under an id. */
  place(id: string, facts: FileFacts | undefined, { placement, imports }: Layout): void {
    const clusters = placement.get(id) ?? [];
    const imported = imports.get(id)?.flatMap(({ cluster, objects }) => placedIn([cluster], objects));
    const stated = facts?.documents.flatMap(({ objects }) => placedIn(clusters, objects)) ?? [];
    this.objects.replace(id, imported ?? stated, imported !== undefined);
    this.deleted.replace(id, placedIn(clusters, facts?.deleted ?? []));
    this.unread.replace(id, this.isImported(id) ? undefined : unplacedIn(id, facts, clusters, this.files));
  }

  /** Forgets what was once asked for and nothing has read for long. Not while something is computed. */
  letGo(): void {
    this.objects.letGo();
    this.deleted.letGo();
    this.unread.letGo();
  }
}

function placedIn(clusters: readonly ClusterId[], objects: readonly ObjectFact[]): readonly Placed[] {
  return clusters.flatMap((cluster) => objects.map((object) => ({ cluster, object })));
}
