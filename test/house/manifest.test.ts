/** Guards package.json: exact versions, everything bundled, what VS Code and npm need to start us. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';

interface Manifest {
  readonly version: string;
  readonly main: string;
  readonly icon: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly engines: Readonly<Record<string, string>>;
  readonly activationEvents: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;

describe('package.json', () => {
  it('fixes every version', () => {
    const loose = Object.entries(manifest.devDependencies).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version));
    assert.deepEqual(loose, []);
  });

  it('has no dependencies at run time: they are bundled', () => {
    assert.equal(manifest.dependencies, undefined);
  });

  it('asks for the VS Code whose types we use', () => {
    assert.equal(manifest.engines.vscode, `^${manifest.devDependencies['@types/vscode']}`);
  });

  it('tells VS Code when to start us', () => {
    assert.ok(manifest.activationEvents.length > 0);
    assert.equal(manifest.main, './dist/client.cjs');
  });

  it('gives the command its contracted name', () => {
    assert.deepEqual(manifest.bin, { 'ambient-multicluster': 'dist/cli.cjs' });
  });

  it('names only scripts and pictures that exist', () => {
    const scripts = Object.values(manifest.scripts).flatMap((script) => script.match(/scripts\/[\w-]+\.mjs/g) ?? []);
    assert.deepEqual(
      [...scripts, manifest.icon].filter((path) => !existsSync(path)),
      [],
    );
  });

  it('has a reason in CONTRIBUTING.md for every dependency', () => {
    const reasons = readFileSync('CONTRIBUTING.md', 'utf8');
    const unexplained = Object.keys(manifest.devDependencies).filter((name) => !reasons.includes(`\`${name}\``));
    assert.deepEqual(unexplained, []);
  });

  it('has its version at the top of the changelog', () => {
    const [, version] = /^## \[?(\d+\.\d+\.\d+)/m.exec(readFileSync('CHANGELOG.md', 'utf8')) ?? [];
    assert.equal(version, manifest.version);
  });
});
