/** Files are split into documents without being parsed. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { splitDocuments } from '../../server/src/yaml/split.ts';

const texts = (text: string) => splitDocuments(text).map((slice) => slice.text);

describe('splitting into documents', () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ['one', 'a: 1\n', ['a: 1\n']],
    ['two', 'a: 1\n---\nb: 2\n', ['a: 1\n', '---\nb: 2\n']],
    ['with a leading marker', '---\na: 1\n', ['---\na: 1\n']],
    ['without empty ones', '---\n# nothing\n---\n\n---\na: 1\n---\n', ['---\na: 1\n']],
    ['with a comment behind the marker', 'a: 1\n--- # next\nb: 2\n', ['a: 1\n', '--- # next\nb: 2\n']],
    ['with a value behind the marker', '--- a\n--- b\n', ['--- a\n', '--- b\n']],
    ['ended by dots', 'a: 1\n...\nb: 2\n', ['a: 1\n', 'b: 2\n']],
    ['where a marker ends a block scalar', 'a: |\n  x\n---\nb: 2', ['a: |\n  x\n', '---\nb: 2']],
    ['but not at indented dashes', 'a: |\n  ---\n  x\n', ['a: |\n  ---\n  x\n']],
    ['nor at longer dashes', 'a: 1\n----\n', ['a: 1\n----\n']],
    ['with Windows line endings', 'a: 1\r\n---\r\nb: 2\r\n', ['a: 1\r\n', '---\r\nb: 2\r\n']],
    ['with old Mac line endings', 'a: 1\r---\rb: 2', ['a: 1\r', '---\rb: 2']],
    ['behind a byte order mark', '\ufeffa: 1\n', ['a: 1\n']],
    ['of nothing', '', []],
  ];
  for (const [title, text, expected] of cases) it(title, () => assert.deepEqual(texts(text), expected));

  it('gives slices of the text, in order, that do not overlap', () => {
    const line = fc.constantFrom('---', '...', 'a: 1', '  b', '# c', '', '--- x', '----');
    fc.assert(
      fc.property(fc.array(line), fc.constantFrom('\n', '\r\n', '\r'), (lines, eol) => {
        const text = lines.join(eol);
        let end = 0;
        for (const slice of splitDocuments(text)) {
          assert.ok(slice.start >= end);
          assert.equal(text.slice(slice.start, slice.start + slice.text.length), slice.text);
          end = slice.start + slice.text.length;
        }
      }),
    );
  });
});
