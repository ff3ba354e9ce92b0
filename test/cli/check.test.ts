import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckJson } from '../../server/src/report/check-json.ts';
import { CORRECT, clusterFiles, DRIFTED } from '../report/two-clusters.ts';
import { CommandLine } from './command-line.ts';

describe('cli: check', () => {
  let line: CommandLine;
  beforeEach(() => {
    line = new CommandLine();
  });
  afterEach(() => line.dispose());

  async function json(...argv: readonly string[]): Promise<CheckJson> {
    return JSON.parse((await line.run('check', '--format', 'json', ...argv)).out);
  }

  it('finds nothing in a correct mesh, and is the default command', async () => {
    line.write(CORRECT);
    const { status, out, err } = await line.run();
    assert.deepEqual(
      { status, out, err },
      {
        status: 0,
        out: 'No findings in 6 files: 1 mesh, 2 clusters.\n',
        err: '',
      },
    );
  });

  it('shows a finding with its place, its rule and the other places', async () => {
    line.write(DRIFTED);
    const { status, out } = await line.run('check');
    assert.equal(status, 1);
    assert.match(
      out,
      /^clusters\/west\/sample\.yaml:\d+:\d+: error: Service sample\/helloworld .* \[waypoint-not-uniform\]$/m,
    );
    assert.match(out, /^ {4}clusters\/east\/sample\.yaml:\d+:\d+: /m);
    assert.match(out, /\n1 error in 6 files: 1 mesh, 2 clusters\.\n$/);
    assert.ok(!(await line.run('check', '--quiet')).out.includes('6 files'));
  });

  it('prints one line per finding with concise', async () => {
    line.write(DRIFTED);
    const { out } = await line.run('check', '--format', 'concise');
    assert.match(out, /^clusters\/west\/sample\.yaml:\d+:\d+: error waypoint-not-uniform: Service [^\n]*\n$/);
  });

  it('prints the object of the contract with json', async () => {
    line.write(DRIFTED);
    const { findings, clusters, meshes, summary, version, tool } = await json();
    assert.equal(version, 1);
    assert.equal(tool.name, 'ambient-multicluster');
    assert.deepEqual(
      meshes.map(({ id, clusters: names }) => [id, names]),
      [['mesh1', ['east', 'west']]],
    );
    const { evidence, files, facts, ...east } = clusters[0] as CheckJson['clusters'][number];
    assert.deepEqual(east, {
      name: 'east',
      mesh: 'mesh1',
      network: 'network1',
      controlPlane: 'primary',
      istioVersion: '1.30.2',
      multiNetwork: true,
      complete: false,
    });
    assert.equal(files, 3);
    assert.ok(facts?.objects.some(({ file }) => file === 'clusters/east/sample.yaml'));
    assert.ok(evidence.some(({ field, range }) => field === 'name' && range !== null));
    const [finding] = findings;
    assert.equal(findings.length, 1);
    assert.deepEqual(
      [finding?.rule, finding?.severity, finding?.limitation, finding?.clusters, finding?.object],
      [
        'waypoint-not-uniform',
        'error',
        3,
        ['west', 'east'],
        { kind: 'Service', namespace: 'sample', name: 'helloworld' },
      ],
    );
    assert.match(finding?.docs ?? '', /^https:\/\//);
    assert.ok(finding?.fixes.some(({ edits }) => edits.some(({ newText }) => newText.includes('waypoint'))));
    assert.deepEqual([summary.files, summary.error], [6, 1]);
  });

  it('prints the same bytes twice but for the time it took', async () => {
    line.write(DRIFTED);
    const untimed = async () => (await line.run('--format', 'json')).out.replace(/"elapsedMs": \d+/, '');
    assert.equal(await untimed(), await untimed());
  });

  it('writes several formats, each where it is told to', async () => {
    line.write(DRIFTED);
    const { out, status } = await line.run('--format', 'concise', '--format', 'json:out.json', '--color=always');
    assert.equal(status, 1);
    assert.match(out, /waypoint-not-uniform/);
    assert.equal(JSON.parse(line.read('out.json')).version, 1);
  });

  it('shows from --min-severity on, fails from --fail-on on, whatever the format', async () => {
    line.write(DRIFTED);
    for (const format of ['text', 'concise', 'json']) {
      assert.equal((await line.run('--format', format)).status, 1);
      assert.equal((await line.run('--format', format, '--fail-on', 'never')).status, 0);
    }
    line.write({ '.ambient-multicluster.yaml': 'rules:\n  waypoint-not-uniform: warning\n' });
    const hidden = await line.run('--min-severity', 'error');
    assert.equal(hidden.status, 0);
    assert.match(hidden.out, /^No findings in 6 files: .* 1 finding below the severity shown\.\n$/);
    assert.equal((await line.run('--fail-on', 'warning', '--min-severity', 'error')).status, 1);
    assert.equal((await json('--min-severity', 'error')).findings.length, 1, 'json has all');
  });

  it('counts only the rules that are chosen', async () => {
    line.write(DRIFTED);
    assert.equal((await line.run('--skip', 'waypoint-not-uniform')).status, 0);
    assert.equal((await line.run('--only', 'shared-network,scope-not-uniform')).status, 0);
    assert.equal((await line.run('--only', 'waypoint-not-uniform')).status, 1);
  });

  it('tells what follows from a skipped rule, but not from what is silenced', async () => {
    const rules = async (...argv: readonly string[]) => (await json(...argv)).findings.map(({ rule }) => rule);
    const name = 'clusters/west/sample.yaml';
    const text = CORRECT[name]?.replace('use-waypoint: waypoint', 'use-waypoint: wp') as string;
    line.write({ ...CORRECT, [name]: text });
    assert.deepEqual(await rules(), ['waypoint-not-uniform']);
    assert.deepEqual(await rules('--skip', 'waypoint-not-uniform'), ['use-waypoint-unresolved']);
    assert.deepEqual(await rules('--only', 'use-waypoint-unresolved'), ['use-waypoint-unresolved']);
    await line.run('--write-baseline', 'known.json');
    assert.deepEqual(await rules('--baseline', 'known.json'), []);

    line.write({
      [name]: text.replace(/(use-waypoint: wp)/, '$1 # ambient-multicluster-ignore waypoint-not-uniform: May'),
    });
    assert.deepEqual(await rules(), []);
    assert.deepEqual(await rules('--skip', 'waypoint-not-uniform'), ['use-waypoint-unresolved']);

    const both = text.replace('use-waypoint: wp', '$& # ambient-multicluster-ignore use-waypoint-unresolved: May');
    line.write({ [name]: both });
    assert.deepEqual(await rules(), ['waypoint-not-uniform'], 'what it silences is hidden, and not gone');
    assert.deepEqual(await rules('--skip', 'waypoint-not-uniform'), [], 'now it silences something');
  });

  it('takes several paths as one world, relative to their common ancestor', async () => {
    line.write(DRIFTED);
    const { findings } = await json('clusters/east', join(line.folder, 'clusters/west'));
    assert.deepEqual(
      findings.map(({ file }) => file),
      ['west/sample.yaml'],
    );
    assert.equal((await line.run('clusters/west')).status, 0, 'one cluster alone proves nothing');
  });

  it('takes clusters from --cluster, also from standard input', async () => {
    const east = clusterFiles('east', 'network1');
    const west = clusterFiles('west', 'network2', 'wp');
    line.write(
      Object.fromEntries(Object.entries(east).map(([file, text]) => [file.replace('clusters/east', 'a/b'), text])),
    );
    line.stdin = Object.values(west).join('---\n');
    const { clusters, findings } = await json('--cluster', 'blue=a/b', '--cluster', 'green=-');
    assert.deepEqual(
      clusters.map(({ name }) => name),
      ['blue', 'green'],
    );
    assert.deepEqual(
      findings.map(({ rule, file }) => [rule, file]),
      [['waypoint-not-uniform', '<stdin>']],
    );
  });

  it('reads the nearest configuration file, or the one it is told', async () => {
    line.write({ ...DRIFTED, '.git/HEAD': '', '.ambient-multicluster.yaml': 'exclude: ["clusters/west/**"]\n' });
    assert.deepEqual(
      (await json()).clusters.map(({ name }) => name),
      ['east'],
    );
    assert.deepEqual(
      (await json('clusters')).clusters.map(({ name }) => name),
      ['east'],
    );
    line.write({ 'other.yaml': 'rules: { waypoint-not-uniform: "off" }\n' });
    const { clusters, findings } = await json('--config', 'other.yaml');
    assert.deepEqual([clusters.length, findings.length], [2, 0]);
  });

  it('tells of paths of clusters that match nothing, unless only a part is read', async () => {
    const config = 'meshes: [{ id: m, clusters: [{ name: east, paths: ["clusters/eats/**"] }] }]\n';
    line.write({ ...CORRECT, '.git/HEAD': '', '.ambient-multicluster.yaml': config });
    const told = async (...argv: readonly string[]) =>
      (await line.run('--format', 'concise', ...argv)).out.split('\n').filter((text) => text.includes('clusters/eats'));
    assert.match((await told()).join(), /^\.ambient-multicluster\.yaml:1:\d+: warning invalid-configuration: /);
    for (const paths of [['clusters'], ['clusters/east', 'clusters/west'], ['--cluster', 'a=clusters/east']])
      assert.deepEqual(await told(...paths), [], paths.join(' '));
  });

  it('says which bases lie outside of the paths', async () => {
    const over = (base: string) => ({ [`over/${base.slice(-1)}/kustomization.yaml`]: `resources: [${base}]\n` });
    line.write({ ...over('../../base/a'), ...over('../../base/b'), 'base/a/kustomization.yaml': 'resources: []\n' });
    const told = async (...argv: readonly string[]) => (await line.run(...argv)).err;
    const one = 'base/a is not read: it lies outside of the paths, and 1 kustomization needs it. Name it, too.\n';
    for (const argv of [
      ['over'],
      ['over/a', 'over/b'],
      ['report', 'over'],
      ['clusters', 'over'],
      ['over', '--format', 'json'],
    ])
      assert.equal(await told(...argv), one, argv.join(' '));
    line.write({ 'base/b/kustomization.yaml': 'resources: []\n' });
    assert.match(
      await told('over'),
      /^base\/a and base\/b are not read: they lie .* 2 kustomizations need them\. Name/,
    );
    for (const argv of [['.'], ['over', 'base'], ['over', '--quiet']])
      assert.equal(await told(...argv), '', argv.join(' '));
  });

  it('reports a rule that is off by default when it is asked for by name', async () => {
    line.write(CORRECT);
    const findings = async (...argv: readonly string[]) => (await json(...argv)).findings.map(({ rule }) => rule);
    assert.deepEqual(await findings(), []);
    assert.deepEqual(await findings('--only', 'telemetry-baggage-missing'), [
      'telemetry-baggage-missing',
      'telemetry-baggage-missing',
    ]);
    line.write({ '.ambient-multicluster.yaml': 'rules: { telemetry-baggage-missing: "off" }\n' });
    assert.deepEqual(await findings('--only', 'telemetry-baggage-missing'), []);
    const { out } = await line.run('rules');
    assert.match(out, /^telemetry-baggage-missing +hint .* \[off by default\]$/m);
  });

  it('takes versions from the options', async () => {
    const unversioned = Object.fromEntries(
      Object.entries(CORRECT).map(([file, text]) => [file, text.replace('  tag: 1.30.2\n', '')]),
    );
    line.write(unversioned);
    const versions = async (...argv: readonly string[]) =>
      (await json(...argv)).clusters.map(({ istioVersion }) => istioVersion);
    assert.deepEqual(await versions(), [null, null]);
    assert.deepEqual(await versions('--istio-version', '1.29'), ['1.29', '1.29']);
    line.write(CORRECT);
    assert.deepEqual(await versions('--istio-version', '1.29'), ['1.30.2', '1.30.2']);
    assert.deepEqual(await versions('--assume-istio-version', '1.31'), ['1.31', '1.31']);
  });

  it('tells where versions come from', async () => {
    const west = Object.entries(CORRECT)
      .filter(([file]) => file.startsWith('clusters/west/'))
      .map(([file, text]) => [file, text.replace('  tag: 1.30.2\n', '')]);
    line.write({ ...CORRECT, ...Object.fromEntries(west) });
    const told = async (...argv: readonly string[]) =>
      (await line.run('clusters', ...argv)).out
        .split('\n')
        .flatMap((row) => /^ +(istioVersion .*)$/.exec(row)?.[1] ?? []);
    const installed = 'istioVersion by version of istiod  clusters/east/istio.yaml:8:8';
    assert.deepEqual(await told(), [installed]);
    assert.deepEqual(await told('--istio-version', '1.29'), [installed, 'istioVersion by --istio-version']);
    line.write({ '.ambient-multicluster.yaml': 'istioVersion: "1.29"\n' });
    const file = 'istioVersion by .ambient-multicluster.yaml  .ambient-multicluster.yaml:1:15';
    assert.deepEqual(await told(), [installed, file]);
    assert.deepEqual(await told('--istio-version', '1.29'), [installed, 'istioVersion by --istio-version']);
    assert.deepEqual(await told('--assume-istio-version', '1.28'), [
      'istioVersion by --assume-istio-version',
      installed.replace(' by ', ' although '),
      'istioVersion by --assume-istio-version',
    ]);
  });

  it('says what an assumed version would change', async () => {
    line.write(CORRECT);
    const same = await line.run('check', '--assume-istio-version', '1.31');
    assert.equal(
      same.err,
      'With Istio 1.31 in every cluster (now 1.30.2 in east and west) the findings would be the same.\n',
    );
    const listener = '\n    - { name: api, port: 443, protocol: TLS, tls: { mode: Passthrough } }\n';
    const gateway = (version: string): string => `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: passthrough, namespace: istio-system, labels: { topology.istio.io/network: ${version} } }
spec:
  gatewayClassName: istio-east-west
  listeners:
    - name: mesh
      port: 15008
      protocol: HBONE
      tls: { mode: Terminate, options: { gateway.istio.io/tls-terminate-mode: ISTIO_MUTUAL } }${listener}`;
    line.write({ 'clusters/west/gateway.yaml': gateway('network2') });
    const only = ['--only', 'eastwest-listener-invalid'] as const;
    const older = await line.run('check', ...only, '--assume-istio-version', '1.29');
    assert.match(
      older.err,
      /\(now 1\.30\.2 in east and west\) 1 finding would come\.\n {2}\+ clusters\/west\/gateway\.yaml:11:/,
    );
    line.write({
      '.ambient-multicluster.yaml':
        'meshes: [{ id: m, clusters: [{ name: east }, { name: west, istioVersion: 1.29.6 }] }]\n',
    });
    const newer = await line.run('check', ...only, '--assume-istio-version', '1.30');
    assert.match(
      newer.err,
      /\(now 1\.29\.6 in west, 1\.30\.2 in east\) 1 finding would go\.\n {2}- clusters\/west\/gateway\.yaml:11:/,
    );
    assert.equal((await line.run('check', '--quiet', '--assume-istio-version', '1.30')).err, '');
  });

  it('never fails on a broken manifest', async () => {
    line.write({
      ...CORRECT,
      'clusters/east/broken.yaml': 'kind: Service\nmetadata: {{{',
      'clusters/west/b.yaml': '\u0000\u0001',
    });
    symlinkSync('nowhere', join(line.folder, 'clusters/east/dangling.yaml'));
    const { status, out } = await line.run();
    assert.equal(status, 0);
    assert.match(out, /^No findings in 8 files: .* 2 files not read\.\n$/);
  });

  it('says what is not read of a kustomization that lists what is no object, and of one that is no YAML', async () => {
    const told = async (kustomization: string, text: string) => {
      line.write({
        ...CORRECT,
        'clusters/west/extra/kustomization.yaml': kustomization,
        'clusters/west/extra/a.yaml': text,
      });
      const { out } = await line.run();
      return out;
    };
    assert.match(await told('resources: [a.yaml]\n', 'a: b\n'), / 1 file not read\.\n$/);
    for (const text of ['a: [\n', 'kind: Service\nkind: Service\n']) {
      const out = await told('resources: [a.yaml]\n', text);
      assert.match(out, / 1 file not read\. The YAML is broken: clusters\/west\/extra\/a\.yaml\.\n$/);
    }
    assert.match(
      await told('resources: [\n', ''),
      /The YAML is broken: clusters\/west\/extra\/kustomization\.yaml\.\n$/,
    );
  });

  it('names files whose YAML is broken', async () => {
    line.write({
      ...CORRECT,
      'clusters/east/a.yaml': 'kind: Service\na: [\n',
      'clusters/west/b.yaml': 'kind: Service\nb: ]\n',
    });
    const { out } = await line.run();
    assert.match(
      out,
      / 2 files not read\. The YAML is broken: clusters\/east\/a\.yaml and clusters\/west\/b\.yaml\.\n$/,
    );
  });

  it('colours for a terminal only, unless it is told otherwise', async () => {
    line.write(DRIFTED);
    const coloured = async (...argv: readonly string[]) => (await line.run(...argv)).out.includes('\u001b[');
    assert.equal(await coloured(), false);
    assert.equal(await coloured('--color', 'always'), true);
    line.terminal = true;
    assert.equal(await coloured(), true);
    assert.equal(await coloured('--color', 'never'), false);
    line.env = { NO_COLOR: '1' };
    assert.equal(await coloured(), false);
  });

  it('says so when there is no cluster', async () => {
    line.write({ 'a.yaml': 'kind: ConfigMap\napiVersion: v1\nmetadata: { name: x }\n' });
    assert.equal((await line.run()).out, 'No findings in 1 file: no cluster recognised.\n');
  });
});
