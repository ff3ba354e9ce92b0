/**
 * Where several clusters share a manifest, what the overlay of one of them changes in it is the cause of a difference, not the manifest:
 * each side of a finding stands at the patch that makes its cluster differ. What is missing stands at the patch that takes it away.
 */
import type { Anchor } from '../../base/anchor.ts';
import type { PathKey } from '../../base/path.ts';
import { childPath, pathKeys, ROOT } from '../../base/path.ts';
import { sameData } from '../../base/same-data.ts';
import type { BuiltObject, KustomizeBuild } from '../../deploy/kustomize/build-result.ts';
import type { Removal } from '../../facts/objects.ts';
import type { ClusterId } from '../../layout/layout.ts';
import type { Finding, FixEdit } from '../../rules/rule.ts';
import { type Cursor, entries, get, items, rootCursor } from '../../yaml/read.ts';
import { isIdentity, objectAt, reach, writtenAt } from '../deployed/built-places.ts';
import { dataOf, writtenAs } from '../deployed/trial-builds.ts';
import type { OverlayWorld } from '../fixes/overlay-edits.ts';
import { isOfOnly } from '../fixes/overlay-patches.ts';
import { misplacedSetting } from './misplaced-settings.ts';

interface World extends OverlayWorld {
  isShared(file: string): boolean;
}

/** @returns the finding, with each side where its cluster comes to differ from the others */
export function atPatches(finding: Finding, world: World): Finding {
  return atOwnSide(patched(finding, world), world);
}

/** The finding at the side that stands for it, where other clusters share its place, but not that side. */
function atOwnSide(finding: Finding, world: World): Finding {
  const side = finding.related.find(({ instead }) => instead !== undefined);
  if (side?.instead === undefined || side.cluster === undefined) return finding;
  const own = new Set([side.cluster]);
  if (isOfOnly(own, finding.at, world) || !isOfOnly(own, side.at, world)) return finding;
  const left = { at: finding.at, cluster: side.cluster, message: side.instead };
  return { ...finding, at: side.at, related: [left, ...finding.related.filter((one) => one !== side)] };
}

function patched(finding: Finding, world: World): Finding {
  const { ofCluster, clusters, related } = finding;
  const blamed = ofCluster ?? clusters[0];
  if (blamed === undefined) return finding;
  const removal = mendedRemoval(finding, blamed, world);
  // Those that agree come last.
  const peers = [...clusters].reverse().filter((cluster) => cluster !== blamed);
  if (peers.length === 0) return removal === undefined ? finding : { ...finding, at: removal };
  const at = removal ?? patchedPlace(finding.at, blamed, peers, world);
  const sides = related.map((side) => {
    const others = side.cluster === blamed ? peers : [blamed];
    const place = side.cluster === undefined ? side.at : patchedPlace(side.at, side.cluster, others, world);
    return place === side.at ? side : { ...side, at: place };
  });
  const isMoved = at !== finding.at || sides.some((side, i) => side !== related[i]);
  return isMoved ? { ...finding, at, related: sides } : finding;
}

/** What took away, in a build of the cluster, what the first fix of a finding sets there, or writes it elsewhere. */
function mendedRemoval(finding: Finding, cluster: ClusterId, world: World): Anchor | undefined {
  const file = world.documents.document(finding.at.doc)?.file;
  const uses = file === undefined ? [] : world.usesOf(file);
  if (uses.every(({ build }) => build === undefined)) return undefined;
  // What is missing in a manifest stands at no value of it.
  const peers =
    writtenAt(finding.at, world)?.type === 'map' ? uses.filter(({ clusters }) => !clusters.includes(cluster)) : [];
  const builds = uses.flatMap(({ build, clusters }) =>
    clusters.includes(cluster) &&
    (peers.length > 0 || build?.objects.some(({ removals }) => removals.length > 0) === true)
      ? (build ?? [])
      : [],
  );
  if (builds.length === 0) return undefined;
  for (const edit of firstEdits(finding)) {
    if (edit.for?.includes(cluster) === false) continue;
    for (const build of builds) {
      const at =
        removalOfSetting(edit, build, finding, world) ?? misplacedSetting(edit, build, peers, finding.object, world);
      if (at !== undefined) return at;
    }
  }
  return undefined;
}

/** A fix that a bug breaks tells nothing here; that is told where it is offered. */
export function firstEdits({ fixes }: Finding): readonly FixEdit[] {
  try {
    return fixes?.()[0]?.edits() ?? [];
  } catch {
    return [];
  }
}

/** What took away the place that an edit sets, or the item of a list that it appends. */
function removalOfSetting(
  edit: FixEdit,
  build: KustomizeBuild,
  { object: subject }: Finding,
  world: World,
): Anchor | undefined {
  const found = edit.op === 'set' || edit.op === 'append' ? objectAt(edit.at, build, subject) : undefined;
  if (found === undefined) return undefined;
  const { object, keys } = found;
  const { removals } = object;
  if (edit.op === 'append') {
    const list = childPath(ROOT, ...keys);
    const own = nameOf(edit.value);
    const isOfName = ({ path, name }: Removal): boolean => path.parent === list && name !== undefined && name === own;
    return hasNamed(edit, world) ? itemRemovalOf(removals, keys) : removals.findLast(isOfName)?.at;
  }
  const exists = (...way: readonly PathKey[]): boolean => reach(rootCursor(object.doc, object.root), way).exists;
  if (exists(...keys)) return undefined;
  // Charts read a setting in several places.
  const isAlike = ({ path, name }: Removal): boolean =>
    subject === undefined &&
    typeof keys.at(-1) === 'string' &&
    (name ?? path.key) === keys.at(-1) &&
    (name !== undefined || !exists(...pathKeys(path)));
  return removalOf(removals, keys) ?? removals.findLast(isAlike)?.at;
}

function nameOf(item: unknown): unknown {
  return (item as { readonly name?: unknown } | null)?.name;
}

/** True if the list that an edit appends to has an item of that name where it is written. */
function hasNamed({ at, value }: Extract<FixEdit, { readonly op: 'append' }>, world: World): boolean {
  const list = writtenAt(at, world);
  const data = list === undefined ? undefined : dataOf(list);
  const name = nameOf(value);
  return typeof name === 'string' && Array.isArray(data) && data.some((item) => nameOf(item) === name);
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
    const removal = itemRemovalOf(object.removals, keys);
    if (removal !== undefined) return removal;
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

/** What took an item of a list away. */
function itemRemovalOf(removals: readonly Removal[], keys: readonly PathKey[]): Anchor | undefined {
  const list = childPath(ROOT, ...keys);
  return removals.findLast(({ path }) => path.parent === list && typeof path.key === 'number')?.at;
}
