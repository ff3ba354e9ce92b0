/** JSON is read into the tree that the reader of YAML makes of it. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseDocument, parseSlowly } from '../../server/src/yaml/parse.ts';
import { parseJson } from '../../server/src/yaml/parse-json.ts';

describe('the reader of JSON', () => {
  it('answers as the reader of YAML does', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), fc.constantFrom(undefined, 2), (text, indent) => {
        const json = JSON.stringify(JSON.parse(text), null, indent);
        const root = parseJson(json);
        assert.ok(root, json);
        const slow = parseSlowly(json);
        // What is not in YAML's character set, or longer than a key may be, only JSON has.
        if (slow.root !== undefined) assert.deepEqual(root, slow.root);
      }),
      { numRuns: 300 },
    );
  });

  for (const text of [
    '',
    '{',
    '{"a":}',
    '{"a":1,}',
    '[1 2]',
    "{'a': 1}",
    '{a: 1}',
    '{"a": 01}',
    '{"a":1}{',
    '"\\x"',
    '{"a":1,"a":2}',
  ])
    it(`leaves ${JSON.stringify(text)} alone`, () => assert.equal(parseJson(text), undefined));

  it('leaves what is nested too deep alone', () => {
    assert.equal(parseJson('['.repeat(5000)), undefined);
    assert.equal(parseJson(`${'['.repeat(5000)}${']'.repeat(5000)}`), undefined);
  });

  it('reads long documents that the reader of YAML refuses', () => {
    const items = Array.from({ length: 50_000 }, (_, i) => ({ name: `service-${i}`, ports: [i] }));
    const { root, problems } = parseDocument(JSON.stringify({ items }, null, 2));
    assert.equal(root?.type, 'map');
    assert.deepEqual(problems, []);
  });

  it('reads a long text without an end in no time', () => {
    assert.equal(parseJson(`{"a":"${'x'.repeat(3_000_000)}`), undefined);
    assert.equal(parseJson(`{"a":"${'\\n'.repeat(1_500_000)}`), undefined);
  });
});
