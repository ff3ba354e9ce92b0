/** The entries of `serviceScopeConfigs` that users wrote, in each place once, however many clusters share it. */
import { isKnown, knownValue } from '../../facts/field.ts';
import type { ScopeEntry } from '../../facts/install.ts';
import type { LabelValue, Selector, SelectorExpression } from '../../facts/objects.ts';
import type { Mesh } from '../../mesh/model.ts';
import { isEmptySelector, matchSelector } from '../../mesh/selectors.ts';
import { takesPart } from './taking-part.ts';
import { type Place, placesOf } from './told-places.ts';

/** More values of an expression than this say no more. */
const MOST_VALUES = 3;

/** Stands for what is not known, or not shown. */
const HIDDEN = '...';

/** An entry, and the list that it stands in. */
export interface WrittenEntry {
  readonly entry: ScopeEntry;
  readonly list: readonly ScopeEntry[];
}

/** Entries in the order of clusters and lists; none of clusters that do not take part, and none that a profile brings. */
export function writtenEntries(mesh: Mesh): readonly Place<WrittenEntry>[] {
  return placesOf(
    mesh.clusters.flatMap(({ id, install: { scopeConfigs } }) => {
      if (!isKnown(scopeConfigs) || scopeConfigs.value.fromProfile || !takesPart(mesh, id)) return [];
      const list = scopeConfigs.value.entries;
      return list.map((entry) => ({ cluster: id, at: entry.at, found: { entry, list } }));
    }),
  );
}

/** The `discoverySelectors` of the same mesh configurations. */
export function writtenDiscoverySelectors(mesh: Mesh): readonly Place<Selector>[] {
  return placesOf(
    mesh.clusters.flatMap(({ id, install }) =>
      takesPart(mesh, id)
        ? (knownValue(install.discoverySelectors) ?? []).map((found) => ({ cluster: id, at: found.at, found }))
        : [],
    ),
  );
}

/** What an entry is for, as it is told apart from others: it comes after `the entry`. */
export function aboutEntry({ namespaceSelector, servicesSelector }: ScopeEntry): string {
  const services = selectorText(servicesSelector);
  const namespaces = selectorText(namespaceSelector);
  const parts = [services, namespaces === undefined ? undefined : `namespaces with ${namespaces}`].filter(
    (part) => part !== undefined,
  );
  return parts.length === 0 ? 'without selectors' : `for ${parts.join(' in ')}`;
}

function selectorText(selector: Selector | undefined): string | undefined {
  if (selector === undefined) return undefined;
  const labels = [...selector.matchLabels.entries].map(([key, value]) => `${key}=${knownValue(value) ?? HIDDEN}`);
  const texts = [...labels, ...selector.matchExpressions.map(expressionText)];
  return texts.length === 0 ? undefined : texts.join(', ');
}

/** As kubectl writes it; the key alone where the operator does not make sense. */
function expressionText({ key, operator, values = [] }: SelectorExpression): string {
  const label = knownValue(key) ?? HIDDEN;
  const among = values.map((value) => knownValue(value) ?? HIDDEN);
  const shown = among.length > MOST_VALUES ? [...among.slice(0, MOST_VALUES), HIDDEN] : among;
  const word = knownValue(operator);
  if (word === 'DoesNotExist') return `!${label}`;
  if (shown.length === 0 || (word !== 'In' && word !== 'NotIn')) return label;
  return `${label} ${word.toLowerCase()} (${shown.join(', ')})`;
}

/** True if the entry makes all Services global. */
export function isForEverything({ scope, namespaceSelector, servicesSelector }: ScopeEntry): boolean {
  return knownValue(scope) === 'GLOBAL' && [namespaceSelector, servicesSelector].every(isEmptySelector);
}

/** True if istiod refuses the entry, or reads it otherwise than it is meant: scope-selector-invalid says so. */
export function isMistaken({ scope, namespaceSelector, servicesSelector, unknownFields }: ScopeEntry): boolean {
  if (unknownFields.length > 0 || (isKnown(scope) && scope.value !== 'GLOBAL' && scope.value !== 'LOCAL')) return true;
  return [namespaceSelector, servicesSelector].some(
    (selector) =>
      selector !== undefined &&
      (selector.unknownFields.length > 0 ||
        valuesOf(selector).some(([, value]) => isNoText(value)) ||
        selector.matchExpressions.some(({ notList }) => notList !== undefined) ||
        matchSelector(selector, () => 'absent') === 'invalid'),
  );
}

/** The values that a selector wants labels to have, each with the label's key. */
export function valuesOf({
  matchLabels,
  matchExpressions,
}: Selector): readonly (readonly [key: string, value: LabelValue])[] {
  return [
    ...matchLabels.entries,
    ...matchExpressions.flatMap(({ key, notStrings = [] }) =>
      notStrings.map((value) => [knownValue(key) ?? HIDDEN, value] as const),
    ),
  ];
}

/** True for what cannot be decoded as text. Null is read as the empty text. */
export function isNoText({ notString }: LabelValue): boolean {
  return notString === 'boolean' || notString === 'number';
}
