/** Guards the manners: sizes, names, a purpose for every file, nothing left unfinished, nothing of the author's machine. */
import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { codeFiles, type ProjectFile, projectFiles, sourceFiles } from './project-files.ts';

const LINES = 400;

/** What these tests look for stands in them. */
function isHouseTest({ path }: ProjectFile): boolean {
  return path.startsWith('test/house/');
}

/** The places, as `path:line`, where a pattern matches. */
function places(files: readonly ProjectFile[], pattern: RegExp): readonly string[] {
  return files
    .filter((file) => !isHouseTest(file))
    .flatMap(({ path, text }) =>
      text.split('\n').flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}`] : [])),
    );
}

describe('manners', () => {
  it(`no file with code has more than ${LINES} lines`, () => {
    const long = codeFiles()
      .map(({ path, text }) => ({ path, lines: text.split('\n').length }))
      .filter(({ lines }) => lines > LINES);
    assert.deepEqual(long, []);
  });

  it('names are kebab-case', () => {
    const kebab = /^[a-z0-9]+(-[a-z0-9]+)*$/;
    const odd = codeFiles().filter(({ path }) => {
      const folders = path.split('/').slice(0, -1);
      const [name = ''] = basename(path).split('.');
      return ![...folders, name].every((part) => kebab.test(part));
    });
    assert.deepEqual(
      odd.map(({ path }) => path),
      [],
    );
  });

  it('names say what is inside', () => {
    const vague = codeFiles().filter(({ path }) => /(^|[/-])(utils?|helpers?|common|misc|stuff)([/.-]|$)/.test(path));
    assert.deepEqual(
      vague.map(({ path }) => path),
      [],
    );
  });

  it('every source file starts with the sentence that says its purpose', () => {
    const silent = sourceFiles().filter(
      ({ text }) => !/^\/\*\*\s+[^@\s](?:(?!\*\/)[\s\S])*[.:](?:(?!\*\/)[\s\S])*\*\//.test(text),
    );
    assert.deepEqual(
      silent.map(({ path }) => path),
      [],
    );
  });

  it('no module only passes on what others export', () => {
    assert.deepEqual(places(sourceFiles(), /^export \* from/), []);
  });

  it('nothing is left unfinished', () => {
    const unfinished =
      /\b(TODO|FIXME|XXX)\b|@ts-(ignore|nocheck)|\b(it|describe)\.(only|skip)\(|\bx(it|describe)\(|this\.skip\(/;
    assert.deepEqual(places(codeFiles(), unfinished), []);
  });

  it('nothing speaks of the machine it was written on', () => {
    assert.deepEqual(places(projectFiles(), /(^|[\s'"`(=])\/work\/|\.\.\/shared\/|\/home\/\w+\/|\/Users\/\w+\//), []);
  });
});
