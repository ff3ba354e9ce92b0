/** Loads an entry of `replacements`: written in the kustomization, or a file with one of them or a list. */
import { documentAnchor } from '../../base/anchor.ts';
import { type Cursor, get, items } from '../../yaml/read.ts';
import { checkShape, withKnownKeys } from './check-shape.ts';
import type { Draft } from './draft.ts';
import type { Kustomization } from './kustomization-file.ts';
import { REPLACEMENT_SHAPE } from './kustomization-shape.ts';
import { textOf } from './placed-nodes.ts';
import { Refusal } from './refusal.ts';

/** Undefined if the file is not known. */
export function loadReplacements(
  draft: Draft,
  kustomization: Kustomization,
  entry: Cursor,
): readonly Cursor[] | undefined {
  const path = get(entry, 'path');
  if (path === undefined || textOf(path.node) === '') return [entry];
  if (get(entry, 'source') !== undefined || items(get(entry, 'targets')).length > 0) {
    throw new Refusal('invalid-kustomization', 'a replacement has both a path and a text of its own', { at: entry.at });
  }
  const file = draft.read(kustomization.folder, path, textOf(path.node));
  const document = file?.documents()[0];
  if (file === undefined) return undefined;
  if (document?.root === undefined) {
    throw new Refusal('invalid-yaml', 'the file holds no replacement', { at: path.at });
  }
  const root = { node: document.root, at: documentAnchor(document.id) };
  const shape = root.node.type === 'seq' ? ({ list: REPLACEMENT_SHAPE } as const) : REPLACEMENT_SHAPE;
  checkShape(root, shape);
  const known = { node: withKnownKeys(root.node, shape), at: root.at };
  return known.node.type === 'seq' ? items(known) : [known];
}
