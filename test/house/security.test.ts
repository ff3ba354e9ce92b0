/** Guards SECURITY.md: every promise in it names tests that exist, and no test of it is left out of the list by a slip. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';

/** The rows of the table of promises: what is promised, and the tests that prove it. */
function promises(): readonly { readonly promise: string; readonly tests: readonly string[] }[] {
  return readFileSync('SECURITY.md', 'utf8')
    .split('\n')
    .filter((line) => /^\| (?!promise|-)/.test(line))
    .map((line) => ({ promise: line.split(' | ')[0] ?? '', tests: linksIn(line) }));
}

function linksIn(line: string): readonly string[] {
  return [...line.matchAll(/\]\(([^)]+)\)/g)].map(([, target = '']) => target);
}

describe('SECURITY.md', () => {
  it('promises something', () => assert.ok(promises().length >= 10));

  it('names for every promise a test that exists', () => {
    const unproven = promises().filter(
      ({ tests }) => tests.length === 0 || !tests.every((path) => /\.test\.ts$/.test(path) && existsSync(path)),
    );
    assert.deepEqual(
      unproven.map(({ promise }) => promise),
      [],
    );
  });
});
