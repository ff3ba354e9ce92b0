/** An entry of serviceScopeConfigs that says LOCAL: it takes nothing out of the entries that say GLOBAL. */

import { below } from '../base/anchor.ts';
import { addTo } from '../base/remember.ts';
import { isKnown, knownValue } from '../facts/field.ts';
import type { ScopeEntry } from '../facts/install.ts';
import type { Selector } from '../facts/objects.ts';
import type { Mesh } from '../mesh/model.ts';
import { splitKey } from '../mesh/object-key.ts';
import { judgeScope } from '../mesh/scope.ts';
import { isEmptySelector } from '../mesh/selectors.ts';
import type { NodeEdit } from '../yaml/edit.ts';
import { type Finding, rule } from './rule.ts';
import { asksForLabel } from './scope-label-ineffective.ts';
import { aboutEntry, type WrittenEntry, writtenEntries } from './shared/scope-entries.ts';
import { clustersWithGlobal, isIdle, listsDiffer } from './shared/scope-meaning.ts';
import { ownScope } from './shared/taking-part.ts';
import { clustersOf, namesOf, type Place, type PlaceFix, toldOfPlaces } from './shared/told-places.ts';
import { clusterOf, listed, MULTICLUSTER_DOCS } from './shared/wording.ts';

export const scopeLocalEntryIneffective = rule({
  id: 'scope-local-entry-ineffective',
  summary: 'Only entries with scope GLOBAL do something: serviceScopeConfigs cannot take Services out.',
  why: 'istiod makes a Service global as soon as one entry with `scope: GLOBAL` selects it, wherever that stands in the list. It goes on to the next entry where the scope is LOCAL, which is also what an entry without a scope says. So an entry cannot be an exception from another one.',
  severity: 'warning',
  otherwise: { info: 'for an entry that only says the default, as everywhere' },
  group: 'scope',
  limitation: 4,
  since: '1.27',
  reads: ['Install', 'Service', 'Namespace', 'Gateway', 'GatewayClass', 'Workload'],
  fix: 'both',
  howToFix:
    'Exclude Services within the entry that makes them global, with the operators `NotIn` or `DoesNotExist`. Delete entries that say LOCAL: it is the default.',
  whenToSilence: 'If the entry is there for people to read.',
  docs: MULTICLUSTER_DOCS,
  references: ['pilot/pkg/serviceregistry/ambient/services.go:338-383'],
  per: 'mesh',
  *check(mesh) {
    const same = new Map<string, Place<WrittenEntry>[]>();
    for (const place of writtenEntries(mesh)) {
      const { entry } = place.found;
      if (isIdle(entry)) addTo(same, `${aboutEntry(entry)}${entry.scope === undefined ? '' : ' LOCAL'}`, place);
    }
    for (const [check, places] of same) yield finding(mesh, places as unknown as Places, check);
  },
});

type Places = readonly [Place<WrittenEntry>, ...Place<WrittenEntry>[]];

/** @param places of entries that say the same */
function finding(mesh: Mesh, places: Places, check: string): Finding {
  const [{ found: first }] = places;
  const { scope } = first.entry;
  // An entry for everything spells the default out; it is no exception.
  const all = isForAll(first.entry);
  const caught = places.map((place) => (all ? [] : globalServicesOf(mesh, place)));
  const [stays] = caught.flat();
  const where = namesOf(mesh, places);
  const own = clustersOf(places);
  const elsewhere = clustersWithGlobal(mesh, first.entry).filter(({ id }) => !own.includes(id));
  const what = scope === undefined ? 'has no scope, which means LOCAL' : 'has scope LOCAL';
  const effect =
    elsewhere.length === 0
      ? `${scope === undefined ? ' and' : ', which'} has no effect`
      : `; in ${listed(elsewhere.map(({ name }) => name))} it has scope GLOBAL`;
  const consequence =
    stays !== undefined
      ? `Service ${stays}, which it selects, stays global because of another entry.`
      : elsewhere.length > 0
        ? `Services that no other entry makes global are local as seen from ${where}.`
        : 'Services are local unless an entry makes them global.';
  const wrongs = places.map((place, i) => {
    const { entry } = place.found;
    const at = entry.scope?.at ?? entry.at;
    return { place, at, fixes: fixes(mesh, place, caught[i] ?? [], elsewhere.length > 0) };
  });
  // Where the lists are others altogether, scope-config-not-uniform stands for what that does to labels.
  const isLabel = !places.every(({ found }) => isReadElsewhere(found)) && !listsDiffer(mesh);
  const cause = [...(elsewhere.length === 0 ? [] : ['elsewhere']), ...(isLabel ? ['label'] : [])];
  const title = `The entry ${aboutEntry(first.entry)} in the serviceScopeConfigs of ${where}`;
  const told = toldOfPlaces(mesh, wrongs, `${title} ${what}${effect}. ${consequence}`);
  return {
    ...told,
    related: [
      ...told.related,
      ...elsewhere.map(({ id, name, at }) => ({ at, cluster: id, message: `GLOBAL in ${name}` })),
    ],
    // What is local anyway is only said twice.
    ...((scope === undefined && !all) || stays !== undefined || elsewhere.length > 0
      ? {}
      : { severity: 'info' as const }),
    check,
    ...(cause.length === 0 ? {} : { cause: cause.join(' ') }),
  };
}

