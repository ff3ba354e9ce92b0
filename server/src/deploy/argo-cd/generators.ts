/** Expands the generators of an ApplicationSet to the elements that they make of what is in sight. */

import { readSelector } from '../../facts/read-labels.ts';
import { type Cursor, embedded, entries, get, items } from '../../yaml/read.ts';
import { Allowance } from '../bounded-text.ts';
import type { DeployWorld, LackedParameter, UnknownPart } from '../deployment.ts';
import { fillTree } from '../templates/fill.ts';
import { clusterElements } from './cluster-generator.ts';
import { elementSelector } from './element-selector.ts';
import { gitElements } from './git-generator.ts';
import { lackedMergeKeys } from './lacked-parameters.ts';
import { idleOverlays, mergeElements, mergeKeys } from './merge-generator.ts';
import { emptySet, joinSets, MAX_ELEMENTS, type ParameterSet, renderWith, type Templating } from './parameter-set.ts';

export interface GeneratorContext extends Templating {
  /** The file that holds the ApplicationSet. */
  readonly file: string;
  /** Of the ApplicationSet. */
  readonly spec: Cursor | undefined;
  readonly world: DeployWorld;
  readonly unknown: UnknownPart[];
  /** Merge keys that no element has. */
  readonly lacked: LackedParameter[];
  /** The elements and combinations of them that may be tried, taken or not. */
  readonly tries: Allowance;
}

/** An element, and the template that its own generator lays over the ApplicationSet's. */
export interface GeneratedElement {
  readonly set: ParameterSet;
  readonly template: Cursor | undefined;
}

/** Selectors may leave little of what is combined; but nobody combines so much. */
const MAX_TRIES = 20 * MAX_ELEMENTS;

/** What is told where there is more than is read. */
export const TOO_LARGE = 'what the ApplicationSet comes to: it is too large';

/** For all generators of one ApplicationSet. */
export function generatorTries(): Allowance {
  return new Allowance(MAX_TRIES);
}

/** Matrices may hold matrices; Argo CD allows one level. */
const MAX_DEPTH = 3;

/** All elements of a list of generators. */
export function expandGenerators(
  generators: Cursor | undefined,
  context: GeneratorContext,
): readonly GeneratedElement[] {
  const found: GeneratedElement[] = [];
  for (const generator of items(generators)) {
    const template = templateOf(generator);
    const sets = expand(generator, context, 0);
    const taken = sets.slice(0, MAX_ELEMENTS - found.length);
    for (const set of taken) found.push({ set, template });
    const isMany = context.tries.isSpent || taken.length < sets.length;
    if (isMany || context.allowance.isSpent) {
      // What it gives besides is not known.
      if (taken.length === 0) found.push({ set: emptySet(generator.at, true), template });
      const what = isMany ? 'more elements of generators than any mesh has clusters' : TOO_LARGE;
      context.unknown.push({ at: generator.at, what });
      return found;
    }
  }
  return found;
}

function templateOf(generator: Cursor): Cursor | undefined {
  for (const [key, inner] of entries(generator)) {
    const template = key === 'selector' ? undefined : get(inner, 'template');
    if (template !== undefined) return template;
  }
  return undefined;
}

/** The elements of one generator; a child of a matrix is filled with the parameters of the one before it. */
function expand(generator: Cursor, context: GeneratorContext, depth: number): readonly ParameterSet[] {
  const selector = readSelector(get(generator, 'selector'));
  const sets = expandKind(generator, context, depth);
  context.tries.take(sets.length);
  return selector === undefined ? sets : sets.filter(elementSelector(selector));
}

function expandKind(generator: Cursor, context: GeneratorContext, depth: number): readonly ParameterSet[] {
  for (const [kind, inner] of entries(generator)) {
    if (kind === 'selector') continue;
    if (kind === 'list') return listElements(inner, context);
    if (kind === 'clusters') return clusterElements(inner, context);
    if (kind === 'git') return gitElements(inner, context);
    if (depth < MAX_DEPTH && kind === 'matrix') return matrixElements(inner, context, depth);
    if (depth < MAX_DEPTH && kind === 'merge') {
      const generated = items(get(inner, 'generators')).map((child) => expand(child, context, depth + 1));
      context.lacked.push(...lackedMergeKeys(items(get(inner, 'mergeKeys')), generated));
      context.lacked.push(...idleOverlays(mergeKeys(inner), generated));
      return mergeElements(inner, generated, context.allowance);
    }
    context.unknown.push({ at: inner.at, what: `what the generator ${kind} gives`, opens: [] });
    return [emptySet(inner.at, true)];
  }
  return [];
}

function listElements(list: Cursor, { unknown }: GeneratorContext): readonly ParameterSet[] {
  const text = get(list, 'elementsYaml');
  const elements = [...items(get(list, 'elements')), ...items(text === undefined ? undefined : embedded(text))];
  if (text !== undefined && embedded(text)?.node.type !== 'seq') {
    unknown.push({ at: text.at, what: 'the elements that a template makes', opens: [] });
    return [emptySet(text.at, true)];
  }
  return elements
    .filter(({ node }) => node.type === 'map')
    .slice(0, MAX_ELEMENTS + 1)
    .map((element) => ({ params: element, keys: [], words: [], several: false, open: false }));
}

function matrixElements(matrix: Cursor, context: GeneratorContext, depth: number): readonly ParameterSet[] {
  const [first, second, ...more] = items(get(matrix, 'generators'));
  if (first === undefined || second === undefined || more.length > 0) return [];
  const found: ParameterSet[] = [];
  for (const outer of expand(first, context, depth + 1)) {
    // The second generator may use parameters of the first one, as in `path: clusters/{{name}}/*`.
    if (!context.tries.take(1) || context.allowance.isSpent) return found;
    const filled = fillTree(second, renderWith(outer, context), () => false, context.allowance);
    for (const inner of expand(filled, context, depth + 1)) {
      found.push(joinSets(outer, inner, context.allowance));
      if (found.length > MAX_ELEMENTS || context.allowance.isSpent) return found;
    }
  }
  return found;
}
