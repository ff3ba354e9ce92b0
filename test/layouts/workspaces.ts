/** Reads the fixtures of layouts: whole workspaces, made of files that are written out, parts that many share, and changes to them. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type Fixture, readFixtures, takeExpectations } from '../../scripts/fixtures.mjs';

export const FOLDER = 'test/layouts';

/** The fence that lists the clusters, one a line. */
const CLUSTERS = 'clusters';

export type Files = ReadonlyMap<string, string>;

export interface Workspace {
  readonly title: string;
  readonly files: Files;
  /** `file:line rule`, in order. */
  readonly expected: readonly string[];
}

export interface LayoutFixture {
  readonly clusters: readonly string[];
  readonly sound: Workspace;
  /** Each stands on the sound one. */
  readonly defects: readonly Workspace[];
}

/** @param name that of the file, without `.md` */
export function readLayout(name: string): LayoutFixture {
  const [first, ...others] = readFixtures(readFileSync(`${FOLDER}/${name}.md`, 'utf8'));
  assert.ok(first, name);
  const { text } = first.files.find(({ path }) => path === CLUSTERS) ?? { text: '' };
  const sound = workspace(first, new Map());
  return {
    clusters: text.split('\n').filter((line) => line !== ''),
    sound,
    defects: others.map((test) => workspace(test, sound.files)),
  };
}

function workspace(test: Fixture, base: Files): Workspace {
  const files = new Map(base);
  const expected: string[] = [];
  for (const path of test.without) assert.ok(files.delete(path), `nothing to leave out at ${path}`);
  for (const [path, text] of partsOf(test)) files.set(path, text);
  for (const { path, text, language } of test.files) {
    if (path === CLUSTERS) continue;
    const taken = takeExpectations(language === 'diff' ? changed(files.get(path) ?? '', text, path) : text);
    files.set(path, taken.text);
    for (const { line, rule } of taken.expected) expected.push(`${path}:${line + 1} ${rule}`);
  }
  return { title: test.title, files, expected: expected.sort() };
}

const PARTS: ReadonlyMap<string, string> = new Map(
  readFixtures(readFileSync(`${FOLDER}/_parts.md`, 'utf8')).map(({ title, files }) => [title, files[0]?.text ?? '']),
);

/** `Part: istio-system(network1) + sample at clusters/east/mesh.yaml` is a file of two parts. */
function* partsOf({ prose }: Fixture): Generator<readonly [string, string]> {
  for (const line of prose) {
    const [, parts, path] = /^Part: (.+) at (\S+)$/.exec(line) ?? [];
    if (parts === undefined || path === undefined) continue;
    yield [path, parts.split(' + ').map(part).join('---\n')];
  }
}

function part(call: string): string {
  const [, name = '', list = ''] = /^([\w-]+)(?:\((.*)\))?$/.exec(call.trim()) ?? [];
  const text = PARTS.get(name);
  assert.ok(text !== undefined, `no part is called ${call}`);
  const values = list.split(',').map((value) => value.trim());
  return text.replace(/\$(\d)/g, (_, index: string) => {
    const value = values[Number(index) - 1];
    assert.ok(value, `${call} lacks argument ${index}`);
    return value;
  });
}

/**
 * A text with the hunks of a `diff` fence applied: lines start with a space, `-` or `+`, `@@` stands between hunks. What a hunk takes
 * away, and the lines around that, must be there exactly once.
 */
function changed(text: string, diff: string, path: string): string {
  let lines = text.split('\n');
  for (const hunk of diff.split(/^@@.*\n/m)) {
    const marked = hunk.split('\n').filter((line) => line !== '');
    const before = marked.filter((line) => !line.startsWith('+')).map(withoutExpectation);
    const after = marked.filter((line) => !line.startsWith('-')).map((line) => line.slice(1));
    const places = lines.flatMap((_, at) => (before.every((line, i) => lines[at + i] === line) ? [at] : []));
    assert.equal(places.length, 1, `${path}: found ${places.length} times:\n${before.join('\n')}`);
    const [at = 0] = places;
    lines = [...lines.slice(0, at), ...after, ...lines.slice(at + before.length)];
  }
  return lines.join('\n');
}

function withoutExpectation(line: string): string {
  return takeExpectations(line.slice(1)).text;
}
