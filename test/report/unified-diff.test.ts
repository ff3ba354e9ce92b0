import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

  it('lets no name of a file begin another patch', () => {
    const name = 'a b\n+++ b/"\\../x\u009b\t.yaml';
    assert.equal(
      unifiedDiff(name, 'a: 1\n', 'a: 2\n').split('\n@@')[0],
      [
        String.raw`--- "a/a b\012+++ b/\"\\../x\302\233\011.yaml"`,
        String.raw`+++ "b/a b\012+++ b/\"\\../x\302\233\011.yaml"`,
      ].join('\n'),
    );
    assert.match(unifiedDiff('a b.yaml', undefined, 'a: 1\n'), /^--- \/dev\/null\n\+\+\+ b\/a b\.yaml\t\n/);
  });

  it('is what git applies where it is installed, whatever the name of the file', () => {
    if (spawnSync('git', ['--version']).status !== 0) return;
    const folder = mkdtempSync(join(tmpdir(), 'diff-'));
    try {
      for (const name of [
        'a.yaml',
        'a b.yaml',
        'a\n+++ b:c\t"\\é\u009b\u202e.yaml',
        '-x.yaml',
        '2020-01-01 00:00:00',
      ]) {
        writeFileSync(join(folder, name), 'a: 1\n');
        execFileSync('git', ['apply', '-'], { cwd: folder, input: unifiedDiff(name, 'a: 1\n', 'a: 2\n') });
        assert.equal(readFileSync(join(folder, name), 'utf8'), 'a: 2\n', name);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
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
