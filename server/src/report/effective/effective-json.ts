/** `effective --format json`: the objects as the cluster gets them and, if that is asked for, the place of each field. */
import type { PathKey } from '../../base/path.ts';
import type { Location } from '../../base/range.ts';
import { withSecretsMarked } from '../../deploy/secrets-marked.ts';
import type { ClusterObject } from '../../engine/cluster-objects.ts';
import type { YamlValue } from '../../yaml/edit.ts';
import { type Cursor, entries, items, rootCursor } from '../../yaml/read.ts';
import { resolveYaml11 } from '../../yaml/scalar.ts';
import type { Documents } from '../../yaml/source.ts';
import { HIDDEN, isHidden } from './hidden-values.ts';

export interface EffectiveObjectJson {
  readonly object: YamlValue;
  /** By JSON pointer, for every field that holds a value: where it comes from. */
  readonly origins?: { readonly [pointer: string]: Location };
}

export interface EffectiveJson {
  readonly objects: readonly EffectiveObjectJson[];
}

/** A field with a value, on the way through an object. */
type Visit = (path: readonly PathKey[], cursor: Cursor) => void;

/** @param origins whether to tell where each field comes from */
export function effectiveJson(
  objects: readonly ClusterObject[],
  documents: Documents,
  origins: boolean,
): EffectiveJson {
  return {
    objects: objects.map(({ root, doc }) => {
      const found: { [pointer: string]: Location } = {};
      const visit: Visit = (path, { at }) => {
        const location = origins ? documents.locate(at) : undefined;
        if (location !== undefined) found[pointer(path)] = location;
      };
      const object = toValue(rootCursor(doc, withSecretsMarked(root)), [], documents, visit);
      return origins ? { object, origins: found } : { object };
    }),
  };
}

function toValue(cursor: Cursor, path: readonly PathKey[], documents: Documents, visit: Visit): YamlValue {
  const { node, at } = cursor;
  if (node.type === 'scalar') {
    visit(path, cursor);
    return isHidden(node, at, documents) ? HIDDEN : resolveYaml11(node);
  }
  if (node.type === 'seq') {
    if (node.items.length === 0) visit(path, cursor);
    return items(cursor).map((item, index) => toValue(item, [...path, index], documents, visit));
  }
  if (node.entries.length === 0) visit(path, cursor);
  return Object.fromEntries(
    entries(cursor)
      .map(([key, value]) => [key, toValue(value, [...path, key], documents, visit)] as const)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
  );
}

/** A JSON pointer (RFC 6901). */
function pointer(path: readonly PathKey[]): string {
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
