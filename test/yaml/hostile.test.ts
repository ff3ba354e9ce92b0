/** Texts that are written to cost time or memory: reading them costs no more than their length, and what is too much is refused. */
import assert from 'node:assert/strict';
import { classifyText } from '../../server/src/yaml/classify.ts';
import { DocumentTable } from '../../server/src/yaml/documents.ts';
import { parseDocument } from '../../server/src/yaml/parse.ts';
import { findSuppressions } from '../../server/src/yaml/suppressions.ts';

/** Of the processor, not of the clock. Generous: what is quadratic in these sizes takes minutes, what is linear milliseconds. */
const LIMIT_SECONDS = 8;

function problemOf(text: string): string | undefined {
  return parseDocument(text).problems[0]?.message;
}

describe('hostile texts', () => {
  let before = process.cpuUsage();
  beforeEach(() => {
    before = process.cpuUsage();
  });
  afterEach(() => {
    const seconds = process.cpuUsage(before).user / 1_000_000;
    assert.ok(seconds < LIMIT_SECONDS, `${seconds} s`);
  });

  it('are long lines of a helmfile', () => {
    const line = `a: "${'{{'.repeat(400_000)}\n{{ x }}\n`;
    assert.equal(classifyText(line, 'helmfile.yaml'), 'template');
  });

  const SUPPRESSIONS = [
    ['above', '# ambient-multicluster-ignore-file x-y: z\n'.repeat(50_000), 'a: b\n'],
    ['below', 'a: b\n', '# ambient-multicluster-ignore-file x-y: z\n'.repeat(50_000)],
    ['in documents', '---\n# ambient-multicluster-ignore-file x-y\na: b\n'.repeat(40_000), ''],
    [
      'beside texts that look like them',
      'a:\n',
      '- ambient-multicluster-ignore\n# ambient-multicluster-ignore x-y\n'.repeat(20_000),
    ],
    [
      'in a text that is YAML',
      'a: |\n',
      '  - b # ambient-multicluster-ignore x-y\n  - "# ambient-multicluster-ignore x-y"\n'.repeat(10_000),
    ],
    [
      'in texts in texts',
      Array.from({ length: 1_500 }, (_, i) => `${' '.repeat(i)}a: |\n`).join(''),
      `${' '.repeat(1_500)}b: c # ambient-multicluster-ignore x-y\n`,
    ],
  ] as const;
  for (const [where, before, after] of SUPPRESSIONS) {
    it(`of suppressions ${where}`, () => {
      const table = new DocumentTable();
      findSuppressions(table.update('a.yaml', before + after), table);
    });
  }

  it('of equal documents that are edited', () => {
    const table = new DocumentTable();
    const text = '---\na: b\n'.repeat(200_000);
    const before = table.update('a.yaml', text);
    const after = table.update('a.yaml', `---\nc: d\n${text}`);
    assert.deepEqual(
      after.documents.slice(1).map(({ id }) => id),
      before.documents.map(({ id }) => id),
    );
  });

  it('that look like templates', () => {
    assert.equal(classifyText(`a: b # {{\n${'- |#'.repeat(200_000)}\u2028`, 'a.yaml'), undefined);
    assert.equal(classifyText(`a: b # {{\n${'- '.repeat(200_000)}`, 'a.yaml'), undefined);
    assert.equal(classifyText(`a: b # {{\n${' '.repeat(400_000)}x`, 'a.yaml'), undefined);
  });

  it('of which the package would make more nodes than there may be', () => {
    for (const piece of ['a, ', '[', '{', '- ', 'a: ', '? ', '"":\n  - ', '[*a,']) {
      assert.equal(problemOf(`a: &a [${piece.repeat(400_000)}`), 'too many nodes', piece);
    }
  });

  it('that are nested deeper than anyone writes', () => {
    const indented = Array.from({ length: 1_000 }, (_, i) => `${' '.repeat(i)}a:\n`).join('');
    for (const text of ['- '.repeat(3_000), '? '.repeat(3_000), '- ? '.repeat(1_500), indented]) {
      for (const end of ['a', 'a: {{', '\n', '\nb: c\n']) {
        const { root, problems } = parseDocument(`a:\n${text}${end}`);
        assert.ok(root === undefined && problems.length === 1);
        assert.doesNotMatch(problems[0]?.message ?? '', /call stack/, text.slice(0, 9));
      }
      assert.equal(problemOf(`${text}a`), 'nested too deep');
    }
  });

  it('in which every line is wrong', () => {
    const wrong = Array.from({ length: 50_000 }, (_, i) => `k${i}: "a\nb" c\n`).join('');
    assert.equal(parseDocument(wrong).problems.length, 1);
  });

  it('whose aliases repeat long texts', () => {
    const long = `a: &a { b: "${'x'.repeat(100_000)}" }\n`;
    assert.equal(problemOf(`${long}c:\n${'- *a\n'.repeat(49)}`), undefined);
    assert.equal(problemOf(`${long}c:\n${'- *a\n'.repeat(60)}`), 'too much text behind aliases');
  });
});
