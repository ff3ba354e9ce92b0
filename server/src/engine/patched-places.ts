/**
 * Where several clusters share a manifest, what the overlay of one of them changes in it is the cause of a difference, not the manifest:
 * each side of a finding stands at the patch that makes its cluster differ.
 */
import type { Anchor } from '../base/anchor.ts';
import type { PathKey } from '../base/path.ts';
import { childPath, ROOT } from '../base/path.ts';
import { sameData } from '../base/same-data.ts';
import type { BuiltObject } from '../deploy/kustomize/build-result.ts';
import type { Removal } from '../facts/objects.ts';
import type { ClusterId } from '../layout/layout.ts';
import type { Finding } from '../rules/rule.ts';
import { type Cursor, entries, get, items, rootCursor } from '../yaml/read.ts';
import { isIdentity, objectAt, reach } from './built-places.ts';
import type { OverlayWorld } from './overlay-edits.ts';
import { dataOf, writtenAs } from './trial-builds.ts';

interface World extends OverlayWorld {
  isShared(file: string): boolean;
}

/** @returns the finding, with each side where its cluster comes to differ from the others */
export function atPatches(finding: Finding, world: World): Finding {
  const { ofCluster, clusters, related } = finding;
  const blamed = ofCluster ?? clusters[0];
  // Those that agree come last.
  const peers = [...clusters].reverse().filter((cluster) => cluster !== blamed);
  if (blamed === undefined || peers.length === 0) return finding;
  const at = patchedPlace(finding.at, blamed, peers, world);
  const sides = related.map((side) => {
    const others = side.cluster === blamed ? peers : [blamed];
    const place = side.cluster === undefined ? side.at : patchedPlace(side.at, side.cluster, others, world);
    return place === side.at ? side : { ...side, at: place };
  });
  const isMoved = at !== finding.at || sides.some((side, i) => side !== related[i]);
  return isMoved ? { ...finding, at, related: sides } : finding;
}

/** The place in a build of a cluster that differs from what one of the others has there. */
function patchedPlace(at: Anchor, cluster: ClusterId, others: readonly ClusterId[], world: World): Anchor {
  const file = world.documents.document(at.doc)?.file;
  if (file === undefined || !world.isShared(file)) return at;
  const uses = world.usesOf(file);
  for (const { build, clusters } of uses) {
    const found = clusters.includes(cluster) && build !== undefined ? objectAt(at, build) : undefined;
    if (found === undefined) continue;
    const { object, keys } = found;
    if (keys.length === 0 || isIdentity(keys)) return at;
    const { cursor, exists } = reach(rootCursor(object.doc, object.root), keys);
    if (!exists) return removalOf(object.removals, keys) ?? at;
    if (cursor.at.doc !== at.doc || cursor.at.path !== at.path) return cursor.at;
    for (const other of others) {
      const peer = uses
        .filter((use) => use.clusters.includes(other))
        .flatMap((use) => (use.build && writtenAs(use.build, object.original)) ?? [])[0];
      const same = peer && reach(rootCursor(peer.doc, peer.root), keys);
      const place = same?.exists === true ? firstDifference(cursor, same.cursor, keys, object) : undefined;
      if (place !== undefined) return place;
    }
  }
  return at;
}

/** Where the first of two nodes differs from the other; undefined if it does not, or nothing tells where it came to lack what the other has. */
function firstDifference(
  own: Cursor,
  other: Cursor,
  keys: readonly PathKey[],
  object: BuiltObject,
): Anchor | undefined {
  if (own.node === other.node || sameData(dataOf(own.node), dataOf(other.node))) return undefined;
  if (own.node.type === 'map' && other.node.type === 'map') {
    for (const [key, value] of entries(own)) {
      const same = get(other, key);
      const place = same === undefined ? value.at : firstDifference(value, same, [...keys, key], object);
      if (place !== undefined) return place;
    }
    for (const [key] of entries(other)) {
      const place = get(own, key) === undefined ? removalOf(object.removals, [...keys, key]) : undefined;
      if (place !== undefined) return place;
    }
    return undefined;
  }
  if (own.node.type !== 'seq' || other.node.type !== 'seq') return own.at;
  const [ours, theirs] = [items(own), items(other)];
  if (ours.length < theirs.length) {
    const list = childPath(ROOT, ...keys);
    const removal = object.removals.findLast(({ path }) => path.parent === list && typeof path.key === 'number');
    if (removal !== undefined) return removal.at;
  }
  for (const [i, item] of ours.entries()) {
    const same = theirs[i];
    const place = same === undefined ? item.at : firstDifference(item, same, [...keys, i], object);
    if (place !== undefined) return place;
  }
  return undefined;
}

/** What took a place away. */
function removalOf(removals: readonly Removal[], keys: readonly PathKey[]): Anchor | undefined {
  const path = childPath(ROOT, ...keys);
  return removals.findLast((removal) => removal.path === path)?.at;
}
