/** Entries of kustomizations, such as inline patches or labels, or what patches hold, by which all other clusters give an object what one lacks. */
import { type Anchor, below, documentAnchor, isAtOrBelow, sameAnchor } from '../../base/anchor.ts';
import { type PathKey, pathKeys, ROOT } from '../../base/path.ts';
import { areSiblings, folderOf, isWithin, lastSegment } from '../../base/relative-path.ts';
import { sameData } from '../../base/same-data.ts';
import type { KustomizeBuild, ObjectId } from '../../deploy/kustomize/build-result.ts';
import { splitFieldPath } from '../../deploy/kustomize/object-path.ts';
import { textAt } from '../../deploy/read-text.ts';
import type { ClusterId } from '../../layout/layout.ts';
import type { Finding } from '../../rules/rule.ts';
import type { YamlValue } from '../../yaml/edit.ts';
import { type Cursor, get, items, leavesOf, rootCursor } from '../../yaml/read.ts';
import type { BuildUse } from '../deployed/build-use.ts';
import { isIdentity, objectAt, reach, writtenAt } from '../deployed/built-places.ts';
import { asWritten, entriesIn, kustomizationIn, kustomizationRoot } from '../deployed/kustomization-entries.ts';
import { writtenAs } from '../deployed/trial-builds.ts';
import type { OverlayWorld } from '../fixes/overlay-edits.ts';
import { entryOf } from '../fixes/patch-entries.ts';
import { firstEdits } from './patched-places.ts';

export type BuiltUse = BuildUse & { readonly root: string; readonly build: NonNullable<BuildUse['build']> };

/** Where the kustomization of another cluster has what one lacks. */
export interface Side {
  readonly cluster: ClusterId;
  readonly at: Anchor;
  /** The entry; undefined where it names a file that lies beside its kustomization. */
  readonly value: YamlValue | undefined;
}

/** What the kustomizations of all other clusters have and that of one cluster has not. */
export interface Lacked {
  /** The document of that one: the kustomization, or the object by which a tool applies it; what is there of a patch that holds less. */
  readonly holder: Anchor;
  /** Those that lead to an entry: with the number of one in a list. Of a patch the key that it lacks. */
  readonly keys: readonly PathKey[];
  readonly isOfPatch: boolean;
  /** The folder that is not included; undefined for an entry that does by itself what is missing. */
  readonly included: string | undefined;
  readonly sides: readonly Side[];
  /** True for what each cluster has for itself, one of them from what all share. */
  readonly isOwn: boolean;
}

/** The entry by which kustomizations of all others give the object what is missing, be it that of the overlay, or one between this and the base. */
export function lackedEntry(
  finding: Finding,
  own: BuiltUse,
  others: readonly BuiltUse[],
  world: OverlayWorld,
): Lacked | undefined {
  // Of two, it is the one with the entry that differs from what they share.
  if (finding.tie === true && others.length === 1) return undefined;
  for (const place of placesOf(finding, own, others)) {
    const had = reachedIn(place, own)?.at;
    // The cluster may have it from what the others have not.
    if (had !== undefined && !others.every(({ build }) => build.uses.includes(fileAt(had, world)))) continue;
    // Others of a region may lack it as well.
    const isDifferent = (use: BuiltUse): boolean => {
      const at = reachedIn(place, use)?.at;
      return at !== undefined && (had === undefined || !sameAnchor(had, at));
    };
    const other = others.find(isDifferent);
    const way = other && (patchLacking(place, own, other, world) ?? entryLacking(place, own, other, others, world));
    const having = way === undefined ? [] : others.filter(({ build }) => !way.isIn(build));
    const sides: Side[] = [];
    let owner: BuiltUse | undefined;
    for (const use of having) {
      const side = isDifferent(use) ? way?.sideOf(use) : undefined;
      const [cluster] = use.clusters;
      if (cluster !== undefined && side !== undefined) sides.push({ ...side, cluster });
      // What it shares may be what one of the others has for itself.
      else if (owner === undefined && had !== undefined && !isDifferent(use)) owner = use;
      else break;
    }
    const isOwn =
      owner !== undefined && finding.tie !== true && isOfEach(place, [own, ...having.filter((use) => use !== owner)]);
    if (way !== undefined && sides.length + Number(isOwn) === having.length) return { ...way.lacked, sides, isOwn };
  }
  return undefined;
}

/** One way in which a cluster may lack what another one has in a place. */
interface Way {
  readonly lacked: Omit<Lacked, 'sides' | 'isOwn'>;
  /** True if a build has what lacks it, too. */
  isIn(build: KustomizeBuild): boolean;
  /** What gives it to others; undefined if that is something else. */
  sideOf(use: BuiltUse): Omit<Side, 'cluster'> | undefined;
}

