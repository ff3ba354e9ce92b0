/** Values of one cluster where a tool names files of values for it: above what others have too, and in files that say nothing yet. */
import { type Anchor, below, isAtOrBelow, sameAnchor } from '../../base/anchor.ts';
import { pathKeys } from '../../base/path.ts';
import type { ClusterId } from '../../layout/layout.ts';
import type { AnchoredEdit, NodeEdit } from '../../yaml/edit.ts';
import type { BuildUse } from '../deployed/build-use.ts';
import { writtenAt } from '../deployed/built-places.ts';
import type { OverlayWorld } from './overlay-edits.ts';
import { isOfOnly } from './overlay-patches.ts';

/**
 * The edit of a place in files that say nothing, for some clusters.
 * @returns none if it cannot be made for these alone; undefined if the place is in no such file
 */
export function blankEdits(
  edit: AnchoredEdit,
  concerned: ReadonlySet<ClusterId>,
  world: OverlayWorld,
): readonly NodeEdit[] | undefined {
  const blanks = world.blanksAt(edit.at);
  if (blanks.length === 0) return undefined;
  const entry = blanks.find(({ at }) => isAtOrBelow(edit.at, at));
  const here = blanks.filter(({ at }) => entry !== undefined && sameAnchor(at, entry.at));
  const own = here.filter(({ clusters }) => clusters.some((cluster) => concerned.has(cluster)));
  const files = new Set(own.map(({ file }) => file));
  const isShared = blanks.some(
    ({ file, chart, clusters }) =>
      files.has(file) && (chart !== own[0]?.chart || clusters.some((cluster) => !concerned.has(cluster))),
  );
  // A file under a name that is a slip would be one more.
  if (isShared || edit.op !== 'set' || [...files].some((file) => world.isMisspelt(file))) return [];
  const keys = pathKeys(edit.at.path).slice(entry?.at.path.depth);
  if (!keys.every((key) => typeof key === 'string')) return [];
  return [...files].map((file) => ({ op: 'set-in-file', file, keys, value: edit.value }));
}

/** The edit of a place in a file of values that others have too, for some clusters: in the topmost values of each. */
export function topEdits(
  edit: AnchoredEdit,
  uses: readonly BuildUse[],
  concerned: ReadonlySet<ClusterId>,
  world: OverlayWorld,
): readonly NodeEdit[] | undefined {
  if (edit.op !== 'set') return undefined;
  const keys = pathKeys(edit.at.path);
  const own = uses.filter(({ clusters }) => clusters.some((cluster) => concerned.has(cluster)));
  const edits = own.map(({ values }): readonly NodeEdit[] => {
    if (values === undefined || values.doc === edit.at.doc) return [];
    const over: AnchoredEdit = { ...edit, at: below(values, ...keys) };
    const blank = blankEdits(over, concerned, world);
    if (blank !== undefined) return blank;
    return isOfOnly(concerned, over.at, world) && !isForOthers(over, concerned, world) ? [over] : [];
  });
  return edits.length > 0 && edits.every(({ length }) => length > 0) ? edits.flat() : undefined;
}

/** True if other clusters take the values that an edit changes, or other charts those that it adds: one template may make them all. */
export function isForOthers(edit: AnchoredEdit, concerned: ReadonlySet<ClusterId>, world: OverlayWorld): boolean {
  const uses = world.chartsAt(edit.at);
  if (uses.some(({ clusters }) => clusters.some((cluster) => !concerned.has(cluster)))) return true;
  return writtenAt(edit.at, world) === undefined && uses.some(({ chart }) => chart !== uses[0]?.chart);
}

/**
 * True if an edit writes over what a generator fills in, or over what its template holds for other clusters as well.
 * @param isForAll for what is wrong in every cluster
 */
export function isOverTemplate(
  edit: NodeEdit,
  concerned: ReadonlySet<ClusterId>,
  isForAll: boolean,
  world: OverlayWorld,
): boolean {
  if (!('at' in edit) || edit.op === 'comment-above') return false;
  const uses = world.templateUsesAt(edit.at);
  const written = edit.op === 'set' ? writtenAt(edit.at, world) : undefined;
  if (uses.length === 0) return written?.type === 'scalar' && isFilledIn(written.text, edit.at, world);
  if (written?.type === 'scalar' && written.text.includes('{{')) return true;
  return !isForAll && uses.some(({ clusters }) => clusters.some((cluster) => !concerned.has(cluster)));
}

/** The edit of a variable of Flux that brings quotes with it, which are YAML's where it is filled in: in these quotes again. */
export function inOwnQuotes(edit: NodeEdit, world: OverlayWorld): NodeEdit {
  if (edit.op !== 'set' || !world.fillingsOf(edit.at).some(({ reference }) => reference.startsWith('$'))) return edit;
  const written = writtenAt(edit.at, world);
  const [, quote = ''] = (written?.type === 'scalar' && /^(["']).*\1$/.exec(written.text)) || [];
  return { ...edit, value: `${quote}${edit.value}${quote}` };
}

/** True if Flux fills variables into a text. */
function isFilledIn(text: string, at: Anchor, world: OverlayWorld): boolean {
  if (!text.includes('${')) return false;
  const file = world.documents.document(at.doc)?.file;
  return file !== undefined && world.usesOf(file).some(({ references }) => references !== undefined);
}
