/** A label selector as plain data, to be compared or copied. */
import { isKnown } from '../../facts/field.ts';
import type { Selector } from '../../facts/objects.ts';
import type { YamlValue } from '../../yaml/edit.ts';

/** Equal for selectors that differ in order only. Undefined if a part of the selector is not known. */
export function selectorValue({ matchLabels, matchExpressions }: Selector): YamlValue | undefined {
  const labels = [...matchLabels.entries].sort(([a], [b]) => (a < b ? -1 : 1));
  if (matchLabels.open || !labels.every(([, value]) => isKnown(value))) return undefined;
  const expressions: YamlValue[] = [];
  for (const { key, operator, values } of matchExpressions) {
    if (!isKnown(key) || !isKnown(operator) || values?.some((value) => !isKnown(value))) return undefined;
    const listedValues = values?.flatMap((value) => (isKnown(value) ? [value.value] : [])).sort();
    expressions.push({
      key: key.value,
      operator: operator.value,
      ...(listedValues === undefined ? {} : { values: listedValues }),
    });
  }
  return {
    ...(labels.length > 0
      ? {
          matchLabels: Object.fromEntries(
            labels.flatMap(([key, value]) => (isKnown(value) ? [[key, value.value]] : [])),
          ),
        }
      : {}),
    ...(expressions.length > 0 ? { matchExpressions: expressions } : {}),
  };
}

/** What a selector asks for, equal for selectors that ask for the same in other words. Undefined if a part of it is not known. */
export function selectorMeaning(selector: Selector): YamlValue | undefined {
  const value = selectorValue(selector) as
    | { readonly matchLabels?: Record<string, string>; readonly matchExpressions?: readonly YamlValue[] }
    | undefined;
  if (value === undefined) return undefined;
  const labels = Object.entries(value.matchLabels ?? {}).map(([key, one]) => ({ key, operator: 'In', values: [one] }));
  return [...labels, ...(value.matchExpressions ?? [])].map((one) => JSON.stringify(one)).sort();
}
