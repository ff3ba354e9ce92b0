/** Edits of nodes: what is asked for happens, and every other byte stays. */
import assert from 'node:assert/strict';
import { below, documentAnchor } from '../../server/src/base/anchor.ts';
import { EMBEDDED, type PathKey } from '../../server/src/base/path.ts';
import { DocumentTable } from '../../server/src/yaml/documents.ts';
import type { NodeEdit, YamlValue } from '../../server/src/yaml/edit.ts';
import { applyTextEdits, textEdits } from '../../server/src/yaml/text-edits.ts';

type At = (...keys: PathKey[]) => { at: NonNullable<Extract<NodeEdit, { at: unknown }>['at']> };

/** The text after edits of its documents. */
function edited(text: string, make: (at: At) => readonly NodeEdit[], index = 0): string | undefined {
  const table = new DocumentTable();
  const document = table.update('a.yaml', text).documents[index];
  assert.ok(document);
  const changes = textEdits(
    table,
    make((...keys) => ({ at: below(documentAnchor(document.id), ...keys) })),
  );
  if (changes === undefined) return undefined;
  const change = changes[0];
  return change === undefined ? text : applyTextEdits(text, 'edits' in change ? change.edits : []);
}

const set = (text: string, keys: readonly PathKey[], value: YamlValue) =>
  edited(text, (at) => [{ op: 'set', ...at(...keys), value }]);

