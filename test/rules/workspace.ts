/** The fixtures of all rules, and the files that each of their tests is about. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { readFixtures, takeExpectations } from '../../scripts/fixtures.mjs';

export type Files = ReadonlyMap<string, string>;
export type Fixture = ReturnType<typeof readFixtures>[number];

const FOLDER = 'test/rules';
const PRELUDES = new Map(readFixtures(readFileSync(`${FOLDER}/_mesh.md`, 'utf8')).map((test) => [test.title, test]));

/** The tests of each rule. */
export const FIXTURES = fixturesIn(FOLDER);

/** The tests of each id outside the catalogue. */
export const OWN_FIXTURES = fixturesIn(`${FOLDER}/own`);

/** The tests in the files of a folder, by the files' names. */
function fixturesIn(folder: string): ReadonlyMap<string, readonly Fixture[]> {
  const files = readdirSync(folder).filter((file) => file.endsWith('.md') && !file.startsWith('_'));
  return new Map(
    files.sort().map((file) => [file.slice(0, -3), readFixtures(readFileSync(`${folder}/${file}`, 'utf8'))]),
  );
}

export interface Expectation {
  readonly file: string;
  readonly line: number;
  readonly severity: string;
  readonly rule: string;
  readonly message: string;
}

interface Workspace {
  readonly files: Files;
  readonly expected: readonly Expectation[];
  /** Places that findings are related to. */
  readonly beside: readonly Expectation[];
}

/** The files of a test, with those that it includes, and what is expected in them. */
export function workspace(test: Fixture): Workspace {
  const files = new Map<string, string>();
  const expected: Expectation[] = [];
  const beside: Expectation[] = [];
  const included = test.includes.flatMap((name) => {
    const prelude = PRELUDES.get(name);
    assert.ok(prelude, `no prelude ${name}`);
    return prelude.files;
  });
  for (const { path, text } of [...included, ...test.files]) {
    const taken = takeExpectations(text);
    files.set(path, taken.text);
    for (const one of taken.expected) expected.push({ ...one, file: path });
    for (const one of taken.beside) beside.push({ ...one, file: path });
  }
  for (const path of test.without) assert.ok(files.delete(path), `nothing to leave out at ${path}`);
  return { files, expected, beside };
}
