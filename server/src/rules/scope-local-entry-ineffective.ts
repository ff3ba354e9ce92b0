/** An entry of serviceScopeConfigs that says LOCAL: it takes nothing out of the entries that say GLOBAL. */

import { below } from '../base/anchor.ts';
import { isKnown, isUnknown, knownValue } from '../facts/field.ts';
import type { ScopeEntry } from '../facts/install.ts';
import type { Selector } from '../facts/objects.ts';
import type { Mesh } from '../mesh/model.ts';
import { splitKey } from '../mesh/object-key.ts';
import { judgeScope } from '../mesh/scope.ts';
import { isEmptySelector } from '../mesh/selectors.ts';
import type { NodeEdit } from '../yaml/edit.ts';
import { type Finding, type Fix, rule } from './rule.ts';
import { sentenceStart, type WrittenEntry, writtenEntries } from './scope-entries.ts';
import { ownScope } from './taking-part.ts';
import { clusterOf, MULTICLUSTER_DOCS } from './wording.ts';

export const scopeLocalEntryIneffective = rule({
  id: 'scope-local-entry-ineffective',
  summary: 'Only entries with scope GLOBAL do something: serviceScopeConfigs cannot take Services out.',
  why: 'istiod makes a Service global as soon as one entry with `scope: GLOBAL` selects it, wherever that stands in the list. It goes on to the next entry where the scope is LOCAL, which is also what an entry without a scope says. So an entry cannot be an exception from another one.',
  severity: 'warning',
  otherwise: { info: 'for an entry that only says the default' },
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
    for (const written of writtenEntries(mesh)) {
      const { scope } = written.entry;
      if (isUnknown(scope) || (isKnown(scope) && scope.value !== 'LOCAL')) continue;
      yield finding(mesh, written);
    }
  },
});

function finding(mesh: Mesh, written: WrittenEntry): Finding {
  const { entry, clusters, title, about } = written;
  // An entry for everything spells the default out; it is no exception.
  const all = isEmptySelector(entry.namespaceSelector) && isEmptySelector(entry.servicesSelector);
  const services = all ? [] : globalServicesOf(mesh, written);
  const [caught] = services;
  // A Service that others have too would be local as seen from here, and global as seen from them.
  const isOwn = services.map(splitKey).every(({ namespace, name }) => mesh.owners(namespace, name).length === 1);
  const omitted = entry.scope === undefined;
  const what = omitted ? 'has no scope, which means LOCAL and has no effect' : 'has scope LOCAL, which has no effect';
  const consequence =
    caught === undefined
      ? 'Services are local unless an entry makes them global.'
      : `Service ${caught}, which it selects, stays global because of another entry.`;
  return {
    // What is local anyway is only said twice.
    ...((omitted && !all) || caught !== undefined ? {} : { severity: 'info' as const }),
    check: about,
    ofCluster: clusters[0],
    message: `${sentenceStart(title)} ${what}. ${consequence}`,
    at: entry.scope?.at ?? entry.at,
    clusters,
    object: undefined,
    related: [],
    fixes: () => fixes(written, caught !== undefined, isOwn),
  };
}

/** The Services that the entry selects, and that are global all the same. */
function globalServicesOf(mesh: Mesh, { entry, clusters }: WrittenEntry): readonly string[] {
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

function fixes({ entry, list }: WrittenEntry, catches: boolean, isOwn: boolean): readonly Fix[] {
  const remove: NodeEdit = { op: 'remove', at: entry.at };
  const all: Fix[] = [];
  // Without any that says GLOBAL, this one may be meant to: an empty list would be no repair.
  const isLone = !list.some(({ scope }) => knownValue(scope) === 'GLOBAL');
  const isAll = isEmptySelector(entry.namespaceSelector) && isEmptySelector(entry.servicesSelector);
  if (entry.scope === undefined || (isLone && !isAll)) {
    const at = entry.scope?.at ?? below(entry.at, 'scope');
    all.push({ title: 'Set scope to GLOBAL', safe: false, edits: () => [{ op: 'set', at, value: 'GLOBAL' }] });
  }
  const exceptions = catches && isOwn ? exceptionEdits(entry, list) : [];
  if (exceptions.length > 0) {
    all.push({
      title: 'Exclude these Services from the entries with scope GLOBAL',
      safe: false,
      preferred: true,
      edits: () => [...exceptions, remove],
    });
  }
  // Nothing changes by it; where the entry was meant as an exception, it is no repair.
  all.push({
    title: 'Remove the entry',
    safe: entry.scope !== undefined && !catches && !isLone,
    edits: () => [remove],
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
