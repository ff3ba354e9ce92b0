/**
 * Two manifests of one object in one cluster: what they agree on stands, what they state differently is unknown
 * (which of them is applied last cannot be seen from files).
 */
import type { Anchor } from '../base/anchor.ts';
import { sameData } from '../base/same-data.ts';
import type { Stated } from './field.ts';
import type { Labels, LabelValue, ObjectFact, SecretObject } from './objects.ts';

/** Merges a later manifest of the same object into an earlier one, whose anchors are kept. */
export function mergeObjects(first: ObjectFact, second: ObjectFact): ObjectFact {
  const merged: Record<string, unknown> = {};
  for (const key of Object.keys(first)) {
    merged[key] = mergeValue(key, first[key as keyof ObjectFact], second[key as keyof ObjectFact], first.at);
  }
  const removals = [...(second.removals ?? []), ...(first.removals ?? [])];
  return {
    ...merged,
    ...(removals.length === 0 ? {} : { removals }),
    ...differingCopies(first, second),
  } as unknown as ObjectFact;
}

/** Of Secrets: the manifests that hold other keys. */
function differingCopies(first: ObjectFact, second: ObjectFact): Partial<SecretObject> {
  if (first.kind !== 'Secret' || second.kind !== 'Secret') return {};
  const { copies = [] } = first;
  return sameMeaning(first.keys, second.keys) ? {} : { copies: [...copies, second] };
}

const IDENTITY: ReadonlySet<string> = new Set([
  'kind',
  'apiVersion',
  'name',
  'at',
  'removals',
  'workloadKind',
  'routeKind',
  'outlierDetection',
  'localityLbSetting',
  'principals',
  'backendRefs',
  'encrypted',
  'keys',
  'copies',
]);

function mergeValue(key: string, a: unknown, b: unknown, at: Anchor): unknown {
  if (IDENTITY.has(key) || sameMeaning(a, b)) return a;
  if (isLabels(a) && isLabels(b)) return mergeLabels(a, b);
  return { unknown: 'contradicted', at: anchorOf(a) ?? anchorOf(b) ?? at };
}

function mergeLabels(a: Labels, b: Labels): Labels {
  const entries = new Map<string, LabelValue>();
  for (const key of new Set([...a.entries.keys(), ...b.entries.keys()])) {
    const one = a.entries.get(key);
    const other = b.entries.get(key);
    const stated = (one ?? other) as LabelValue;
    entries.set(key, sameMeaning(one, other) ? stated : { unknown: 'contradicted', at: stated.at });
  }
  return { entries, at: a.at ?? b.at, open: a.open || b.open };
}

/** Equal but for the places where it is written. */
export function sameMeaning(a: unknown, b: unknown): boolean {
  return sameData(withoutAnchors(a), withoutAnchors(b));
}

function withoutAnchors(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutAnchors);
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, withoutAnchors(item)]));
  if (typeof value !== 'object' || value === null) return value;
  if ('doc' in value && 'path' in value) return undefined;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'at' && key !== 'keyAt')
      .map(([key, item]) => [key, withoutAnchors(item)]),
  );
}

function anchorOf(value: unknown): Anchor | undefined {
  return typeof value === 'object' && value !== null && 'at' in value
    ? ((value as Stated<unknown>).at as Anchor)
    : undefined;
}

function isLabels(value: unknown): value is Labels {
  return typeof value === 'object' && value !== null && 'entries' in value && 'open' in value;
}
