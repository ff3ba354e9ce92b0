/** Anchors lead to the text that they name, whatever the line endings, and documents keep their ids. */
import assert from 'node:assert/strict';
import { below, documentAnchor, keyOf } from '../../server/src/base/anchor.ts';
import { EMBEDDED, type PathKey } from '../../server/src/base/path.ts';
import type { Range } from '../../server/src/base/range.ts';
import { DocumentTable } from '../../server/src/yaml/documents.ts';

/** The text that a range covers, by the protocol's rules for lines. */
function covered(text: string, { start, end }: Range): string {
  assert.equal(start.line, end.line, 'a place is on one line');
  return (text.split(/\r\n|\r|\n/)[start.line] ?? '').slice(start.character, end.character);
}

function textAt(text: string, keys: readonly PathKey[], part: 'key' | 'value' = 'value', index = 0): string {
  const table = new DocumentTable();
  const document = table.update('a.yaml', text).documents[index];
  assert.ok(document);
  const anchor = below(documentAnchor(document.id), ...keys);
  const location = table.locate(part === 'key' ? keyOf(anchor) : anchor);
  assert.ok(location);
  return covered(text, location.range);
}

const TEXT = `# comment
apiVersion: v1
metadata:
  name: "quoted é 𝄞 name"
  labels: { istio.io/global: 'true' }
data:
  mesh: |-
    trustDomain: example.com

    serviceScopeConfigs:
    - scope: GLOBAL
items:
  - name: first
    value: 1
  - second
---
wide: "𝄞" # surrogates
after: here
`;

describe('anchors', () => {
  for (const [name, text] of [
    ['LF', TEXT],
    ['CRLF', TEXT.replaceAll('\n', '\r\n')],
    ['CR', TEXT.replaceAll('\n', '\r')],
    ['a byte order mark', `\ufeff${TEXT}`],
  ] as const) {
    it(`name their text, with ${name}`, () => {
      assert.equal(textAt(text, ['apiVersion']), 'v1');
      assert.equal(textAt(text, ['apiVersion'], 'key'), 'apiVersion');
      assert.equal(textAt(text, ['metadata', 'name']), '"quoted é 𝄞 name"');
      assert.equal(textAt(text, ['metadata', 'labels', 'istio.io/global']), "'true'");
      assert.equal(textAt(text, ['items', 0, 'value']), '1');
      assert.equal(textAt(text, ['items', 1]), 'second');
      assert.equal(textAt(text, ['after'], 'value', 1), 'here');
      assert.equal(textAt(text, ['data', 'mesh', EMBEDDED, 'trustDomain']), 'example.com');
      assert.equal(textAt(text, ['data', 'mesh', EMBEDDED, 'serviceScopeConfigs', 0, 'scope']), 'GLOBAL');
    });
  }

  it('of what is not there name what would hold it', () => {
    assert.equal(textAt(TEXT, ['metadata', 'labels', 'other']), 'labels');
    assert.equal(textAt(TEXT, ['metadata', 'annotations']), 'metadata');
    assert.equal(textAt(TEXT, ['spec']), 'apiVersion');
    assert.equal(textAt(TEXT, ['metadata']), 'metadata');
  });
});

describe('the table of documents', () => {
  const table = new DocumentTable();
  const ids = (text: string) => table.update('a.yaml', text).documents.map(({ id }) => id);

  it('keeps ids of documents that move, and of one that is edited in place', () => {
    const [a, b] = ids('a: 1\n---\nb: 2\n');
    const inserted = ids('new: 0\n---\na: 1\n---\nb: 2\n'.replace('a: 1', '---\na: 1').replace('---\n---', '---'));
    assert.equal(inserted.length, 3);
    assert.equal(inserted[2], b);
    const [c, d] = ids('a: 1\n---\nb: 3\n');
    assert.equal(ids('a: 1\n---\nb: 4\n')[1], d);
    assert.equal(ids('a: 5\n---\nb: 4\n')[0], c);
    assert.notEqual(a, b);
  });

  it('forgets what is removed', () => {
    const [id] = ids('a: 1\n');
    assert.ok(id !== undefined && table.document(id));
    table.remove('a.yaml');
    assert.equal(table.document(id), undefined);
    assert.equal(table.locate(documentAnchor(id)), undefined);
  });
});
