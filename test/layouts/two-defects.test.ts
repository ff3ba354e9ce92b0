/**
 * Two defects at once in one mesh, however its repository is laid out: the preferred fixes, one after the other, mend both, and each can
 * be written over what the one before it has written. `ALL_DEFECTS=1` tries more pairs.
 */
import assert from 'node:assert/strict';
import type { PlacedFinding } from '../../server/src/engine/snapshot.ts';
import type { Fix } from '../../server/src/rules/rule.ts';
import { fixed, show } from '../rules/judge.ts';
import { DEFECTS, type Defect } from '../rules/single-defects.ts';
import type { Files } from '../rules/workspace.ts';
import { CLUSTERS, copy, installed, judge, loud, NO_DEFECTS } from './mesh-in-layouts.ts';
import { LAYOUTS } from './written-layouts.ts';

const PAIRS = process.env.ALL_DEFECTS === undefined ? 4 : 60;

/** As many fixes do for two defects, and for what they had hidden. */
const MOST_FIXES = 6;

/** The fix that is offered first; one that can be written nowhere is not offered. */
function offered(finding: PlacedFinding): Fix | undefined {
  return finding.fixes().find((fix) => fix.preferred === true && fix.edits().length > 0);
}

/** Numbers from 0 to below 1, the same in each run (Park and Miller). */
function* chance(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (state * 48_271) % 2_147_483_647;
    yield state / 2_147_483_647;
  }
}

describe('two defects in layouts', function () {
  this.timeout(60_000);
  for (const [number, layout] of LAYOUTS.entries()) {
    const correct = installed(layout.installedBy);
    const chances = chance((number + 1) * 104_729);
    const one = <T>(of: readonly T[]): T => of[Math.floor(chances.next().value * of.length)] as T;
    for (let pair = 0; pair < PAIRS; pair++) {
      const broken = copy(correct);
      const defects = [one(DEFECTS), one(DEFECTS)] as const;
      const clusters = [one(CLUSTERS), one(CLUSTERS)];
      const isPut = (defect: Defect, i: number): boolean =>
        !NO_DEFECTS.has(`${defect.name}: ${layout.name}`) && defect.put(broken, clusters[i] as string);
      // Two defects of one rule may leave no two clusters alike.
      if (defects[0].rule === defects[1].rule || clusters[0] === clusters[1] || !defects.every(isPut)) continue;
      it(`${layout.name}: ${defects.map(({ name }, i) => `${name} in ${clusters[i]}`).join(', and ')}`, () => {
        let files: Files = new Map([...layout.write(broken, correct)].map(([file, { text }]) => [file, text]));
        let snapshot = judge(files);
        assert.notEqual(loud(snapshot).length, 0);
        for (let fixes = 0; fixes < MOST_FIXES; fixes++) {
          const [fix] = loud(snapshot).flatMap((finding) => offered(finding) ?? []);
          if (fix === undefined) break;
          files = fixed(files, snapshot, fix) ?? assert.fail(`“${fix.title}” cannot be written`);
          snapshot = judge(files);
        }
        // Some defects, such as an old version, have no fix.
        const rules = new Set(defects.map(({ rule }) => rule));
        const left = loud(snapshot).filter((finding) => !rules.has(finding.rule.id) || offered(finding) !== undefined);
        assert.deepEqual(left.map(show), []);
      });
    }
  }
});
