/**
 * Placeholders of a base that the overlay of one cluster leaves, although another overlay replaces the same field: what reaches the cluster is
 * the placeholder. What a script may fill in after kustomize weighs less; what a tool does fill in is not told.
 */

import { type Anchor, below, documentAnchor, sameAnchor } from '../../base/anchor.ts';
import type { PathKey } from '../../base/path.ts';
import { areSiblings } from '../../base/relative-path.ts';
import type { BuiltObject, KustomizeBuild } from '../../deploy/kustomize/build-result.ts';
import { rootFileOf } from '../../deploy/kustomize/kustomization-file.ts';
import { isClusterLike } from '../../layout/path-words.ts';
import { counted, listed } from '../../rules/shared/wording.ts';
import { isFilledByScripts, isPlaceholder } from '../../yaml/placeholder.ts';
import { type Cursor, entries, items, rootCursor } from '../../yaml/read.ts';
import type { Documents } from '../../yaml/source.ts';
import { placedSides } from '../findings/own-findings.ts';
import { isOfMesh } from './idle-patches.ts';
import type { JudgedBuild, KustomizationFault } from './kustomization-findings.ts';
import type { BuiltField, ReplacedFields, Replacement } from './replaced-fields.ts';

/** A field of an object of a build that holds a placeholder. */
interface Left extends BuiltField {
  readonly text: string;
  readonly at: Anchor;
}

/** A field that another build replaces. */
interface Replaced extends Left {
  readonly by: Replacement;
}

const leftIn = new WeakMap<KustomizeBuild, readonly Left[]>();

/**
 * @param deployed folders that tools are told to apply
 * @param replaced is told of the builds, and remembers what it found in them
 */
export function* leftPlaceholders(
  judged: readonly JudgedBuild[],
  deployed: ReadonlySet<string>,
  replaced: ReplacedFields,
  documents: Documents,
): Generator<KustomizationFault> {
  const known = judged.filter(({ build, isFilledIn }) => !isFilledIn && !build.isOpen);
  replaced.follow(new Set(known.flatMap(({ build, isBeside }) => (isBeside ? [] : [build]))));
  for (const { build } of known) {
    const left = placeholdersOf(build).flatMap((one): Replaced[] => {
      const by = replaced.of(one, build.folder);
      return by === undefined ? [] : [{ ...one, by }];
    });
    if (left.length === 0) continue;
    for (const isOfScripts of [false, true]) {
      const fields = left.filter(({ text }) => isFilledByScripts(text) === isOfScripts);
      if (fields.length > 0) yield* faultOf(fields, isOfScripts, build, deployed, documents);
    }
  }
}

function* faultOf(
  fields: readonly Replaced[],
  isOfScripts: boolean,
  build: KustomizeBuild,
  deployed: ReadonlySet<string>,
  documents: Documents,
): Generator<KustomizationFault> {
  const [first] = fields;
  // What an overlay writes itself, it does not leave.
  const isOwn = fields.every(({ at }) => isIn(at, build.folder, documents));
  const place = isOwn ? first?.at : overlayOf(build, documents);
  const location = place && documents.locate(place);
  if (first === undefined || place === undefined || location === undefined) return;
  // One that replaces nothing at all may be a pattern to copy, or what a script goes on with.
  const isPatched = build.objects.some(({ patches }) => patches.some((at) => isIn(at, build.folder, documents)));
  const isLive =
    (isPatched && !isOwn) ||
    deployed.has(build.folder) ||
    fields.every(({ by }) => isPeer(build.folder, by.build.folder));
  // What a patch was for that changes nothing is told there.
  const isTold = build.idle.some(({ folder }) => folder === build.folder);
  const isMeant = isLive && !isTold && fields.some(({ object }) => isOfMesh(object));
  const isCertain = isMeant && !isOfScripts;
  const more = fields.length > 1 ? ` and ${counted(fields.length - 1, 'more field')}` : '';
  const where = `${described(first)}${more}`;
  const by = listed([...new Set(fields.map((field) => field.by.build.folder))].sort());
  const isPlural = by.includes(' and ');
  const texts = [...new Set(fields.map(({ text }) => text))];
  const left = `the placeholder${texts.length > 1 ? 's' : ''} ${listed(texts)}`;
  const them = fields.length > 1 ? 'them' : 'it';
  const unless = isCertain ? '' : `, unless something else fills ${them} in`;
  const message = isOwn
    ? `The overlay ${build.folder} sets ${left} in ${where}, where ${by} ${isPlural ? 'have' : 'has'} another value. Write what is meant${unless}.`
    : `The overlay ${build.folder} leaves ${left} in ${where}, which ${by} ${isPlural ? 'replace' : 'replaces'}. Patch ${them} here, too${unless}.`;
  const sides = fields.flatMap((field) => [
    { at: field.at, message: `${field.text} is written here` },
    { at: field.by.at, message: `${field.by.build.folder} has ${field.by.text}` },
  ]);
  // One setting of an overlay, such as its namespace, reaches many fields.
  const distinct = sides.filter(
    ({ at }, i) => !sameAnchor(at, place) && sides.findIndex((other) => sameAnchor(other.at, at)) === i,
  );
  const related = placedSides(distinct, documents);
  yield { severity: isCertain ? 'warning' : isMeant ? 'info' : 'hint', message, location, at: place, related };
}

