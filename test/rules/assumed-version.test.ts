/**
 * Where nothing says the Istio version, the newest is assumed. A finding that an older version would not have, or would have with another
 * severity, says so in its message: the version decides.
 */
import assert from 'node:assert/strict';
import { Engine } from '../../server/src/engine/engine.ts';
import type { PlacedFinding } from '../../server/src/engine/snapshot.ts';
import { FIXTURES, type Files, workspace } from './workspace.ts';

/** Before and after the versions in which most changed. */
const OLDER = ['1.27', '1.29'];

/** What says a version in fixtures. */
const VERSION = /^\s*(?:tag|istioVersion): v?1\.\d+.*\n/gm;

function judge(files: Files, assumeIstioVersion?: string): readonly PlacedFinding[] {
  const engine = new Engine({
    configFile: '.ambient-multicluster.yaml',
    today: '2026-11-24',
    ...(assumeIstioVersion === undefined ? {} : { assumeIstioVersion }),
  });
  return engine.apply([...files].map(([file, text]) => ({ file, text }))).findings;
}

describe('the assumed version', () => {
  it('is said where it decides', () => {
    const silent: string[] = [];
    for (const [rule, tests] of FIXTURES) {
      for (const test of tests) {
        const stated = workspace(test);
        if (stated.expected.length === 0) continue;
        const files = new Map([...stated.files].map(([file, text]) => [file, text.replaceAll(VERSION, '')]));
        const findings = judge(files).filter((finding) => finding.rule.id === rule);
        const others = findings.length === 0 ? [] : OLDER.map((version) => judge(files, version));
        for (const finding of findings) {
          const same = ({ id, severity }: PlacedFinding) => id === finding.id && severity === finding.severity;
          if (others.every((older) => older.some(same)) || finding.message.includes('assumed')) continue;
          silent.push(`${rule}, ${test.title}: ${finding.message}`);
        }
      }
    }
    assert.deepEqual(silent, []);
  });
});
