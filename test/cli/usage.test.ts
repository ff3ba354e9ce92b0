import assert from 'node:assert/strict';
import { CORRECT } from '../report/two-clusters.ts';
import { CommandLine } from './command-line.ts';

describe('cli: usage', () => {
  let line: CommandLine;
  beforeEach(() => {
    line = new CommandLine();
  });
  afterEach(() => line.dispose());

  async function refused(...argv: readonly string[]): Promise<string> {
    const { status, out, err } = await line.run(...argv);
    assert.equal(status, 2, argv.join(' '));
    assert.equal(out, '', 'results only on standard output');
    assert.match(err, /^ambient-multicluster: [^\n]+\n$/, 'one line');
    return err.replace('ambient-multicluster: ', '').trimEnd();
  }

  it('refuses what does not exist', async () => {
    assert.equal(await refused('no/such/folder'), 'no such file or folder: no/such/folder');
    assert.equal(await refused('reprot'), 'no such command or path: reprot (did you mean report?)');
    assert.equal(await refused('--quiet', 'report'), 'options stand behind the command: report ...');
    assert.equal(await refused('check', '--fomat', 'json'), 'unknown option --fomat (did you mean --format?)');
    assert.equal(await refused('--baseline', 'none.json'), 'no such baseline: none.json');
    assert.equal(await refused('--config', 'none.yaml'), 'no such configuration file: none.yaml');
    assert.equal(await refused('--config', '.'), 'the configuration file . cannot be read: unreadable');
    assert.match(
      await refused('--only', 'waypoint-not-unifrom'),
      /no such rule \(did you mean waypoint-not-uniform\?\)$/,
    );
    assert.match(await refused('explain', 'shared-netwrok'), /^no such rule: .*shared-network/);
    assert.equal(
      await refused('--only', 'shared-network', '--skip', 'shared-network'),
      '--only and --skip leave no rule',
    );
  });

  it('refuses what this version does not have', async () => {
    for (const command of ['trace', 'diff']) {
      assert.equal(await refused(command, '--from', 'x'), `${command} is not available in this version`);
    }
    assert.match(await refused('report', '--format', 'html'), /not available/);
  });

  it('refuses options that make no sense', async () => {
    assert.match(await refused('--format', 'jsno'), /did you mean json/);
    assert.match(await refused('--format', 'text', '--format', 'json'), /only one --format/);
    assert.match(await refused('--format', 'json:'), /names no file/);
    assert.match(await refused('--format', 'json:out', '--format', 'sarif:./out'), /two of them go to .*out$/);
    assert.match(await refused('--format', 'json:out', '--write-baseline', 'out'), /both go to out$/);
    assert.match(await refused('--istio-version', 'newest'), /must be an Istio version with ambient mode/);
    assert.match(await refused('--cluster', 'east'), /must be NAME=PATH/);
    assert.match(await refused('--cluster', 'east=-', '--cluster', 'west=-'), /standard input/);
    assert.match(await refused('--unsafe-fixes'), /goes with --fix/);
    assert.match(await refused('server'), /needs --stdio/);
    assert.match(await refused('explain'), /needs the id/);
    assert.match(await refused('explain', 'a', 'b'), /at most 1 operand/);
  });

  it('refuses a configuration file that is no YAML, but not one with a wrong key', async () => {
    line.write({ ...CORRECT, '.ambient-multicluster.yaml': 'meshes: [' });
    assert.match(await refused('check'), /\.ambient-multicluster\.yaml is not valid YAML/);
    line.write({ '.ambient-multicluster.yaml': 'mehses: []\n' });
    const { status, out } = await line.run('check', '--format', 'concise');
    assert.equal(status, 1);
    assert.match(out, /^\.ambient-multicluster\.yaml:1:1: error invalid-configuration: /);
  });

  it('tells in the help of effective what --cluster takes there', async () => {
    assert.match((await line.run('effective', '--help')).out, /--cluster NAME\|NAME=PATH +NAME: show everything/);
  });

  it('prints help and version', async () => {
    const { status, out } = await line.run('--help');
    assert.equal(status, 0);
    for (const word of ['check', 'report', 'clusters', 'init', 'explain', 'rules', 'server', '--istio-version']) {
      assert.ok(out.includes(word), word);
    }
    assert.ok(out.split('\n').every((text) => text.length <= 140));
    assert.match((await line.run('check', '-h')).out, /--fail-on/);
    assert.match((await line.run('--version')).out, /^\d+\.\d+\.\d+\n$/);
  });

  it('explains rules, lists them, and starts the server', async () => {
    assert.equal((await line.run('explain', 'shared-network')).out, '# shared-network\n');
    assert.equal((await line.run('explain', 'unused-suppression')).out, '# unused-suppression\n');
    assert.match((await line.run('rules')).out, /^shared-network +warning .*^invalid-kustomization +error /ms);
    const { rules } = JSON.parse((await line.run('rules', '--format', 'json')).out);
    assert.ok(rules.every((rule: { why: string }) => rule.why.length > 0));
    assert.equal((await line.run('server', '--stdio')).status, 0);
    assert.equal(line.served, 1);
  });
});
