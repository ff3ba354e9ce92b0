/** A setting that an overlay writes where nothing reads it: what rules miss in the place that it was meant for stands there. */
import type { Anchor } from '../../base/anchor.ts';
import type { PathKey } from '../../base/path.ts';
import type { BuiltObject, KustomizeBuild } from '../../deploy/kustomize/build-result.ts';
import type { FindingObject, FixEdit } from '../../rules/rule.ts';
import { get, items, leavesOf, rootCursor } from '../../yaml/read.ts';
import type { BuildUse } from '../deployed/build-use.ts';
import { objectAt, reach } from '../deployed/built-places.ts';
import { kustomizationIn } from '../deployed/kustomization-entries.ts';
import { writtenAs } from '../deployed/trial-builds.ts';
import type { OverlayWorld } from '../fixes/overlay-edits.ts';

/**
 * @param edit of a fix: what is missing
 * @param peers the uses for other clusters of the file that it edits
 * @returns where the build writes the same text under the same key, which no other build has in that place
 */
export function misplacedSetting(
  edit: FixEdit,
  build: KustomizeBuild,
  peers: readonly BuildUse[],
  subject: FindingObject | undefined,
  world: OverlayWorld,
): Anchor | undefined {
  const found = edit.op === 'set' && typeof edit.value === 'string' ? objectAt(edit.at, build, subject) : undefined;
  if (found === undefined || edit.op !== 'set' || peers.length === 0) return undefined;
  const { object, keys } = found;
  const root = rootCursor(object.doc, object.root);
  if (reach(root, keys).exists) return undefined;
  const isAlone = (way: readonly PathKey[]): boolean =>
    peers.every((peer) => {
      const theirs = peer.build && writtenAs(peer.build, object.original);
      return theirs !== undefined && !reach(rootCursor(theirs.doc, theirs.root), way).exists;
    });
  for (const [way, { node, at }] of leavesOf(root)) {
    const isSame = way.at(-1) === keys.at(-1) && node.type === 'scalar' && node.text === edit.value;
    if (isSame && isAlone(way)) return fieldPathOf(way, object, world) ?? at;
  }
  return undefined;
}

/** The entry of `fieldPaths` by which a replacement writes there. */
function fieldPathOf(way: readonly string[], object: BuiltObject, world: OverlayWorld): Anchor | undefined {
  for (const folder of object.folders) {
    const place = kustomizationIn(folder, world);
    const root = place && world.documents.parsed(place.doc)?.root;
    if (place === undefined || root === undefined) continue;
    for (const replacement of items(get(rootCursor(place.doc, root), 'replacements'))) {
      const paths = items(get(replacement, 'targets')).flatMap((target) => items(get(target, 'fieldPaths')));
      const path = paths.find(({ node }) => node.type === 'scalar' && node.text === way.join('.'));
      if (path !== undefined) return path.at;
    }
  }
  return undefined;
}
