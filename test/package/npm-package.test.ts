/** Packs us as pre-commit does, installs the package, and runs the hook. No network: nothing is needed at run time. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import type { CheckJson } from '../../server/src/report/check-json.ts';
import { readHooks } from '../house/ci-files.ts';

/** Room for the bundle, the pages of the rules and the schemas. */
const MAXIMUM_BYTES = 600_000;

describe('the npm package', () => {
  let folder: string;
  let packed: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'npm-package-'));
    packed = npm('.', 'pack', '--pack-destination', folder);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function npm(cwd: string, ...args: readonly string[]): string {
    const { status, stdout, stderr } = spawnSync('npm', args, {
      cwd,
      encoding: 'utf8',
      shell: process.platform === 'win32',
    });
    assert.equal(status, 0, stderr);
    return stdout;
  }

  it('is packed with nothing but its name on standard output: pre-commit takes all of that for the name', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    assert.equal(packed, `ambient-multicluster-${version}.tgz\n`);
    assert.deepEqual(readdirSync(folder), [packed.trim()]);
  });

  it('holds what the command needs and people read, and nothing else', () => {
    const [{ files, size }] = JSON.parse(npm('.', 'pack', '--dry-run', '--json', '--ignore-scripts')) as readonly [
      { readonly files: readonly { readonly path: string }[]; readonly size: number },
    ];
    const paths = files.map(({ path }) => path);
    const expected =
      /^(package\.json|README\.md|CHANGELOG\.md|LICENSE|dist\/cli\.cjs|dist\/notices\.txt|schemas\/[\w.-]+\.json|docs\/(rules\/[\w-]+|several-folders)\.md)$/;
    assert.deepEqual(
      paths.filter((path) => !expected.test(path)),
      [],
    );
    const schemas = readdirSync('schemas').map((file) => `schemas/${file}`);
    for (const path of ['dist/cli.cjs', 'dist/notices.txt', 'LICENSE', 'docs/rules/shared-network.md', ...schemas]) {
      assert.ok(paths.includes(path), path);
    }
    assert.ok(size < MAXIMUM_BYTES, `${size} bytes`);
  });

  it('runs as the hook of pre-commit, with the pages of the rules beside it', () => {
    const prefix = join(folder, 'prefix');
    const flags = ['--global', '--offline', '--no-audit', '--no-fund', '--prefix', prefix];
    npm(folder, 'install', ...flags, join(folder, packed.trim()));
    const repository = join(folder, 'repository');
    cpSync('examples/waypoint-not-uniform', repository, { recursive: true });
    const [hook] = readHooks();
    const bin = process.platform === 'win32' ? prefix : join(prefix, 'bin');
    const run = (command: string, ...args: readonly string[]) =>
      spawnSync(command, args, {
        cwd: repository,
        encoding: 'utf8',
        env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` },
        shell: process.platform === 'win32',
      });
    const [command = '', ...args] = hook?.entry.split(' ') ?? [];
    const found = run(command, ...args);
    assert.equal(found.status, 1, found.stderr);
    assert.match(found.stdout, /^clusters\/west\/sample\.yaml:\d+:\d+: error: .*\[waypoint-not-uniform\]$/m);
    const { findings } = JSON.parse(run(command, ...args, '--format', 'json').stdout) as CheckJson;
    assert.equal(findings.length, 1);
    assert.match(run(command, 'explain', 'shared-network').stdout, /^# shared-network\n/);
    assert.equal(run(command, resolve('examples/correct')).status, 0);
  });
});
