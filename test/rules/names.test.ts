/**
 * What is told depends on no cluster's place in the alphabet: in each fixture of two clusters the one that comes last is renamed to come
 * first. No error is new after a fix that is preferred there: none spreads what is wrong in one cluster.
 */
import assert from 'node:assert/strict';
import { newErrors } from './fix-checks.ts';
import { fixed, judge } from './judge.ts';
import { FIXTURES, type Files, workspace } from './workspace.ts';

const CLUSTER = /(?<!east-)\b(?:east|west|north)\b(?!-east)/;

/** `west` under a name that sorts before `east`; undefined where these are not the clusters. */
function turned(files: Files): Files | undefined {
  const clusters = new Set([...files.keys()].flatMap((file) => CLUSTER.exec(file)?.[0] ?? []));
  if (clusters.size !== 2 || clusters.has('north')) return undefined;
  const other = (text: string): string => text.replace(/(?<!east-)\bwest\b(?!-east)/g, 'abel');
  return new Map([...files].map(([file, text]) => [other(file), other(text)]));
}

describe('names of clusters', () => {
  for (const [rule, tests] of FIXTURES) {
    describe(rule, () => {
      for (const test of tests) {
        const { files, expected } = workspace(test);
        const other = turned(files);
        if (other === undefined) continue;
        it(test.title, () => {
          const snapshot = judge(other, test.version);
          const told = (all: readonly { severity: string; rule: string }[]) =>
            all.map((one) => `${one.severity}: ${one.rule}`).sort();
          assert.deepEqual(
            told(snapshot.findings.map(({ severity, rule: { id } }) => ({ severity, rule: id }))),
            told(expected),
          );
          for (const finding of snapshot.findings) {
            for (const fix of finding.fixes()) {
              // A network of its own asks for a gateway of its own.
              if (fix.preferred !== true || finding.rule.id === 'shared-network') continue;
              const changed = fixed(other, snapshot, fix);
              const fresh = changed && newErrors(snapshot, judge(changed, test.version));
              assert.deepEqual(fresh ?? [], [], `“${fix.title}” makes a new error`);
            }
          }
        });
      }
    });
  }
});
