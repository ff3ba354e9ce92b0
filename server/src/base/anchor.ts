/** An anchor: a place in a document that survives edits elsewhere in the file. Ranges are resolved from it at the edge only. */
import { childPath, type Path, type PathKey, pathKeys, ROOT } from './path.ts';

/** Identifies one YAML document of one file, wherever it moves in it and however it is edited. Never shown, never stored. */
export type DocumentId = number & { readonly documentId: unique symbol };

/** A node of a document. `part: 'key'` means the key of the entry instead of its value. */
export interface Anchor {
  readonly doc: DocumentId;
  readonly path: Path;
  readonly part?: 'key';
}

/** The anchor of a whole document. */
export function documentAnchor(doc: DocumentId): Anchor {
  return { doc, path: ROOT };
}

/** The anchor of the node below `anchor` at `keys`; it need not exist. */
export function below(anchor: Anchor, ...keys: readonly PathKey[]): Anchor {
  return { doc: anchor.doc, path: childPath(anchor.path, ...keys) };
}

/** The same entry, its key instead of its value. */
export function keyOf(anchor: Anchor): Anchor {
  return { doc: anchor.doc, path: anchor.path, part: 'key' };
}

/** True if both anchors name the same place. */
export function sameAnchor(a: Anchor, b: Anchor): boolean {
  return a.doc === b.doc && a.path === b.path && a.part === b.part;
}

/** The keys from a place to one that lies below it; none if it is the place itself, undefined if it lies elsewhere. */
export function keysBelow(inner: Anchor, outer: Anchor): readonly PathKey[] | undefined {
  if (inner.doc !== outer.doc) return undefined;
  const [keys, above] = [pathKeys(inner.path), pathKeys(outer.path)];
  return above.every((key, i) => keys[i] === key) ? keys.slice(above.length) : undefined;
}

/** True if a place is the other one, or lies below it. */
export function isAtOrBelow(inner: Anchor, outer: Anchor): boolean {
  return keysBelow(inner, outer) !== undefined;
}
