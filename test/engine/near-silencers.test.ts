/** Of thousands of comments in a file, a finding is held against those alone that stand where it does. */
import assert from 'node:assert/strict';
import { type DocumentId, documentAnchor } from '../../server/src/base/anchor.ts';
import { NearSilencers } from '../../server/src/engine/findings/near-silencers.ts';
import type { Silencer } from '../../server/src/engine/findings/suppress.ts';
import type { PlacedFinding } from '../../server/src/engine/snapshot.ts';

const range = (line: number) => ({ start: { line, character: 0 }, end: { line, character: 1 } });

function silencer(reason: string, where: Partial<Silencer>): Silencer {
  return {
    by: 'comment',
    rules: ['shared-network'],
    reason,
    location: { file: 'a.yaml', range: range(0) },
    file: 'a.yaml',
    become: () => [],
    silences: () => true,
    ...where,
  };
}

function findingAt(line: number, file = 'a.yaml', rule = 'shared-network', doc = 9): PlacedFinding {
  const finding = { at: documentAnchor(doc as DocumentId), related: [] };
  return {
    rule: { id: rule },
    location: { file, range: range(line) },
    related: [],
    finding,
  } as unknown as PlacedFinding;
}

describe('what is near a finding', () => {
  const each = Array.from({ length: 3000 }, (_, i) =>
    silencer(`own ${i}`, { lines: { first: 2 * i, last: 2 * i + 1 } }),
  );
  const block = silencer('block', { lines: { first: 100, last: 200 } });
  const file = silencer('file', {});
  const annotation = silencer('annotation', { by: 'annotation', doc: 7 as DocumentId, object: 'Service a/b' });
  const near = new NearSilencers([file, annotation, ...each, block], ({ rules }) => rules);
  const reasons = (...args: Parameters<NearSilencers['of']>) => near.of(...args).map(({ reason }) => reason);

  it('are the comments of its line, of the block around it and of the file', () => {
    assert.deepEqual(reasons(findingAt(150), undefined), ['file', 'own 75', 'block']);
    assert.deepEqual(reasons(findingAt(5999), undefined), ['file', 'own 2999']);
    assert.deepEqual(reasons(findingAt(7000), undefined), ['file']);
  });

  it('are none of another file or rule', () => {
    assert.deepEqual(reasons(findingAt(150, 'b.yaml'), undefined), []);
    assert.deepEqual(reasons(findingAt(150, 'a.yaml', 'mesh-id-mismatch'), undefined), []);
    assert.deepEqual([near.has('shared-network', 'a.yaml'), near.has('shared-network', 'b.yaml')], [true, false]);
  });

  it('are the annotations of its object, and of what the document states', () => {
    assert.deepEqual(reasons(findingAt(0, 'b.yaml'), 'Service a/b'), ['annotation']);
    assert.deepEqual(reasons(findingAt(0, 'b.yaml', 'shared-network', 7), undefined), ['annotation']);
    assert.deepEqual(reasons(findingAt(7000), 'Service a/b'), ['file', 'annotation']);
  });

  it('are few, however many there are', () => {
    const met = each.map((_, i) => near.of(findingAt(2 * i), undefined).length);
    assert.ok(met.every((count) => count <= 3));
  });
});
