import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder, nodeCache } from '../../server/src/host/node/node-cache.ts';

describe('the cache', () => {
  let base: string;
  let folder: string;
  let program: string;

  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), 'cache-'));
    folder = join(base, 'below', 'ambient-multicluster');
    program = join(base, 'program.cjs');
    writeFileSync(program, 'first');
  });

  afterEach(() => rmSync(base, { recursive: true, force: true }));

  const files = (): string[] => readdirSync(folder).sort();

  it('keeps what it is given, under its name', async () => {
    const cache = nodeCache(folder, program);
    assert.equal(await cache.get('a'), undefined);
    await cache.set('a', 'text\nof a');
    await cache.set('b', '');
    assert.deepEqual([await cache.get('a'), await cache.get('b'), await cache.get('c')], ['text\nof a', '', undefined]);
    await cache.set('a', 'another');
    assert.equal(await nodeCache(folder, program).get('a'), 'another');
  });

  it('is for the user alone', async () => {
    await nodeCache(folder, program).set('a', 'text');
    const [file = ''] = files();
    const modes = [folder, join(folder, file)].map((path) => statSync(path).mode & 0o777);
    // Windows knows no such modes; the folder is the user's own there.
    if (process.platform !== 'win32') assert.deepEqual(modes, [0o700, 0o600]);
  });

  it('gives nothing that another build of the program has kept', async () => {
    await nodeCache(folder, program).set('a', 'text');
    writeFileSync(program, 'second, longer');
    assert.equal(await nodeCache(folder, program).get('a'), undefined);
    assert.equal(await nodeCache(folder, join(base, 'other.cjs')).get('a'), undefined);
  });

  it('gives nothing that is damaged, wherever it was cut or changed', async () => {
    const cache = nodeCache(folder, program);
    await cache.set('a', 'a text of some length');
    const path = join(folder, files()[0] ?? '');
    const whole = readFileSync(path);
    for (let length = 0; length < whole.length; length++) {
      writeFileSync(path, whole.subarray(0, length));
      assert.equal(await cache.get('a'), undefined, `cut after ${length} bytes`);
      const changed = Buffer.from(whole);
      changed[length] = (changed[length] ?? 0) ^ 1;
      writeFileSync(path, changed);
      assert.equal(await cache.get('a'), undefined, `byte ${length} changed`);
    }
    writeFileSync(path, whole);
    assert.equal(await cache.get('a'), 'a text of some length');
  });

  it('waits for no pipe in the place of an entry', async () => {
    if (process.platform === 'win32') return; // there are none
    const cache = nodeCache(folder, program);
    await cache.set('a', 'text');
    const path = join(folder, files()[0] ?? '');
    rmSync(path);
    execFileSync('mkfifo', [path]);
    assert.equal(await cache.get('a'), undefined);
  });

  it('does without a folder that cannot be made or written', async () => {
    writeFileSync(join(base, 'file'), '');
    const cache = nodeCache(join(base, 'file', 'folder'), program);
    await cache.set('a', 'text');
    assert.equal(await cache.get('a'), undefined);
  });

  it('does without a folder where nothing can be made', async () => {
    for (const below of ['/proc', '/proc/cache']) {
      const cache = nodeCache(join(below, 'folder'), program);
      await cache.set('a', 'text');
      assert.equal(await cache.get('a'), undefined);
    }
  });

  it('leaves nothing behind when a text cannot take its place', async () => {
    const cache = nodeCache(folder, program);
    await cache.set('a', 'text');
    const path = join(folder, files()[0] ?? '');
    rmSync(path);
    mkdirSync(join(path, 'in the way'), { recursive: true });
    await cache.set('a', 'text');
    assert.deepEqual(
      files().filter((name) => name.endsWith('.tmp')),
      [],
    );
    assert.equal(await cache.get('a'), undefined);
  });

  it('removes what a killed program left half written, once it is old', async () => {
    const cache = nodeCache(folder, program);
    mkdirSync(folder, { recursive: true });
    for (const name of ['old.tmp', 'new.tmp']) writeFileSync(join(folder, name), 'half');
    const long = new Date(Date.now() - 2 * 60 * 60 * 1000);
    utimesSync(join(folder, 'old.tmp'), long, long);
    await cache.set('a', 'text');
    assert.deepEqual(
      files().filter((name) => name.endsWith('.tmp')),
      ['new.tmp'],
    );
  });

  it('keeps the newest of many, and what is used counts as new', async () => {
    const cache = nodeCache(folder, program);
    await cache.set('used', 'text');
    const old = new Date(Date.now() - 60_000);
    utimesSync(join(folder, files()[0] ?? ''), old, old);
    assert.equal(await cache.get('used'), 'text');
    for (let i = 0; i < 100; i++) {
      await cache.set(`entry ${i}`, 'text');
      if (i % 10 === 0) assert.equal(await cache.get('used'), 'text');
    }
    assert.equal(files().length, 64);
    assert.deepEqual([await cache.get('entry 99'), await cache.get('entry 5')], ['text', undefined]);
  });

  it('is shared by programs that write at the same time', async () => {
    const texts = Array.from({ length: 20 }, (_, i) => `${i} `.repeat(10_000));
    await Promise.all(texts.map((text) => nodeCache(folder, program).set('a', text)));
    assert.ok(texts.includes((await nodeCache(folder, program).get('a')) ?? ''));
    assert.equal(files().length, 1);
  });

  it('lies where the system keeps such things', () => {
    assert.equal(cacheFolder({ HOME: '/h' }, 'linux'), '/h/.cache/ambient-multicluster');
    assert.equal(cacheFolder({ HOME: '/h', XDG_CACHE_HOME: '/c' }, 'linux'), '/c/ambient-multicluster');
    assert.equal(cacheFolder({ HOME: '/u' }, 'darwin'), '/u/Library/Caches/ambient-multicluster');
    assert.equal(cacheFolder({ XDG_CACHE_HOME: 'relative', HOME: '/h' }, 'linux'), undefined);
    assert.equal(cacheFolder({}, 'linux'), undefined);
    assert.equal(cacheFolder({}, 'win32'), undefined);
  });
});
