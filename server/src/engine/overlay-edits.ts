/**
 * Moves the edits of fixes from what several clusters share to the overlay of the cluster that is concerned. What is concerned in all
 * clusters that a file is built for stays there. What kustomize makes of the edited files is looked at before a fix is offered.
 */

import { type Anchor, sameAnchor } from '../base/anchor.ts';
import { EMBEDDED, pathKeys } from '../base/path.ts';
import { sameData } from '../base/same-data.ts';
import type { FilledIn } from '../deploy/deployment.ts';
import type { KustomizeBuild } from '../deploy/kustomize/build-result.ts';
import type { ClusterId } from '../layout/layout.ts';
import type { FixEdit } from '../rules/rule.ts';
import type { AnchoredEdit, NodeEdit, YamlValue } from '../yaml/edit.ts';
import { rootCursor } from '../yaml/read.ts';
import type { Documents } from '../yaml/source.ts';
import { editedTexts } from '../yaml/text-edits.ts';
import { assignmentEdit } from './assignment-edits.ts';
import { bearingOf, isMadeIn, isSoAlready, type ObjectName, objectAt, placeIn, reach } from './built-places.ts';
import { isComposed } from './composed-values.ts';
import { type Filling, feedsAny, feedsDifferent } from './fed-places.ts';
import { isOfOtherKey, renamedInText } from './named-keys.ts';
import { overlayAdditions, overlayPatches } from './overlay-patches.ts';
import { isSpread } from './patch-entries.ts';
import { givesTheSame, isRefusedNow } from './trial-builds.ts';
import { blankEdits, inOwnQuotes, isForOthers, isOverTemplate, topEdits } from './value-edits.ts';
import { type LayerUse, layerEdits } from './value-layers.ts';
import { fromVariables } from './variable-edits.ts';

/** A build, or a unit that a tool deploys, that reads a file. */
export interface BuildUse {
  /** The file of the root kustomization; undefined for a unit, of which there is no file of its own. */
  readonly root: string | undefined;
  /** Undefined where the file is applied as it is. */
  readonly build: KustomizeBuild | undefined;
  readonly clusters: readonly ClusterId[];
  /** Of a unit: where its tool is told of it. */
  readonly named?: Anchor;
  /** What a tool fills in, by what is written for it, as far as it is in sight; undefined where it fills in nothing. */
  readonly references?: FilledIn['references'];
  /** Of a chart: where its topmost values begin. */
  readonly values?: Anchor;
  /** True if its tool leaves the cluster as it is: what that gets is not known. */
  readonly isSuspended?: true;
}

/** An entry that names a file of values which says nothing, or is not there and need not be, and who would get what it says. */
export interface BlankUse {
  readonly at: Anchor;
  readonly file: string;
  readonly chart: string;
  readonly clusters: readonly ClusterId[];
}

/** A chart, and the clusters that get it. */
export interface ChartUse {
  readonly chart: string;
  readonly clusters: readonly ClusterId[];
}

/** What edits are moved within. */
export interface OverlayWorld {
  readonly documents: Documents;
  /** The builds that a file goes into. */
  usesOf(file: string): readonly BuildUse[];
  /** The build of a cluster into which an object belongs: one that has objects of its namespace, if there is one. */
  rootOf(cluster: ClusterId, object: YamlValue): BuildUse | undefined;
  /** The charts whose values a place is among, as far as these stand in what tells of the charts. */
  chartsAt(at: Anchor): readonly ChartUse[];
  /** The uses of a tool's template that a place is in. */
  templateUsesAt(at: Anchor): readonly BuildUse[];
  /** What tools fill in from a place. */
  fillingsOf(at: Anchor): readonly Filling[];
  /** The files that may hold what Flux deploys. */
  filesOfFlux(): readonly string[];
  /** The files without values that a place is in, which stands below an entry that names them: all entries of each. */
  blanksAt(at: Anchor): readonly BlankUse[];
  /** The clusters for which a file is a layer below their own values. */
  layersOf(file: string): readonly LayerUse[];
  /** What kustomize makes of folders where files have other texts. */
  builtWith(texts: ReadonlyMap<string, string>): (folder: string) => KustomizeBuild;
}

/** What the fix of one finding edits. */
export interface FixPart {
  readonly edits: readonly FixEdit[];
  /** Whom it is for, the first one first. An edit that occurs several times is for as many of them. */
  readonly clusters: readonly ClusterId[];
  /** What the finding is about. */
  readonly object?: ObjectName;
}

