/** Expands the generator `merge`: elements of the first generator, overlaid by those of the others that agree in the merge keys. */
import { isKnown } from '../../facts/field.ts';
import { type Cursor, get, items } from '../../yaml/read.ts';
import { plainNode } from '../../yaml/secret-text.ts';
import { writtenField } from '../read-text.ts';
import { joinSets, type ParameterSet } from './parameter-set.ts';

/** @param generated the elements of each of its generators */
export function mergeElements(merge: Cursor, generated: readonly (readonly ParameterSet[])[]): readonly ParameterSet[] {
  const names = items(get(merge, 'mergeKeys')).flatMap(({ node }) => (node.type === 'scalar' ? [node.text] : []));
  const [base = [], ...others] = generated;
  return base.map((element) => others.reduce((merged, sets) => overlaid(merged, sets, names), element));
}

function overlaid(element: ParameterSet, sets: readonly ParameterSet[], names: readonly string[]): ParameterSet {
  const values = valuesAt(element, names);
  if (values === undefined) return sets.length === 0 ? element : { ...element, open: true };
  for (const set of sets) {
    const other = valuesAt(set, names);
    // Another generator whose keys are not in sight may overlay anything.
    if (other === undefined) return { ...element, open: true };
    if (other.every((value, index) => value === values[index])) return joinSets(element, set);
  }
  return element;
}

/** The values of the merge keys; undefined if one is not known. */
function valuesAt({ params }: ParameterSet, names: readonly string[]): readonly string[] | undefined {
  // What a Secret holds is compared, and told nobody.
  const plain = { node: plainNode(params.node), at: params.at };
  const values = names.map((name) => writtenField(get(plain, name) ?? get(plain, ...name.split('.'))));
  return values.every(isKnown) ? values.map(({ value }) => value) : undefined;
}
