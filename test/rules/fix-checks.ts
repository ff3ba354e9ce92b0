/**
 * What must hold for every fix: the finding is gone, no error is new, the YAML parses, all that is not meant stays as it is written, with
 * every line ending and with a byte order mark, and a second time changes nothing.
 */
import assert from 'node:assert/strict';
import { fixDiff, fixWorld } from '../../server/src/cli/fix-world.ts';
import type { PlacedFinding, Snapshot } from '../../server/src/engine/snapshot.ts';
import type { Fix } from '../../server/src/rules/rule.ts';
import { SUBSUMPTIONS } from '../../server/src/rules/subsumptions.ts';
import { parseDocument } from '../../server/src/yaml/parse.ts';
import { splitDocuments } from '../../server/src/yaml/split.ts';
import { losses } from './intact.ts';
import { engineOf, fixed, judge, show } from './judge.ts';
import type { Files } from './workspace.ts';

const crlf = (text: string): string => text.replaceAll('\n', '\r\n');
const withMark = (text: string): string => `\ufeff${text}`;

function each(files: Files, change: (text: string) => string): Files {
  return new Map([...files].map(([file, text]) => [file, change(text)]));
}

function problems(files: Files): readonly string[] {
  return [...files].flatMap(([file, text]) =>
    splitDocuments(text).flatMap((slice) =>
      parseDocument(slice.text).problems.map(({ message }) => `${file}: ${message}`),
    ),
  );
}

function lost(before: Files, after: Files): readonly string[] {
  return [...before].flatMap(([file, text]) => losses(text, after.get(file) ?? '').map((loss) => `${file}: ${loss}`));
}

/** Errors that were not there. One that a finding before stood for is a cause of its own, and was there. */
export function newErrors(before: Snapshot, after: Snapshot): readonly string[] {
  const known = new Set(before.findings.map(({ id }) => id));
  const stoodFor = new Set(
    SUBSUMPTIONS.filter(({ winner }) => before.findings.some(({ rule }) => rule.id === winner)).flatMap(
      ({ losers }) => losers,
    ),
  );
  return after.findings
    .filter(({ id, rule, severity }) => severity === 'error' && !known.has(id) && !stoodFor.has(rule.id))
    .map(show);
}

/** The same fix of the same finding in another writing of the same files. */
function sameFix(snapshot: Snapshot, { id }: PlacedFinding, { title }: Fix): Fix {
  const found = snapshot.findings
    .filter((finding) => finding.id === id)
    .flatMap((finding) => finding.fixes())
    .find((fix) => fix.title === title);
  assert.ok(found, `no “${title}” in another writing`);
  return found;
}

export function checkFix(
  files: Files,
  snapshot: Snapshot,
  finding: PlacedFinding,
  fix: Fix,
  version: string | undefined,
): void {
  const name = `“${fix.title}”`;
  const after = fixed(files, snapshot, fix);
  assert.ok(after, `${name} cannot be written`);
  assert.notDeepEqual(after, files, `${name} changes nothing`);
  if (fix.onlyMeaning === true) {
    const changed = [...after].filter(([file, text]) => files.get(file) !== text).map(([file]) => file);
    // Of what several files say wrong an editor corrects that in the file at hand.
    const own = [
      finding.location,
      ...finding.related.filter(({ mirror }) => mirror !== undefined).map(({ location }) => location),
    ];
    const meant = new Set(own.map(({ file }) => file));
    assert.ok(
      changed.includes(finding.location.file) && changed.every((file) => meant.has(file)),
      `${name} is made unasked, and not in its own file only`,
    );
  }
  assert.deepEqual(problems(after), problems(files), `${name} leaves broken YAML`);
  assert.deepEqual(lost(files, after), [], `${name} loses something`);
  const again = judge(after, version);
  const left = again.findings.filter(({ id }) => id === finding.id);
  assert.deepEqual(left.map(show), [], `${name} leaves its finding`);
  assert.deepEqual(newErrors(snapshot, again), [], `${name} makes a new error`);
  for (const change of [crlf, withMark]) {
    const written = each(files, change);
    const other = judge(written, version);
    const otherAfter = fixed(written, other, sameFix(other, finding, fix));
    // A new file has the line endings of the others; whether it has a mark nobody cares.
    const expected: Files = new Map(
      [...after].map(([file, text]) => [file, files.has(file) || change === crlf ? change(text) : text]),
    );
    assert.deepEqual(otherAfter, expected, `${name} in another writing`);
  }
}

/** What `check --fix` makes of the files; the patch that `--diff` shows must be empty when there is nothing to do any more. */
export function checkAll(files: Files, version: string | undefined, unsafe: boolean): void {
  const choice = { only: [], skip: [] };
  const engine = engineOf(files, version);
  const before = engine.snapshot;
  const first = fixWorld({ engine }, choice, unsafe);
  const after = engine.snapshot;
  assert.equal(first.files.size > 0, first.fixes.length > 0);
  assert.equal(fixDiff(first) === '', first.fixes.length === 0);
  assert.deepEqual(newErrors(before, after), [], `--fix${unsafe ? ' --unsafe-fixes' : ''} makes a new error`);
  const second = fixWorld({ engine: engineOf(result(files, first.files), version) }, choice, unsafe);
  assert.equal(fixDiff(second), '', 'a second time changes something');
}

function result(files: Files, changed: ReturnType<typeof fixWorld>['files']): Files {
  return new Map([...files, ...[...changed].map(([file, { after }]) => [file, after] as const)]);
}
