/** What the fast reader answers is what the `yaml` package answers, and it answers for nearly all manifests. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { fastParse } from '../../server/src/yaml/fast-parse.ts';
import { parseSlowly } from '../../server/src/yaml/parse.ts';
import { splitDocuments } from '../../server/src/yaml/split.ts';

type Golden = Readonly<Record<string, { readonly files: Readonly<Record<string, string>> }>>;

const golden = ['mesh', 'install'].flatMap((name) => {
  const cases = JSON.parse(readFileSync(`test/golden/${name}.json`, 'utf8')) as Golden;
  const isYaml = ([file]: readonly [string, string]) => file.endsWith('.yaml');
  return Object.values(cases).flatMap(({ files }) =>
    Object.entries(files)
      .filter(isYaml)
      .map(([, text]) => text),
  );
});
const examples = readdirSync('examples', { recursive: true })
  .map(String)
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => readFileSync(`examples/${file}`, 'utf8'));
const documents = [
  ...new Set([...golden, ...examples].flatMap((text) => splitDocuments(text).map((slice) => slice.text))),
];

/** Compares the readers; false if the fast one gave up. */
function agrees(text: string): boolean {
  const fast = fastParse(text);
  if (fast === undefined) return false;
  const slow = parseSlowly(text);
  assert.deepEqual(slow.problems, [], `the fast reader accepts what is broken:\n${text}`);
  assert.deepEqual(fast, slow.root, text);
  return true;
}

describe('the fast reader', () => {
  it('reads nearly all manifests, as the package does', () => {
    const answered = documents.filter(agrees).length;
    assert.ok(answered > documents.length * 0.98, `${answered} of ${documents.length}`);
    for (const text of documents.slice(0, 200)) agrees(text.replaceAll('\n', '\r\n'));
  });

  const yes = [
    'a: 1',
    'a:\nb: 2\n',
    'a: # comment\n  b: c # comment\n\n# comment\nd: "e"\n',
    "- a\n- b: c\n  d: 'it''s'\n-   e: f\n    g: h\n",
    'a:\n- b\n- c: d\ne: {}\nf: [1, "x", y z]\n',
    'a: { b: c, "d": [e] }\n',
    'a: |\n  one\n\n    two\n  three\n\nb: |-\n  x\n',
    '--- # comment\na: b:c://d\n',
    'a: -1\nb: /x\nc: 1.5\nd: ~x\n'.replace('d: ~x\n', ''),
    '- - a\n  - b\n- - c\n',
  ];
  for (const text of yes) it(`answers ${JSON.stringify(text)}`, () => assert.ok(agrees(text)));

  const no = [
    'a: &x 1',
    'a: *x',
    'a: !t 1',
    '? a\n: b',
    'a: b\n  c',
    'a: "b\n  c"',
    'a: 1\na: 2',
    'a: b: c',
    'a:\n\tb: c',
    'text',
    '<<: {}',
    'a: [1,\n  2]',
    'a: |2\n  x',
    'a: >\n  x\n',
    'a: |-\n  x\u00a0\n',
    '"a\\tb": 1',
    'a: 1\n b: 2',
  ];
  for (const text of no) it(`gives up on ${JSON.stringify(text)}`, () => assert.equal(fastParse(text), undefined));

  it('never answers otherwise than the package, on manifests that were tampered with', () => {
    const piece = fc.constantFrom(
      ' ',
      '  ',
      '\n',
      '- ',
      ': ',
      '#',
      ' #',
      '"',
      "'",
      '{',
      '}',
      '[',
      ']',
      ',',
      '|',
      '|-',
      '&a',
      '*a',
      '!',
      '>',
      '---',
      '...',
      '\t',
      '\r\n',
      'a: b',
      '? ',
      '-',
      ':',
      '~',
      '\\',
      'é',
      '%',
      '@',
      '`',
      '<<: ',
    );
    const change = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      length: fc.nat({ max: 4 }),
      text: piece,
    });
    let answered = 0;
    fc.assert(
      fc.property(fc.nat(), fc.array(change, { minLength: 1, maxLength: 3 }), (index, changes) => {
        let text = documents[index % documents.length] as string;
        for (const { at, length, text: put } of changes) {
          const offset = Math.floor(at * text.length);
          text = text.slice(0, offset) + put + text.slice(offset + length);
        }
        if (agrees(text)) answered++;
      }),
      { numRuns: 6000 },
    );
    assert.ok(answered > 500, `${answered} answered`);
  });

  it('never answers otherwise than the package, on random lines', () => {
    const lead = fc.constantFrom('', '', '  ', '    ', '- ', '  - ', '- - ', '   ');
    const body = fc.constantFrom(
      'a: b',
      'b:',
      'c: "d"',
      "e: 'f'",
      'g: { h: i }',
      'j: [k, l]',
      'm: |',
      'n: |-',
      'text',
      '# comment',
      '',
      'o: p # q',
      '"r": s',
      't : u',
      'v:w',
      'x: y: z',
      '- 1',
      'a: 1',
      '{}',
      '[]',
      'b: -',
      'c: - d',
      "d: 'e' f",
      '  ',
    );
    const line = fc.tuple(lead, body).map(([a, b]) => a + b);
    let answered = 0;
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 8 }), fc.constantFrom('\n', '\r\n'), (lines, eol) => {
        if (agrees(lines.join(eol))) answered++;
      }),
      { numRuns: 8000 },
    );
    assert.ok(answered > 300, `${answered} answered`);
  });

  it('never throws on anything', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => void fastParse(text)));
    assert.equal(fastParse(`a: ${'['.repeat(20_000)}`), undefined);
    assert.equal(fastParse(Array.from({ length: 3000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')), undefined);
  });
});
