/** Guards what the pipelines of users run: the hook of pre-commit, the action, and the npm package. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readAction, readHooks } from './ci-files.ts';

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly bin: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
};

describe('.pre-commit-hooks.yaml', () => {
  it('runs our command over the whole repository whenever YAML changes', () => {
    const hooks = readHooks();
    assert.deepEqual(
      hooks.map(({ id, language, pass_filenames }) => [id, language, pass_filenames]),
      [['ambient-multicluster', 'node', false]],
    );
    for (const { entry, files } of hooks) {
      assert.ok(Object.hasOwn(manifest.bin, entry.split(' ')[0] ?? ''));
      const pattern = new RegExp(files);
      assert.ok(['a.yaml', 'clusters/east/b.yml', '.ambient-multicluster.yaml'].every((file) => pattern.test(file)));
      assert.ok(!['README.md', 'yaml.md', 'a.yaml.bak'].some((file) => pattern.test(file)));
    }
  });

  it('gets a package that is built without a word on standard output', () => {
    assert.equal(manifest.scripts.prepack, manifest.scripts.build);
    assert.match(readFileSync('.npmrc', 'utf8'), /^foreground-scripts=false$/m);
  });
});

describe('action.yml', () => {
  const text = readFileSync('action.yml', 'utf8');
  const { inputs, outputs, runs } = readAction();

  it('is a composite action whose scripts say their shell', () => {
    assert.equal(runs.using, 'composite');
    assert.deepEqual(
      runs.steps.filter(({ run, shell }) => run !== undefined && shell !== 'bash').map(({ name }) => name),
      [],
    );
  });

  it('puts no expression into a script: what it inserts would be run', () => {
    const unsafe = runs.steps.filter(({ run }) => run?.includes('${{'));
    assert.deepEqual(
      unsafe.map(({ name }) => name),
      [],
    );
  });

  it('uses every input that it declares, and no other one', () => {
    const used = new Set([...text.matchAll(/\binputs\.([\w-]+)/g)].map(([, name = '']) => name));
    assert.deepEqual([...used].sort(), Object.keys(inputs).sort());
    assert.ok(Object.values(inputs).every((input) => input.description !== '' && typeof input.default === 'string'));
  });

  it('speaks only of steps that come before', () => {
    const known = new Set<string>();
    for (const step of runs.steps) {
      for (const [, id = ''] of (step.if ?? '').matchAll(/\bsteps\.([\w-]+)/g)) assert.ok(known.has(id), id);
      if (step.id !== undefined) known.add(step.id);
    }
    for (const { value } of Object.values(outputs)) {
      for (const [, id = ''] of value.matchAll(/\bsteps\.([\w-]+)/g)) assert.ok(known.has(id), id);
    }
  });

  it('names the commit of every action that it uses, and the version that it is', () => {
    const used = runs.steps.flatMap(({ uses }) => uses ?? []);
    for (const action of used) {
      assert.match(action, /^[\w-]+\/[\w/-]+@[0-9a-f]{40}$/);
      assert.match(text.split(`${action} `)[1] ?? '', /^# v\d+\.\d+\.\d+\n/);
    }
    assert.ok(used.some((action) => action.startsWith('github/codeql-action/upload-sarif@')));
  });

  it('does not fail where nothing may be uploaded', () => {
    const upload = runs.steps.find(({ uses }) => uses?.includes('upload-sarif'));
    assert.equal(upload?.['continue-on-error'], true);
  });

  it('uploads what was written, also when the check fails', () => {
    const upload = runs.steps.find(({ uses }) => uses?.includes('upload-sarif'));
    assert.match(upload?.if ?? '', /!cancelled\(\).*steps\.check\.outputs\.written == 'true'/);
    assert.match(upload?.with?.sarif_file ?? '', /^\$\{\{ inputs\.sarif-file \}\}$/);
  });
});

describe('the npm package', () => {
  it('has a list of what goes into it, schemas and rule pages among it', () => {
    const [first, ...kept] = readFileSync('.npmignore', 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    assert.equal(first, '*', 'nothing that is not named');
    for (const pattern of ['!dist/cli.cjs', '!dist/notices.txt', '!docs/rules/*.md', '!schemas/*.json']) {
      assert.ok(kept.includes(pattern), pattern);
    }
  });
});
