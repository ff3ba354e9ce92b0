/** Runs the scripts of action.yml as a runner does: bash, inputs in the environment, a checkout. Needs `npm run build`. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import type { SarifLog } from '../../server/src/report/sarif/log.ts';
import { readAction } from '../house/ci-files.ts';

const { inputs, runs } = readAction();

interface Ran {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
  /** What the step wrote to GITHUB_OUTPUT. */
  readonly outputs: string;
}

describe('the action', () => {
  let folder: string;
  let workspace: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'action-'));
    workspace = join(folder, 'workspace');
    cpSync('examples/waypoint-not-uniform', join(workspace, 'deploy/mesh one'), { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs one step; expressions in its environment become the inputs. */
  function runStep(
    name: string,
    given: Readonly<Record<string, string>>,
    env: Readonly<Record<string, string>> = {},
  ): Ran {
    const step = runs.steps.find((one) => one.name === name);
    assert.ok(step?.run !== undefined, name);
    const script = join(folder, 'step.sh');
    const outputs = join(folder, 'output.txt');
    writeFileSync(script, step.run);
    writeFileSync(outputs, '');
    const told = Object.entries(step.env ?? {}).map(([key, value]) => [
      key,
      value.replace(
        /\$\{\{ inputs\.([\w-]+) \}\}/g,
        (_, input: string) => given[input] ?? inputs[input]?.default ?? '',
      ),
    ]);
    const { status, stdout, stderr } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], {
      cwd: workspace,
      encoding: 'utf8',
      env: {
        PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}`,
        GITHUB_ACTION_PATH: resolve('.'),
        GITHUB_OUTPUT: outputs,
        GITHUB_STEP_SUMMARY: join(folder, 'summary.md'),
        GITHUB_WORKSPACE: workspace,
        ...Object.fromEntries(told),
        ...env,
      },
    });
    return { status, out: stdout, err: stderr, outputs: readFileSync(outputs, 'utf8') };
  }

  function sarif(file = 'ambient-multicluster.sarif'): SarifLog['runs'][0] {
    return (JSON.parse(readFileSync(join(workspace, file), 'utf8')) as SarifLog).runs[0];
  }

  it('annotates, writes SARIF and a summary, and fails where there are errors', () => {
    const { status, out, err, outputs } = runStep('Check', {});
    assert.deepEqual([status, err, outputs], [1, '', 'written=true\n']);
    assert.match(out, /^::error file=deploy\/mesh one\/clusters\/west\/sample\.yaml,line=\d+,/);
    const [result] = sarif().results;
    assert.equal(
      result?.locations[0].physicalLocation.artifactLocation.uri,
      'deploy/mesh%20one/clusters/west/sample.yaml',
    );
    assert.match(readFileSync(join(folder, 'summary.md'), 'utf8'), /^## Istio Ambient Multicluster\n\n1 error in /);
  });

  it('takes several paths with blanks in them, options, and another severity to fail from', () => {
    const path = 'deploy/mesh one/clusters/east\ndeploy/mesh one/clusters/west\n';
    const quiet = { path, args: '--skip waypoint-not-uniform\n  --min-severity hint', 'sarif-file': 'out/a b.sarif' };
    mkdirSync(join(workspace, 'out'));
    assert.equal(runStep('Check', quiet).status, 0);
    assert.deepEqual(
      sarif('out/a b.sarif').results.filter(({ level }) => level === 'error'),
      [],
    );
    assert.equal(runStep('Check', { path, 'fail-on': 'never' }).status, 0);
  });

  it('runs nothing that an input holds', () => {
    const marker = join(folder, 'pwned');
    for (const input of ['path', 'args', 'fail-on', 'sarif-file']) {
      for (const value of [
        `$(touch ${marker})`,
        `\`touch ${marker}\``,
        `"; touch ${marker}; "`,
        `x'; touch ${marker} #`,
      ]) {
        runStep('Check', { [input]: value });
        assert.ok(!existsSync(marker), `${input}: ${value}`);
      }
    }
    writeFileSync(join(workspace, 'star'), '');
    assert.match(runStep('Check', { args: '--only *' }).err, /--only \*: no such rule/, 'no file names for a star');
  });

  it('has nothing to upload when the check cannot be made', () => {
    const { status, outputs, err } = runStep('Check', { path: 'no/such/folder' });
    assert.deepEqual([status, outputs], [2, '']);
    assert.match(err, /no such file or folder: no\/such\/folder/);
  });

  it('finds the Node.js that it needs', () => {
    assert.equal(runStep('Look for Node.js', {}).outputs, 'found=true\n');
    const old = join(folder, 'old');
    mkdirSync(old);
    writeFileSync(join(old, 'node'), '#!/bin/sh\nexit 1\n');
    chmodSync(join(old, 'node'), 0o755);
    const { status, outputs } = runStep('Look for Node.js', {}, { PATH: `${old}${delimiter}${process.env.PATH}` });
    assert.deepEqual([status, outputs], [0, '']);
  });

  it('builds the bundle only where there is none', () => {
    const tools = join(folder, 'tools');
    mkdirSync(tools);
    for (const tool of ['npm', 'node']) {
      writeFileSync(join(tools, tool), `#!/bin/sh\necho ${tool} "$@" in "$PWD"\n`);
      chmodSync(join(tools, tool), 0o755);
    }
    const env = { PATH: `${tools}${delimiter}${process.env.PATH}` };
    assert.equal(runStep('Build', {}, env).out, '');
    const bare = join(folder, 'bare');
    mkdirSync(bare);
    const { out } = runStep('Build', {}, { ...env, GITHUB_ACTION_PATH: bare });
    assert.match(out, /^npm ci --ignore-scripts [^\n]* in \S+bare\nnode scripts\/build\.mjs in \S+bare\n$/);
  });
});