interface FixScope {
  /** True if what is mended is wrong in every cluster: it is mended where it is written. */
  readonly isForAll: boolean;
}

/** An edit, and the clusters that it is for. */
export interface Wish {
  readonly edit: NodeEdit;
  readonly concerned: ReadonlySet<ClusterId>;
  readonly object?: ObjectName;
}

/** @returns the edits as they are to be made; none if they cannot be made for these clusters alone, or kustomize would refuse what comes of it */
export function overlayEdits(parts: readonly FixPart[], scope: FixScope, world: OverlayWorld): readonly NodeEdit[] {
  const all = together(parts.flatMap(wishesOf));
  const { filled, wishes } = fromVariables(all, world);
  const chosen: NodeEdit[] = [];
  for (const wish of wishes) {
    const way = placed(wish, scope, world);
    if (way === undefined) return [];
    chosen.push(...way);
  }
  const edits = [...filled, ...chosen];
  if (edits.some((edit) => harmsOthers(edit, world))) return [];
  return wishes.length < 2 || isSound(chosen, wishes, scope, world)
    ? edits.map((edit) => inOwnQuotes(edit, world))
    : [];
}

/** True if an edit changes for other fields as well what feeds them. */
function harmsOthers(edit: NodeEdit, world: OverlayWorld): boolean {
  if (!('at' in edit)) return false;
  if (edit.op === 'set') return feedsDifferent(edit.at, world);
  return (edit.op === 'remove' || edit.op === 'rename-key') && feedsAny(edit.at, world);
}

/** What several are to have is one wish. */
function together(wishes: readonly Wish[]): readonly Wish[] {
  const distinct: Wish[] = [];
  for (const wish of wishes) {
    const index = distinct.findIndex(({ edit }) => sameData(edit, wish.edit));
    const known = distinct[index];
    if (known === undefined) distinct.push(wish);
    else distinct[index] = { ...known, concerned: new Set([...known.concerned, ...wish.concerned]) };
  }
  return distinct;
}

function wishesOf({ edits, clusters, object }: FixPart): readonly Wish[] {
  const distinct: { readonly edit: NodeEdit; readonly own: Set<ClusterId>; times: number }[] = [];
  for (const { for: own = [], ...stated } of edits) {
    const edit = atEntry(stated);
    const same = distinct.find((known) => sameData(known.edit, edit));
    if (same === undefined) distinct.push({ edit, own: new Set(own), times: 1 });
    else {
      same.times++;
      for (const cluster of own) same.own.add(cluster);
    }
  }
  return distinct.map(({ edit, own, times }) => ({
    edit,
    concerned: own.size > 0 ? own : new Set(clusters.slice(0, times)),
    ...(object && { object }),
  }));
}

/** The edit of an entry may be told its key, which is no other place. */
function atEntry(edit: NodeEdit): NodeEdit {
  return 'at' in edit && edit.at.part === 'key' ? { ...edit, at: { doc: edit.at.doc, path: edit.at.path } } : edit;
}

/** The first of the ways to make an edit that kustomize takes and that does it. */
function placed(wish: Wish, scope: FixScope, world: OverlayWorld): readonly NodeEdit[] | undefined {
  const isOver = (edit: NodeEdit): boolean => isOverTemplate(edit, wish.concerned, scope.isForAll, world);
  for (const way of waysOf(wish, scope, world)) {
    if (!way.some(isOver) && isSound(way, [wish], scope, world)) return way;
  }
  return undefined;
}

