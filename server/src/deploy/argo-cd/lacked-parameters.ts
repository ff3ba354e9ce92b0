/**
 * Parameters that the template of an ApplicationSet names and that an element does not have, where that is a slip: other elements have
 * them, or some that is called alike. What no element has may be for Helm.
 */
import { type Anchor, below, keyOf, sameAnchor } from '../../base/anchor.ts';
import { childPath, pathKeys, ROOT } from '../../base/path.ts';
import { unknownNode } from '../../facts/read-scalar.ts';
import { type Cursor, entries, get, items } from '../../yaml/read.ts';
import type { LackedParameter } from '../deployment.ts';
import { isPlainName, lastStep, meaningOf } from '../name-meaning.ts';
import { isSlip } from '../name-slip.ts';
import { textAt } from '../read-text.ts';
import { paramAt } from '../templates/fast-template.ts';
import { namesOf as clusterNames, type ParameterSet } from './parameter-set.ts';

/** Labels and annotations of a cluster have dots in their names. */
const LABEL = /^metadata\.(?:labels|annotations)\./;
/** `{{ .cluster.name }}` and `{{ index .metadata.labels "name" }}` of Go, and `{{cluster.name}}`. */
const GO =
  /\{\{-?\s*(?:\.([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)|index\s+\.metadata\.(labels|annotations)\s+"([^"{}]+)")\s*-?\}\}/g;
/** Quoted, a value that is not there would come to an empty text where it is not refused. */
const STRICT =
  /\{\{-?\s*(?:\.([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)|index\s+\.metadata\.(labels|annotations)\s+"([^"{}]+)")\s*(?:\|\s*s?quote\s*)?-?\}\}/g;
const FAST = /\{\{\s*(metadata\.(?:labels|annotations)\.[\w./-]+|[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)\s*\}\}/g;
/** What is in such a text may not be asked for. */
const CONTROL = /\{\{-?\s*(?:if|with|range|else|block|define)\b/;
/** References of a template, elements, and names of parameters in each that are compared: nobody has more by hand. */
const MOST_REFERENCES = 100;
const MOST_ELEMENTS = 200;
const MOST_NAMES = 100;

interface Named {
  readonly name: string;
  readonly at: Anchor;
  readonly text: string;
  /** As it stands in the text. */
  readonly written: string;
  /** True if Go gives an empty text for what is not there. */
  readonly isIndexed: boolean;
}

export interface TemplateOptions {
  readonly goTemplate: boolean;
  /** True if what is missing is refused. */
  readonly isStrict: boolean;
  /** The elements for which the template is filled; all by default. */
  readonly of?: readonly ParameterSet[];
}

/** @param sets all elements of one ApplicationSet @param template what is filled in for each of them */
export function lackedParameters(
  sets: readonly ParameterSet[],
  template: Cursor,
  { goTemplate, isStrict, of = sets }: TemplateOptions,
): readonly LackedParameter[] {
  if (sets.some(({ open, several }) => open || several)) return [];
  const at = (params: Cursor, name: string): Cursor | undefined =>
    goTemplate ? get(params, ...stepsOf(name)) : paramAt(params, name);
  const named = [...namesIn(template, isStrict ? STRICT : goTemplate ? GO : FAST)].slice(0, MOST_REFERENCES);
  const used = new Set(named.map(({ name }) => name));
  const found = named.flatMap((one) => {
    const { name, isIndexed } = one;
    const [steps, only] = [stepsOf(name), sets.filter(({ params }) => at(params, name) === undefined)];
    const model = sets.find(({ params }) => at(params, name) !== undefined);
    const having = model && at(model.params, name);
    // Not every generator has a path.
    if (having !== undefined && /^path(?:\.|$)/.test(name)) return [];
    return of.slice(0, MOST_ELEMENTS).flatMap((set): readonly LackedParameter[] => {
      const { params } = set;
      // What comes to nothing may be meant to.
      if (at(params, name) !== undefined || (isIndexed && having !== undefined && (only.length > 1 || sets.length < 3)))
        return [];
      const parent = steps.length > 1 ? at(params, steps.slice(0, -1).join('.')) : params;
      const effect = !goTemplate
        ? 'left'
        : parent !== undefined && isIndexed
          ? 'empty'
          : isStrict || parent === undefined
            ? 'refused'
            : 'no-value';
      const near = namesOf(params).filter((other) => isSlip(name, other));
      if (having === undefined) {
        const like = near.length > 0 ? near : namesOf(params).filter((other) => isAlike(name, other));
        return like.length === 1 ? [inTemplate(one, like[0] as string, effect)] : [];
      }
      const idle = near.filter((other) => !used.has(other));
      const [misspelt] = idle.length === 1 ? differingStep(idle[0] as string, name) : [];
      const key = misspelt && at(params, misspelt.written.join('.'));
      const isInMap = parent !== undefined && parent !== params;
      const map = isInMap ? parent.at : (mapLike(params, model?.params, name) ?? params.at);
      const place = key === undefined ? map : keyOf(key.at);
      if (misspelt === undefined || key === undefined) {
        const told: LackedParameter = { at: place, name, effect, had: having.at };
        const given = valueFor(set, sets, (of) => at(of, name));
        const isThere = !isInMap && get(params, steps[0] as string) !== undefined;
        if (given === undefined || isThere || !isOneMap(isInMap ? parent : params, map)) return [told];
        const to = below(map, ...(isInMap ? steps.slice(-1) : steps));
        return [{ ...told, given, edit: { op: 'set', at: to, value: given } }];
      }
      const from = misspelt.written.at(-1) as string;
      const edit = { op: 'rename-key', at: key.at, from, key: misspelt.key } as const;
      return [{ at: place, name, effect, had: having.at, meant: idle[0] as string, edit }];
    });
  });
  const isSame = (a: LackedParameter, b: LackedParameter): boolean => a.name === b.name && sameAnchor(a.at, b.at);
  return found.filter((one, i) => found.findIndex((other) => isSame(one, other)) === i);
}

/**
 * Keys of the generator `merge` that no element has: of several elements of one generator all have null there, and these may not be the
 * same (argo-cd, `applicationset/generators/merge.go`, `getParamSetsByMergeKey`).
 * @param generated the elements of each of its generators
 */
export function lackedMergeKeys(
  keys: readonly Cursor[],
  generated: readonly (readonly ParameterSet[])[],
): readonly LackedParameter[] {
  const sets = generated.flat().slice(0, MOST_ELEMENTS);
  const has = ({ params }: ParameterSet, key: string): boolean => paramAt(params, key) !== undefined;
  const isSeveral = generated.some(({ length }) => length > 1);
  const names = keys.map((key) => textAt(key));
  if (!isSeveral || sets.some(({ open, several }) => open || several)) return [];
  // A key that some have may tell the elements apart.
  if (names.some((name) => name === undefined || sets.some((set) => has(set, name)))) return [];
  const shared = namesOf(sets[0]?.params as Cursor).filter((name) => sets.every((set) => has(set, name)));
  return keys.slice(0, 1).map(({ at, node }) => {
    const name = node.type === 'scalar' ? node.text : '';
    const told = { at, name, effect: 'refused', had: undefined } as const;
    const near = shared.filter((other) => isSlip(name, other));
    const like = near.length > 0 ? near : shared.filter((other) => isAlike(name, other));
    const [meant, ...more] = keys.length > 1 ? [] : like;
    return meant === undefined || more.length > 0 ? told : { ...told, meant, edit: { op: 'set', at, value: meant } };
  });
}

/** True for a map of which at least a part is written in a place. */
function isOneMap(map: Cursor, place: Anchor): boolean {
  const parts = entries(map);
  return parts.length === 0 || parts.some(([key, { at }]) => sameAnchor(at, below(place, key)));
}

/** Where an element has what another one has beside a parameter: several generators may have made the element. */
function mapLike(params: Cursor, other: Cursor | undefined, name: string): Anchor | undefined {
  const [top = ''] = name.split('.');
  const there = other && get(other, top);
  const isBeside = ([key, { at }]: readonly [string, Cursor]): boolean =>
    there !== undefined && key !== top && sameAnchor(mapOf(at), mapOf(there.at)) && get(params, key) !== undefined;
  const [key = ''] = (other && entries(other).find(isBeside)) ?? [];
  const own = get(params, key);
  return own && mapOf(own.at);
}

function mapOf({ doc, path }: Anchor): Anchor {
  return { doc, path: childPath(ROOT, ...pathKeys(path).slice(0, -1)) };
}

const OWN = '\n';

/** The value that all others have, or that has their cluster's name in it as all others' have; undefined if it cannot be told. */
function valueFor(
  lacking: ParameterSet,
  sets: readonly ParameterSet[],
  at: (params: Cursor) => Cursor | undefined,
): string | undefined {
  const patterns = new Set<string | undefined>();
  let others = 0;
  const nameOf = (set: ParameterSet): string => clusterNames(set)[0]?.value ?? OWN;
  for (const set of sets.slice(0, MOST_ELEMENTS)) {
    const value = at(set.params);
    if (value === undefined) continue;
    others++;
    const isText = value.node.type === 'scalar' && unknownNode(value.node) === undefined;
    patterns.add(isText ? textAt(value)?.replaceAll(nameOf(set), OWN) : undefined);
  }
  const [pattern] = patterns;
  const own = nameOf(lacking);
  const isOwn = pattern?.includes(OWN) === true;
  if (patterns.size !== 1 || pattern === undefined || (others < 2 && !isOwn)) return undefined;
  return own === OWN && isOwn ? undefined : pattern.replaceAll(OWN, () => own);
}

/** True for a parameter that is called the same elsewhere, or is the only thing that may be meant; what begins with a capital is for Helm. */
function isAlike(name: string, other: string): boolean {
  const [own, meant] = [lastStep(name), lastStep(other)];
  if (/^[A-Z]/.test(name)) return false;
  return (
    own === meant || isSlip(own, meant) || ([own, meant].every(isPlainName) && meaningOf(own) === meaningOf(meant))
  );
}

/** What the template itself misspells. In a text of several lines it is not changed. */
function inTemplate(
  { name, at, text, written, isIndexed }: Named,
  meant: string,
  effect: LackedParameter['effect'],
): LackedParameter {
  const [old, by] = isIndexed ? [name, meant].map((one) => one.replace(LABEL, '')) : [name, meant];
  const value = text.replaceAll(written, () => written.replace(old as string, () => by as string));
  const told = { at, name, effect, had: undefined, meant };
  return text.includes('\n') ? told : { ...told, edit: { op: 'set', at, value } };
}

/** The one step in which two names differ: up to which one is written, and what it is to be. */
function differingStep(
  name: string,
  meant: string,
): readonly { readonly written: readonly string[]; readonly key: string }[] {
  const [steps, wanted] = [stepsOf(name), stepsOf(meant)];
  const differing = wanted.flatMap((step, i) => (step === steps[i] ? [] : [i]));
  const [i = 0] = differing;
  if (differing.length !== 1 || steps.length !== wanted.length) return [];
  return [{ written: steps.slice(0, i + 1), key: wanted[i] as string }];
}

/** The keys that a parameter is reached by. */
function stepsOf(name: string): readonly string[] {
  const [map] = LABEL.exec(name) ?? [];
  return map === undefined ? name.split('.') : [...map.split('.').slice(0, -1), name.slice(map.length)];
}

function* namesIn(cursor: Cursor, pattern: RegExp): Iterable<Named> {
  const { node, at } = cursor;
  if (node.type === 'scalar') {
    if (CONTROL.test(node.text)) return;
    for (const [written, field, map, label] of node.text.matchAll(pattern)) {
      const name = field ?? `metadata.${map}.${label}`;
      yield { name, at, text: node.text, written, isIndexed: field === undefined };
    }
    return;
  }
  for (const item of items(cursor)) yield* namesIn(item, pattern);
  for (const [, value] of entries(cursor)) yield* namesIn(value, pattern);
}

/** The names of all parameters, with those of maps in them. */
function namesOf(params: Cursor): readonly string[] {
  const names: string[] = [];
  const collect = (cursor: Cursor, start: string): void => {
    for (const [key, value] of entries(cursor)) {
      if (names.length >= MOST_NAMES) return;
      if (value.node.type === 'map') collect(value, `${start}${key}.`);
      else names.push(start + key);
    }
  };
  collect(params, '');
  return names;
}