/** A kustomization without the entry that is in that of the other. */
function entryLacking(
  place: ObjectPlace,
  own: BuiltUse,
  other: BuiltUse,
  others: readonly BuiltUse[],
  world: OverlayWorld,
): Way | undefined {
  const first = entryGiving(place, other, world);
  const holder = first && counterpart(first.holder, own, others, world);
  // A template says it for all.
  if (first === undefined || holder === undefined || holder.doc === first.holder.doc) return undefined;
  if (isWrittenIn(holder, first, world)) return undefined;
  const folder = folderOf(fileAt(holder, world));
  return {
    lacked: { holder, keys: first.keys, included: undefined, isOfPatch: false },
    isIn: ({ includes }) => includes.includes(folder),
    sideOf(use) {
      const entry = entryGiving(place, use, world);
      const isAlike =
        entry !== undefined &&
        sameData(entry.keys.slice(0, -1), first.keys.slice(0, -1)) &&
        counterpart(entry.holder, own, others, world)?.doc === holder.doc;
      return isAlike ? entry : undefined;
    },
  };
}

/** A patch with less in it than that of the other. */
function patchLacking(place: ObjectPlace, own: BuiltUse, other: BuiltUse, world: OverlayWorld): Way | undefined {
  const patch = patchLike(place, own, other, world);
  const root = patch && world.documents.parsed(patch.doc)?.root;
  if (patch === undefined || root === undefined) return undefined;
  const way = [...pathKeys(patch.path), ...place.keys];
  return {
    lacked: {
      holder: reach(rootCursor(patch.doc, root), way).cursor.at,
      keys: place.keys.slice(-1),
      included: undefined,
      isOfPatch: true,
    },
    isIn: ({ uses }) => uses.includes(fileAt(patch, world)),
    sideOf(use) {
      const same = patchLike(place, own, use, world);
      const at = same && sameAnchor(same, patch) ? reachedIn(place, use)?.at : undefined;
      return at && { at, value: undefined };
    },
  };
}

/** The patch of a cluster that corresponds to the one by which another cluster has something in a place. */
function patchLike(place: ObjectPlace, own: BuiltUse, other: BuiltUse, world: OverlayWorld): Anchor | undefined {
  const at = reachedIn(place, other)?.at;
  const [ours, all] = [own, other].map(({ build }) => writtenAs(build, place.original)?.patches ?? []) as [
    Anchor[],
    Anchor[],
  ];
  const patch = at && all.find((one) => isAtOrBelow(at, one));
  if (patch === undefined) return undefined;
  const folder = folderOf(fileAt(patch, world));
  const theirs = all.filter((one) => folderOf(fileAt(one, world)) === folder);
  const same = ours.filter(
    ({ doc, path }) =>
      (doc === own.named?.doc && patch.doc === other.named?.doc) ||
      areSiblings(folderOf(fileAt({ doc, path }, world)), folder),
  );
  const found = same[theirs.indexOf(patch)];
  const isAlike = same.length === 1 || lastSegment(fileAt(found ?? patch, world)) === lastSegment(fileAt(patch, world));
  return same.length === theirs.length && isAlike ? found : undefined;
}

/** A place of an object, by the name that it has in the files. */
interface ObjectPlace {
  readonly original: ObjectId;
  readonly keys: readonly PathKey[];
}

/** What is missing: what the first fix would write, where the others have it, or all that the object has in them and not here. */
function* placesOf(finding: Finding, own: BuiltUse, others: readonly BuiltUse[]): Generator<ObjectPlace> {
  const places = [
    ...firstEdits(finding).flatMap((edit) => ('at' in edit ? [{ at: edit.at, use: own }] : [])),
    ...finding.related.flatMap(({ at, cluster }) =>
      others.flatMap((use) => (cluster !== undefined && use.clusters.includes(cluster) ? [{ at, use }] : [])),
    ),
    { at: finding.at, use: own },
  ];
  for (const { at, use } of places) {
    const found = objectAt(at, use.build, finding.object);
    if (found !== undefined && found.keys.length > 0 && !isIdentity(found.keys))
      yield { original: found.object.original, keys: found.keys };
  }
  const lacking = objectAt(finding.at, own.build, finding.object)?.object;
  const other = lacking && others[0] && writtenAs(others[0].build, lacking.original);
  if (lacking === undefined || other === undefined) return;
  const { original } = lacking;
  const ways = [...leavesOf(rootCursor(other.doc, other.root))].map(([keys]) => ({ original, keys }));
  const missing = ways.filter((place) => reachedIn(place, own) === undefined);
  if (missing.length === 1) yield* missing;
}

