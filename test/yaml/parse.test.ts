/** Any text is read in bounded time: what cannot be trusted gives problems, aliases and merge keys mean what they mean to Go. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type DocumentId, documentAnchor, sameAnchor } from '../../server/src/base/anchor.ts';
import { showPath } from '../../server/src/base/path.ts';
import type { Node } from '../../server/src/yaml/node.ts';
import { parseDocument } from '../../server/src/yaml/parse.ts';
import { child, embedded, entries, get, items, rootCursor } from '../../server/src/yaml/read.ts';

/** A tree as nested arrays and texts. */
function plain(node: Node | undefined): unknown {
  if (node === undefined || node.type === 'scalar') return node?.text;
  return node.type === 'seq' ? node.items.map(plain) : node.entries.map(({ key, value }) => [key.text, plain(value)]);
}

const read = (text: string) => plain(parseDocument(text).root);
const problem = (text: string) => {
  const { root, problems } = parseDocument(text);
  assert.equal(root, undefined);
  return problems[0]?.message;
};

describe('parsing a document', () => {
  it('resolves aliases, as of the place where they stand', () => {
    assert.deepEqual(read('a: &x 1\nb: *x\nc: &x 2\nd: *x\n'), [
      ['a', '1'],
      ['b', '1'],
      ['c', '2'],
      ['d', '2'],
    ]);
    assert.deepEqual(read('a: &x { b: &y 1 }\nc: &y 2\nd: *x\ne: *y\n'), [
      ['a', [['b', '1']]],
      ['c', '2'],
      ['d', [['b', '1']]],
      ['e', '2'],
    ]);
  });

  it('gives an alias its own place, and its children the places of the anchor', () => {
    const text = 'a: &x\n  b: 1\nc: *x\n';
    const { root } = parseDocument(text);
    const alias = root && child(root, 'c');
    assert.ok(alias?.type === 'map');
    assert.equal(text.slice(alias.start, alias.end), '*x');
    const value = child(alias, 'b');
    assert.equal(value?.start, text.indexOf('1'));
  });

  it('applies merge keys: what is stated wins, then the first of several', () => {
    assert.deepEqual(read('- &x { a: 1, b: 2 }\n- &y { b: 3, c: 4 }\n- <<: [*x, *y]\n  a: 5\n'), [
      [
        ['a', '1'],
        ['b', '2'],
      ],
      [
        ['b', '3'],
        ['c', '4'],
      ],
      [
        ['a', '5'],
        ['b', '2'],
        ['c', '4'],
      ],
    ]);
  });

  it('reads old Mac line endings, and keeps offsets', () => {
    const text = 'a: 1\rb:\r  c: two\r';
    assert.deepEqual(read(text), [
      ['a', '1'],
      ['b', [['c', 'two']]],
    ]);
    const { root } = parseDocument(text);
    const value = root && child(child(root, 'b') as Node, 'c');
    assert.equal(text.slice(value?.start, value?.end), 'two');
  });

  it('trusts nothing in a document with a duplicate key', () => {
    assert.equal(problem('a: 1\nb: 2\na: 3\n'), 'duplicate key');
    assert.equal(problem('a: { b: 1, "b": 2 }\n'), 'duplicate key');
  });

  it('refuses bombs, loops and bottomless nesting', () => {
    const list = (item: string) => `[${Array(10).fill(item).join(', ')}]`;
    const bomb = [...'bcdefghi'].map((name, i) => `${name}: &${name} ${list(`*${'abcdefghi'[i]}`)}`).join('\n');
    assert.equal(problem(`a: &a ${list('x')}\n${bomb}\n`), 'too many nodes');
    assert.equal(problem('a: &a [*a]\n'), 'unresolved alias');
    assert.equal(problem('a: *b\n'), 'unresolved alias');
    const chain = Array.from({ length: 20 }, (_, i) => `k${i}: &k${i} ${'['.repeat(20)}*k${i - 1}${']'.repeat(20)}`);
    assert.equal(problem(`k-1: &k-1 x\n${chain.join('\n')}\n`), 'nested too deep');
    for (const open of ['[', '{a: ', '- ']) assert.ok(problem(open.repeat(20_000)) !== undefined);
  });

  it('takes time that grows with the text only', () => {
    const lines = Array.from({ length: 20_000 }, (_, i) => `k${i}: *x`);
    const before = process.cpuUsage();
    assert.deepEqual(parseDocument(`a: &x 1\n${lines.join('\n')}\n`).problems, []);
    // Time of this process alone: a busy machine makes it no longer.
    const { user, system } = process.cpuUsage(before);
    assert.ok(user + system < 10_000_000, 'quadratic work takes minutes here');
  });

  it('never throws', () => {
    const piece = fc.constantFrom(
      'a',
      ': ',
      '\n',
      '  ',
      '- ',
      '&x ',
      '*x',
      '<<: ',
      '[',
      ']',
      '{',
      '}',
      ',',
      '"',
      "'",
      '|',
      '\r',
      '? ',
      '!t ',
      '\t',
      '# ',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.string({ unit: 'binary', maxLength: 20 }), (pieces, tail) => {
        const text = pieces.join('') + tail;
        const { root, problems } = parseDocument(text);
        for (const { start, end } of [...(root ? [root] : []), ...problems.map(({ span }) => span)]) {
          assert.ok(start <= end && end <= text.length + 1);
        }
      }),
      { numRuns: 3000 },
    );
  });
});

