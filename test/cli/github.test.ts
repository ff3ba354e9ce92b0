/** `check --format github`: annotations, and the job summary beside them. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DRIFTED } from '../report/two-clusters.ts';
import { CommandLine } from './command-line.ts';
import { manyFindings } from './many-services.ts';

describe('cli: check --format github', () => {
  let line: CommandLine;
  beforeEach(() => {
    line = new CommandLine();
  });
  afterEach(() => line.dispose());

  const github = (...argv: readonly string[]) => line.run('check', '--format', 'github', ...argv);
  const commands = (out: string, kind: string) => out.split('\n').filter((text) => text.startsWith(`::${kind} `));

  it('annotates the place of a finding, with the other places in the message', async () => {
    line.write(DRIFTED);
    const { out, status } = await github();
    assert.equal(status, 1);
    assert.match(
      out,
      /^::error file=clusters\/west\/sample\.yaml,line=31,endLine=31,col=28,endColumn=30,title=waypoint-not-uniform::Service sample\/helloworld [^\n]*%0Aclusters\/east\/sample\.yaml:\d+:\d+: [^\n]*\n$/,
    );
  });

  it('names paths from the project', async () => {
    line.write(DRIFTED);
    assert.match((await github('clusters')).out, /^::error file=clusters\/west\/sample\.yaml,/);
    line.env = { GITHUB_WORKSPACE: join(line.folder, 'clusters') };
    assert.match((await github('clusters/east', 'clusters/west')).out, /^::error file=west\/sample\.yaml,/);
  });

  it('lets no file and no message break out of a command', async () => {
    const { 'clusters/west/sample.yaml': sample = '', ...others } = DRIFTED;
    line.write({ ...others, 'clusters/west/50%,a:b\n::error::x.yaml': sample.replaceAll('name: wp', 'name: w%p') });
    const { out } = await github();
    assert.equal(out.trimEnd().split('\n').length, commands(out, 'error').length, 'one command a line');
    assert.match(out, /^::error file=clusters\/west\/50%25%2Ca%3Ab %3A%3Aerror%3A%3Ax\.yaml,line=/);
  });

  it('has the gravest first, ten of a kind, and all others in the log', async () => {
    line.write(manyFindings(12));
    line.write({ '.ambient-multicluster.yaml': 'istioVersion: 1\nrulez: {}\n' });
    const { out } = await github();
    assert.equal(commands(out, 'error').length, 10);
    const rest = out.split('\n').filter((text) => text !== '' && !text.startsWith('::'));
    assert.ok(rest.length >= 2 && rest.every((text) => /^error: \S+:\d+:\d+: .* \[[a-z-]+\]$/.test(text)), out);
    line.write({ '.ambient-multicluster.yaml': 'rulez: {}\nrules: { scope-not-uniform: warning }\n' });
    const kinds = (await github()).out.split('\n').map((text) => /^::(\w+) /.exec(text)?.[1] ?? '');
    assert.equal(kinds[0], 'error');
    assert.equal(kinds.filter((kind) => kind === 'warning').length, 10);
    assert.ok(kinds.lastIndexOf('error') < kinds.indexOf('warning'));
  });

  it('makes notices of remarks, and of hints if they are asked for', async () => {
    line.write({ ...DRIFTED, '.ambient-multicluster.yaml': 'rules: { waypoint-not-uniform: info }\n' });
    assert.equal(commands((await github()).out, 'notice').length, 1);
    line.write({ '.ambient-multicluster.yaml': 'rules: { waypoint-not-uniform: hint }\n' });
    assert.equal((await github()).out, '');
    assert.equal(commands((await github('--min-severity', 'hint')).out, 'notice').length, 1);
  });

  it('appends verdict and rest to the job summary instead of the log', async () => {
    line.write({ ...manyFindings(12), 'summary.md': '# Earlier\n' });
    line.env = { GITHUB_STEP_SUMMARY: join(line.folder, 'summary.md') };
    const { out } = await github('--only', 'scope-not-uniform');
    assert.equal(commands(out, 'error').length, 10);
    assert.equal(out.trimEnd().split('\n').length, 10);
    const summary = line.read('summary.md');
    assert.match(
      summary,
      /^# Earlier\n\n## Istio Ambient Multicluster\n\n12 errors in 8 files\.\n\n10 findings are annotations/,
    );
    assert.match(
      summary,
      /^\| error \| Service sample\/svc-011 .* \| scope-not-uniform \| clusters\/\w+\/many\.yaml:\d+:\d+ \|$/m,
    );
    assert.equal(summary.match(/^\| error /gm)?.length, 2);
    await line.run('check', '--format', 'text');
    assert.equal(line.read('summary.md'), summary, 'other formats leave it alone');
  });

  it('escapes Markdown in the job summary, and keeps it within what GitHub takes', async () => {
    line.write(manyFindings(12));
    const many = line.read('clusters/west/many.yaml');
    const odd = 'clusters/west/a|b`<img>.yaml';
    line.write({ 'clusters/west/many.yaml': '', [odd]: many });
    line.env = { GITHUB_STEP_SUMMARY: join(line.folder, 'summary.md') };
    await github('--only', 'scope-not-uniform');
    const rows = line
      .read('summary.md')
      .split('\n')
      .filter((text) => text.startsWith('| error'));
    assert.ok(rows.length > 0);
    for (const row of rows) {
      assert.ok(!row.includes('<img>') && row.includes('a\\|b\\`&lt;img&gt;.yaml'), row);
    }
    line.write({ 'clusters/west/many.yaml': '', [odd]: '', ...manyFindings(1500) });
    await github('--only', 'scope-not-uniform');
    const size = Buffer.byteLength(line.read('summary.md'));
    assert.ok(size < 1_048_576, `${size} bytes`);
    assert.match(line.read('summary.md'), /^And \d+ findings more\.$/m);
  });

  it('tells when the job summary cannot be written, and goes on', async () => {
    line.write(DRIFTED);
    line.env = { GITHUB_STEP_SUMMARY: join(line.folder, 'no/such/folder.md') };
    const { status, out, err } = await github();
    assert.deepEqual([status, commands(out, 'error').length], [1, 1]);
    assert.match(err, /^no job summary: [^\n]+\n$/);
  });

  it('goes to a file while another format goes to standard output', async () => {
    line.write(DRIFTED);
    const { out } = await line.run(
      '--format',
      'concise',
      '--format',
      'github:annotations.txt',
      '--format',
      'sarif:out.sarif',
    );
    assert.match(out, /^clusters\/west/);
    assert.match(line.read('annotations.txt'), /^::error /);
    assert.equal(JSON.parse(line.read('out.sarif')).version, '2.1.0');
  });
});
