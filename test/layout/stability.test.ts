/** The layout depends on what the files say and on nothing else; an edit that it does not read leaves it alone. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { sameData } from '../../server/src/base/same-data.ts';
import { type DocumentFacts, extractFacts } from '../../server/src/facts/extract.ts';
import { computeLayout, layoutRelevant } from '../../server/src/layout/compute-layout.ts';
import { DocumentTable } from '../../server/src/yaml/documents.ts';
import { configOf, type Files, factsOf, layoutOf, placesOf } from './layout-of.ts';
import {
  ambientNamespace,
  documents,
  iop,
  istiodValues,
  networkNamespace,
  remoteSecret,
  service,
} from './manifests.ts';

const WORKSPACE: Files = {
  'archive/east/istio.yaml': iop({ name: 'east' }),
  'base/istiod.yaml': istiodValues({ mesh: 'corp' }),
  'clusters/east/istiod.yaml': istiodValues({ name: 'east' }),
  'clusters/east/ns.yaml': networkNamespace('n1'),
  'clusters/west/istiod.yaml': istiodValues({ name: 'west' }),
  'clusters/west/secret.yaml': remoteSecret('east', 'north'),
  'other/north.yaml': iop({ name: 'north', mesh: 'corp' }),
  'other/south.yaml': iop({ name: 'south', mesh: 'other' }),
  'shop/overlays/east/shop.yaml': documents(ambientNamespace(), service('cart')),
  'shop/overlays/west/shop.yaml': documents(ambientNamespace(), service('cart')),
};

describe('the layout', () => {
  it('does not depend on the order of the files', () => {
    const facts = factsOf(WORKSPACE);
    const expected = computeLayout(facts, [configOf()], []);
    fc.assert(
      fc.property(fc.shuffledSubarray(facts, { minLength: facts.length }), (shuffled) => {
        assert.ok(sameData(computeLayout(shuffled, [configOf()], []), expected));
      }),
      { numRuns: 50 },
    );
  });

  it('places every file in at most the clusters that exist, for any paths', () => {
    const segment = fc.constantFrom(
      'clusters',
      'east',
      'west',
      'base',
      'apps',
      'test',
      'prod',
      '__proto__',
      'constructor',
    );
    const path = fc.array(segment, { maxLength: 4 });
    const content = fc.constantFrom(iop(), iop({ name: 'east' }), iop({ name: 'west', mesh: 'm' }), ambientNamespace());
    const name = fc.constantFrom('istio.yaml', 'values.yaml', 'values-east.yaml', 'west.yaml', 'kustomization.yaml');
    fc.assert(
      fc.property(fc.array(fc.tuple(path, name, content), { maxLength: 12 }), (entries) => {
        const files = Object.fromEntries(entries.map(([folders, file, text]) => [[...folders, file].join('/'), text]));
        const layout = layoutOf(files);
        assert.ok(placesOf(layout).every((place) => !place.includes('?')));
        const inMeshes = layout.meshes.flatMap(({ clusters }) => clusters);
        assert.deepEqual([...inMeshes].sort(), [...layout.clusters.keys()]);
        assert.equal(new Set(layout.meshes.map(({ id }) => id)).size, layout.meshes.length);
      }),
      { numRuns: 200 },
    );
  });
});

describe('what layout reads of a file', () => {
  const before = documents(networkNamespace('n1'), service('cart'), iop({ name: 'east' }));

  function isRelevant(after: string): boolean {
    const table = new DocumentTable();
    const relevant = (text: string): unknown => {
      const read = table.update('east/all.yaml', text).documents.flatMap(({ id }): DocumentFacts[] => {
        const root = table.parsed(id)?.root;
        return root === undefined ? [] : [extractFacts(id, root, 'east/all.yaml')];
      });
      return layoutRelevant({ file: 'east/all.yaml', documents: read });
    };
    return !sameData(relevant(before), relevant(after));
  }

  it('is nothing of a Service', () => {
    assert.equal(isRelevant(before.replace('name: cart,', 'name: cart, labels: { app: cart },')), false);
    assert.equal(isRelevant(before.replace('name: cart,', 'name: basket,')), false);
    assert.equal(isRelevant(`# a comment\n${before}`), false);
  });

  it('is the installation, the networks and the signs of ambient mode', () => {
    assert.equal(isRelevant(before.replace('clusterName: east', 'clusterName: west')), true);
    assert.equal(isRelevant(before.replace('network: n1', 'network: n2')), true);
    assert.equal(isRelevant(documents(before, ambientNamespace())), true);
  });
});
