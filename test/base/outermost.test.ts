import assert from 'node:assert/strict';
import { outermost } from '../../server/src/base/outermost.ts';

function uses(graph: Record<string, readonly string[]>): (one: string) => readonly string[] {
  return (one) => graph[one] ?? [];
}

describe('outermost', () => {
  it('gives those that no other uses', () => {
    assert.deepEqual(outermost(['a', 'b', 'c', 'd'], uses({ a: ['b'], b: ['c'], d: ['d', 'elsewhere'] })), ['a', 'd']);
  });

  it('gives the first of a circle that nothing else reaches', () => {
    assert.deepEqual(outermost(['a', 'b', 'c', 'd'], uses({ b: ['c'], c: ['b'], a: ['d'], d: ['a'] })), ['a', 'b']);
    assert.deepEqual(outermost(['a', 'b', 'c'], uses({ b: ['c'], c: ['b'], a: ['c'] })), ['a']);
  });

  it('begins with what one that may not be begun with uses', () => {
    assert.deepEqual(
      outermost(['component', 'base'], uses({ component: ['base'] }), (one) => one !== 'component'),
      ['base'],
    );
  });

  it('follows a chain of any length', () => {
    const all = Array.from({ length: 50_000 }, (_, index) => String(index));
    assert.deepEqual(
      outermost(all, (one) => [String(Number(one) + 1)]),
      ['0'],
    );
  });
});
