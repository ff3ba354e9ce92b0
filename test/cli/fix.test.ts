import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { linkSync, lstatSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeHost } from '../../server/src/host/node/node-host.ts';
import { CORRECT, clusterFiles, DRIFTED } from '../report/two-clusters.ts';
import { CommandLine } from './command-line.ts';

/** Three clusters: two agree, and the third one has the waypoint of the two as well. */
const OUTVOTED: Readonly<Record<string, string>> = {
  ...DRIFTED,
  ...clusterFiles('north', 'network3'),
  'clusters/west/waypoint.yaml': (CORRECT['clusters/west/sample.yaml'] ?? '').split('---\n')[1] ?? '',
};

describe('cli: check --fix', () => {
  let line: CommandLine;
  beforeEach(() => {
    line = new CommandLine();
  });
  afterEach(() => line.dispose());

  it('makes safe fixes and nothing else', async () => {
    line.write(OUTVOTED);
    const { status, out, err } = await line.run('--fix', '--only', 'waypoint-not-uniform');
    assert.equal(err, '1 fix made in 1 file\n');
    assert.equal(status, 0, out);
    const before = OUTVOTED['clusters/west/sample.yaml'] ?? '';
    const after = before.replace('istio.io/use-waypoint: wp', 'istio.io/use-waypoint: waypoint');
    assert.equal(line.read('clusters/west/sample.yaml'), after);
  });

  it('shows with --diff what it would do, and does not', async () => {
    line.write(OUTVOTED);
    const { status, out } = await line.run('--diff', '--only', 'waypoint-not-uniform');
    assert.equal(status, 1, 'the finding is still there');
    assert.equal((await line.run('--diff', '--fail-on', 'never')).status, 0);
    assert.equal((await line.run('--diff', '--only', 'shared-network')).status, 0);
    assert.match(out, /^--- a\/clusters\/west\/sample\.yaml\n\+\+\+ b\/clusters\/west\/sample\.yaml\n@@ /);
    assert.match(out, /^-.*use-waypoint: wp$/m);
    assert.match(out, /^\+.*use-waypoint: waypoint$/m);
    assert.equal(line.read('clusters/west/sample.yaml'), OUTVOTED['clusters/west/sample.yaml']);
  });

  it('shows with --diff a patch that applies to the bytes of files with a byte order mark and any line ends', async () => {
    const file = 'clusters/west/sample.yaml';
    const [first = '', ...lines] = (OUTVOTED[file] ?? '').split('\n');
    const before = `\ufeff${[first, ...lines].join('\r\n')}`;
    // The change is at the first lines of the one, and far below them in the other.
    for (const bytes of [before, before.replace('\ufeff', `\ufeff${'# ours\r\n'.repeat(20)}`)]) {
      line.write({ ...OUTVOTED, [file]: bytes });
      const { out } = await line.run('--diff', '--only', 'waypoint-not-uniform');
      execFileSync('git', ['apply', '-'], { cwd: line.folder, input: out });
      assert.equal(line.read(file), bytes.replace('istio.io/use-waypoint: wp', 'istio.io/use-waypoint: waypoint'));
    }
  });

  it('shows no patch for a file that is not UTF-8, and says so', async () => {
    const file = 'clusters/west/sample.yaml';
    line.write(OUTVOTED);
    writeFileSync(join(line.folder, file), Buffer.from(`\ufeff${OUTVOTED[file]}`, 'utf16le'));
    const { status, out, err } = await line.run('--diff', '--quiet', '--only', 'waypoint-not-uniform');
    assert.deepEqual([status, out], [2, '']);
    assert.match(err, /^not shown: .*sample\.yaml is not UTF-8\n$/);
  });

  it('leaves a tie alone unless it is told to choose', async () => {
    line.write(DRIFTED);
    const safe = await line.run('--fix');
    assert.equal(safe.status, 1);
    const more = '1 more fix with --unsafe-fixes; look at what they change\n';
    assert.equal(safe.err, `0 fixes made in 0 files\n${more}`);
    const diff = await line.run('--diff');
    assert.deepEqual([diff.out, diff.err], ['', more]);
    assert.equal((await line.run('--diff', '--unsafe-fixes')).err, '');
    assert.equal((await line.run('--diff', '--quiet')).err, '');
    assert.equal((await line.run('--diff', '--only', 'shared-network')).err, '');
    const unsafe = await line.run('--fix', '--unsafe-fixes', '--quiet', '--only', 'waypoint-not-uniform');
    assert.deepEqual([unsafe.status, unsafe.err], [0, '']);
  });

  it('takes no label away that one cluster gives its own waypoint', async () => {
    const own = (label: string) =>
      `spec:\n  infrastructure: { labels: { istio.io/global: "true", ${label} } }\n  gatewayClassName: istio-waypoint`;
    const labelled = (label: string): Record<string, string> =>
      Object.fromEntries(
        Object.entries({ ...CORRECT, ...clusterFiles('north', 'network3') }).map(([file, text]) => [
          file,
          text.replace('spec:\n  gatewayClassName: istio-waypoint', own(file.includes('west') ? label : 'team: a')),
        ]),
      );
    const asked = ['--unsafe-fixes', '--only', 'waypoint-config-not-uniform'];
    line.write(labelled('team: a, cost-center: "42"'));
    assert.match((await line.run('--only', 'waypoint-config-not-uniform')).out, /cost-center: 42 in west/);
    assert.equal((await line.run('--diff', ...asked)).out, '');
    line.write(labelled('team: b'));
    assert.match((await line.run('--diff', ...asked)).out, /^\+.*team: a/m);
  });

  it('renames a waypoint wherever it is named, or not at all', async () => {
    const [namespace, waypoint, service] = (
      clusterFiles('west', 'network2', 'wp')['clusters/west/sample.yaml'] ?? ''
    ).split('---\n');
    const { 'clusters/west/sample.yaml': _, ...others } = { ...CORRECT, ...clusterFiles('west', 'network2') };
    const own = {
      'clusters/west/namespace.yaml': namespace ?? '',
      'clusters/west/waypoint.yaml': waypoint ?? '',
      'clusters/west/service.yaml': service ?? '',
    };
    line.write({ ...others, ...own });
    const { files } = nodeHost;
    const write: typeof files.write = async (path, text, expected) => {
      if (path.endsWith('service.yaml')) throw new Error('service.yaml is locked');
      await files.write(path, text, expected);
    };
    line.host = { ...nodeHost, files: { ...files, write } };
    const args = ['--fix', '--unsafe-fixes', '--only', 'waypoint-not-uniform'];
    const part = await line.run(...args);
    assert.equal(part.err, 'not written: service.yaml is locked\n0 fixes made in 0 files\n');
    assert.equal(part.status, 2);
    for (const [file, text] of Object.entries(own)) assert.equal(line.read(file), text);
    line.host = nodeHost;
    const whole = await line.run(...args);
    assert.equal(whole.err, '1 fix made in 2 files\n');
    assert.equal(whole.status, 0, whole.out);
    for (const [file, text] of Object.entries(own))
      assert.equal(line.read(file), text.replaceAll(': wp\n', ': waypoint\n'));
  });

  it('renames a key that an operation of a JSON patch adds in the path of the operation', async () => {
    const { 'clusters/west/sample.yaml': sample = '', ...others } = CORRECT;
    const patched = (key: string): string => `resources: [sample.yaml]
patches:
  - target: { kind: Service }
    patch: |-
      # ours
      - op: add
        path: /metadata/labels/${key}
        value: "true"
`;
    const kustomization = 'clusters/west/sample/kustomization.yaml';
    line.write({
      ...others,
      'clusters/west/sample/sample.yaml': sample.replace(
        '    app: helloworld\n    istio.io/global: "true"\n',
        '    app: helloworld\n',
      ),
      [kustomization]: patched('istio.io~1gobal'),
    });
    assert.equal((await line.run('--fix', '--quiet')).err, '');
    assert.equal(line.read(kustomization), patched('istio.io~1global'));
  });

  it('corrects a misspelt suppression before anything else, and leaves alone what it silences then', async () => {
    const file = 'clusters/west/sample.yaml';
    const suppressed = (rule: string): string =>
      (OUTVOTED[file] ?? '').replace(
        '    istio.io/use-waypoint',
        `    # ambient-multicluster-ignore ${rule}: ours\n$&`,
      );
    line.write({ ...OUTVOTED, [file]: suppressed('waypoint-not-unifrom') });
    await line.run('--fix', '--unsafe-fixes');
    assert.equal(line.read(file), suppressed('waypoint-not-uniform'));
  });

  for (const [what, comment] of [
    ['a keyword', '# ambient-multicluster-ignore-next-line waypoint-not-uniform: ours'],
    ['the name of a rule', '# ambient-multicluster-ignore waypoint-not-unifrom: ours'],
  ] as const) {
    it(`leaves alone what a suppression was to silence that misspells ${what}`, async () => {
      const file = 'clusters/west/sample.yaml';
      const at = (place: string): string => (OUTVOTED[file] ?? '').replace(place, `${comment}\n$&`);
      for (const text of [at('    istio.io/use-waypoint'), at('apiVersion: v1')]) {
        line.write({ ...OUTVOTED, [file]: text });
        await line.run('--fix');
        assert.equal(line.read(file), text);
        await line.run('--fix', '--unsafe-fixes');
        assert.match(line.read(file), /istio\.io\/use-waypoint: wp/);
        assert.match(line.read(file), /^# ambient-multicluster-ignore/m);
      }
    });
  }

  it('never takes a comment away that reads like a suppression', async () => {
    const file = 'clusters/west/sample.yaml';
    const text = `# ambient-multicluster: skip policy-not-uniform in the wiki for details\n${CORRECT[file]}`;
    line.write({ ...CORRECT, [file]: text });
    for (let run = 0; run < 2; run++) await line.run('--fix', '--unsafe-fixes');
    assert.equal(line.read(file), text);
  });

  it("names no waypoint where a word like 'none' stands", async () => {
    const file = 'clusters/west/sample.yaml';
    const named = (name: string): string =>
      (CORRECT[file] ?? '').replace('istio.io/use-waypoint: waypoint', `istio.io/use-waypoint: ${name}`);
    const all = clusterFiles('east', 'network1');
    const alone = { ...CORRECT, ...all, 'clusters/east/sample.yaml': '' };
    for (const [name, after] of [
      ['non', 'non'],
      ['waypont', 'waypoint'],
    ] as const) {
      line.write({ ...alone, [file]: named(name) });
      await line.run('--fix', '--unsafe-fixes', '--only', 'use-waypoint-unresolved');
      assert.equal(line.read(file), named(after));
    }
  });

  it('does not take a suppression away in the run that corrected it', async () => {
    const file = 'clusters/west/sample.yaml';
    const misspelt = '# ambient-multicluster-ingore-file waypoint-not-uniform: ours\n';
    // What it was to silence is gone once the label is spelt right in the other file.
    const east = 'clusters/east/sample.yaml';
    line.write({
      ...CORRECT,
      [file]: misspelt + CORRECT[file],
      [east]: (CORRECT[east] ?? '').replace('istio.io/use-waypoint: waypoint', 'istio.io/use-waypoint: wyapoint'),
    });
    await line.run('--fix', '--unsafe-fixes');
    assert.match(line.read(file), /^# ambient-multicluster-i/);
  });

  it('changes nothing of what comes from standard input', async () => {
    line.write(clusterFiles('east', 'network1'));
    line.write(clusterFiles('north', 'network3'));
    line.stdin = Object.values(clusterFiles('west', 'network2', 'wp')).join('---\n');
    const { err } = await line.run('--fix', '--cluster', 'west=-', 'clusters');
    assert.equal(err, '0 fixes made in 0 files\n');
  });

  describe('files with several names', () => {
    const link = (kind: 'hard' | 'symbolic', to: string, from: string): void => {
      const [target, path] = [to, from].map((file) => join(line.folder, file)) as [string, string];
      rmSync(path, { force: true, recursive: true });
      if (kind === 'hard') linkSync(target, path);
      else symlinkSync(target, path);
    };
    const misspelt = (CORRECT['clusters/west/sample.yaml'] ?? '').replaceAll('istio.io/global:', 'istio.io/gobal:');

    for (const kind of ['hard', 'symbolic'] as const) {
      it(`are mended once: a ${kind} link beside a file`, async () => {
        line.write({ ...CORRECT, 'clusters/west/sample.yaml': misspelt });
        link(kind, 'clusters/west/sample.yaml', 'clusters/west/again.yaml');
        const { out } = await line.run('--diff');
        assert.deepEqual(out.match(/^--- .*/gm), [`--- a/clusters/west/${kind === 'hard' ? 'again' : 'sample'}.yaml`]);
        const { err } = await line.run('--fix');
        assert.equal(err, '2 fixes made in 1 file\n');
        for (const name of ['sample', 'again'])
          assert.equal(line.read(`clusters/west/${name}.yaml`), CORRECT['clusters/west/sample.yaml']);
        assert.equal(lstatSync(join(line.folder, 'clusters/west/again.yaml')).isSymbolicLink(), kind === 'symbolic');
      });
    }

    it('are mended once in a folder of several clusters', async () => {
      line.write({ ...CORRECT, 'clusters/east/apps/sample.yaml': misspelt });
      for (const cluster of ['east', 'west']) rmSync(join(line.folder, `clusters/${cluster}/sample.yaml`));
      link('symbolic', 'clusters/east/apps', 'clusters/west/apps');
      const { err } = await line.run('--fix');
      assert.equal(err, '2 fixes made in 1 file\n');
      assert.equal(line.read('clusters/west/apps/sample.yaml'), CORRECT['clusters/west/sample.yaml']);
    });

    it('are left alone where what mends one cluster breaks another', async () => {
      line.write(CORRECT);
      link('symbolic', 'clusters/east/istio-system.yaml', 'clusters/west/istio-system.yaml');
      const { err } = await line.run('--fix', '--unsafe-fixes', '--fail-on', 'never');
      assert.match(err, /^not made: “.*” would do damage: clusters\/east\/istio-system\.yaml: /m);
      assert.equal(line.read('clusters/east/istio-system.yaml'), CORRECT['clusters/east/istio-system.yaml']);
    });
  });
});
