/** What several clusters say wrong in the same way: it is told once, for all the places where it is written. */
import type { Anchor } from '../../base/anchor.ts';
import { remember } from '../../base/remember.ts';
import type { ClusterId } from '../../layout/layout.ts';
import type { Mesh } from '../../mesh/model.ts';
import type { NodeEdit } from '../../yaml/edit.ts';
import type { Finding, Fix } from '../rule.ts';
import { listed, nameOf } from './wording.ts';

/** Where something is written, and whose it is. */
export interface Place<T> {
  readonly found: T;
  /** The clusters whose istiod reads it, the first one first. */
  readonly clusters: readonly [ClusterId, ...ClusterId[]];
}

/** The clusters of some places, each once. */
export function clustersOf(places: readonly Place<unknown>[]): readonly ClusterId[] {
  return [...new Set(places.flatMap(({ clusters }) => clusters))];
}

/** The names of their clusters, listed. */
export function namesOf(mesh: Mesh, places: readonly Place<unknown>[]): string {
  return listed(clustersOf(places).map((id) => nameOf(mesh, id)));
}

/** One of each place, however many clusters share its file. */
export function placesOf<T>(
  found: readonly { readonly cluster: ClusterId; readonly at: Anchor; readonly found: T }[],
): readonly Place<T>[] {
  const places = new Map<string, { readonly found: T; readonly clusters: ClusterId[] }>();
  for (const { cluster, at, found: one } of found)
    remember(places, JSON.stringify([at.doc, at.path]), () => ({ found: one, clusters: [] })).clusters.push(cluster);
  return [...places.values()] as unknown as readonly Place<T>[];
}

/** What is wrong in one place. */
export interface Wrong {
  readonly place: Place<unknown>;
  readonly at: Anchor;
  readonly fixes: readonly PlaceFix[];
}

/** A fix in one place. */
export type PlaceFix = Omit<Fix, 'edits'> & { readonly edits: readonly NodeEdit[] };

/**
 * The same wrong in several places, as one finding.
 * @param wrongs of places in the order of their clusters, at least one
 */
export function toldOfPlaces(
  mesh: Mesh,
  wrongs: readonly Wrong[],
  message: string,
): Pick<Finding, 'message' | 'at' | 'clusters' | 'object' | 'related' | 'tie' | 'fixes'> {
  const [first, ...others] = wrongs as readonly [Wrong, ...Wrong[]];
  return {
    message,
    at: first.at,
    clusters: clustersOf(wrongs.map(({ place }) => place)),
    object: undefined,
    related: others.map(({ place, at }) => ({
      at,
      cluster: place.clusters[0],
      message: `the same in ${namesOf(mesh, [place])}`,
      mirror: message,
    })),
    tie: true,
    fixes: () => first.fixes.flatMap((fix) => fixOfAll(wrongs, fix)),
  };
}

/** A fix that each place has; safe if it is in each. */
function fixOfAll(wrongs: readonly Wrong[], fix: PlaceFix): readonly Fix[] {
  const parts = wrongs.flatMap(({ place: { clusters }, fixes }) =>
    fixes.flatMap((one) => (one.title === fix.title ? [{ ...one, clusters }] : [])),
  );
  if (parts.length < wrongs.length) return [];
  return [
    {
      ...fix,
      safe: parts.every(({ safe }) => safe),
      edits: () => parts.flatMap(({ edits, clusters }) => edits.map((edit) => ({ ...edit, for: clusters }))),
    },
  ];
}
