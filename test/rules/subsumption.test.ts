/** One cause, one finding: the table of which finding makes which superfluous. */
import assert from 'node:assert/strict';
import { RULES } from '../../server/src/rules/registry.ts';
import { type Subsumable, withoutSubsumed } from '../../server/src/rules/subsumption.ts';
import { SUBSUMPTIONS } from '../../server/src/rules/subsumptions.ts';

const finding = (id: string, cluster: string, name = 'cart', mesh = 'mesh1'): Subsumable => ({
  rule: { id },
  severity: 'warning',
  mesh,
  clusters: [cluster],
  object: { kind: 'Service', namespace: 'shop', name },
  finding: {},
});
const ALL = { isTold: () => true, isWeighed: () => false };
const but =
  (...ids: string[]) =>
  (id: string) =>
    !ids.includes(id);

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

  for (const { winner, of: [check] = [], losers, by } of SUBSUMPTIONS) {
    for (const loser of losers) {
      it(`${winner} ${check ?? ''} stands for ${loser} of the same ${by}`, () => {
        const of = check === undefined ? {} : { check: `${check} x` };
        // Another entry may hold for whatever the two are about.
        const isWider = SUBSUMPTIONS.some((one) => one.winner === winner && !one.of && one.losers.includes(loser));
        const isOfNamespace = by === 'namespace' || by === 'member-namespace';
        const object = isOfNamespace
          ? { kind: 'Namespace', namespace: null, name: 'shop' }
          : check !== undefined && isWider
            ? undefined
            : finding(winner, 'west').object;
        const [strong, weak] = [{ ...finding(winner, 'west'), object, finding: of }, finding(loser, 'west')];
        assert.deepEqual(withoutSubsumed([weak, strong]), [strong]);
        const other = { ...strong, finding: { check: `${check}x` } };
        if (check !== undefined) assert.deepEqual(withoutSubsumed([weak, other]), [weak, other]);
        const inOther = { kind: 'Service', namespace: 'orders', name: 'cart' };
        const elsewhere = isOfNamespace
          ? { ...finding(loser, 'west'), object: inOther }
          : by === 'object'
            ? finding(loser, 'west', 'orders')
            : finding(loser, 'east');
        assert.deepEqual(withoutSubsumed([strong, elsewhere]), [strong, elsewhere]);
        const sides = { ...strong, clusters: ['west', 'east'] };
        const kept = by !== 'side' && by !== 'object' ? [sides, finding(loser, 'east')] : [sides];
        assert.deepEqual(withoutSubsumed([sides, finding(loser, 'east')]), kept);
        const otherMesh = finding(loser, 'west', 'cart', 'mesh2');
        assert.deepEqual(withoutSubsumed([strong, otherMesh]), [strong, otherMesh]);
      });
    }
  }

  it('stands for what follows in each of the clusters that it blames', () => {
    const [winner, loser] = ['istiod-namespace-network-mismatch', 'ztunnel-network-mismatch'];
    const strong = { ...finding(winner, 'west'), alsoBlamed: ['east'] };
    const other = finding(loser, 'north');
    assert.deepEqual(withoutSubsumed([strong, finding(loser, 'west'), finding(loser, 'east'), other]), [strong, other]);
  });

  it('stands for what a cluster is only a part of, where it says so', () => {
    const strong = finding('istiod-namespace-network-mismatch', 'west');
    const shared = { ...finding('shared-network', 'east'), clusters: ['east', 'west'] };
    assert.deepEqual(withoutSubsumed([shared, strong]), [strong]);
  });

  it('stands for what follows for the objects that something was meant for', () => {
    const workload = { kind: 'Deployment', namespace: 'shop', name: 'cart' };
    const meant = [{ kind: 'Service', namespace: 'shop', name: 'cart' }];
    const strong = { ...finding('scope-label-ineffective', 'west'), object: workload, finding: { meant } };
    const [scope, other] = [finding('scope-not-uniform', 'east'), finding('scope-not-uniform', 'east', 'orders')];
    assert.deepEqual(withoutSubsumed([strong, scope, other]), [strong, other]);
  });

  it('goes by what the label means whose key is misspelt', () => {
    const misspelt = {
      ...finding('label-key-misspelt', 'west'),
      finding: { check: 'istio.io/use-waypoint istio.io/use-waypoit' },
    };
    const [scope, waypoint] = [finding('scope-not-uniform', 'west'), finding('waypoint-not-uniform', 'west')];
    assert.deepEqual(withoutSubsumed([misspelt, scope, waypoint]), [misspelt, scope]);
  });

  describe('of what is graver than its cause', () => {
    // Each stands for the next.
    const list = finding('scope-config-not-uniform', 'west');
    const label = finding('scope-label-ineffective', 'west');
    const scope: Subsumable = { ...finding('scope-not-uniform', 'west'), severity: 'error' };

    it('makes the cause as grave, over all steps', () => {
      assert.deepEqual(withoutSubsumed([label, scope]), [{ ...label, severity: 'error' }]);
      assert.deepEqual(withoutSubsumed([scope, label, list]), [{ ...list, severity: 'error' }]);
    });

    it('leaves a cause alone that is graver already', () => {
      const grave: Subsumable = { ...label, severity: 'error' };
      assert.deepEqual(withoutSubsumed([{ ...scope, severity: 'hint' }, grave]), [grave]);
    });

    it('is told beside a cause that the configuration makes milder', () => {
      const isWeighed = ({ rule }: Subsumable) => rule.id === list.rule.id;
      const raised: Subsumable = { ...label, severity: 'error' };
      assert.deepEqual(withoutSubsumed([list, label, scope], { ...ALL, isWeighed }), [list, raised]);
      assert.deepEqual(withoutSubsumed([list, label], { ...ALL, isWeighed }), [list]);
    });

    it('counts only if it is told itself', () => {
      assert.deepEqual(withoutSubsumed([label, scope], { ...ALL, isTold: but('scope-not-uniform') }), [label]);
      assert.deepEqual(withoutSubsumed([label, scope], { ...ALL, isTold: but('scope-label-ineffective') }), [
        label,
        scope,
      ]);
    });

    it('is told beside another cause', () => {
      const bool: Subsumable = { ...label, severity: 'error', finding: { check: 'not-a-string' } };
      assert.deepEqual(withoutSubsumed([list, bool, scope]), [list, bool]);
    });
  });
});
