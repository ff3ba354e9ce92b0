/** Reads the facts of YAML texts in tests. */
import assert from 'node:assert/strict';
import type { DocumentId } from '../../server/src/base/anchor.ts';
import { type DocumentFacts, extractFacts } from '../../server/src/facts/extract.ts';
import { type InstallInput, installSettings } from '../../server/src/facts/install/install-settings.ts';
import type { InstallSettings } from '../../server/src/facts/install.ts';
import type { ObjectKind, ObjectOf } from '../../server/src/facts/objects.ts';
import { parseDocument } from '../../server/src/yaml/parse.ts';

let nextId = 1;

/** The facts of one document, as if it were the only one in `file`. */
export function factsOf(text: string, file = 'manifest.yaml'): DocumentFacts {
  const { root } = parseDocument(text);
  assert.ok(root !== undefined, 'the text is YAML');
  return extractFacts(nextId++ as DocumentId, root, file);
}

/** The only object of a document, which must be of this kind. */
export function objectOf<K extends ObjectKind>(kind: K, text: string): ObjectOf<K> {
  const { objects } = factsOf(text);
  assert.equal(objects.length, 1);
  assert.equal(objects[0]?.kind, kind);
  return objects[0] as ObjectOf<K>;
}

/** The settings of a cluster whose files are these. */
export function settingsOf(
  files: Readonly<Record<string, string>>,
  options: Partial<InstallInput> = {},
  layersOpen = false,
): InstallSettings {
  const statements = Object.entries(files).flatMap(([file, text]) =>
    factsOf(text, file).install.map((statement) => ({ statement, layersOpen })),
  );
  return installSettings({ statements, istioVersion: undefined, complete: false, ...options });
}