describe('setting a value', () => {
  const cases: readonly (readonly [string, string, readonly PathKey[], YamlValue, string])[] = [
    ['replaces a plain scalar', 'a: x # why\nb: 1\n', ['a'], 'z', 'a: z # why\nb: 1\n'],
    ['keeps double quotes', 'a: "x"\n', ['a'], 'z', 'a: "z"\n'],
    ['keeps single quotes', "a: 'x'\n", ['a'], "it's", "a: 'it''s'\n"],
    ['quotes what YAML would read otherwise', 'a: x\n', ['a'], 'true', 'a: "true"\n'],
    ['quotes a number of a string', 'a: x\n', ['a'], '1', 'a: "1"\n'],
    ['adds JSON to JSON', '{ "a": {} }', ['a', 'x'], { y: ['z', 1] }, '{ "a": { "x": { "y": ["z", 1] } } }'],
    ['adds JSON after what is there', '{"a": "b"}', ['x', 'y'], 'z', '{"a": "b", "x": { "y": "z" }}'],
    ['quotes what is written over a number in JSON', '{ "a": 1 }', ['a'], 'z', '{ "a": "z" }'],
    ['writes a boolean', 'a: "x"\n', ['a'], true, 'a: true\n'],
    ['adds a key after the last one', 'a:\n  b: 1\n\nc: 2\n', ['a', 'x'], 'z', 'a:\n  b: 1\n  x: z\n\nc: 2\n'],
    [
      'adds a key before the comment of what follows',
      'a:\n  b: 1\n# about c\nc: 2\n',
      ['a', 'x'],
      'z',
      'a:\n  b: 1\n  x: z\n# about c\nc: 2\n',
    ],
    [
      'adds after the comment of the last one',
      'a:\n  b: 1 # one\nc: 2\n',
      ['a', 'x'],
      'z',
      'a:\n  b: 1 # one\n  x: z\nc: 2\n',
    ],
    ['adds without a line break at the end', 'a:\n    b: 1', ['a', 'x'], 'z', 'a:\n    b: 1\n    x: z'],
    [
      'creates what is between',
      'kind: Service\nmetadata:\n  name: a\n',
      ['metadata', 'labels', 'istio.io/global'],
      'true',
      'kind: Service\nmetadata:\n  name: a\n  labels:\n    istio.io/global: "true"\n',
    ],
    [
      'fills a missing value',
      'metadata:\n  labels:\n  name: a\n',
      ['metadata', 'labels', 'x'],
      'z',
      'metadata:\n  labels:\n    x: z\n  name: a\n',
    ],
    [
      'fills a missing value before a comment',
      'labels: # mine\nname: a\n',
      ['labels', 'x'],
      'z',
      'labels: # mine\n  x: z\nname: a\n',
    ],
    ['replaces null', 'labels: null\nname: a\n', ['labels', 'x'], 'z', 'labels:\n  x: z\nname: a\n'],
    ['fills an empty flow map', 'labels: {}\n', ['labels', 'x'], 'z', 'labels: { x: z }\n'],
    ['adds to a flow map', 'labels: {a: b}\n', ['labels', 'x'], 'true', 'labels: {a: b, x: "true"}\n'],
    ['adds to a flow map with a last comma', 'labels: {a: b,}\n', ['labels', 'x'], 'z', 'labels: {a: b, x: z}\n'],
    [
      'adds to an item of a sequence',
      '- name: a\n  v: 1\n- name: b\n',
      [0, 'x'],
      'z',
      '- name: a\n  v: 1\n  x: z\n- name: b\n',
    ],
    ['keeps CRLF', 'a:\r\n  b: 1\r\nc: 2\r\n', ['a', 'x'], 'z', 'a:\r\n  b: 1\r\n  x: z\r\nc: 2\r\n'],
    [
      'keeps old Mac line endings, in YAML inside YAML too',
      'data:\r  mesh: |\r    a: 1\r',
      ['data', 'mesh', EMBEDDED, 'b'],
      'z',
      'data:\r  mesh: |\r    a: 1\r    b: z\r',
    ],
    [
      'edits YAML inside YAML',
      'data:\n  mesh: |-\n    a: 1\n    b:\n      c: x\nkind: X\n',
      ['data', 'mesh', EMBEDDED, 'b', 'c'],
      'z',
      'data:\n  mesh: |-\n    a: 1\n    b:\n      c: z\nkind: X\n',
    ],
    [
      'adds to YAML inside YAML',
      'data:\n  mesh: |\n    a: 1\n    b:\n      c: x\nkind: X\n',
      ['data', 'mesh', EMBEDDED, 'b', 'd'],
      'z',
      'data:\n  mesh: |\n    a: 1\n    b:\n      c: x\n      d: z\nkind: X\n',
    ],
    [
      'adds after a block scalar',
      'a:\n  b: |\n    text\n\nc: 1\n',
      ['a', 'x'],
      'z',
      'a:\n  b: |\n    text\n  x: z\n\nc: 1\n',
    ],
    [
      'writes lists as the file does',
      'a:\n- 1\nb: 2\n',
      ['c'],
      [{ name: 'x', value: 'z' }],
      'a:\n- 1\nb: 2\nc:\n- name: x\n  value: z\n',
    ],
    [
      'replaces a nested block',
      'a:\n  b:\n    c: 1\n    d: 2\n  e: 3\n',
      ['a', 'b'],
      { x: 'z' },
      'a:\n  b:\n    x: z\n  e: 3\n',
    ],
    [
      'keeps keys that look like others apart',
      'a:\n  __proto__: 1\n',
      ['a', 'constructor'],
      'z',
      'a:\n  __proto__: 1\n  constructor: z\n',
    ],
  ];
  for (const [title, before, keys, value, after] of cases)
    it(title, () => assert.equal(set(before, keys, value), after));

  it('refuses to write through an alias', () => {
    assert.equal(set('a: &x\n  b: 1\nc: *x\n', ['c', 'b'], 2), undefined);
  });
  it('refuses what would change an alias elsewhere', () => {
    assert.equal(set('a: &x\n  b: 1\nc: *x\n', ['a', 'b'], 2), undefined);
    assert.equal(set('a: &x 1\nc: *x\n', ['a'], 2), undefined);
    assert.equal(set('a: &x\n  b: 1\nc: 1\n', ['a', 'b'], 2), 'a: &x\n  b: 2\nc: 1\n');
    assert.equal(
      edited('a: &x 1\nc: *x\n', (at) => [{ op: 'remove', ...at('a') }]),
      undefined,
    );
  });
  it('refuses what would give blank lines to a scalar that keeps them', () => {
    assert.equal(set('a:\n  b: |+\n    x\n\nc: 1\n', ['a', 'd'], 2), undefined);
    assert.equal(set('a:\n  b: |+\n    x\n\nc: 1\n', ['c'], 2), 'a:\n  b: |+\n    x\n\nc: 2\n');
  });
  it('writes embedded text with escaped line breaks anew', () => {
    const text = 'data: {"mesh": "a: 1\\nb: \\"x\\"\\n"} # of mesh\n';
    assert.equal(
      set(text, ['data', 'mesh', EMBEDDED, 'b'], 'é"'),
      'data: {"mesh": "a: 1\\nb: \\"é\\\\\\"\\"\\n"} # of mesh\n',
    );
  });
  it('refuses a place in a scalar', () => {
    assert.equal(set('a: text\n', ['a', 'b'], 2), undefined);
  });
});

