import assert from 'node:assert/strict';
import fc from 'fast-check';
import { unifiedDiff } from '../../server/src/report/unified-diff.ts';

/** Applies a patch strictly: every line that it claims must be where it says. */
function patch(before: string, diff: string): string {
  const old = before === '' ? [] : before.split(/(?<=\n)/);
  const result: string[] = [];
  let at = 0;
  const lines = diff.split('\n').slice(2, -1);
  lines.forEach((line, i) => {
    const head = /^@@ -(\d+),(\d+) \+(\d+),\d+ @@$/.exec(line);
    if (head !== null) {
      const start = Number(head[1]) - (head[2] === '0' ? 0 : 1);
      result.push(...old.slice(at, start));
      at = start;
      return;
    }
    if (line.startsWith('\\')) return;
    const text = line.slice(1) + (lines[i + 1]?.startsWith('\\') ? '' : '\n');
    if (!line.startsWith('+')) assert.equal(old[at++], text);
    if (!line.startsWith('-')) result.push(text);
  });
  return [...result, ...old.slice(at)].join('');
}

describe('report: unified diff', () => {
  it('shows three lines around a change', () => {
    const before = ['1', '2', '3', '4', '5', '6', '7', '8', '9', ''].join('\n');
    assert.equal(
      unifiedDiff('a.yaml', before, before.replace('5', 'five')),
      ['--- a/a.yaml', '+++ b/a.yaml', '@@ -2,7 +2,7 @@', ' 2', ' 3', ' 4', '-5', '+five', ' 6', ' 7', ' 8', ''].join(
        '\n',
      ),
    );
  });

  it('shows a new file and a missing last line ending', () => {
    assert.equal(
      unifiedDiff('b.yaml', undefined, 'a: 1'),
      ['--- /dev/null', '+++ b/b.yaml', '@@ -0,0 +1,1 @@', '+a: 1', '\\ No newline at end of file', ''].join('\n'),
    );
  });

  it('turns any text into any other', () => {
    const text = fc
      .array(fc.constantFrom('a\n', 'b\n', 'c\r\n', '\n', 'd'), { maxLength: 40 })
      .map((lines) => lines.join(''));
    fc.assert(
      fc.property(text, text, (before, after) => assert.equal(patch(before, unifiedDiff('f', before, after)), after)),
    );
  });
});
