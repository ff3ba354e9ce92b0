/** The entries of `serviceScopeConfigs` that users wrote, each once, however many clusters share the file. */
import type { Anchor } from '../base/anchor.ts';
import { isKnown, knownValue } from '../facts/field.ts';
import type { ScopeEntry } from '../facts/install.ts';
import type { LabelValue, Selector, SelectorExpression } from '../facts/objects.ts';
import type { ClusterId } from '../layout/layout.ts';
import type { Mesh } from '../mesh/model.ts';
import { matchSelector } from '../mesh/selectors.ts';
import { takesPart } from './taking-part.ts';
import { listed, nameOf } from './wording.ts';

/** More values of an expression than this say no more. */
const MOST_VALUES = 3;

/** Stands for what is not known, or not shown. */
const HIDDEN = '...';

export interface WrittenEntry {
  readonly entry: ScopeEntry;
  /** The list that it stands in. */
  readonly list: readonly ScopeEntry[];
  /** The clusters whose istiod reads it, the first one first. */
  readonly clusters: readonly [ClusterId, ...ClusterId[]];
  /** Such as `the entry for app=cart in the serviceScopeConfigs of east`. */
  readonly title: string;
  /** What the entry is for, as it is told apart from others. */
  readonly about: string;
}

/** Entries in the order of clusters and lists; none of clusters that do not take part, and none that a profile brings. */
export function writtenEntries(mesh: Mesh): readonly WrittenEntry[] {
  const found = new Map<
    string,
    { readonly entry: ScopeEntry; readonly list: readonly ScopeEntry[]; clusters: ClusterId[] }
  >();
  for (const { id, install } of mesh.clusters) {
    const { scopeConfigs } = install;
    if (!isKnown(scopeConfigs) || scopeConfigs.value.fromProfile || !takesPart(mesh, id)) continue;
    for (const entry of scopeConfigs.value.entries) {
      const key = placeKey(entry.at);
      const known = found.get(key);
      if (known === undefined) found.set(key, { entry, list: scopeConfigs.value.entries, clusters: [id] });
      else known.clusters.push(id);
    }
  }
  return [...found.values()].map(({ entry, list, clusters }) => {
    const about = describe(entry);
    const names = listed(clusters.map((id) => nameOf(mesh, id)));
    return {
      entry,
      list,
      clusters: clusters as [ClusterId, ...ClusterId[]],
      title: `the entry ${about} in the serviceScopeConfigs of ${names}`,
      about,
    };
  });
}

/** A selector that users wrote, and whose it is. */
export type WrittenSelector = Pick<WrittenEntry, 'clusters' | 'title' | 'about'> & { readonly selector: Selector };

/** The `discoverySelectors` of the same mesh configurations, each once. */
export function writtenDiscoverySelectors(mesh: Mesh): readonly WrittenSelector[] {
  const found = new Map<string, { readonly selector: Selector; readonly clusters: ClusterId[] }>();
  for (const { id, install } of mesh.clusters) {
    if (!takesPart(mesh, id)) continue;
    for (const selector of knownValue(install.discoverySelectors) ?? []) {
      const known = found.get(placeKey(selector.at));
      if (known === undefined) found.set(placeKey(selector.at), { selector, clusters: [id] });
      else known.clusters.push(id);
    }
  }
  return [...found.values()].map(({ selector, clusters }) => ({
    selector,
    clusters: clusters as [ClusterId, ...ClusterId[]],
    title: `an entry of the discoverySelectors of ${listed(clusters.map((id) => nameOf(mesh, id)))}`,
    about: 'in discoverySelectors',
  }));
}

function placeKey({ doc, path }: Anchor): string {
  return JSON.stringify([doc, path]);
}

function describe({ namespaceSelector, servicesSelector }: ScopeEntry): string {
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

/** True if istiod refuses the entry, or reads it otherwise than it is meant: scope-selector-invalid says so. */
export function isMistaken({ scope, namespaceSelector, servicesSelector, unknownFields }: ScopeEntry): boolean {
  if (unknownFields.length > 0 || (isKnown(scope) && scope.value !== 'GLOBAL' && scope.value !== 'LOCAL')) return true;
  return [namespaceSelector, servicesSelector].some(
    (selector) =>
      selector !== undefined &&
      (selector.unknownFields.length > 0 ||
        valuesOf(selector).some(([, value]) => isNoText(value)) ||
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

/** A title as the beginning of a sentence. */
export function sentenceStart(title: string): string {
  return title.charAt(0).toUpperCase() + title.slice(1);
}
