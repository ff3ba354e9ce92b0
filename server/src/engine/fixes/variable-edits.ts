/**
 * What clusters share, and what each of them is to have for itself: where a tool fills in variables, or elements of a generator, and each
 * cluster has one of the same name with its own value in it, that is written instead of a value.
 */
import { type Anchor, sameAnchor } from '../../base/anchor.ts';
import type { ClusterId } from '../../layout/layout.ts';
import type { NodeEdit } from '../../yaml/edit.ts';
import { get, rootCursor } from '../../yaml/read.ts';
import { resolveYaml11 } from '../../yaml/scalar.ts';
import type { BuildUse } from '../deployed/build-use.ts';
import { objectAt, writtenAt } from '../deployed/built-places.ts';
import type { OverlayWorld, Wish } from './overlay-edits.ts';

/** A wish that is a value for a place. */
interface Setting {
  readonly wish: Wish;
  readonly at: Anchor;
  readonly value: string;
}

interface Filled {
  /** The edits that write variables. */
  readonly filled: readonly NodeEdit[];
  /** What is not done by them. */
  readonly wishes: readonly Wish[];
}

/** Writes variables where clusters are to have values of their own in one place. */
export function fromVariables(all: readonly Wish[], world: OverlayWorld): Filled {
  const settings = all.flatMap((wish): readonly Setting[] => {
    const { edit } = wish;
    return edit.op === 'set' && typeof edit.value === 'string' ? [{ wish, at: edit.at, value: edit.value }] : [];
  });
  const filled: NodeEdit[] = [];
  const done = new Set<Wish>();
  for (const { wish, at } of settings) {
    if (done.has(wish)) continue;
    const here = settings.filter((other) => sameAnchor(other.at, at));
    const value = referenceFor(at, here, settings, world);
    if (value === undefined) continue;
    filled.push({ op: 'set', at, value });
    for (const other of here) done.add(other.wish);
  }
  return { filled, wishes: all.filter((wish) => !done.has(wish)) };
}

/** What is written for the value that each cluster is to have in a place. */
function referenceFor(
  at: Anchor,
  here: readonly Setting[],
  settings: readonly Setting[],
  world: OverlayWorld,
): string | undefined {
  const file = world.documents.document(at.doc)?.file;
  const elements = world.templateUsesAt(at);
  const all = elements.length > 0 || file === undefined ? elements : world.usesOf(file);
  const uses = all.filter(({ clusters }) => clusters.length > 0);
  const written = writtenAt(at, world);
  const literal = written?.type === 'scalar' && !/\$|\{\{/.test(written.text) ? written.text : undefined;
  const wanted = uses.map(({ clusters }) => commonValue(clusters, here, literal));
  if (new Set(wanted).size < 2 || wanted.some((value) => value === undefined || !isText(value))) return undefined;
  if (uses.some((use) => leavesAlone(at, use))) return undefined;
  const names = [...(uses[0]?.references?.keys() ?? [])].filter((name) =>
    uses.every(({ references }, i) => heldBy(references?.get(name), settings) === wanted[i]),
  );
  return bestOf(names, at, file, world);
}

/** What all of some clusters are to have in a place: the value that is wished for them, else what is there. */
function commonValue(
  clusters: readonly ClusterId[],
  here: readonly Setting[],
  literal: string | undefined,
): string | undefined {
  const values = clusters.map((cluster) => here.find(({ wish }) => wish.concerned.has(cluster))?.value ?? literal);
  return new Set(values).size === 1 ? values[0] : undefined;
}

/** The value that is filled in, or will be. */
function heldBy(
  variable: { readonly value: string; readonly at: Anchor } | undefined,
  settings: readonly Setting[],
): string | undefined {
  return settings.find(({ at }) => variable !== undefined && sameAnchor(at, variable.at))?.value ?? variable?.value;
}

/** What a variable gives is read as YAML reads it: a number would be none of a text. */
function isText(value: string): boolean {
  return typeof resolveYaml11({ type: 'scalar', style: 'plain', text: value, start: 0, end: 0 }) === 'string';
}

/** True where an object says that no variables are filled into it (kustomize-controller, `varsub.go`). */
function leavesAlone(at: Anchor, { build }: BuildUse): boolean {
  const object = build && objectAt(at, build)?.object;
  const metadata = object && get(rootCursor(object.doc, object.root), 'metadata');
  return ['labels', 'annotations'].some((map) => {
    const stated = get(metadata, map, 'kustomize.toolkit.fluxcd.io/substitute')?.node;
    return stated?.type === 'scalar' && stated.text === 'disabled';
  });
}

/** Several may have the same values: the one that is in the file already, then one that is called like the field. */
function bestOf(
  names: readonly string[],
  { path }: Anchor,
  file: string | undefined,
  { documents }: OverlayWorld,
): string | undefined {
  const text = (file === undefined ? undefined : documents.file(file))?.text ?? '';
  const word = String(path.key).replace(/^.*\//, '').toLowerCase();
  const rank = (name: string): number => (name.toLowerCase().includes(word) ? 0 : 2) + (text.includes(name) ? 0 : 1);
  return [...names].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))[0];
}
