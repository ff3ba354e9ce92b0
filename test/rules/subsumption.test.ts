/** One cause, one finding: the table of which finding makes which superfluous. */
import assert from 'node:assert/strict';
import { RULES } from '../../server/src/rules/registry.ts';
import { SUBSUMPTIONS, type Subsumable, withoutSubsumed } from '../../server/src/rules/subsumption.ts';

const finding = (id: string, cluster: string, name = 'cart', mesh = 'mesh1'): Subsumable => ({
  rule: { id },
  mesh,
  clusters: [cluster],
  object: { kind: 'Service', namespace: 'shop', name },
});

describe('subsumption', () => {
  it('names rules that exist, and never goes round in a circle', () => {
    const ids = new Set(RULES.map(({ id }) => id));
    for (const { winner, losers } of SUBSUMPTIONS) for (const id of [winner, ...losers]) assert.ok(ids.has(id), id);
    const below = (id: string, seen: readonly string[]): void => {
      assert.ok(!seen.includes(id), [...seen, id].join(' > '));
      for (const { winner, losers } of SUBSUMPTIONS)
        if (winner === id) for (const loser of losers) below(loser, [...seen, id]);
    };
    for (const { winner } of SUBSUMPTIONS) below(winner, []);
  });

  for (const { winner, losers, by } of SUBSUMPTIONS) {
    for (const loser of losers) {
      it(`${winner} stands for ${loser} of the same ${by}`, () => {
        const [strong, weak] = [finding(winner, 'west'), finding(loser, 'west')];
        assert.deepEqual(withoutSubsumed([weak, strong]), [strong]);
        const elsewhere = by === 'object' ? finding(loser, 'west', 'orders') : finding(loser, 'east');
        assert.deepEqual(withoutSubsumed([strong, elsewhere]), [strong, elsewhere]);
        const sides = { ...strong, clusters: ['west', 'east'] };
        const kept = by === 'cluster' ? [sides, finding(loser, 'east')] : [sides];
        assert.deepEqual(withoutSubsumed([sides, finding(loser, 'east')]), kept);
        const otherMesh = finding(loser, 'west', 'cart', 'mesh2');
        assert.deepEqual(withoutSubsumed([strong, otherMesh]), [strong, otherMesh]);
      });
    }
  }
});
