/** Files and URIs: what the client names stays in the folder, however it is written. */
import assert from 'node:assert/strict';
import { fileOf, uriOf } from '../../server/src/lsp/folder.ts';

const FOLDER = { uri: 'file:///a/b', root: '/a/b' };

describe('the files of a folder', () => {
  it('are those below it', () => {
    assert.equal(fileOf(FOLDER, 'file:///a/b/c/d%20e.yaml'), 'c/d e.yaml');
    assert.equal(fileOf(FOLDER, 'file:///a/bc/d.yaml'), undefined);
  });

  const out = ['../x.yaml', 'c/../../x.yaml', '%2e%2e/x.yaml', 'c%2f..%2f..%2fx.yaml', '..%5cx.yaml', '..'];
  for (const path of out) {
    it(`are not ${path}`, () => assert.equal(fileOf(FOLDER, `file:///a/b/${path}`), undefined));
  }

  it('have URIs that hold any name', () => {
    const file = 'a\n#?%\u202e/\ud800.yaml';
    assert.match(uriOf(FOLDER, file), /^file:\/\/\/a\/b\/[\w%./]+$/);
  });
});
