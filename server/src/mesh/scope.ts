/** The scope of a Service in the eyes of a cluster (semantics.md A.0.6; pilot/pkg/serviceregistry/ambient/services.go:338-383). */
import { sameAnchor } from '../base/anchor.ts';
import { type Field, isKnown, isUnknown } from '../facts/field.ts';
import type { ScopeConfigs, ScopeEntry } from '../facts/install.ts';
import type { Labels } from '../facts/objects.ts';
import type { ScopeJudgement } from './model.ts';
import {
  allOf,
  isEmptySelector,
  labelOf,
  type Match,
  METADATA_NAME,
  matchSelector,
  namespaceLabel,
} from './selectors.ts';

/** The Service whose scope is asked for. */
export interface ScopeSubject {
  readonly labels: Labels;
  readonly namespace: string;
  /** Labels of its Namespace; undefined if no manifest of the Namespace is in the workspace. */
  readonly namespaceLabels: Labels | undefined;
}

/**
 * By this label of a Service or its Namespace, Solo's distribution makes a Service global, under a name of its own
 * (docs.solo.io, "Make services available across clusters"). What its istiod concludes beyond that is not known.
 */
const SOLOS_SCOPE = 'solo.io/service-scope';

const NO_LABELS: Labels = { entries: new Map(), at: undefined, open: false };

/**
 * Judges by the scopes of the viewer's mesh configuration and the owner's labels. The scope is GLOBAL if any entry with `scope: GLOBAL`
 * matches; entries that say LOCAL, or nothing, do nothing.
 */
export function judgeScope(scopeConfigs: Field<ScopeConfigs>, subject: ScopeSubject): ScopeJudgement {
  const judged = judgeByConfigs(scopeConfigs, subject);
  const isOfSolo = [subject.labels, subject.namespaceLabels].some((labels) => labels?.entries.has(SOLOS_SCOPE));
  return isOfSolo && judged.scope === 'LOCAL' ? { ...judged, scope: 'UNKNOWN', assumed: false } : judged;
}

function judgeByConfigs(scopeConfigs: Field<ScopeConfigs>, subject: ScopeSubject): ScopeJudgement {
  if (scopeConfigs === undefined) return { scope: 'LOCAL', assumed: true, because: undefined, entry: undefined };
  if (!isKnown(scopeConfigs)) return { scope: 'UNKNOWN', assumed: false, because: undefined, entry: undefined };
  let unknown = false;
  let assumed = false;
  for (const entry of scopeConfigs.value.entries) {
    const { match, restsOnAbsence } = matchEntry(entry, subject);
    if (match === 'yes') {
      return { scope: 'GLOBAL', assumed: restsOnAbsence, because: decidingLabel(entry, subject), entry: entry.at };
    }
    if (match === 'unknown') unknown = true;
    if (match === 'no' && restsOnAbsence) assumed = true;
  }
  return { scope: unknown ? 'UNKNOWN' : 'LOCAL', assumed, because: undefined, entry: undefined };
}

function matchEntry(
  entry: ScopeEntry,
  subject: ScopeSubject,
): { readonly match: Match; readonly restsOnAbsence: boolean } {
  const says = entry.scope;
  if (says === undefined || (isKnown(says) && says.value !== 'GLOBAL')) return { match: 'no', restsOnAbsence: false };
  const { namespaceSelector, servicesSelector } = entry;
  const byService =
    servicesSelector === undefined || isEmptySelector(servicesSelector)
      ? 'yes'
      : matchSelector(servicesSelector, (key) => labelOf(subject.labels, key));
  let absentAsked = false;
  const read = namespaceLabel(subject.namespace, subject.namespaceLabels ?? NO_LABELS);
  const byNamespace =
    namespaceSelector === undefined || isEmptySelector(namespaceSelector)
      ? 'yes'
      : matchSelector(namespaceSelector, (key) => {
          absentAsked ||= subject.namespaceLabels === undefined && key !== METADATA_NAME;
          return read(key);
        });
  const match = allOf([byService, byNamespace]);
  if (isUnknown(says) && match === 'yes') return { match: 'unknown', restsOnAbsence: false };
  // An entry that the Service's own labels rule out does not depend on its Namespace.
  return { match, restsOnAbsence: absentAsked && byService !== 'no' };
}

/** The first label of the Service that the entry asks for. */
function decidingLabel({ servicesSelector }: ScopeEntry, { labels }: ScopeSubject): ScopeJudgement['because'] {
  if (servicesSelector === undefined) return undefined;
  const keys = [
    ...servicesSelector.matchLabels.entries.keys(),
    ...servicesSelector.matchExpressions.flatMap(({ key }) => (isKnown(key) ? [key.value] : [])),
  ];
  for (const key of keys) {
    const label = labels.entries.get(key);
    if (label !== undefined) return label.at;
  }
  return undefined;
}

/**
 * What a cluster judges scopes by, as text without the places where it is written: clusters with equal texts judge every Service alike.
 */
export function scopeView(scopeConfigs: Field<ScopeConfigs>): string {
  if (scopeConfigs === undefined) return '';
  if (!isKnown(scopeConfigs)) return 'unknown';
  const { entries } = scopeConfigs.value;
  // Entries of a default share one place: whether they do is part of the view, so that places can be told by their order.
  const places = entries.map(({ at }) => entries.findIndex((other) => sameAnchor(at, other.at)));
  return JSON.stringify([places, entries], (key, value: unknown) => {
    if (key === 'at') return undefined;
    return value instanceof Map ? [...value] : value;
  });
}

/** The judgement of one cluster as that of another with the same view: the entry that decides stands in its own configuration. */
export function seenBy(own: Field<ScopeConfigs>, judged: ScopeJudgement, theirs: Field<ScopeConfigs>): ScopeJudgement {
  const { entry } = judged;
  if (entry === undefined || !isKnown(own) || !isKnown(theirs)) return judged;
  const index = theirs.value.entries.findIndex(({ at }) => sameAnchor(at, entry));
  return { ...judged, entry: own.value.entries[index]?.at };
}