function* waysOf(
  { edit, concerned, object }: Wish,
  scope: FixScope,
  world: OverlayWorld,
): Generator<readonly NodeEdit[]> {
  if (isOfOtherKey(edit)) {
    const naming = renamedInText(edit, world);
    if (naming !== undefined) yield [naming];
    return;
  }
  const anchor = 'at' in edit ? edit.at : 'beside' in edit ? edit.beside : undefined;
  const file = anchor === undefined ? undefined : world.documents.document(anchor.doc)?.file;
  if (anchor !== undefined && isMade(anchor, world)) return;
  if (anchor === undefined || file === undefined || edit.op === 'comment-above' || edit.op === 'comment-top') {
    yield [edit];
    return;
  }
  const operated = assignmentEdit(edit, world);
  if (operated !== undefined) {
    yield [operated];
    return;
  }
  const blank = 'at' in edit ? blankEdits(edit, concerned, world) : undefined;
  if (blank !== undefined) {
    if (blank.length > 0) yield blank;
    return;
  }
  const layers = 'at' in edit ? world.layersOf(file) : [];
  if (layers.length > 0) {
    const layered = layerEdits(edit as AnchoredEdit, layers, concerned);
    if (layered !== undefined) yield layered;
    return;
  }
  const all = world.usesOf(file);
  const isConcerned = ({ clusters }: BuildUse): boolean => clusters.some((cluster) => concerned.has(cluster));
  if (!('at' in edit)) {
    if (edit.op !== 'add-document') {
      yield [edit];
      return;
    }
    const users = all.filter(isConcerned);
    const overlays = [...concerned].flatMap((cluster) => {
      const [use] = users.filter(({ clusters }) => clusters.includes(cluster));
      return use ?? world.rootOf(cluster, edit.value) ?? [];
    });
    // What kustomize refuses is mended first: until then nothing tells what comes of an addition.
    if ([...users, ...overlays].some(({ build }) => build !== undefined && build.problems.length > 0)) return;
    // A kustomization lists its files: a document in one that it lists already needs no entry.
    const fits = all.length > 0 ? users.length === all.length : edit.apart !== true || overlays.length === 0;
    yield* forEach(overlays, (use, only) => overlayAdditions(edit.value, use, only, world, 'restore'));
    if (fits) yield [edit];
    yield* forEach(overlays, (use, only) => overlayAdditions(edit.value, use, only, world, 'create'));
    if (all.length === 0) yield [edit];
    return;
  }
  const bearings = new Map(all.map((use) => [use, bearingOf(edit, use, world, object)]));
  // A patch of one cluster alone may be what is to be changed, and not what lies below it.
  const own = all.filter((use) => isConcerned(use) && bearings.get(use) !== 'none');
  const isPatched = own.some((use) => bearings.get(use) === 'patched');
  // What one cluster alone needs is written for it alone, also where patches hide from the others what they share with it.
  const isShared = all.some((use) => !isConcerned(use) && (concerned.size === 1 || bearings.get(use) === 'own'));
  const fits = scope.isForAll || !isForOthers(edit, concerned, world);
  if (fits && (own.length === 0 || scope.isForAll || !(isShared || isPatched || isSoAlready(edit, world))))
    yield [edit];
  const top = topEdits(edit, all, concerned, world);
  if (top !== undefined) yield top;
  const places = own.map((use) => placeIn(edit, use, object));
  const [common] = places;
  // What puts something else in the place may be shared as well, such as a component.
  const isCommon = isPatched && common !== undefined && places.every((place) => place && sameAnchor(place, common));
  // More than a value is rather as it is without the patch.
  const isValue = edit.op !== 'set' || typeof edit.value !== 'object';
  if (isCommon && isValue) yield [{ ...edit, at: common }];
  yield* forEach(own, (use, only) => overlayPatches(edit, use, only, world, object));
  if (isCommon && !isValue) yield [{ ...edit, at: common }];

  /** What may be changed for all of the builds alike, such as a component; else what is chosen for each of them, as one way. */
  function* forEach(
    uses: readonly BuildUse[],
    waysFor: (use: BuildUse, only: ReadonlySet<ClusterId>) => Iterable<readonly NodeEdit[]>,
  ): Generator<readonly NodeEdit[]> {
    const [first, ...others] = uses;
    if (first !== undefined && others.length > 0) {
      for (const way of waysFor(first, concerned)) if (uses.every((use) => isReadBy(use, way, world))) yield way;
    }
    const parts: NodeEdit[] = [];
    for (const use of uses) {
      const only = new Set(use.clusters);
      const way = [...waysFor(use, only)].find((one) =>
        isSound(one, [{ edit, concerned: only, ...(object && { object }) }], scope, world),
      );
      if (way === undefined) return;
      parts.push(...way);
    }
    if (parts.length > 0) yield parts;
  }
}

/** True if one of the edited files goes into a build. */
function isReadBy({ build }: BuildUse, edits: readonly NodeEdit[], world: OverlayWorld): boolean {
  return edits.some((edit) => {
    const file = fileOf(edit, world);
    return file !== undefined && world.usesOf(file).some((use) => use.build === build);
  });
}

/** True for a place inside of what is no text: what a chart, or a template, comes to, which is written nowhere. */
function isMade({ doc, path }: Anchor, { documents }: OverlayWorld): boolean {
  const keys = pathKeys(path);
  if (keys[0] === EMBEDDED) return true;
  const root = documents.parsed(doc)?.root;
  if (root === undefined || !keys.includes(EMBEDDED)) return false;
  const { depth, cursor } = reach(rootCursor(doc, root), keys);
  return keys[depth] === EMBEDDED && cursor.node.type !== 'scalar';
}

