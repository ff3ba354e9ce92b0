/**
 * What may stand in what was not read, or is in no cluster's files, as an input of the mesh model: what a rule finds missing may be there.
 */
import { Lifetime } from '../base/incremental.ts';
import { remember } from '../base/remember.ts';
import { ANYTHING, type Sign } from '../facts/unread-signs.ts';
import type { ClusterId } from '../layout/layout.ts';

/** Where something that was not read goes: into some clusters, or into any. */
export type Whereabouts = readonly ClusterId[] | 'anywhere';

export interface Unread {
  readonly signs: readonly (Sign | typeof ANYTHING)[];
  readonly where: Whereabouts;
}

/** Stands for all clusters. */
const ANYWHERE = '';

export class UnreadStore {
  private readonly unread = new Map<string, Unread>();
  /** How many files have a sign, by the sign and where it may be. */
  private readonly counts = new Map<string, Map<ClusterId, number>>();
  /** The clusters for which a sign was asked for. */
  private readonly asked = new Map<string, Set<ClusterId>>();
  private readonly lifetime = new Lifetime();
  private readonly held = this.lifetime.inputs((cluster: ClusterId, sign: string) =>
    this.holds(cluster, sign, ANYTHING),
  );
  private readonly shown = this.lifetime.inputs((cluster: ClusterId, sign: string) => this.holds(cluster, sign));

  /** The files with signs. */
  get files(): Iterable<string> {
    return this.unread.keys();
  }

  /** Replaces what a file may hold; undefined if it holds nothing that is not placed. */
  replace(file: string, unread: Unread | undefined): void {
    const before = this.unread.get(file);
    const after = unread?.signs.length === 0 ? undefined : unread;
    if (before === undefined && after === undefined) return;
    if (after === undefined) this.unread.delete(file);
    else this.unread.set(file, after);
    this.count(before, -1);
    this.count(after, 1);
    for (const sign of new Set([...(before?.signs ?? []), ...(after?.signs ?? [])])) this.changed(sign);
  }

  /** True if a file which may be of the cluster may hold it. */
  mayHold(cluster: ClusterId, sign: Sign): boolean {
    remember(this.asked, sign, () => new Set<ClusterId>()).add(cluster);
    return this.held.get(cluster, sign);
  }

  /** True if a file which may be of the cluster shows the sign: one of which nothing is known does not. */
  shows(cluster: ClusterId, sign: Sign): boolean {
    remember(this.asked, sign, () => new Set<ClusterId>()).add(cluster);
    return this.shown.get(cluster, sign);
  }

  /** Forgets what was once asked for and nothing has read for long. Not while something is computed. */
  letGo(): void {
    this.lifetime.letGo();
  }

  private holds(cluster: ClusterId, ...signs: readonly string[]): boolean {
    return signs.some((held) => {
      const places = this.counts.get(held);
      return places !== undefined && (places.has(ANYWHERE) || places.has(cluster));
    });
  }

  private count(unread: Unread | undefined, by: 1 | -1): void {
    if (unread === undefined) return;
    const where = unread.where === 'anywhere' ? [ANYWHERE] : unread.where;
    for (const sign of unread.signs) {
      const places = remember(this.counts, sign, () => new Map<ClusterId, number>());
      for (const place of where) {
        const count = (places.get(place) ?? 0) + by;
        if (count === 0) places.delete(place);
        else places.set(place, count);
      }
      if (places.size === 0) this.counts.delete(sign);
    }
  }

  private changed(sign: string): void {
    const concerned = sign === ANYTHING ? this.asked.keys() : [sign];
    for (const one of concerned) {
      for (const cluster of this.asked.get(one) ?? []) {
        this.held.changed(cluster, one);
        this.shown.changed(cluster, one);
      }
    }
  }
}
