/**
 * Runs the fixtures of all rules: what is expected must be reported, and nothing else. Where a fixture holds the text after a fix, the
 * fix must give it. Neither line endings nor the order of files change a finding. What holds for every fix is in `fixes.test.ts`.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { FINDING_IDS, OWN_RULES } from '../../server/src/engine/findings/own-rules.ts';
import type { PlacedFinding } from '../../server/src/engine/snapshot.ts';
import { RULES } from '../../server/src/rules/registry.ts';
import { fixed, judge, show } from './judge.ts';
import { type Expectation, FIXTURES, OWN_FIXTURES, workspace } from './workspace.ts';

function compare(expected: readonly Expectation[], findings: readonly PlacedFinding[]): void {
  const left = [...findings];
  const missing = expected.filter(({ file, line, severity, rule, message }) => {
    const index = left.findIndex(
      (finding) =>
        finding.location.file === file &&
        finding.location.range.start.line === line &&
        finding.rule.id === rule &&
        finding.severity === severity &&
        finding.message.includes(message),
    );
    if (index >= 0) left.splice(index, 1);
    return index < 0;
  });
  assert.deepEqual({ missing, unexpected: left.map(show) }, { missing: [], unexpected: [] });
}

/** The places beside findings that are expected: others may be related too. */
function compareBeside(beside: readonly Expectation[], findings: readonly PlacedFinding[]): void {
  const missing = beside.filter(
    ({ file, line, rule, message }) =>
      !findings.some(
        (finding) =>
          finding.rule.id === rule &&
          finding.related.some(
            (side) =>
              side.location.file === file && side.location.range.start.line === line && side.message.includes(message),
          ),
      ),
  );
  assert.deepEqual(missing, [], 'not told beside a finding');
}

describe('rules', () => {
  for (const [rule, tests] of [...FIXTURES, ...OWN_FIXTURES]) {
    describe(rule, () => {
      for (const test of tests) {
        it(test.title, () => {
          const { files, expected, beside } = workspace(test);
          const snapshot = judge(files, test.version);
          compare(expected, snapshot.findings);
          compareBeside(beside, snapshot.findings);
          const loud = snapshot.findings.filter(({ severity }) => severity === 'error' || severity === 'warning');
          assert.ok(loud.length <= test.defects, 'one cause, one finding: say `Defects: N` if there are several');
          if (/could not be read/.test(test.title)) assert.ok(snapshot.skipped.length > 0, 'all files are read');
          for (const { title, files: golden } of test.fixes) {
            const found = snapshot.findings
              .flatMap((finding) => finding.fixes())
              .find((fix) => fix.title.includes(title));
            assert.ok(
              found,
              `no fix “${title}” among ${snapshot.findings.flatMap((finding) => finding.fixes().map((fix) => fix.title))}`,
            );
            const after = fixed(files, snapshot, found);
            for (const { path, text } of golden) assert.equal(after?.get(path), text, path);
          }
          const crlf = new Map([...files].map(([file, text]) => [file, text.replaceAll('\n', '\r\n')]));
          const windows = judge(crlf, test.version).findings;
          assert.deepEqual(windows.map(show), snapshot.findings.map(show), 'CRLF changes the findings');
          assert.deepEqual(
            windows.map(({ id }) => id),
            snapshot.findings.map(({ id }) => id),
            'CRLF changes identities',
          );
          const turned = judge(new Map([...files].reverse()), test.version).findings;
          assert.deepEqual(turned.map(show), snapshot.findings.map(show), 'the order of files changes the findings');
        });
      }
    });
  }

  it('have ids that are their file names, sentences, and pages of Istio that state them', () => {
    for (const rule of RULES) {
      assert.match(rule.id, /^[a-z]+(?:-[a-z]+)+$/);
      assert.ok(readFileSync(`server/src/rules/${rule.id}.ts`, 'utf8').includes(`id: '${rule.id}'`));
      for (const text of [rule.summary, rule.why, rule.howToFix, rule.whenToSilence])
        assert.match(text, /^[A-Za-z].*\.$/s);
      assert.match(rule.docs, /^https:\/\/istio\.io\/latest\/docs\/ambient\//);
    }
    assert.equal(new Set(FINDING_IDS).size, FINDING_IDS.length);
  });

  it('have pages, and so has whatever else a finding can be of', () => {
    for (const { id, summary, why, howToFix, whenToSilence } of OWN_RULES) {
      assert.ok(OWN_FIXTURES.get(id)?.length, id);
      for (const text of [summary, why, howToFix, whenToSilence]) assert.match(text, /^[A-Za-z].*\.$/s);
    }
    const pages = readdirSync('docs/rules').map((file) => file.replace('.md', ''));
    assert.deepEqual(pages.sort(), [...FINDING_IDS, 'README'].sort());
  });
});