describe('a value of several lines', () => {
  const first = (text: string) => {
    const { root, problems } = parseDocument(text);
    assert.deepEqual(problems, []);
    return root?.type === 'map' ? root.entries.map(({ key, value }) => [key.text, plain(value)]) : root;
  };

  it('needs no indentation in quotes, as Go reads them', () => {
    const double = 'a:\n  b: "one\n  two\n\nthree\n      four \\\n  five"\n  c: d\n';
    assert.deepEqual(first(double), [
      [
        'a',
        [
          ['b', 'one two\nthree four five'],
          ['c', 'd'],
        ],
      ],
    ]);
    assert.deepEqual(first("a:\n  - 'it''s\n  - one'\n  - two\n"), [['a', ["it's - one", 'two']]]);
    assert.deepEqual(first('a: "one\r\ntwo"\r\nb: c\r\n'), [
      ['a', 'one two'],
      ['b', 'c'],
    ]);
  });

  it('needs none in brackets', () => {
    assert.deepEqual(first('a:\n  b: [x,\n  y,\nz of\n two\n]\n  c: {d: "e\nf",\ng: h}\n'), [
      [
        'a',
        [
          ['b', ['x', 'y', 'z of two']],
          [
            'c',
            [
              ['d', 'e f'],
              ['g', 'h'],
            ],
          ],
        ],
      ],
    ]);
  });

  it('knows where what follows it stands', () => {
    const text = 'a:\n  b: "one\n  two"\n  c: d\n';
    const a = child(parseDocument(text).root as Node, 'a');
    const [b, c] = a?.type === 'map' ? a.entries.map(({ value }) => text.slice(value.start, value.end)) : [];
    assert.deepEqual([b, c], ['"one\n  two"', 'd']);
  });

  it('needs it without quotes, and ends with the document', () => {
    assert.match(problem('a:\n  b: one\n two\n') ?? '', /./);
    assert.match(problem('a: "one\n---\ntwo"\n') ?? '', /./);
  });

  it('is bounded where brackets are not closed', () => {
    assert.match(problem(`a: ${'[\n'.repeat(2_000)}`) ?? '', /./);
    assert.match(problem(`a: ${'{a: "\n'.repeat(2_001)}`) ?? '', /./);
  });

  it('without its end is told where it begins', () => {
    const text = 'a: "one\nb: two\nc: "three"\n';
    const [told] = parseDocument(text).problems;
    assert.equal(text.slice(0, told?.span.start).split('\n').length, 1);
  });
});

describe('cursors', () => {
  const doc = 1 as DocumentId;
  const { root } = parseDocument('a:\n  - b: 1\n  - c: |\n      d: 2\n__proto__: x\n');
  const cursor = rootCursor(doc, root as Node);

  it('follow keys, items and text that is YAML, and know where they are', () => {
    const inner = get(embedded(get(items(get(cursor, 'a'))[1], 'c')), 'd');
    assert.ok(inner?.node.type === 'scalar');
    assert.equal(inner.node.text, '2');
    assert.equal(showPath(inner.at.path), '/a/1/c//d');
    assert.deepEqual(
      entries(cursor).map(([key, value]) => `${key} ${showPath(value.at.path)}`),
      ['a /a', '__proto__ /__proto__'],
    );
  });

  it('come to nothing where there is nothing', () => {
    assert.equal(get(cursor, 'a', 'b'), undefined);
    assert.equal(get(cursor, 'constructor'), undefined);
    assert.deepEqual(items(cursor), []);
    assert.deepEqual(entries(get(cursor, '__proto__')), []);
    assert.equal(embedded(get(cursor, 'a')), undefined);
    assert.equal(get(undefined, 'a'), undefined);
  });

  it('go where a node came from', () => {
    const origin = { ...documentAnchor(2 as DocumentId), path: documentAnchor(doc).path };
    const [entry] = root?.type === 'map' ? root.entries : [];
    assert.ok(entry && root?.type === 'map');
    const moved: Node = { ...root, entries: [{ key: entry.key, value: { ...entry.value, origin } }] };
    const at = get(rootCursor(doc, moved), 'a')?.at;
    assert.ok(at && sameAnchor(at, origin));
    assert.equal(items(get(rootCursor(doc, moved), 'a'))[0]?.at.doc, 2);
  });
});
