/**
 * However YAML is written, the same is found, and a fix makes the same of it: in one line, with quoted keys, with comments everywhere, with
 * aliases. Each fixture is written in one other way in turn; `WRITINGS=all` writes it in every way.
 */
import assert from 'node:assert/strict';
import type { Snapshot } from '../../server/src/engine/snapshot.ts';
import { losses } from './intact.ts';
import { fixed, judge } from './judge.ts';
import { FIXTURES, type Files, workspace } from './workspace.ts';
import { meaning, WRITINGS, written } from './writings.ts';

function found({ findings }: Snapshot): readonly string[] {
  return findings.map(({ rule, severity, id }) => `${severity} ${rule.id} ${id}`).sort();
}

/** Comments of what stays. Those of what a fix removes or replaces as a whole go with it. */
function lost(before: Files, after: Files): readonly string[] {
  return [...before].flatMap(([file, text]) =>
    losses(text, after.get(file) ?? '')
      .filter((loss) => !loss.startsWith('comment'))
      .map((loss) => `${file}: ${loss}`),
  );
}

describe('YAML in other writings', () => {
  const names = Object.keys(WRITINGS);
  let turn = 0;
  let made = 0;
  const refused: string[] = [];
  for (const [rule, tests] of FIXTURES) {
    for (const test of tests) {
      const chosen = process.env.WRITINGS === 'all' ? names : [names[turn++ % names.length] as string];
      for (const name of chosen) {
        it(`${rule}: ${test.title}, ${name}`, () => {
          const { files } = workspace(test);
          const other = written(files, WRITINGS[name] as (typeof WRITINGS)[string]);
          const [plain, odd] = [judge(files, test.version), judge(other, test.version)];
          assert.deepEqual(found(odd), found(plain));
          for (const { id, fixes } of plain.findings) {
            const others = odd.findings.filter((one) => one.id === id).flatMap((one) => one.fixes());
            for (const fix of fixes()) {
              const same = others.find(({ title }) => title === fix.title);
              assert.ok(same, `no “${fix.title}”`);
              const [after, oddAfter] = [fixed(files, plain, fix), fixed(other, odd, same)];
              assert.ok(after);
              if (oddAfter === undefined) {
                refused.push(`“${fix.title}” ${name}`);
                continue;
              }
              made++;
              assert.deepEqual(meaning(oddAfter), meaning(after), fix.title);
              assert.deepEqual(lost(other, oddAfter), [], fix.title);
            }
          }
        });
      }
    }
  }
  it('can nearly all be fixed: what an alias repeats elsewhere may not be removed', () => {
    for (const fix of refused) assert.match(fix, /^“Remove .* with aliases$/);
    assert.ok(made > 100 && refused.length <= 3, `${made} fixes, but not ${refused.join(', ')}`);
  });
  after(() => console.log(`      ${made} fixes made in other writings, each with the same result`));
});
