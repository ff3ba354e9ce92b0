/**
 * Fixes finish the job: what must hold for a fix (`fix-checks.ts`) holds for every one that is offered anywhere in the fixtures, also where
 * there is one more cluster.
 */
import { checkAll, checkFix } from './fix-checks.ts';
import { judge } from './judge.ts';
import { FIXTURES, type Files, workspace } from './workspace.ts';

/** Clusters that have the same defect together: what one of them then has shows that the others lack it. */
const TOLD_TOGETHER: ReadonlySet<string> = new Set(['mesh-networks-ineffective: No label anywhere']);

/** The files with a further cluster that is as the blamed one; undefined where there are more than two clusters, or others. */
function withNorth(files: Files, blamed: string): Files | undefined {
  const like = /(?<!east-)\b(east|west)\b(?!-west)/.exec(blamed)?.[1];
  if (like === undefined || [...files.keys()].some((file) => file.includes('north'))) return undefined;
  const own = like === 'east' ? /\beast\b(?!-west)/g : /(?<!east-)\bwest\b/g;
  const all = new Map(files);
  for (const [file, text] of files) {
    const path = file.replace(own, 'north');
    if (!all.has(path)) all.set(path, text.replace(own, 'north').replace(/\bnetwork2\b/g, 'network3'));
  }
  return all;
}

describe('fixes', () => {
  let made = 0;
  for (const [rule, tests] of FIXTURES) {
    describe(rule, () => {
      for (const test of tests) {
        const { files } = workspace(test);
        it(test.title, () => {
          const snapshot = judge(files, test.version);
          const offered = snapshot.findings.flatMap((finding) => finding.fixes().map((fix) => ({ finding, fix })));
          if (offered.length === 0) return;
          for (const { finding, fix } of offered) {
            checkFix(files, snapshot, finding, fix, test.version);
            made++;
          }
          for (const unsafe of [false, true]) checkAll(files, test.version, unsafe);
        });
        it(`${test.title}, with one more cluster`, () => {
          const [blamed] = judge(files, test.version).findings;
          const more = blamed && withNorth(files, blamed.location.file);
          if (more === undefined || TOLD_TOGETHER.has(`${rule}: ${test.title}`)) return;
          const snapshot = judge(more, test.version);
          for (const finding of snapshot.findings) {
            for (const fix of finding.fixes()) checkFix(more, snapshot, finding, fix, test.version);
          }
          for (const unsafe of [false, true]) checkAll(more, test.version, unsafe);
        });
      }
    });
  }
  after(() => console.log(`      ${made} fixes made and checked, in three writings`));
});
