/**
 * Runs the fixtures of all rules: what is expected must be reported, and nothing else. Where a fixture holds the text after a fix, the
 * fix must give it. Every fix that is offered anywhere removes its finding and leaves YAML that parses with all its comments; a safe one
 * makes no new error. Neither line endings nor the order of files change a finding.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Engine } from '../../server/src/engine/engine.ts';
import type { PlacedFinding, Snapshot } from '../../server/src/engine/snapshot.ts';
import { RULES } from '../../server/src/rules/registry.ts';
import type { Fix } from '../../server/src/rules/rule.ts';
import { parseDocument } from '../../server/src/yaml/parse.ts';
import { splitDocuments } from '../../server/src/yaml/split.ts';
import { applyTextEdits, textEdits } from '../../server/src/yaml/text-edits.ts';
import { type Expectation, FIXTURES, type Files, workspace } from './workspace.ts';

const CONFIG_FILE = '.ambient-multicluster.yaml';

function judge(files: Files, version: string | undefined): Snapshot {
  const failures: unknown[] = [];
  const engine = new Engine({
    configFile: CONFIG_FILE,
    today: '2026-11-24',
    onRuleFailure: (rule, error) => failures.push([rule, error]),
    ...(version === undefined ? {} : { assumeIstioVersion: version }),
  });
  const snapshot = engine.apply([...files].map(([file, text]) => ({ file, text })));
  assert.deepEqual(failures, []);
  return snapshot;
}

function show({ severity, rule, location, message }: PlacedFinding): string {
  return `${location.file}:${location.range.start.line + 1}: ${severity}: [${rule.id}] ${message}`;
}

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

/** The workspace after a fix; undefined if it cannot be written. */
function fixed(files: Files, { documents }: Snapshot, fix: Fix): Files | undefined {
  const changes = textEdits(documents, fix.edits());
  if (changes === undefined) return undefined;
  const after = new Map(files);
  for (const change of changes) {
    after.set(
      change.file,
      'create' in change ? change.create : applyTextEdits(files.get(change.file) ?? '', change.edits),
    );
  }
  return after;
}

function parses(files: Files): boolean {
  return [...files.values()].every((text) =>
    splitDocuments(text).every((slice) => parseDocument(slice.text).problems.length === 0),
  );
}

/** Comments, which no fix may lose. */
function comments(files: Files): number {
  return [...files.values()].reduce((sum, text) => sum + text.split(' # ').length - 1, 0);
}

function checkFixes(files: Files, snapshot: Snapshot, version: string | undefined): number {
  let checked = 0;
  for (const finding of snapshot.findings) {
    for (const fix of finding.fixes()) {
      const after = fixed(files, snapshot, fix);
      assert.ok(after, `“${fix.title}” cannot be written`);
      assert.ok(parses(after), `“${fix.title}” leaves broken YAML`);
      assert.ok(comments(after) >= comments(files), `“${fix.title}” loses a comment`);
      const again = judge(after, version);
      assert.ok(
        !again.findings.some(({ id }) => id === finding.id),
        `“${fix.title}” leaves its finding: ${again.findings.map(show)}`,
      );
      const before = new Set(snapshot.findings.map(({ id }) => id));
      const errors = again.findings.filter(({ id, severity }) => severity === 'error' && !before.has(id));
      if (fix.safe) assert.deepEqual(errors.map(show), [], `“${fix.title}” makes a new error`);
      checked++;
    }
  }
  return checked;
}

describe('rules', () => {
  let fixes = 0;
  for (const [rule, tests] of FIXTURES) {
    describe(rule, () => {
      for (const test of tests) {
        it(test.title, () => {
          const { files, expected } = workspace(test);
          const snapshot = judge(files, test.version);
          compare(expected, snapshot.findings);
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
          fixes += checkFixes(files, snapshot, test.version);
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
  after(() => console.log(`      ${fixes} fixes made and checked`));

  it('each have a fixture with a case that is reported and one that is not', () => {
    for (const { id } of RULES) {
      const tests = (FIXTURES.get(id) ?? []).map(
        (test) => workspace(test).expected.filter((one) => one.rule === id).length,
      );
      assert.ok(tests.length >= 3, `${id} has ${tests.length} fixtures`);
      assert.ok(tests.includes(0) && tests.some((count) => count > 0), `${id}: reported and silent cases`);
    }
    assert.deepEqual(
      [...FIXTURES.keys()].filter((id) => !RULES.some((rule) => rule.id === id)),
      [],
    );
  });

  it('have ids that are their file names, sentences, and pages of Istio that state them', () => {
    for (const rule of RULES) {
      assert.match(rule.id, /^[a-z]+(?:-[a-z]+)+$/);
      assert.ok(readFileSync(`server/src/rules/${rule.id}.ts`, 'utf8').includes(`id: '${rule.id}'`));
      for (const text of [rule.summary, rule.why, rule.howToFix, rule.whenToSilence])
        assert.match(text, /^[A-Za-z].*\.$/s);
      assert.match(rule.docs, /^https:\/\/istio\.io\/latest\/docs\/ambient\//);
    }
    assert.equal(new Set(RULES.map(({ id }) => id)).size, RULES.length);
  });
});
