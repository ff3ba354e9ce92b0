/** The entries of kustomizations are read once as long as these stay the same: many findings ask for them. */
import assert from 'node:assert/strict';
import { entriesIn } from '../../server/src/engine/deployed/kustomization-entries.ts';
import { DocumentTable } from '../../server/src/yaml/documents.ts';

const FILE = 'overlays/east/kustomization.yaml';

describe('entries of a kustomization', () => {
  const documents = new DocumentTable();
  const text = 'resources: [../../base]\npatches: [{ path: a.yaml }]\n';
  documents.update(FILE, text);
  documents.update('overlays/west/kustomization.yaml', text);
  const world = { documents };
  const pathsIn = (folder: string) => [...entriesIn(folder, world).keys()];

  it('are read once', () => {
    const entries = entriesIn('overlays/east', world);
    assert.deepEqual([...entries.keys()], ['base', 'overlays/east/a.yaml']);
    assert.equal(entriesIn('overlays/east', world), entries);
  });

  it('are those of their folder, where another one has the same text', () => {
    assert.deepEqual(pathsIn('overlays/west'), ['base', 'overlays/west/a.yaml']);
    assert.deepEqual(pathsIn('nowhere'), []);
  });

  it('are read anew after an edit', () => {
    documents.update(FILE, text.replace('a.yaml', 'b.yaml'));
    assert.deepEqual(pathsIn('overlays/east'), ['base', 'overlays/east/b.yaml']);
  });
});