function isForAll({ namespaceSelector, servicesSelector }: ScopeEntry): boolean {
  return isEmptySelector(namespaceSelector) && isEmptySelector(servicesSelector);
}

/** False for an entry that asks for the label istio.io/global where none with scope GLOBAL does. */
function isReadElsewhere({ entry, list }: WrittenEntry): boolean {
  if (!asksForLabel(entry.servicesSelector)) return true;
  return list.some(({ scope, servicesSelector }) => knownValue(scope) === 'GLOBAL' && asksForLabel(servicesSelector));
}

/** The Services that the entry selects, and that are global all the same. */
function globalServicesOf(mesh: Mesh, { found: { entry }, clusters }: Place<WrittenEntry>): readonly string[] {
  const cluster = clusterOf(mesh, clusters[0]);
  if (cluster === undefined) return [];
  const selecting: ScopeEntry = { ...entry, scope: { value: 'GLOBAL', at: entry.at } };
  const at = entry.at;
  const alone = { value: { entries: [selecting], at, fromProfile: false }, at };
  return [...mesh.serviceKeys()].filter((key) => {
    const { namespace, name } = splitKey(key);
    const service = mesh.serviceRow(cluster.id, namespace, name)?.service;
    if (service === undefined || ownScope(mesh, cluster.id, namespace, name) !== 'GLOBAL') return false;
    const namespaceLabels = mesh.object(cluster.id, 'Namespace', '', namespace)?.labels;
    const { scope, assumed } = judgeScope(alone, { labels: service.labels, namespace, namespaceLabels });
    return scope === 'GLOBAL' && !assumed;
  });
}

/** @param isElsewhere true if such an entry has scope GLOBAL in another cluster */
function fixes(
  mesh: Mesh,
  { found: { entry, list } }: Place<WrittenEntry>,
  caught: readonly string[],
  isElsewhere: boolean,
): readonly PlaceFix[] {
  const remove: NodeEdit = { op: 'remove', at: entry.at };
  const all: PlaceFix[] = [];
  const catches = caught.length > 0;
  // A Service that others have too would be local as seen from here, and global as seen from them.
  const isOwn = caught.map(splitKey).every(({ namespace, name }) => mesh.owners(namespace, name).length === 1);
  // Without any that says GLOBAL, this one may be meant to: an empty list would be no repair.
  const isLone = !list.some(({ scope }) => knownValue(scope) === 'GLOBAL');
  const isMeant = isElsewhere || (isLone && !isForAll(entry));
  if (entry.scope === undefined || isMeant) {
    all.push({
      title: 'Set scope to GLOBAL',
      safe: false,
      ...(isMeant ? { preferred: true } : {}),
      edits: [{ op: 'set', at: entry.scope?.at ?? below(entry.at, 'scope'), value: 'GLOBAL' }],
    });
  }
  const exceptions = catches && isOwn ? exceptionEdits(entry, list) : [];
  if (exceptions.length > 0) {
    all.push({
      title: 'Exclude these Services from the entries with scope GLOBAL',
      safe: false,
      ...(isMeant ? {} : { preferred: true }),
      edits: [...exceptions, remove],
    });
  }
  // Nothing changes by it; where the entry was meant as an exception, or to make something global, it is no repair.
  all.push({
    title: 'Remove the entry',
    safe: entry.scope !== undefined && !catches && !isLone && !isMeant,
    edits: [remove],
  });
  return all;
}

/** Moves the only label that an entry asks for into the other entries, as `NotIn`. */
function exceptionEdits(entry: ScopeEntry, list: readonly ScopeEntry[]): readonly NodeEdit[] {
  const { namespaceSelector, servicesSelector } = entry;
  const asked = [
    ['servicesSelector', onlyLabel(servicesSelector)],
    ['namespaceSelector', onlyLabel(namespaceSelector)],
  ] as const;
  const [selector, label] = asked.find(([, found]) => found !== undefined) ?? [];
  if (selector === undefined || label === undefined || (servicesSelector && namespaceSelector)) return [];
  return list
    .filter(({ scope }) => knownValue(scope) === 'GLOBAL')
    .map(({ at }) => ({
      op: 'append',
      at: below(at, selector, 'matchExpressions'),
      value: { key: label.key, operator: 'NotIn', values: [label.value] },
    }));
}

function onlyLabel(selector: Selector | undefined): { readonly key: string; readonly value: string } | undefined {
  if (selector === undefined || selector.matchExpressions.length > 0 || selector.matchLabels.open) return undefined;
  const [[key, value] = [], ...others] = selector.matchLabels.entries;
  return key !== undefined && isKnown(value) && others.length === 0 ? { key, value: value.value } : undefined;
}
