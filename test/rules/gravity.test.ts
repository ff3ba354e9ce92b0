/** A finding that stands for others is as grave as they are: what leaves a rule out never finds anything graver of the same cause. */
import assert from 'node:assert/strict';
import { Engine } from '../../server/src/engine/engine.ts';
import type { Snapshot } from '../../server/src/engine/snapshot.ts';
import { SUBSUMPTIONS } from '../../server/src/rules/subsumptions.ts';
import { show } from './judge.ts';
import { allWorlds, type NamedWorld } from './worlds.ts';

const GRAVITY = ['hint', 'info', 'warning', 'error'];
const WINNERS = new Set(SUBSUMPTIONS.map(({ winner }) => winner));

/** @param skipped a rule that nobody gets to see, as with `--skip` */
function judge({ files, version }: NamedWorld, skipped?: string): Snapshot {
  const engine = new Engine({
    configFile: '.ambient-multicluster.yaml',
    today: '2026-11-24',
    isTold: (rule) => rule !== skipped,
    ...(version === undefined ? {} : { assumeIstioVersion: version }),
  });
  return engine.apply([...files].map(([file, text]) => ({ file, text })));
}

describe('a finding that stands for others', () => {
  it('is as grave as each of them', () => {
    const milder: string[] = [];
    let hidden = 0;
    for (const world of allWorlds()) {
      const { findings } = judge(world);
      for (const winner of new Set(findings.map(({ rule }) => rule.id))) {
        if (!WINNERS.has(winner)) continue;
        const told = findings.filter(({ rule }) => rule.id === winner);
        const gravest = Math.max(...told.map(({ severity }) => GRAVITY.indexOf(severity)));
        const known = new Set(findings.map(({ id }) => id));
        for (const one of judge(world, winner).findings) {
          if (known.has(one.id)) continue;
          hidden++;
          if (GRAVITY.indexOf(one.severity) > gravest)
            milder.push(`${world.name}: ${told.map(show).join(' | ')} hides ${show(one)}`);
        }
      }
    }
    assert.ok(hidden > 100, `${hidden} hidden`);
    assert.deepEqual(milder, []);
  });
});
