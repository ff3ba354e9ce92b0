/** Merges layers of values as Helm and istioctl do: maps key by key, everything else replaced. */
import type { Anchor } from '../../base/anchor.ts';
import { childPath } from '../../base/path.ts';
import type { Entry, MapNode, Node } from '../../yaml/node.ts';
import type { Cursor } from '../../yaml/read.ts';

/** The node, remembering where it came from whatever tree it is put in. */
export function transplanted({ node, at }: Cursor): Node {
  return node.origin === at ? node : { ...node, origin: at };
}

/** The cursor of an entry's value. */
function child(parent: Cursor, entry: Entry): Cursor {
  const at = entry.value.origin ?? { doc: parent.at.doc, path: childPath(parent.at.path, entry.key.text) };
  return { node: entry.value, at };
}

/** Told how many entries of maps a merge has copied. */
export type Copied = (entries: number) => void;

function mergeMaps(base: Cursor & { node: MapNode }, over: Cursor & { node: MapNode }, copied?: Copied): MapNode {
  copied?.(base.node.entries.length + over.node.entries.length);
  const merged = new Map<string, Entry>();
  const lower = new Map<string, Cursor>();
  for (const entry of base.node.entries) {
    const cursor = child(base, entry);
    lower.set(entry.key.text, cursor);
    merged.set(entry.key.text, { key: entry.key, value: transplanted(cursor) });
  }
  for (const entry of over.node.entries) {
    const key = entry.key.text;
    merged.set(key, { key: entry.key, value: transplanted(mergeValues(lower.get(key), child(over, entry), copied)) });
  }
  return { ...over.node, origin: over.at, entries: [...merged.values()] };
}

function isMap(cursor: Cursor): cursor is Cursor & { node: MapNode } {
  return cursor.node.type === 'map';
}

/**
 * `over` laid upon `base`. Lists, `[]`, `false`, "" and null replace what is below; a null stays as null and hides the
 * default, as Helm does it (oracle `helm-scopes-null`, `iop-null-removes-env`).
 */
export function mergeValues(base: Cursor, over: Cursor | undefined, copied?: Copied): Cursor;
export function mergeValues(base: Cursor | undefined, over: Cursor, copied?: Copied): Cursor;
export function mergeValues(base: Cursor | undefined, over: Cursor | undefined, copied?: Copied): Cursor | undefined;
export function mergeValues(base: Cursor | undefined, over: Cursor | undefined, copied?: Copied): Cursor | undefined {
  if (over === undefined) return base;
  if (base === undefined || !isMap(base) || !isMap(over)) return over;
  return { node: mergeMaps(base, over, copied), at: over.at };
}

/**
 * A map with one entry replaced or added; used to hand a chart the `global` that its parent gives it.
 * @param origin where the key is written, if not beside the value
 */
export function withEntry(map: Cursor, key: string, value: Cursor | undefined, origin?: Anchor): Cursor {
  if (value === undefined || !isMap(map)) return map;
  const { start, end } = value.node;
  const written = { type: 'scalar', text: key, style: 'plain', start, end } as const;
  const entry: Entry = {
    key: origin === undefined ? written : { ...written, origin },
    value: transplanted(value),
  };
  const others = map.node.entries.filter((other) => other.key.text !== key);
  return { node: { ...map.node, entries: [...others, entry] }, at: map.at };
}
