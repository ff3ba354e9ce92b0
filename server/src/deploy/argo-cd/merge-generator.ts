/** Expands the generator `merge`: elements of the first generator, overlaid by those of the others that agree in the merge keys. */
import { keyOf } from '../../base/anchor.ts';
import { isKnown } from '../../facts/field.ts';
import { type Cursor, entries, get, items } from '../../yaml/read.ts';
import { plainNode } from '../../yaml/secret-text.ts';
import type { Allowance } from '../bounded-text.ts';
import type { LackedParameter } from '../deployment.ts';
import { isSlip, misspeltWord } from '../name-slip.ts';
import { textAt, writtenField } from '../read-text.ts';
import { paramAt } from '../templates/fast-template.ts';
import { joinSets, type ParameterSet } from './parameter-set.ts';

/**
 * @param generated the elements of each of its generators
 * @param allowance beyond it, elements may have parameters that are not in sight
 */
export function mergeElements(
  merge: Cursor,
  generated: readonly (readonly ParameterSet[])[],
  allowance: Allowance,
): readonly ParameterSet[] {
  const names = mergeKeys(merge);
  const [base = [], ...others] = generated;
  const valuesOf = (set: ParameterSet): string | undefined => valuesAt(set, names, allowance);
  const overlays = others.filter(({ length }) => length > 0).map((sets) => overlayOf(sets, valuesOf));
  return base.map((element) => {
    let merged = element;
    for (const overlay of overlays) {
      const over = overlay(valuesOf(merged));
      if (over === 'unknown' || allowance.isSpent) return { ...merged, open: true };
      if (over !== undefined) merged = joinSets(merged, over, allowance);
    }
    return merged;
  });
}

export function mergeKeys(merge: Cursor): readonly string[] {
  return items(get(merge, 'mergeKeys')).flatMap(({ node }) => (node.type === 'scalar' ? [node.text] : []));
}

/** Gives the first of some elements that has the values of the merge keys which it is asked for. */
function overlayOf(
  sets: readonly ParameterSet[],
  valuesOf: (set: ParameterSet) => string | undefined,
): (values: string | undefined) => ParameterSet | 'unknown' | undefined {
  const byValues = new Map<string, ParameterSet>();
  let isWhole = true;
  for (const set of sets) {
    const values = valuesOf(set);
    // One whose keys are not in sight may overlay anything that none before it does.
    isWhole = values !== undefined;
    if (values === undefined) break;
    if (!byValues.has(values)) byValues.set(values, set);
  }
  return (values) => {
    const known = values === undefined ? undefined : byValues.get(values);
    return known ?? (values === undefined || !isWhole ? 'unknown' : undefined);
  };
}

/** The values of the merge keys, as one text; undefined if one is not known. */
function valuesAt({ params }: ParameterSet, names: readonly string[], allowance: Allowance): string | undefined {
  const size = params.node.type === 'map' ? params.node.entries.length : 1;
  if (!allowance.take(names.length * size)) return undefined;
  // What a Secret holds is compared, and told nobody.
  const plain = { node: plainNode(params.node), at: params.at };
  const values = names.map((name) => writtenField(get(plain, name) ?? get(plain, ...name.split('.'))));
  return values.every(isKnown) ? JSON.stringify(values.map(({ value }) => value)) : undefined;
}

const MOST_ELEMENTS = 200;

/**
 * Elements that overlay none, with a value or the name of a merge key misspelt: Argo CD leaves them out (argo-cd,
 * `applicationset/generators/merge.go`, `GenerateParams`).
 * @param names the merge keys
 * @param generated the elements of each of its generators
 */
export function idleOverlays(
  names: readonly string[],
  [base = [], ...others]: readonly (readonly ParameterSet[])[],
): readonly LackedParameter[] {
  const all = [base, ...others].flat();
  if (all.length > MOST_ELEMENTS || all.some(({ open, several }) => open || several)) return [];
  const textsOf = ({ params }: ParameterSet): readonly (string | undefined)[] =>
    names.map((name) => {
      const param = paramAt(params, name);
      return param?.node.type === 'scalar' && param.node.isSecret !== true ? textAt(param) : undefined;
    });
  const known = base.map(textsOf);
  const isSame = (a: readonly unknown[], b: readonly unknown[]): boolean => a.every((one, i) => one === b[i]);
  return others.flatMap((sets): readonly LackedParameter[] => {
    const texts = sets.map(textsOf);
    // What this generator overlays already is not meant once more.
    const free = known.filter((own) => !texts.some((other) => isSame(own, other)));
    return sets.flatMap((set, i): readonly LackedParameter[] => {
      const own = texts[i] as readonly (string | undefined)[];
      if (known.some((other) => isSame(own, other))) return [];
      const told = free.flatMap((meant) => {
        const [at = 0, ...more] = names.flatMap((_, key) => (own[key] === meant[key] ? [] : key));
        const [name = '', value] = [names[at], meant[at]];
        return more.length > 0 || value === undefined ? [] : (slipIn(set, name, value, base) ?? []);
      });
      return told.length === 1 ? told : [];
    });
  });
}

/** @param value what the merge key is to be */
function slipIn(
  { params }: ParameterSet,
  name: string,
  value: string,
  base: readonly ParameterSet[],
): LackedParameter | undefined {
  const param = paramAt(params, name);
  const [own, effect] = [textAt(param), 'unmerged'] as const;
  if (param !== undefined) {
    if (own === undefined || misspeltWord(own, value) === undefined) return undefined;
    const edit = { op: 'set', at: param.at, value } as const;
    return { at: param.at, name: `${name}: ${own}`, effect, had: undefined, meant: `${name}: ${value}`, edit };
  }
  const [slip, ...more] = entries(params).filter(([key, cursor]) => isSlip(name, key) && textAt(cursor) === value);
  if (slip === undefined || more.length > 0) return undefined;
  const [from, { at }] = slip;
  const had = base.flatMap((set) => paramAt(set.params, name)?.at ?? [])[0];
  return { at: keyOf(at), name, effect, had, meant: from, edit: { op: 'rename-key', at, from, key: name } };
}
