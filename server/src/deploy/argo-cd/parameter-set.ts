/** The parameters of one element of a generator: a tree whose values keep their places. */
import type { Anchor } from '../../base/anchor.ts';
import type { Known } from '../../facts/field.ts';
import { mergeValues } from '../../facts/install/merge-values.ts';
import { unknownNode } from '../../facts/read-scalar.ts';
import { type Cursor, entries, get } from '../../yaml/read.ts';
import { type Allowance, countedIn } from '../bounded-text.ts';
import type { ClusterKey } from '../deployment.ts';
import { renderFastTemplate } from '../templates/fast-template.ts';
import type { Render } from '../templates/fill.ts';
import { renderGoTemplate } from '../templates/go-template.ts';

export interface ParameterSet {
  /** A map. What the generator gets from a place out of sight is a placeholder in it. */
  readonly params: Cursor;
  /** What tells which cluster the element is about, besides its parameters. */
  readonly keys: readonly ClusterKey[];
  /** Other words that may name it. */
  readonly words: readonly Known<string>[];
  /** True if it stands for an unknown number of elements. */
  readonly several: boolean;
  /** True if it may have parameters that are not in sight. */
  readonly open: boolean;
  /** True if its path is that of no folder in sight. */
  readonly isElsewhere?: boolean | undefined;
}

/** Elements that all generators of one ApplicationSet may make; Argo CD has no bound, but nobody has so many clusters. */
export const MAX_ELEMENTS = 1000;

/** How an ApplicationSet writes its templates, and what all of them may cost. */
export interface Templating {
  readonly goTemplate: boolean;
  readonly allowance: Allowance;
}

/** How the templates of an ApplicationSet are filled with the parameters of an element. */
export function renderWith({ params, open }: ParameterSet, { goTemplate, allowance }: Templating): Render {
  if (!goTemplate) return (template) => renderFastTemplate(template, params, allowance);
  return (template) => renderGoTemplate(template, params, open, allowance);
}

/** Both sets in one; where both have a parameter the second one's counts. */
export function joinSets(a: ParameterSet, b: ParameterSet, allowance: Allowance): ParameterSet {
  return {
    params: mergeValues(a.params, b.params, countedIn(allowance)),
    keys: [...a.keys, ...b.keys],
    words: [...a.words, ...b.words],
    several: a.several || b.several,
    open: a.open || b.open,
    isElsewhere: a.isElsewhere ?? b.isElsewhere,
  };
}

/** Longer texts, and texts with spaces, are no names. */
const WORD = /^[\p{L}\d][\p{L}\d._-]{0,62}$/u;
const MAX_WORDS = 40;

/** Values of the element that may be names of the cluster. */
export function wordsOf({ params, words }: ParameterSet): readonly Known<string>[] {
  const found: Known<string>[] = [...words];
  const collect = (cursor: Cursor, depth: number): void => {
    for (const [key, value] of entries(cursor)) {
      const { node, at } = value;
      if (found.length >= MAX_WORDS) return;
      if (node.type === 'map' && depth < 3 && key !== 'metadata') collect(value, depth + 1);
      else if (node.type === 'scalar' && WORD.test(node.text) && unknownNode(node) === undefined) {
        found.push({ value: node.text, at });
      }
    }
  };
  collect(params, 0);
  return found;
}

/** Keys that Go's templates name behind a dot. */
const GO_KEY = /^[A-Za-z_]\w*$/;

/** What is written in a template for the values of an element. */
export function referencesTo(
  { params }: Pick<ParameterSet, 'params'>,
  goTemplate: boolean,
): ReadonlyMap<string, Known<string>> {
  const found = new Map<string, Known<string>>();
  const collect = (cursor: Cursor, way: readonly string[]): void => {
    for (const [key, value] of entries(cursor)) {
      const { node, at } = value;
      const path = [...way, key];
      if (found.size >= MAX_WORDS || (goTemplate && !GO_KEY.test(key))) continue;
      if (node.type === 'map' && way.length < 2) collect(value, path);
      else if (node.type === 'scalar' && WORD.test(node.text) && unknownNode(node) === undefined)
        found.set(`{{${goTemplate ? '.' : ''}${path.join('.')}}}`, { value: node.text, at });
    }
  };
  collect(params, []);
  return found;
}

/** What an element calls its cluster: a parameter such as `cluster` or `clusterName`, else `name`. */
export function namesOf(set: ParameterSet): readonly ClusterKey[] {
  const parameters = [...entries(set.params), ...entries(get(set.params, 'values'))].filter(
    ([, { node }]) => node.type === 'scalar' && WORD.test(node.text) && unknownNode(node) === undefined,
  );
  const ofCluster = parameters.filter(([key]) => /^cluster(?:[-_]?name)?$/i.test(key));
  const named = ofCluster.length > 0 ? ofCluster : parameters.filter(([key]) => key === 'name');
  return named.flatMap(([, { node, at }]) =>
    node.type === 'scalar' ? [{ from: 'element', value: node.text, at }] : [],
  );
}

/** A place for what a generator makes of nothing that is written. */
export function emptySet(at: Anchor, open: boolean): ParameterSet {
  const node = { type: 'map', flow: false, entries: [], start: 0, end: 0, origin: at } as const;
  return { params: { node, at }, keys: [], words: [], several: open, open };
}