/** True for a name of a cluster or network that is another one in each build: each cluster has one for itself. */
function isOfEach(place: ObjectPlace, uses: readonly BuiltUse[]): boolean {
  const values = uses.flatMap((use) => textAt(reachedIn(place, use)) ?? []);
  return /^clusterName$|(?:^|\/)network$/.test(String(place.keys.at(-1))) && new Set(values).size === uses.length;
}

/** What a build has in a place. */
function reachedIn({ original, keys }: ObjectPlace, { build }: BuiltUse): Cursor | undefined {
  const object = writtenAs(build, original);
  const reached = object && reach(rootCursor(object.doc, object.root), keys);
  return reached?.exists === true ? reached.cursor : undefined;
}

/** The entry of a kustomization that gives an object what a build has in a place. */
function entryGiving(
  place: ObjectPlace,
  use: BuiltUse,
  world: OverlayWorld,
): (Omit<Side, 'cluster'> & Pick<Lacked, 'holder' | 'keys'>) | undefined {
  const { at } = reachedIn(place, use) ?? {};
  if (at === undefined) return undefined;
  const { build, named } = use;
  const copied = copying(place, at, use, world);
  const entry = copied ?? entryOf(at, build, world) ?? listed(at, build, world) ?? at;
  const folder = folderOf(fileAt(entry, world));
  const isOfTool = entry.doc === named?.doc;
  if (!isOfTool && kustomizationIn(folder, world)?.doc !== entry.doc) return undefined;
  // Below an entry of a kustomization, or of one of its maps, may be more.
  const keys = isOfTool ? pathKeys(entry.path) : pathKeys(entry.path).slice(0, 2);
  const holder = documentAnchor(entry.doc);
  const written = writtenAt(below(holder, ...keys), world);
  const isBeside = copied === undefined && at.doc !== entry.doc && isWithin(fileAt(at, world), folder);
  return written && { holder, keys, at, value: isBeside ? undefined : asWritten(written) };
}

/** True if a list of the holder has an entry that reads like one of another, be it of a file beside it. */
function isWrittenIn(
  holder: Anchor,
  { holder: other, keys }: Pick<Lacked, 'holder' | 'keys'>,
  world: OverlayWorld,
): boolean {
  const entry = writtenAt(below(other, ...keys), world);
  const list = writtenAt(below(holder, ...keys.slice(0, -1)), world);
  const value = entry && asWritten(entry);
  return list?.type === 'seq' && list.items.some((item) => sameData(asWritten(item), value));
}

/** The entry that names the file which a place is in. */
function listed(at: Anchor, { folder, includes }: KustomizeBuild, world: OverlayWorld): Anchor | undefined {
  const file = fileAt(at, world);
  for (const one of [folder, ...includes]) {
    const entry = entriesIn(one, world).get(file);
    if (entry !== undefined) return entry.at;
  }
  return undefined;
}

/** The replacement that copies what is written for another object into a place. */
function copying(
  { original, keys }: ObjectPlace,
  at: Anchor,
  { build }: BuiltUse,
  world: OverlayWorld,
): Anchor | undefined {
  const written = objectAt(at, build)?.object;
  // What it copies from need not be applied.
  if (written !== undefined && sameData(written.original, original)) return undefined;
  const isTarget = (target: Cursor): boolean =>
    (['kind', 'name'] as const).every((key) => (textAt(target, 'select', key) ?? original[key]) === original[key]) &&
    items(get(target, 'fieldPaths')).some((path) => sameData(splitFieldPath(textAt(path) ?? ''), keys));
  const replacements = [build.folder, ...build.includes].flatMap((folder) =>
    items(get(kustomizationRoot(folder, world), 'replacements')),
  );
  return replacements.find((one) => items(get(one, 'targets')).some(isTarget))?.at;
}

export function fileAt({ doc }: Anchor, { documents }: OverlayWorld): string {
  return documents.document(doc)?.file ?? '';
}

/** What of one cluster corresponds to a document of others; undefined if that may be several. */
function counterpart(
  { doc }: Anchor,
  own: BuiltUse,
  others: readonly BuiltUse[],
  world: OverlayWorld,
): Anchor | undefined {
  if (others.some(({ named }) => named?.doc === doc)) return own.named && documentAnchor(own.named.doc);
  const folder = folderOf(fileAt({ doc, path: ROOT }, world));
  const [found, ...more] = others.some(({ root }) => folderOf(root) === folder)
    ? [folderOf(own.root)]
    : own.build.includes.filter((one) => areSiblings(one, folder));
  return found === undefined || more.length > 0 ? undefined : kustomizationIn(found, world);
}
