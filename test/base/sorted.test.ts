import assert from 'node:assert/strict';
import fc from 'fast-check';
import { withSorted } from '../../server/src/base/sorted.ts';

type Item = readonly [number, string];
const byNumber = ([a]: Item, [b]: Item): number => a - b;
const items = (of: string) =>
  fc.array(fc.integer({ min: 0, max: 9 })).map((numbers) => numbers.map((n): Item => [n, of]).sort(byNumber));

describe('lists that stay in order', () => {
  it('are what sorting all of them gives', () => {
    fc.assert(
      fc.property(items('own'), items('added'), (own, added) => {
        assert.deepEqual(withSorted(own, added, byNumber), [...own, ...added].sort(byNumber));
      }),
      { seed: 1 },
    );
  });

  it('are compared with few of their items', () => {
    const sorted = Array.from({ length: 1000 }, (_, i) => i);
    let compared = 0;
    const compare = (a: number, b: number): number => {
      compared++;
      return a - b;
    };
    assert.equal(withSorted(sorted, [3.5, 700.5], compare).length, 1002);
    assert.ok(compared <= 20, `${compared} comparisons`);
  });
});
