/** Expands the generator `merge`: elements of the first generator, overlaid by those of the others that agree in the merge keys. */
import { isKnown } from '../../facts/field.ts';
import { type Cursor, get, items } from '../../yaml/read.ts';
import { plainNode } from '../../yaml/secret-text.ts';
import type { Allowance } from '../bounded-text.ts';
import { writtenField } from '../read-text.ts';
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
  const names = items(get(merge, 'mergeKeys')).flatMap(({ node }) => (node.type === 'scalar' ? [node.text] : []));
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