describe('other edits', () => {
  it('removes the last lines of YAML inside YAML with their indentation, whatever follows', () => {
    const patch = (...lines: readonly string[]): string => ['patches:', '  - patch: |', ...lines, ''].join('\n');
    const [first, second] = [
      '      - op: remove\n        path: /a',
      '      - op: add\n        path: /b\n        value: c',
    ];
    for (const rest of ['', '---\nkind: B\n', 'namespace: x\n', '  - patch: |\n      - op: test\n']) {
      const removed = (...way: PathKey[]) =>
        edited(patch(first, second) + rest, (at) => [{ op: 'remove', ...at('patches', 0, 'patch', EMBEDDED, ...way) }]);
      assert.equal(removed(1), patch(first) + rest);
      assert.equal(removed(0), patch(second) + rest);
      assert.equal(removed(1, 'value'), patch(first, second.replace(/\n.*$/, '')) + rest);
    }
  });
  it('removes an entry with its line', () => {
    assert.equal(
      edited('a:\n  b: 1 # one\n  c: 2\n', (at) => [{ op: 'remove', ...at('a', 'b') }]),
      'a:\n  c: 2\n',
    );
  });
  it('leaves an empty map where the last entry goes', () => {
    assert.equal(
      edited('a:\n  b: 1\nc: 2\n', (at) => [{ op: 'remove', ...at('a', 'b') }]),
      'a: {}\nc: 2\n',
    );
  });
  it('keeps the comments around the last entry', () => {
    const text = 'a: &a # of a\r\n  # of b\r\n  b: 1 # one\r\n  # behind\r\nc: *a\r\n';
    assert.equal(
      edited(text.replace('*a', '2'), (at) => [{ op: 'remove', ...at('a', 'b') }]),
      'a: &a {} # of a\r\n  # of b\r\n  # behind\r\nc: 2\r\n',
    );
    assert.equal(
      edited('x: # of x\n- a\ny: 1\n', (at) => [{ op: 'remove', ...at('x', 0) }]),
      'x: [] # of x\ny: 1\n',
    );
  });
  it('removes the first key of an item', () => {
    assert.equal(
      edited('- a: 1\n  b: 2\n', (at) => [{ op: 'remove', ...at(0, 'a') }]),
      '- b: 2\n',
    );
  });
  it('removes an item', () => {
    assert.equal(
      edited('x:\n  - a: 1\n    b: 2\n  - c\n', (at) => [{ op: 'remove', ...at('x', 0) }]),
      'x:\n  - c\n',
    );
  });
  it('removes an item whose dash stands above it', () => {
    for (const dash of ['- # why\n    ', '-\n    ', '-\n    # why\n\n    ']) {
      const text = `x:\n  - b\n  ${dash}a: 1\n  - c\ny:\n  ${dash}a: 1\n`;
      assert.equal(
        edited(text, (at) => [at('x', 1), at('y', 0)].map((place) => ({ op: 'remove', ...place }))),
        'x:\n  - b\n  - c\ny: []\n',
      );
    }
  });
  it('refuses to remove what a merge would bring back', () => {
    const text = 'a: &a\n  b: 1\n  c: 1\nd:\n  <<: *a\n  b: 2\n';
    assert.equal(
      edited(text, (at) => [{ op: 'remove', ...at('d', 'b') }]),
      undefined,
    );
  });
  it('adds to a map that holds nothing of its own but a merge', () => {
    const texts = [
      ['a: &a\n  b: 1\nd:\n    <<: *a\ne: 1\n', 'a: &a\n  b: 1\nd:\n    <<: *a\n    c: x\ne: 1\n'],
      ['a: &a\n  b: 1\nd:\n  <<: [*a] # why\n', 'a: &a\n  b: 1\nd:\n  <<: [*a] # why\n  c: x\n'],
      ['a: &a\n    b: 1\nd:\n  <<: *a\n  f: 2\n', 'a: &a\n    b: 1\nd:\n  <<: *a\n  f: 2\n  c: x\n'],
      ['a: &a\n  b: 1\nd: {<<: *a }\n', 'a: &a\n  b: 1\nd: {<<: *a, c: x }\n'],
    ];
    for (const [before, after] of texts)
      assert.equal(
        edited(before as string, (at) => [{ op: 'set', ...at('d', 'c'), value: 'x' }]),
        after,
      );
  });
  it('removes from flow collections', () => {
    assert.equal(
      edited('a: {b: 1, c: 2}\n', (at) => [{ op: 'remove', ...at('a', 'b') }]),
      'a: {c: 2}\n',
    );
    assert.equal(
      edited('a: {b: 1, c: 2}\n', (at) => [{ op: 'remove', ...at('a', 'c') }]),
      'a: {b: 1}\n',
    );
    assert.equal(
      edited('a: [1, 2]\n', (at) => [{ op: 'remove', ...at('a', 1) }]),
      'a: [1]\n',
    );
  });
  it('appends to sequences, existing or not', () => {
    const item = { name: 'x', value: 'true' };
    assert.equal(
      edited('env:\n  - name: a\n    value: b\n', (at) => [{ op: 'append', ...at('env'), value: item }]),
      'env:\n  - name: a\n    value: b\n  - name: x\n    value: "true"\n',
    );
    assert.equal(
      edited('a: 1\n', (at) => [{ op: 'append', ...at('env'), value: item }]),
      'a: 1\nenv:\n  - name: x\n    value: "true"\n',
    );
    assert.equal(
      edited('env: []\n', (at) => [{ op: 'append', ...at('env'), value: 'x' }]),
      'env: [x]\n',
    );
  });
  it('renames a key', () => {
    assert.equal(
      edited('a:\n  "b": 1\n', (at) => [{ op: 'rename-key', ...at('a', 'b'), from: 'b', key: 'c' }]),
      'a:\n  "c": 1\n',
    );
  });
  it('puts a comment above', () => {
    assert.equal(
      edited('a:\n  b: 1\n', (at) => [{ op: 'comment-above', ...at('a', 'b'), text: 'why' }]),
      'a:\n  # why\n  b: 1\n',
    );
  });
  it('refuses to change what SOPS encrypted, and comments it', () => {
    const text = 'a: 1\nb: ENC[x]\nsops:\n  mac: ENC[y]\n';
    assert.equal(set(text, ['a'], 2), undefined);
    assert.equal(
      edited(text, (at) => [{ op: 'comment-above', ...at('a'), text: 'x' }]),
      `# x\n${text}`,
    );
  });

  it('combines edits that create the same parent', () => {
    const after = edited('kind: X\nmetadata:\n  name: a\n', (at) => [
      { op: 'set', ...at('metadata', 'labels', 'a'), value: '1' },
      { op: 'set', ...at('metadata', 'labels', 'b'), value: '2' },
    ]);
    assert.equal(after, 'kind: X\nmetadata:\n  name: a\n  labels:\n    a: "1"\n    b: "2"\n');
  });
  it('edits a later document where it is', () => {
    const text = 'a: 1\n---\nb: 2\n';
    assert.equal(
      edited(text, (at) => [{ op: 'set', ...at('b'), value: 3 }], 1),
      'a: 1\n---\nb: 3\n',
    );
  });
  it('leaves comments in flow collections, but for one at the end of lines that go', () => {
    const cases: readonly (readonly [before: string, key: string | number, after: string])[] = [
      ['a: [1, # first\n  2]\n', 0, 'a: [ # first\n  2]\n'],
      ['a: [1, # first\n  2]\n', 1, 'a: [1, # first\n  ]\n'],
      ['a: [\n  1, # one\n  # two\n  2,\n]\n', 0, 'a: [\n  # two\n  2,\n]\n'],
      ['a: [\n  1, # one\n  # two\n  2,\n]\n', 1, 'a: [\n  1, # one\n  # two\n  \n]\n'],
      ['a: {b: 1, # one\n  c: 2}\n', 'b', 'a: { # one\n  c: 2}\n'],
      ['a: {b: 1, # one\r\n  c: 2}\r\n', 'c', 'a: {b: 1, # one\r\n  }\r\n'],
    ];
    for (const [before, key, after] of cases)
      assert.equal(
        edited(before, (at) => [{ op: 'remove', ...at('a', key) }]),
        after,
      );
  });

  it('writes into a file of nothing but comments, however long they are', () => {
    const banner = '#'.repeat(50_000);
    const blanks = ' '.repeat(50_000);
    const changed = (text: string) => {
      const table = new DocumentTable();
      table.update('a.yaml', text);
      return textEdits(table, [{ op: 'set-in-file', file: 'a.yaml', keys: ['b'], value: 2 }])?.[0];
    };
    for (const text of [`${banner}\n`, '\ufeff# a\n\n', ' # x\r# a: y\r', '# a\u2028b\n', `${blanks}\n`]) {
      const edits = [{ start: text.length, end: text.length, newText: text.endsWith('\r') ? 'b: 2\r' : 'b: 2\n' }];
      assert.deepEqual(changed(text), { file: 'a.yaml', edits }, text.slice(0, 10));
    }
    for (const text of [`${banner}\na: 1\n`, `${banner} a\n${blanks}a: 1\n`, '# a\ra: 1\r', '\ufeffa: 1'])
      assert.equal(changed(text), undefined, text.slice(0, 10));
  });

  it('adds documents and removes comments', () => {
    assert.equal(
      edited('a: 1', (at) => [{ op: 'add-document', beside: at().at, value: { b: 2 } }]),
      'a: 1\n---\nb: 2\n',
    );
    assert.equal(
      edited('a: 1 # x\n', () => [{ op: 'remove-comment', file: 'a.yaml', span: { start: 5, end: 8 } }]),
      'a: 1\n',
    );
    assert.equal(
      edited('# x\na: 1\n', () => [{ op: 'remove-comment', file: 'a.yaml', span: { start: 0, end: 3 } }]),
      'a: 1\n',
    );
  });
});
