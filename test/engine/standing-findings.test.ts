/** Which findings stand is followed from change to change; it must be what would stand of all of them from nothing. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { StandingFindings } from '../../server/src/engine/findings/standing-findings.ts';
import type { PlacedFinding } from '../../server/src/engine/snapshot.ts';
import { RULES } from '../../server/src/rules/registry.ts';
import { SUBSUMPTIONS } from '../../server/src/rules/subsumptions.ts';

const severities = ['error', 'warning', 'info', 'hint'] as const;

/** Rules that stand for others and that others stand for, in chains: few, so that they meet. */
const RULE_IDS = ['scope-config-not-uniform', 'scope-label-ineffective', 'scope-not-uniform', 'waypoint-not-uniform'];

interface Draft {
  readonly rule: number;
  readonly cluster: number;
  readonly object: number;
  readonly severity: number;
  readonly line: number;
  readonly isShared: boolean;
}

const draft = fc.record<Draft>({
  rule: fc.nat(RULE_IDS.length - 1),
  cluster: fc.nat(2),
  object: fc.nat(1),
  severity: fc.nat(3),
  line: fc.nat(3),
  isShared: fc.boolean(),
});

function findingOf({ rule: index, cluster, object, severity, line, isShared }: Draft, nth: number): PlacedFinding {
  const rule = RULES.find(({ id }) => id === RULE_IDS[index]);
  assert.ok(rule !== undefined);
  const clusters = [`c${cluster}`, `c${(cluster + 1) % 3}`];
  const about = { kind: 'Service', namespace: 'shop', name: `s${object}` };
  const at = { doc: 1, path: [] } as unknown as PlacedFinding['finding']['at'];
  const message = `finding ${nth}`;
  return {
    // Findings of one identity are about one object, as everywhere.
    id: `${rule.id} ${object} ${isShared ? '' : cluster}`,
    rule,
    severity: severities[severity] ?? 'hint',
    mesh: 'mesh1',
    message,
    location: { file: 'a.yaml', range: { start: { line, character: 0 }, end: { line, character: 1 } } },
    clusters,
    object: about,
    tie: false,
    isShared,
    related: [],
    fixes: () => [],
    finding: { message, at, clusters, object: about, related: [], ...(isShared ? { ofCluster: `c${cluster}` } : {}) },
  };
}

/** Those of one place, in one: told apart by what it holds, as it is made anew whenever one of them changes. */
function merged(findings: readonly PlacedFinding[]): PlacedFinding {
  const inOrder = [...findings].sort((a, b) => (a.message < b.message ? -1 : 1));
  return { ...(inOrder[0] as PlacedFinding), message: inOrder.map(({ message }) => message).join(', ') };
}

const told = (findings: readonly PlacedFinding[]): readonly string[] =>
  findings.map(({ id, severity, message }) => `${severity} ${id}: ${message}`);

const NOBODY: ReadonlySet<PlacedFinding> = new Set();
const JUDGED_BY = { isTold: () => true, isWeighed: ({ rule }: PlacedFinding) => rule.id === 'scope-not-uniform' };

describe('standing findings', () => {
  it('meet in the rules that this test is about', () => {
    const pairs = SUBSUMPTIONS.flatMap(({ winner, losers }) => losers.map((loser) => [winner, loser]));
    const own = pairs.filter((pair) => pair.every((id) => RULE_IDS.includes(String(id))));
    assert.ok(own.length >= 3, `${own.length} pairs`);
  });

  it('are those that stand of all from nothing, whatever came and went', () => {
    const changes = fc.array(
      fc.record({ come: fc.array(draft, { maxLength: 6 }), go: fc.array(fc.nat(30), { maxLength: 4 }) }),
      {
        minLength: 1,
        maxLength: 12,
      },
    );
    let standing = 0;
    let overruled = 0;
    fc.assert(
      fc.property(changes, (steps) => {
        const followed = new StandingFindings(merged, JUDGED_BY);
        const all = new Set<PlacedFinding>();
        let nth = 0;
        for (const { come, go } of steps) {
          const gone = new Set(go.flatMap((index) => [...all][index] ?? []));
          const fresh = new Set(come.map((one) => findingOf(one, nth++)));
          for (const finding of gone) all.delete(finding);
          for (const finding of fresh) all.add(finding);
          const stands = followed.update({ come: fresh, gone });
          const expected = new StandingFindings(merged, JUDGED_BY).update({ come: all, gone: NOBODY });
          assert.deepEqual(told(stands), told(expected));
          standing += stands.length;
          overruled += all.size - stands.length;
        }
      }),
      { numRuns: 400 },
    );
    assert.ok(standing > 1000 && overruled > 1000, `${standing} stood, ${overruled} did not`);
  });

  it('are followed in more steps where more came, and come to the same', () => {
    const steps = (count: number): { readonly steps: number; readonly all: readonly string[] } => {
      const findings = new StandingFindings(merged, JUDGED_BY);
      const come = new Set(
        Array.from({ length: count }, (_, i) => ({
          ...findingOf({ rule: 2, cluster: 0, object: 0, severity: 0, line: i, isShared: false }, i),
          id: `${i}`,
        })),
      );
      let steps = 0;
      for (const _ of findings.following({ come, gone: NOBODY })) steps++;
      return { steps, all: told(findings.all) };
    };
    const [few, many] = [steps(100), steps(10_000)];
    assert.ok(many.steps > few.steps + 50, `${few.steps} and ${many.steps} steps`);
    assert.deepEqual([few.all.length, many.all.length], [100, 10_000]);
  });

  it('are the same list as long as nothing changes', () => {
    const findings = new StandingFindings(merged, JUDGED_BY);
    const one = findingOf({ rule: 2, cluster: 0, object: 0, severity: 0, line: 1, isShared: false }, 0);
    const first = findings.update({ come: new Set([one]), gone: NOBODY });
    assert.equal(findings.update({ come: NOBODY, gone: NOBODY }), first);
    // What is lighter than another one of the same identity changes nothing.
    const lighter = { ...one, clusters: ['c0'] };
    assert.equal(findings.update({ come: new Set([lighter]), gone: NOBODY }), first);
    assert.deepEqual(findings.update({ come: NOBODY, gone: new Set([one, lighter]) }), []);
  });
});
