/** Label selectors as ApplicationSets use them: on clusters, and on the parameters of elements. */
import { isKnown, knownValue } from '../../facts/field.ts';
import type { Labels, Selector, SelectorExpression } from '../../facts/objects.ts';
import type { Cursor } from '../../yaml/read.ts';
import { get } from '../../yaml/read.ts';
import { writtenField, writtenText } from '../read-text.ts';
import type { ParameterSet } from './parameter-set.ts';

/** What a label is: unknown, absent, or a text. */
export type LabelOf = (key: string) => 'unknown' | undefined | { readonly value: string };

/** True unless the selector certainly does not match. */
export function maySelect(selector: Selector, label: LabelOf): boolean {
  for (const [key, wanted] of selector.matchLabels.entries) {
    const found = label(key);
    if (found === 'unknown' || !isKnown(wanted)) continue;
    if (found?.value !== wanted.value) return false;
  }
  return selector.matchExpressions.every((expression) => mayFulfil(expression, label));
}

function mayFulfil({ key, operator, values }: SelectorExpression, label: LabelOf): boolean {
  const name = knownValue(key);
  const found = name === undefined ? 'unknown' : label(name);
  const wanted = values ?? [];
  if (found === 'unknown' || !wanted.every(isKnown)) return true;
  const isAmong = found !== undefined && wanted.some((value) => knownValue(value) === found.value);
  switch (knownValue(operator)) {
    case 'In':
      return isAmong;
    case 'NotIn':
      return !isAmong;
    case 'Exists':
      return found !== undefined;
    case 'DoesNotExist':
      return found === undefined;
    default:
      return true;
  }
}

/** A post selector: it filters elements by their parameters, whose names are flat. */
export function elementSelector(selector: Selector): (set: ParameterSet) => boolean {
  return (set) => maySelect(selector, (key) => parameter(set, key));
}

function parameter({ params, open }: ParameterSet, key: string): ReturnType<LabelOf> {
  const steps = key.split('.');
  let at: Cursor | undefined = get(params, key);
  for (let length = 1; at === undefined && length < steps.length; length++) {
    at = get(params, steps.slice(0, length).join('.'), steps.slice(length).join('.'));
  }
  const field = writtenField(at);
  if (isKnown(field)) return { value: field.value };
  return open || writtenText(at) !== undefined ? 'unknown' : undefined;
}

/** A selector as a text that is the same for equal selectors; undefined for one that selects everything. */
export function selectorText({ matchLabels, matchExpressions }: Selector): string | undefined {
  const labels = labelTexts(matchLabels);
  const expressions = matchExpressions.map(({ key, operator, values }) => {
    const texts = (values ?? []).map((value) => knownValue(value) ?? '?').sort();
    return `${knownValue(key) ?? '?'} ${knownValue(operator) ?? '?'} (${texts.join(',')})`;
  });
  const all = [...labels, ...expressions].sort();
  return all.length === 0 ? undefined : all.join(', ');
}

function labelTexts({ entries }: Labels): string[] {
  return [...entries].map(([key, value]) => `${key}=${knownValue(value) ?? '?'}`);
}
