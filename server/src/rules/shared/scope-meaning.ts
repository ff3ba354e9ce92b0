/** What the entries of serviceScopeConfigs select, to be compared between clusters. */
import type { Anchor } from '../../base/anchor.ts';
import { isKnown, isUnknown, knownValue } from '../../facts/field.ts';
import type { ScopeEntry } from '../../facts/install.ts';
import type { Selector } from '../../facts/objects.ts';
import type { ClusterName, Mesh } from '../../mesh/model.ts';
import type { YamlValue } from '../../yaml/edit.ts';
import { isMistaken } from './scope-entries.ts';
import { selectorMeaning, selectorValue } from './selector-value.ts';
import { takesPart } from './taking-part.ts';

/** What a list selects, as comparable text: entries that are not GLOBAL do nothing, order does not matter. Undefined if not known, or not meant. */
export function meaningOf(entries: readonly ScopeEntry[]): string | undefined {
  if (entries.some(isMistaken)) return undefined;
  const global = entries.filter(({ scope }) => isUnknown(scope) || knownValue(scope) === 'GLOBAL');
  if (global.some(({ scope }) => isUnknown(scope))) return undefined;
  const selections = global.map(selectionOf);
  return selections.includes(undefined) ? undefined : JSON.stringify([...new Set(selections)].sort());
}

/** What an entry selects, as comparable text, whatever its scope is. Undefined if it is not known. */
function selectionOf({ namespaceSelector, servicesSelector }: ScopeEntry): string | undefined {
  const [namespaces, services] = [namespaceSelector, servicesSelector].map(partOf);
  return namespaces === undefined || services === undefined ? undefined : JSON.stringify([namespaces, services]);
}

/** An empty selector means the same as none. */
function partOf(selector: Selector | undefined): YamlValue | undefined {
  return selector === undefined ? [] : selectorMeaning(selector);
}

/** The entries with scope GLOBAL where they are LOCAL, or have none, but are GLOBAL in another cluster. */
export function withMeantScopes(mesh: Mesh, entries: readonly ScopeEntry[]): readonly ScopeEntry[] {
  return entries.map((entry) =>
    isIdle(entry) && clustersWithGlobal(mesh, entry).length > 0
      ? { ...entry, scope: { value: 'GLOBAL', at: entry.at } }
      : entry,
  );
}

/** True if the lists of clusters differ in more than scopes that one of them lacks. */
export function listsDiffer(mesh: Mesh): boolean {
  const meanings = mesh.clusters.flatMap(({ id, install: { scopeConfigs } }) =>
    isKnown(scopeConfigs) && takesPart(mesh, id)
      ? (meaningOf(withMeantScopes(mesh, scopeConfigs.value.entries)) ?? [])
      : [],
  );
  return new Set(meanings).size > 1;
}

/** True for an entry that says LOCAL, also by saying no scope. */
export function isIdle({ scope }: ScopeEntry): boolean {
  return scope === undefined || knownValue(scope) === 'LOCAL';
}

/** The clusters whose lists have an entry for the same with scope GLOBAL, and where. */
export function clustersWithGlobal(mesh: Mesh, entry: ScopeEntry): readonly (ClusterName & { readonly at: Anchor })[] {
  const selection = selectionOf(entry);
  if (selection === undefined) return [];
  return mesh.clusters.flatMap(({ id, name, install: { scopeConfigs } }) => {
    if (!isKnown(scopeConfigs) || !takesPart(mesh, id)) return [];
    const isAlike = (other: ScopeEntry): boolean =>
      knownValue(other.scope) === 'GLOBAL' && selectionOf(other) === selection;
    const found = scopeConfigs.value.entries.find(isAlike);
    return found === undefined ? [] : [{ id, name, at: found.at }];
  });
}

/** An entry as plain data; empty selectors are left out, because they mean the same as none. */
export function entryValue({ scope, namespaceSelector, servicesSelector }: ScopeEntry): YamlValue | undefined {
  if (scope !== undefined && !isKnown(scope)) return undefined;
  const entry: Record<string, YamlValue> = {};
  for (const [key, selector] of [
    ['namespaceSelector', namespaceSelector],
    ['servicesSelector', servicesSelector],
  ] as const) {
    const value = selector === undefined ? {} : selectorValue(selector);
    if (value === undefined) return undefined;
    if (Object.keys(value as object).length > 0) entry[key] = value;
  }
  return { ...entry, scope: scope?.value ?? 'LOCAL' };
}
