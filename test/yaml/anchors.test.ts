/** Every anchor of every document leads to the text that it names, whatever is written around it and however lines end. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseDocument } from 'yaml';
import { type Anchor, below, documentAnchor, keyOf } from '../../server/src/base/anchor.ts';
import type { PathKey } from '../../server/src/base/path.ts';
import type { Range } from '../../server/src/base/range.ts';
import { DocumentTable } from '../../server/src/yaml/documents.ts';
import type { Node } from '../../server/src/yaml/node.ts';

/** Nothing that ends a line. */
const word = fc.oneof(
  fc.stringMatching(/^[a-z][a-z0-9./-]{0,12}$/),
  fc.constantFrom(
    'é',
    '𝄞 wide 𝄞',
    '漢字',
    '👩‍👧',
    'a\tb',
    '# no comment',
    "it's",
    '"',
    'true',
    '1.30',
    '',
    'x: y',
    '{',
    '- ',
  ),
);

/** A value as it is written: on the line of its key, or below it. */
type Written = { readonly inline: string } | { readonly lines: readonly string[] };

const double = (text: string): string => JSON.stringify(text);
const single = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const key = fc.tuple(fc.stringMatching(/^[a-z]{1,8}$/), word, fc.boolean()).map(([name, odd, isOdd]) => ({
  name: isOdd ? odd : name,
  text: isOdd ? double(odd) : name,
}));
const comment = fc.constantFrom('', '', ' # why', '\t# 𝄞');
const scalar = fc
  .tuple(word, fc.constantFrom(double, single), comment)
  .map(([text, quoted, after]): Written => ({ inline: quoted(text) + after }));
const plain = fc
  .tuple(fc.stringMatching(/^[a-z][a-z0-9 ./-]{0,10}[a-z]$/), comment)
  .map(([text, after]): Written => ({ inline: text + after }));
const flow = fc.uniqueArray(fc.tuple(key, word), { selector: ([one]) => one.name, minLength: 1, maxLength: 3 }).map(
  (entries): Written => ({
    inline: `{ ${entries.map(([one, text]) => `${one.text}: ${double(text)}`).join(',  ')} }`,
  }),
);
const block = fc
  .array(fc.stringMatching(/^[a-z][a-z ]{0,8}$/), { minLength: 1, maxLength: 3 })
  .map((lines): Written => ({ inline: ['|', ...lines.map((line) => `  ${line}`)].join('\n') }));

const { value } = fc.letrec<{ value: Written; map: Written; list: Written }>((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, scalar, plain, flow, block, tie('map'), tie('list')),
  map: fc
    .uniqueArray(fc.tuple(key, tie('value')), { selector: ([one]) => one.name, minLength: 1, maxLength: 4 })
    .map((entries): Written => ({ lines: entries.flatMap(([one, of]) => under(`${one.text}:`, of)) })),
  list: fc
    .array(tie('value'), { minLength: 1, maxLength: 3 })
    .map((items): Written => ({ lines: items.flatMap((of) => under('-', of)) })),
}));

function under(head: string, of: Written): readonly string[] {
  const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);
  if ('lines' in of) return [head, ...indented(of.lines)];
  const [first = '', ...more] = of.inline.split('\n');
  return [`${head} ${first}`, ...indented(more)];
}

const document = fc
  .uniqueArray(fc.tuple(key, value), { selector: ([one]) => one.name, minLength: 1, maxLength: 5 })
  .map((entries) => entries.flatMap(([one, of]) => under(`${one.text}:`, of)).join('\n'));
const text = fc
  .tuple(
    fc.array(document, { minLength: 1, maxLength: 3 }),
    fc.constantFrom('\n', '\r\n', '\r'),
    fc.boolean(),
    fc.boolean(),
  )
  .map(([documents, end, hasMark, endsLine]) =>
    `${hasMark ? '\ufeff' : ''}${documents.join('\n---\n')}${endsLine ? '\n' : ''}`.replaceAll('\n', end),
  );

/** The text that a range covers, by the protocol's rules for lines. */
function covered(lines: readonly string[], { start, end }: Range): string {
  assert.equal(start.line, end.line, 'a place is on one line');
  return (lines[start.line] ?? '').slice(start.character, end.character);
}

/** All nodes with a text of their own, and the keys to them. */
function* nodesBelow(node: Node, keys: readonly PathKey[]): Generator<readonly [readonly PathKey[], Node]> {
  yield [keys, node];
  if (node.type === 'map') for (const entry of node.entries) yield* nodesBelow(entry.value, [...keys, entry.key.text]);
  if (node.type === 'seq') for (const [i, item] of node.items.entries()) yield* nodesBelow(item, [...keys, i]);
}

describe('anchors of any text', () => {
  it('lead to what they name', () => {
    let anchors = 0;
    fc.assert(
      fc.property(text, (written) => {
        const table = new DocumentTable();
        const lines = written.split(/\r\n|\r|\n/);
        for (const { id } of table.update('a.yaml', written).documents) {
          const root = table.parsed(id)?.root;
          assert.ok(root);
          for (const [keys, node] of nodesBelow(root, [])) {
            const at: Anchor = below(documentAnchor(id), ...keys);
            const last = keys.at(-1);
            if (typeof last === 'string') assert.equal(read(placeOf(keyOf(at))), last);
            if (node.type === 'scalar' && node.style !== 'literal') assert.equal(read(placeOf(at)), node.text);
            anchors++;
          }
        }

        function placeOf(anchor: Anchor): string {
          const location = table.locate(anchor);
          assert.ok(location);
          return covered(lines, location.range);
        }
      }),
      { numRuns: 400, seed: 6 },
    );
    assert.ok(anchors > 4000, `${anchors} anchors`);
    console.log(`      ${anchors} anchors lead to their text`);
  });
});

/** What YAML makes of the text of one scalar. */
function read(written: string): string {
  return String(parseDocument(written, { schema: 'failsafe' }).toJS());
}