/** `spec.values.global.network of IstioOperator istio-system/istio`. */
function described({ keys, object: { current } }: Left): string {
  const field = keys.map((key) => (typeof key === 'string' && /[./]/.test(key) ? `[${key}]` : String(key))).join('.');
  const { kind, namespace, name } = current;
  return `${field.replaceAll('.[', '[')} of ${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`;
}

/** Where an overlay patches, or could. */
function overlayOf(build: KustomizeBuild, documents: Documents): Anchor | undefined {
  const file = rootFileOf(build);
  const [document] = (file === undefined ? undefined : documents.file(file))?.documents ?? [];
  if (document === undefined) return undefined;
  const root = documents.parsed(document.id)?.root;
  const hasPatches = root?.type === 'map' && root.entries.some(({ key }) => key.text === 'patches');
  const at = documentAnchor(document.id);
  return hasPatches ? below(at, 'patches') : at;
}

/** True for two folders of clusters that are called as clusters are: `overlays/east` and `overlays/west`, but not `overlays/template`. */
function isPeer(folder: string, other: string): boolean {
  if (!areSiblings(folder, other)) return false;
  const otherSteps = other.split('/');
  return folder.split('/').every((step, i) => step === otherSteps[i] || isClusterLike(step));
}

function isIn({ doc }: Anchor, folder: string, documents: Documents): boolean {
  return documents.document(doc)?.file.startsWith(`${folder}/`) === true;
}

function placeholdersOf(build: KustomizeBuild): readonly Left[] {
  const known = leftIn.get(build);
  if (known !== undefined) return known;
  const found = build.objects.flatMap((object) => [...placeholdersIn(object)]);
  leftIn.set(build, found);
  return found;
}

function* placeholdersIn(object: BuiltObject): Generator<Left> {
  const open: { readonly cursor: Cursor; readonly keys: readonly PathKey[] }[] = [
    { cursor: rootCursor(object.doc, object.root), keys: [] },
  ];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { cursor, keys } = next;
    const { node, at } = cursor;
    if (node.type === 'scalar') {
      // Variables have names in capitals, and another one stands in the place where items are added or taken away.
      const isVariable = keys.at(-1) === 'name' && keys.at(-3) === 'env';
      if (!isVariable && isPlaceholder(node.text) && !node.text.includes('\n'))
        yield { object, keys, text: node.text, at };
      continue;
    }
    const parts: (readonly [PathKey, Cursor])[] =
      node.type === 'seq' ? [...items(cursor).entries()] : [...entries(cursor)];
    for (const [key, part] of parts.reverse()) open.push({ cursor: part, keys: [...keys, key] });
  }
}