/** True if a whole value would be written where only a part of it stands, be it in a patch of that place. */
function setsPart(edits: readonly NodeEdit[], wishes: readonly Wish[], world: OverlayWorld): boolean {
  // An assignment such as `network=east` is written again as a whole.
  const wished = wishes.flatMap(({ edit }) => (assignmentEdit(edit, world) === undefined ? edit : []));
  const values = wished.flatMap((edit) => (edit.op === 'set' ? [edit.value] : []));
  return [...wished, ...edits].some(
    (edit) => edit.op === 'set' && values.includes(edit.value) && isComposed(edit.at, world),
  );
}

/** True if one of the edits is of a patch that is also for others than the object that is to be another. */
function isForOtherObjects(edits: readonly NodeEdit[], wishes: readonly Wish[], world: OverlayWorld): boolean {
  const builds = edits.flatMap((edit) =>
    world.usesOf(fileOf(edit, world) ?? '').flatMap(({ build }) => (build === undefined ? [] : [{ edit, build }])),
  );
  return wishes.some(
    ({ object }) => object !== undefined && builds.some(({ edit, build }) => isSpread(edit, build, object, world)),
  );
}

/**
 * True if kustomize refuses nothing that it took before, clusters that a fix is not for get what they got, and those that it is for get
 * what is wished.
 */
function isSound(
  edits: readonly NodeEdit[],
  wishes: readonly Wish[],
  { isForAll }: FixScope,
  world: OverlayWorld,
): boolean {
  if (setsPart(edits, wishes, world) || (!isForAll && isForOtherObjects(edits, wishes, world))) return false;
  const files = new Set(edits.flatMap((edit) => fileOf(edit, world) ?? []));
  if ([...files].every((file) => world.usesOf(file).every(({ build }) => build === undefined))) return true;
  const texts = editedTexts(world.documents, edits);
  if (texts === undefined) return false;
  const [before, after] = [world.builtWith(new Map()), world.builtWith(texts)];
  const concerned = new Set(wishes.flatMap((wish) => [...wish.concerned]));
  // Also what changes nothing must have been so.
  const uses = [...new Set([...files, ...texts.keys()])].flatMap((file) => world.usesOf(file));
  const folders = new Map(uses.flatMap((use) => (use.build === undefined ? [] : [[use.build.folder, use] as const])));
  const tried = new Set<string>();
  for (const [folder, use] of folders) {
    // Tools may deploy one folder to several clusters.
    const clusters = new Set(uses.flatMap((one) => (one.build?.folder === folder ? one.clusters : [])));
    const own = [...clusters].some((id) => concerned.has(id));
    const like = likenessOf(use, wishes, [...files, ...texts.keys()], own, world);
    if (tried.has(like)) continue;
    tried.add(like);
    const [old, made] = [use.root === undefined ? before(folder) : (use.build as KustomizeBuild), after(folder)];
    if (isRefusedNow(old, made)) return false;
    const due = wishes.filter((wish) => [...clusters].some((cluster) => wish.concerned.has(cluster)));
    if (!due.every(({ edit, object }) => isMadeIn(edit, old, made, object))) return false;
    const isForEach = own && due.every((wish) => [...clusters].every((cluster) => wish.concerned.has(cluster)));
    if (!isForEach && !isForAll && concerned.size > 0 && !givesTheSame(old, made)) return false;
  }
  return true;
}

/** The same for builds that read the same of the edited files and patch the edited objects alike: one of them tells of the others. */
function likenessOf(
  use: BuildUse,
  wishes: readonly Wish[],
  files: readonly string[],
  own: boolean,
  world: OverlayWorld,
): string {
  const isRead = (file: string): boolean => world.usesOf(file).some(({ build }) => build === use.build);
  const objects = wishes.map(({ edit, object }) =>
    'at' in edit && use.build !== undefined ? objectAt(edit.at, use.build, object)?.object : undefined,
  );
  const patches = objects.map((object) => object?.patches.map(({ doc, path }) => [doc, ...pathKeys(path).map(String)]));
  // What is added may meet anything.
  const isPlain = wishes.every(({ edit }) => 'at' in edit && edit.op !== 'append');
  return JSON.stringify([own, isPlain ? '' : use.build?.folder, [...new Set(files)].filter(isRead), patches]);
}

function fileOf(edit: NodeEdit, { documents }: OverlayWorld): string | undefined {
  if ('file' in edit) return edit.file;
  return documents.document(('at' in edit ? edit.at : edit.beside).doc)?.file;
}
