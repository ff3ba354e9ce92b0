/** Files that are missing from a checkout, and files that may be somewhere else. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { nodeFiles } from '../../server/src/host/node/node-files.ts';

describe('host: a file that is not there', () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'checkout-'));
    write({ '.git/HEAD': 'ref: refs/heads/main\n', 'base/a.yaml': '' });
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function write(files: Readonly<Record<string, string>>): void {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    }
  }

  async function isMissed(file: string): Promise<boolean> {
    const read = await nodeFiles.file(root, file);
    return 'gone' in read && read.isMissed === true;
  }

  it('is missed in a checkout of git', async () => {
    assert.equal(await isMissed('base/b.yaml'), true);
    assert.equal(await isMissed('base/a.yaml'), false);
  });

  it('is missed in a work tree of its own, too', async () => {
    write({ 'tree/.git': `gitdir: ${join(root, '.git')}\n`, 'tree/base/a.yaml': '' });
    assert.equal(await isMissed('tree/base/b.yaml'), true);
  });

  it('is missed together with the folders that it would be in', async () => {
    assert.equal(await isMissed('other/folder/b.yaml'), true);
  });

  it('may be anywhere if there is no repository', async () => {
    rmSync(join(root, '.git'), { recursive: true });
    assert.equal(await isMissed('base/b.yaml'), false);
  });

  it('may be made by something if git ignores it, or the folder that it would be', async () => {
    write({ '.gitignore': '*.enc.yaml\n/base/made/\n', 'base/.gitignore': 'c.yaml\n' });
    for (const file of ['base/b.enc.yaml', 'base/made', 'base/made/of/b.yaml', 'base/c.yaml'])
      assert.equal(await isMissed(file), false, file);
    assert.equal(await isMissed('base/b.yaml'), true);
  });

  it('may be in a submodule, or outside of a sparse checkout', async () => {
    write({ '.gitmodules': '[submodule "b"]\n\tpath = base/b\n\turl = https://example.org/b\n' });
    assert.equal(await isMissed('base/b'), false);
    assert.equal(await isMissed('base/c'), true);
    write({ '.git/info/sparse-checkout': '/clusters/\n' });
    assert.equal(await isMissed('base/c'), false);
  });
});
