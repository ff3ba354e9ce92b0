/** Reads maps of labels and annotations, and the selectors that are matched against them. */

import type { Anchor } from '../base/anchor.ts';
import { childPath, type PathKey, ROOT } from '../base/path.ts';
import { type Cursor, entries, items, keyPlace } from '../yaml/read.ts';
import { resolveYaml11 } from '../yaml/scalar.ts';
import type { Field, Known } from './field.ts';
import type { Labels, LabelValue, ObjectBase, Selector, SelectorExpression } from './objects.ts';
import { isNull, reach, readString, readStringItem, unknownNode } from './read-scalar.ts';

export const NO_LABELS: Labels = { entries: new Map(), at: undefined, open: false };

type Labelled = Pick<ObjectBase, 'labels' | 'annotations' | 'name' | 'removals'>;

/** Where it is decided that an object has a label, or that it has none. */
export function labelPlace(object: Labelled, key: string, map: 'labels' | 'annotations' = 'labels'): Anchor {
  return object[map].entries.get(key)?.at ?? placeOfAbsence(object, 'metadata', map, key) ?? object.name.at;
}

/** Where a patch took a field of an object away; undefined if none did. */
export function placeOfAbsence(
  { removals = [] }: Pick<ObjectBase, 'removals'>,
  ...keys: readonly PathKey[]
): Anchor | undefined {
  if (removals.length === 0) return undefined;
  const path = childPath(ROOT, ...keys);
  return removals.findLast((removal) => removal.path === path)?.at;
}

function readLabelValue({ node, at }: Cursor): LabelValue {
  if (node.type !== 'scalar') return { unknown: 'wrong-type', at, notString: 'other' };
  const reason = unknownNode(node);
  if (reason !== undefined) return { unknown: reason, at };
  const value = resolveYaml11(node);
  if (typeof value === 'string') return { value, at };
  if (value === null) return { value: '', at, notString: 'null' };
  return { value: node.text, at, notString: typeof value === 'boolean' ? 'boolean' : 'number' };
}

/** A key that a template or a script writes. */
const TEMPLATED_KEY = /\{\{|\$\{/;

/** A map of labels or annotations; what is no map leaves it open. */
export function readLabels(cursor: Cursor | undefined): Labels {
  if (cursor === undefined || isNull(cursor.node)) return NO_LABELS;
  if (cursor.node.type !== 'map') return { entries: NO_LABELS.entries, at: cursor.at, open: true };
  const labels = new Map<string, LabelValue>();
  let open = false;
  for (const [key, value] of entries(cursor)) {
    if (TEMPLATED_KEY.test(key)) open = true;
    else {
      const keyAt = keyPlace(cursor, key);
      labels.set(key, { ...readLabelValue(value), ...(keyAt && { keyAt }) });
    }
  }
  return { entries: labels, at: cursor.at, open };
}

/** A map of labels as a field: undefined where it is not written; the empty map is written. */
export function readLabelField(cursor: Cursor | undefined): Field<Labels> {
  if (cursor === undefined || isNull(cursor.node)) return undefined;
  if (cursor.node.type !== 'map') return { unknown: unknownNode(cursor.node) ?? 'wrong-type', at: cursor.at };
  return { value: readLabels(cursor), at: cursor.at };
}

function readExpression(cursor: Cursor): SelectorExpression {
  const values = reach(cursor, 'values');
  // What a template writes may be a list.
  const isUnknown = values !== undefined && unknownNode(values.node) !== undefined;
  const isList = values === undefined || isNull(values.node) || isUnknown || values.node.type === 'seq';
  const notStrings = items(values)
    .map(readLabelValue)
    .filter(({ notString }) => notString !== undefined);
  return {
    at: cursor.at,
    key: readString(reach(cursor, 'key')),
    operator: readString(reach(cursor, 'operator')),
    values:
      values === undefined || isNull(values.node)
        ? undefined
        : (isUnknown ? [values] : items(values)).map(readStringItem),
    ...(isList ? {} : { notList: readLabelValue(values) }),
    ...(notStrings.length === 0 ? {} : { notStrings }),
  };
}

/** The keys of a map that are not in `known`, each at its key. */
export function unknownKeys(cursor: Cursor, known: ReadonlySet<string>): Known<string>[] {
  const found: Known<string>[] = [];
  for (const [key, value] of entries(cursor)) {
    if (!known.has(key)) found.push({ value: key, at: { doc: value.at.doc, path: value.at.path, part: 'key' } });
  }
  return found;
}

const SELECTOR_KEYS = new Set(['matchLabels', 'matchExpressions']);

/** A LabelSelector; undefined where it is null or not written. What is no map selects what cannot be known. */
export function readSelector(cursor: Cursor | undefined): Selector | undefined {
  if (cursor === undefined || isNull(cursor.node)) return undefined;
  if (cursor.node.type !== 'map') {
    return { at: cursor.at, matchLabels: readLabels(cursor), matchExpressions: [], unknownFields: [] };
  }
  return {
    at: cursor.at,
    matchLabels: readLabels(reach(cursor, 'matchLabels')),
    matchExpressions: items(reach(cursor, 'matchExpressions')).map(readExpression),
    unknownFields: unknownKeys(cursor, SELECTOR_KEYS),
  };
}
