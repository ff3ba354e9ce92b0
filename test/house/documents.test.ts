/** Guards the documents: what they point to is there. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { type ProjectFile, projectFiles } from './project-files.ts';

function documents(): readonly ProjectFile[] {
  return projectFiles().filter(({ path }) => path.endsWith('.md') && !path.startsWith('test/'));
}

describe('documents', () => {
  it('link only to files that exist', () => {
    const dead = documents().flatMap(({ path, text }) =>
      [...text.matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)/g)]
        .map(([, target = '']) => posix.join(posix.dirname(path), target))
        .filter((target) => !existsSync(target))
        .map((target) => `${path} links to ${target}`),
    );
    assert.deepEqual(dead, []);
  });

  it('name only places in the project that exist', () => {
    const dead = documents().flatMap(({ path, text }) =>
      [...text.matchAll(/`((?:client|docs|examples|scripts|server|syntaxes|test)\/[\w./-]*)`/g)]
        .map(([, target = '']) => target)
        .filter((target) => !existsSync(target))
        .map((target) => `${path} names ${target}`),
    );
    assert.deepEqual(dead, []);
  });
});
