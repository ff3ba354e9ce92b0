import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { nodeFiles, nodeFilesBy } from '../../server/src/host/node/node-files.ts';
import { MAX_FILE_BYTES } from '../../server/src/host/node/read-text.ts';
import type { FileRead, WorkspaceOptions } from '../../server/src/host/ports.ts';

const DEFAULTS: WorkspaceOptions = { include: ['**/*.yaml', '**/*.yml'], exclude: [] };

describe('host: reading a workspace', () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'workspace-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function write(files: Readonly<Record<string, string | Buffer>>): void {
    for (const [file, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), content);
    }
  }

  async function read(options: Partial<WorkspaceOptions> = {}, at = root): Promise<readonly FileRead[]> {
    const all: FileRead[] = [];
    for await (const batch of nodeFiles.workspace(at, { ...DEFAULTS, ...options }))
      for (const found of batch) if (!('listed' in found)) all.push(found);
    return all;
  }

  async function names(options: Partial<WorkspaceOptions> = {}, at = root): Promise<readonly string[]> {
    return (await read(options, at)).map(({ file }) => file);
  }

  it('reads what the globs take, hidden folders too, in order', async () => {
    write({ 'b/x.yaml': 'b: 1', 'a.yml': 'a: 1', 'c.json': '{}', '.hidden/d.yaml': 'd: 1', 'archive/e.yaml': 'e: 1' });
    assert.deepEqual(await names({ exclude: ['archive/**'] }), ['.hidden/d.yaml', 'a.yml', 'b/x.yaml']);
  });

  it('reads nothing where there is no folder', async () => {
    write({ 'a.yaml': 'a: 1' });
    for (const name of ['none', 'a.yaml', 'x'.repeat(300)]) assert.deepEqual(await names({}, join(root, name)), []);
  });

  it('takes endings in capitals for the same', async () => {
    write({ 'east/GATEWAY.YAML': 'a: 1', 'east/service.Yml': 'a: 1' });
    assert.deepEqual(await names(), ['east/GATEWAY.YAML', 'east/service.Yml']);
  });

  it('takes Kustomization, which has no ending, where it takes YAML', async () => {
    write({ 'west/Kustomization': '', 'old/Kustomization': '', 'west/My.Kustomization': '', Kustomization: '' });
    assert.deepEqual(await names({ include: ['west/**/*.yaml'] }), ['west/Kustomization']);
    assert.deepEqual(await names({ include: ['Kustomization'] }), ['Kustomization']);
  });

  it('lists files of JSON without reading them', async () => {
    write({ 'a/config.json': '{}', 'b.json': '{}', 'c/x.yaml': '', '.gitignore': 'b.json', 'archive/e.json': '{}' });
    const listed: string[] = [];
    for await (const batch of nodeFiles.workspace(root, { ...DEFAULTS, exclude: ['archive/**'] }))
      for (const found of batch) if ('listed' in found) listed.push(found.file);
    assert.deepEqual(listed, ['a/config.json']);
  });

  it('takes the globs relative to the folder of the configuration file', async () => {
    write({ 'x.yaml': '', 'y/x.yaml': '' });
    assert.deepEqual(await names({ include: ['clusters/east/y/*.yaml'], globBase: 'clusters/east/' }), ['y/x.yaml']);
  });

  it('never reads folders that hold no manifests of this mesh', async () => {
    write({
      '.git/x.yaml': '',
      'a/node_modules/x.yaml': '',
      'vendor/x.yaml': '',
      '.terraform/x.yaml': '',
      'tools/istio-1.30.2/manifests/x.yaml': '',
      'tools/istio-1.30.2/samples/x.yaml': '',
      'tools/istio-1.29.0/bin/istioctl': '',
      'tools/istio-1.29.0/x.yaml': '',
      'istio-1.30/istio.yaml': '',
    });
    assert.deepEqual(await names(), ['istio-1.30/istio.yaml']);
  });

  it('honours .gitignore: nested ones, exceptions, and those above the opened folder', async () => {
    write({
      '.git/HEAD': '',
      '.gitignore': 'rendered/\n*.secret.yaml\n/top.yaml\n',
      'top.yaml': '',
      'rendered/a.yaml': '',
      'app/x.secret.yaml': '',
      'app/top.yaml': '',
      'app/.gitignore': '!x.secret.yaml\nlocal.yaml\n',
      'app/local.yaml': '',
      'app/deep/local.yaml': '',
      'app/deep/y.secret.yaml': '',
      'local.yaml': '',
    });
    assert.deepEqual(await names(), ['app/top.yaml', 'app/x.secret.yaml', 'local.yaml']);
    assert.deepEqual(await names({}, join(root, 'app')), ['top.yaml', 'x.secret.yaml']);
    assert.deepEqual(await names({}, join(root, 'rendered')), ['a.yaml'], 'an ignored folder that is opened itself');
  });

  it('reads only what is asked for, and a file that is named whatever the globs say', async () => {
    write({ 'a/x.yaml': '', 'b/x.yaml': '', 'c/manifest.txt': 'c: 1' });
    assert.deepEqual(await names({ within: ['a', 'c/manifest.txt', 'a/x.yaml'] }), ['a/x.yaml', 'c/manifest.txt']);
  });

  it('follows links to targets inside of the workspace only, and ends in loops', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'outside-'));
    try {
      writeFileSync(join(outside, 'x.yaml'), '');
      write({ 'base/x.yaml': '', 'east/own.yaml': '', 'west/own.yaml': '', '.git/config.yaml': '' });
      symlinkSync('../base', join(root, 'east/base'));
      symlinkSync('../east', join(root, 'west/east'));
      symlinkSync('../west', join(root, 'east/west'));
      symlinkSync('..', join(root, 'base/up'));
      symlinkSync(outside, join(root, 'outside'));
      symlinkSync(join(outside, 'x.yaml'), join(root, 'outside.yaml'));
      symlinkSync('.git', join(root, 'git'));
      symlinkSync('nowhere.yaml', join(root, 'dangling.yaml'));
      symlinkSync('base/x.yaml', join(root, 'linked.yaml'));
      const found = await names();
      for (const file of ['base/x.yaml', 'east/base/x.yaml', 'linked.yaml', 'west/east/own.yaml']) {
        assert.ok(found.includes(file), file);
      }
      assert.ok(found.length < 30, `${found.length} files`);
      assert.deepEqual(
        found.filter((file) => /outside|git|dangling/.test(file)),
        [],
      );
    } finally {
      rmSync(outside, { recursive: true, force: true });
    }
  });

  it('reads text in UTF-8 and UTF-16, and says what it did not read', async () => {
    write({
      'a-bom.yaml': '\ufeffa: ü',
      'b-utf16le.yaml': Buffer.from('\ufeffa: ü', 'utf16le'),
      'c-utf16be.yaml': Buffer.from('\ufeffa: ü', 'utf16le').swap16(),
      'd-binary.yaml': Buffer.from([1, 0, 2, 255]),
      'e-large.yaml': Buffer.alloc(MAX_FILE_BYTES + 1, 'a'),
      'f-latin1.yaml': Buffer.from('a: x # \xfc', 'latin1'),
      'g-empty.yaml': '',
    });
    assert.deepEqual(await read(), [
      { file: 'a-bom.yaml', text: 'a: ü' },
      { file: 'b-utf16le.yaml', text: 'a: ü' },
      { file: 'c-utf16be.yaml', text: 'a: ü' },
      { file: 'd-binary.yaml', skipped: 'binary' },
      { file: 'e-large.yaml', skipped: 'too-large' },
      { file: 'f-latin1.yaml', text: 'a: x # \ufffd' },
      { file: 'g-empty.yaml', text: '' },
    ]);
  });

  it('passes over pipes and other things that are no files', async () => {
    write({ 'a.yaml': '' });
    execFileSync('mkfifo', [join(root, 'pipe.yaml')]);
    mkdirSync(join(root, 'folder.yaml'));
    symlinkSync('pipe.yaml', join(root, 'to-pipe.yaml'));
    assert.deepEqual(await names(), ['a.yaml']);
  });

  it('gives batches between which the event loop turns', async () => {
    write(Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`${i}.yaml`, 'x'.repeat(400 * 1024)])));
    const sizes = async (now: () => number): Promise<readonly number[]> => {
      const found: number[] = [];
      let turned = true;
      for await (const batch of nodeFilesBy(now).workspace(root, DEFAULTS)) {
        assert.ok(turned, `no turn before batch ${found.length}`);
        found.push(batch.length);
        turned = false;
        setImmediate(() => {
          turned = true;
        });
      }
      return found;
    };
    assert.deepEqual(await sizes(() => 0), [2, 2, 2, 2], 'as many as a batch may hold');
    let ms = 0;
    assert.deepEqual(await sizes(() => (ms += 5)), [2, 2, 2, 2], 'two steps of 5 ms fill a slice');
    assert.deepEqual(await sizes(() => (ms += 20)), [1, 1, 1, 1, 1, 1, 1, 1], 'a slow disk');
  });

  it('stops between two batches when it is told to', async () => {
    write(Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`${i}.yaml`, 'x'.repeat(400 * 1024)])));
    const abort = new AbortController();
    const sizes: number[] = [];
    for await (const batch of nodeFilesBy(() => 0).workspace(root, { ...DEFAULTS, signal: abort.signal })) {
      sizes.push(batch.length);
      if (sizes.length === 2) abort.abort();
    }
    assert.deepEqual(sizes, [2, 2]);
  });

  it('stamps files without reading them; the stamp is another one when a file was written', async () => {
    const later = nodeFilesBy(performance.now.bind(performance), () => Date.now() + 5_000);
    const stamps = async (files = later): Promise<readonly (readonly [string, unknown])[]> => {
      const [read, stamped]: [string, unknown][][] = [[], []];
      for await (const batch of files.workspace(root, { ...DEFAULTS, stamped: true }))
        for (const found of batch) read?.push([found.file, 'stamp' in found ? found.stamp : 'listed']);
      for await (const batch of files.stamps(root, DEFAULTS))
        for (const found of batch) stamped?.push([found.file, 'listed' in found ? 'listed' : found.stamp]);
      assert.deepEqual(stamped, read);
      return stamped ?? [];
    };
    write({ 'a/x.yaml': 'a: 1', 'b.json': '{}', 'c.yaml': Buffer.from([0, 0xff]), 'd/y.yaml': 'a: 1' });
    symlinkSync(join(root, 'd/y.yaml'), join(root, 'e.yaml'));
    const before = await stamps();
    assert.deepEqual(
      before.map(([file, stamp]) => [file, typeof stamp]),
      ['a/x.yaml', 'b.json', 'c.yaml', 'd/y.yaml', 'e.yaml'].map((file) => [file, 'string']),
    );
    assert.deepEqual(await stamps(), before);
    const { atime, mtime } = statSync(join(root, 'd/y.yaml'));
    write({ 'd/y.yaml': 'a: 2' });
    utimesSync(join(root, 'd/y.yaml'), atime, mtime);
    const after = await stamps();
    const changed = after.filter((entry, i) => entry[1] !== before[i]?.[1]).map(([file]) => file);
    assert.deepEqual(changed, ['d/y.yaml', 'e.yaml'], 'of the same size, and with the time of its change set back');
    // What was written just now may be written again within the same tick of the file system's clock.
    const fresh = await stamps(nodeFiles);
    assert.deepEqual(
      fresh.filter(([, stamp]) => stamp !== undefined),
      [['b.json', 'listed']],
    );
  });

  it('says of a single file whether it belongs to the workspace', async () => {
    write({ '.git/HEAD': '', '.gitignore': 'out/\n', 'a/.gitignore': 'x.yaml\n', 'a/y.yaml': '' });
    const includes = (file: string) => nodeFiles.includes(root, file, { ...DEFAULTS, exclude: ['b/**'] });
    assert.equal(await includes('a/y.yaml'), true);
    assert.equal(await includes('a/new.yaml'), true);
    assert.equal(await includes('a/x.yaml'), false);
    assert.equal(await includes('out/deep/x.yaml'), false);
    assert.equal(await includes('b/x.yaml'), false);
    assert.equal(await includes('vendor/x.yaml'), false);
    assert.equal(await includes('a/y.txt'), false);
  });

  it('finds the nearest configuration up to the root of the repository, and not above', async () => {
    const name = '.ambient-multicluster.yaml';
    write({ [name]: 'above: 1', 'repository/.git/HEAD': '', 'repository/a/b/x.yaml': '' });
    assert.equal(await nodeFiles.configuration(join(root, 'repository/a/b'), name), undefined);
    write({ [`repository/${name}`]: 'istioVersion: "1.30"' });
    assert.deepEqual(await nodeFiles.configuration(join(root, 'repository/a/b'), name), {
      file: `../../${name}`,
      text: 'istioVersion: "1.30"',
      globBase: 'a/b/',
    });
  });

  it('reads nothing outside of the workspace, whatever links say', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'outside-'));
    try {
      writeFileSync(join(outside, 'secret.yaml'), 'secret: 1');
      write({ 'a.yaml': '' });
      symlinkSync(join(outside, 'secret.yaml'), join(root, 'file.yaml'));
      symlinkSync(outside, join(root, 'folder'));
      assert.deepEqual(await names(), ['a.yaml']);
      assert.deepEqual(await names({ within: ['folder', 'file.yaml', 'a.yaml'] }), ['a.yaml']);
      for (const file of ['file.yaml', 'folder/secret.yaml']) {
        assert.deepEqual(await nodeFiles.file(root, file), { file, gone: true });
      }
      assert.deepEqual(await names({ within: ['folder'], named: true }), ['folder/secret.yaml'], 'the user named it');
      const name = '.ambient-multicluster.yaml';
      symlinkSync(join(outside, 'secret.yaml'), join(root, name));
      assert.deepEqual(await nodeFiles.configuration(root, name), { file: name, skipped: 'unreadable', globBase: '' });
    } finally {
      rmSync(outside, { recursive: true });
    }
  });

  it('waits for nothing where a pipe or a device stands for a file that it reads unasked', async () => {
    write({ 'a.yaml': '', 'b/c.yaml': '' });
    execFileSync('mkfifo', [join(root, '.gitignore'), join(root, '.ambient-multicluster.yaml')]);
    symlinkSync('/dev/zero', join(root, 'b/.gitignore'));
    assert.deepEqual(await names(), ['a.yaml', 'b/c.yaml']);
    const found = await nodeFiles.configuration(root, '.ambient-multicluster.yaml');
    assert.ok(found !== undefined && 'skipped' in found);
    assert.deepEqual(await nodeFiles.named('/dev/zero'), { file: '/dev/zero', skipped: 'unreadable' });
  });

  it('says of a file whose name is no text that it cannot be read', async () => {
    writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xff, 0xfe]), Buffer.from('.yaml')]), 'a: 1');
    assert.deepEqual(await read(), [{ file: '\ufffd\ufffd.yaml', skipped: 'unreadable' }]);
  });

  it('replaces files at once, keeping byte order marks, modes and links', async () => {
    write({ 'a.yaml': '\ufeffa: 1\r\n' });
    symlinkSync('a.yaml', join(root, 'link.yaml'));
    await nodeFiles.write(join(root, 'link.yaml'), 'a: 2\r\n', 'a: 1\r\n');
    assert.equal(readFileSync(join(root, 'a.yaml'), 'utf8'), '\ufeffa: 2\r\n');
    await assert.rejects(nodeFiles.write(join(root, 'a.yaml'), 'a: 3', 'a: 1'), /changed meanwhile/);
    await assert.rejects(nodeFiles.write(join(root, 'a.yaml'), 'a: 3', null), /exists already/);
    linkSync(join(root, 'a.yaml'), join(root, 'hard.yaml'));
    await nodeFiles.write(join(root, 'a.yaml'), 'a: 3\r\n', 'a: 2\r\n');
    assert.equal(readFileSync(join(root, 'hard.yaml'), 'utf8'), '\ufeffa: 3\r\n');
    assert.deepEqual(await names(), ['a.yaml', 'hard.yaml', 'link.yaml'], 'no temporary file is left');
  });
});
