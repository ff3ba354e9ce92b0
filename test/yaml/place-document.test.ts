/** A new document goes where a person would put it. */
import assert from 'node:assert/strict';
import { documentAnchor } from '../../server/src/base/anchor.ts';
import { DocumentTable } from '../../server/src/yaml/documents.ts';
import { textEdits } from '../../server/src/yaml/text-edits.ts';

/** The file that gets the document, and whether it is new. The model is in the first file, the places beside the others. */
function placed(files: Readonly<Record<string, string>>, passed: readonly string[] = [], apart = {}): string {
  const table = new DocumentTable();
  const anchors = Object.entries(files).map(([file, text]) => {
    const [first] = table.update(file, text).documents;
    return documentAnchor(first?.id ?? assert.fail(`${file} is empty`));
  });
  for (const file of passed) table.pass(file);
  const [like, beside, ...orBeside] = anchors;
  assert.ok(like !== undefined && beside !== undefined);
  const [made] = textEdits(table, [{ op: 'add-document', beside, orBeside, like, ...apart, value: { a: 1 } }]) ?? [];
  return made === undefined ? 'nowhere' : 'create' in made ? `new ${made.file}` : made.file;
}

const ONE = 'kind: Gateway\n';
const TWO = 'kind: Gateway\n---\nkind: Service\n';

describe('the place of a new document', () => {
  it('is a file that is called as that of the model', () => {
    const files = { 'east/waypoint.yaml': TWO, 'west/app.yaml': ONE, 'west/deep/waypoint.yaml': ONE };
    assert.equal(placed(files), 'west/deep/waypoint.yaml');
  });

  it('is a file of its own where the model has one', () => {
    assert.equal(placed({ 'east/waypoint.yaml': ONE, 'west/app.yaml': TWO }), 'new west/waypoint.yaml');
  });

  it('is beside its like where the model shares its file, and where a new one would not count or is there already', () => {
    assert.equal(placed({ 'east/all.yaml': TWO, 'west/app.yaml': ONE }), 'west/app.yaml');
    const files = { 'east/waypoint.yaml': ONE, 'west/app.yaml': ONE };
    assert.equal(placed(files, ['west/kustomization.yaml']), 'west/app.yaml');
    assert.equal(placed(files, ['west/waypoint.yaml']), 'west/app.yaml');
  });

  it('is a new file in the folder that corresponds to the one of the model, where nothing lies that belongs to it', () => {
    const apart = (files: Readonly<Record<string, string>>, passed?: readonly string[]) =>
      placed(files, passed, { apart: true });
    const files = {
      'clusters/east/istio/gateway.yaml': TWO,
      'charts/values.yaml': ONE,
      'clusters/west/istio/a.yaml': ONE,
    };
    assert.equal(apart(files), 'new clusters/west/istio/gateway.yaml');
    assert.equal(apart(files, ['clusters/west/istio/gateway.yaml']), 'nowhere');
    assert.equal(apart(files, ['clusters/west/istio/kustomization.yaml']), 'nowhere');
    assert.equal(apart(files, ['clusters/west/kustomization.yml']), 'nowhere', 'which would have to name it');
    assert.equal(apart({ 'east/gateway.yaml': ONE, 'west/deep/a.yaml': ONE }), 'nowhere');
    assert.equal(apart({ 'all/gateway.yaml': ONE, 'all/a.yaml': ONE }), 'nowhere', 'clusters that share a folder');
    assert.equal(apart({ 'east/a/gateway.yaml': ONE, 'west/b/a.yaml': ONE }), 'nowhere');
    assert.equal(apart({ 'gateway.yaml': ONE, 'west/a.yaml': ONE }), 'new west/gateway.yaml');
    const named = { 'istio/east-gateway.yaml': ONE, 'istio/west-iop.yaml': ONE };
    assert.equal(apart(named, ['istio/east-iop.yaml']), 'new istio/west-gateway.yaml', 'where names of files tell it');
    assert.equal(apart(named), 'nowhere');
  });

  it('corresponds to that of the model where names of files tell the cluster', () => {
    const files = { 'gateways/waypoint-west.yaml': ONE, 'services/cart-east.yaml': ONE };
    assert.equal(placed(files, ['services/cart-west.yaml']), 'new gateways/waypoint-east.yaml');
    const known = { ...files, 'gateways/waypoint-east.yaml': ONE };
    assert.equal(placed(known, ['services/cart-west.yaml']), 'gateways/waypoint-east.yaml');
    const others = { 'gateways/cart-west.yaml': ONE, 'services/shop-east.yaml': ONE, 'services/cart-east.yaml': ONE };
    assert.equal(placed(others), 'new services/cart-west.yaml', 'which tells nothing of west and east');
    assert.equal(placed(others, ['services/cart-west.yaml']), 'new gateways/cart-east.yaml');
  });

  it('is never JSON', () => {
    assert.equal(placed({ 'east/a.json': '{}', 'west/b.json': '{}' }), 'nowhere');
    assert.equal(placed({ 'east/a.json': '{}', 'west/b.json': '{}', 'west/c.yaml': ONE }), 'west/c.yaml');
  });
});
