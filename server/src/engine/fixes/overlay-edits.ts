/**
 * Moves the edits of fixes from what several clusters share to the overlay of the cluster that is concerned. What is concerned in all
 * clusters that a file is built for stays there. What kustomize makes of the edited files is looked at before a fix is offered.
 */

import { type Anchor, sameAnchor } from '../../base/anchor.ts';
import { EMBEDDED, pathKeys } from '../../base/path.ts';
import { sameData } from '../../base/same-data.ts';
import type { ClusterId } from '../../layout/layout.ts';
import type { FixEdit } from '../../rules/rule.ts';
import type { AnchoredEdit, NodeEdit, YamlValue } from '../../yaml/edit.ts';
import { rootCursor } from '../../yaml/read.ts';
import type { Documents } from '../../yaml/source.ts';
import type { BlankUse, BuildUse, ChartUse, Filling } from '../deployed/build-use.ts';
import { bearingOf, isSoAlready, type ObjectName, placeIn, reach, writtenAt } from '../deployed/built-places.ts';
import type { TrialBuild } from '../deployed/trial-builds.ts';
import { assignmentEdit } from './assignment-edits.ts';
import { feedsAny, feedsDifferent } from './fed-places.ts';
import { isOfOtherKey, renamedInText } from './named-keys.ts';
import { overlayAdditions, overlayPatches } from './overlay-patches.ts';
import { entryOf, withoutEntry } from './patch-entries.ts';
import { fileOf, isSound, usesIn } from './sound-edits.ts';
import { blankEdits, inOwnQuotes, isForOthers, isOverTemplate, topEdits } from './value-edits.ts';
import { type LayerUse, layerEdits } from './value-layers.ts';
import { fromVariables } from './variable-edits.ts';

/** What edits are moved within. */
export interface OverlayWorld {
  readonly documents: Documents;
  /** The builds that a file goes into. */
  usesOf(file: string): readonly BuildUse[];
  /** The units that a file tells of. */
  usesBy(file: string): readonly BuildUse[];
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
  /** True for a file of values that is not there, and is where one lies that is called nearly so and that nothing takes. */
  isMisspelt(file: string): boolean;
  /** The clusters for which a file is a layer below their own values. */
  layersOf(file: string): readonly LayerUse[];
  /** What kustomize makes of folders where files have other texts. */
  builtWith(texts: ReadonlyMap<string, string>): TrialBuild;
}

/** What the fix of one finding edits. */
export interface FixPart {
  readonly edits: readonly FixEdit[];
  /** Whom it is for, the first one first. An edit that occurs several times is for as many of them. */
  readonly clusters: readonly ClusterId[];
  /** What the finding is about. */
  readonly object?: ObjectName;
}

export interface FixScope {
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
  const made = withoutEmptied(chosen, world);
  const edits = [...filled, ...made];
  if (edits.some((edit) => harmsOthers(edit, world))) return [];
  return wishes.length < 2 || isSound(made, wishes, scope, world) ? edits.map((edit) => inOwnQuotes(edit, world)) : [];
}

/** Where all operations of a patch go, one by one, the entry of the patch goes instead. */
function withoutEmptied(edits: readonly NodeEdit[], world: OverlayWorld): readonly NodeEdit[] {
  const listOf = (edit: NodeEdit): Anchor | undefined =>
    edit.op === 'remove' && typeof edit.at.path.key === 'number' && edit.at.path.parent !== undefined
      ? { doc: edit.at.doc, path: edit.at.path.parent }
      : undefined;
  for (const list of edits.flatMap((edit) => listOf(edit) ?? [])) {
    const isIn = (edit: NodeEdit): boolean => {
      const own = listOf(edit);
      return own !== undefined && sameAnchor(own, list);
    };
    const written = writtenAt(list, world);
    const gone = edits.filter(isIn);
    if (gone.length < 2 || written?.type !== 'seq' || written.items.length > gone.length) continue;
    const uses = usesIn(fileOf(gone[0] as NodeEdit, world) ?? '', world);
    const [entry] = uses.flatMap(({ build }) => (build && entryOf(list, build, world)) ?? []);
    if (entry === undefined) continue;
    return withoutEmptied([...edits.filter((edit) => !isIn(edit)), withoutEntry(entry, world)], world);
  }
  return edits;
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
  const all = usesIn(file, world);
  const isConcerned = ({ clusters }: BuildUse): boolean => clusters.some((cluster) => concerned.has(cluster));
  if (!('at' in edit)) {
    if (edit.op !== 'add-document') {
      yield [edit];
      return;
    }
    const embedded = besideEmbedded(edit.beside, edit.value);
    if (embedded !== undefined) {
      yield [embedded];
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

/** Puts an object beside one that Open Cluster Management is told to make: into the list of its policy, or of its work. */
function besideEmbedded(beside: Anchor, value: YamlValue): NodeEdit | undefined {
  const list = beside.path.key === 'objectDefinition' ? beside.path.parent?.parent : beside.path.parent;
  if (list === undefined) return undefined;
  const at = { doc: beside.doc, path: list };
  if (list.key === 'object-templates')
    return { op: 'append', at, value: { complianceType: 'musthave', objectDefinition: value } };
  return list.key === 'manifests' ? { op: 'append', at, value } : undefined;
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
