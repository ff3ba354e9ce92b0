/** What is written, and where: no name in a manifest and no link in a repository leads a fix or an output elsewhere. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { nodeHost } from '../../server/src/host/node/node-host.ts';
import type { Files } from '../../server/src/host/ports.ts';
import { CommandLine } from '../cli/command-line.ts';
import { closeEditors, openEditor } from '../protocol/editor.ts';
import { DRIFTED } from '../report/two-clusters.ts';
import { Program } from './program.ts';

const ISTIO = (name: string, network: string): string => `apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata: { name: istio }
spec:
  profile: ambient
  values:
    global: { meshID: mesh1, network: ${network}, multiCluster: { clusterName: ${name} } }
    pilot: { env: { AMBIENT_ENABLE_MULTI_NETWORK: "true" } }
`;

/** Two clusters that build the same base; the fix gives west the waypoint of east, in a file of its own that is called after it. */
function overlays(waypoint: string): Readonly<Record<string, string>> {
  const name = JSON.stringify(waypoint);
  return {
    '.ambient-multicluster.yaml': 'complete: true\n',
    'base/kustomization.yaml': 'resources: [app.yaml]\n',
    'base/app.yaml': `apiVersion: v1
kind: Service
metadata: { name: hello, namespace: sample, labels: { istio.io/global: "true", istio.io/use-waypoint: ${name} } }
spec: { ports: [{ port: 80 }] }
`,
    'clusters/east/app/kustomization.yaml': 'namePrefix: east-\nresources: [../../../base]\n',
    'clusters/west/app/kustomization.yaml': 'namePrefix: west-\nresources: [../../../base]\n',
    'clusters/east/kustomization.yaml': 'resources: [istio.yaml, app, waypoint.yaml]\n',
    'clusters/west/kustomization.yaml': 'resources: [istio.yaml, app]\n',
    'clusters/east/istio.yaml': ISTIO('east', 'network1'),
    'clusters/west/istio.yaml': ISTIO('west', 'network2'),
    'clusters/east/waypoint.yaml': `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: ${name}, namespace: sample, labels: { istio.io/waypoint-for: service, istio.io/global: "true" } }
spec:
  gatewayClassName: istio-waypoint
  listeners: [{ name: mesh, port: 15008, protocol: HBONE }]
`,
  };
}

const CREATED = 'clusters/west/waypoint-gateway.yaml';

/** All files below a folder, links not followed. */
function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => !lstatSync(join(folder, file)).isDirectory())
    .sort();
}

describe('what is written', () => {
  let line: CommandLine;
  beforeEach(() => {
    line = new CommandLine();
  });
  afterEach(() => {
    line.dispose();
    closeEditors();
  });
  const fix = () => line.run('check', '--fix', '--unsafe-fixes', '--only', 'use-waypoint-unresolved', '.');

  it('by a fix that makes a file is called after the object', async () => {
    line.write(overlays('waypoint'));
    assert.equal((await fix()).err, '1 fix made in 2 files\n');
    assert.match(line.read(CREATED), /^kind: Gateway$/m);
  });

  const odd = [
    '../../../../x',
    '../x',
    '/tmp/x',
    'a/b',
    '..',
    'con.x',
    'a\\b',
    'a\nb',
    'C:x',
    `x${'y'.repeat(260)}`,
    '',
  ];
  for (const name of odd) {
    it(`never leaves the folder for an object called ${JSON.stringify(name.slice(0, 20))}`, async () => {
      const root = join(line.folder, 'a/b/c/d/e');
      line.write(Object.fromEntries(Object.entries(overlays(name)).map(([file, text]) => [`a/b/c/d/e/${file}`, text])));
      const before = filesBelow(line.folder);
      await line.run('check', '--fix', '--unsafe-fixes', root);
      assert.deepEqual(filesBelow(line.folder), before);
      assert.ok(!existsSync('/tmp/x-gateway.yaml'));
      const editor = await openEditor(overlays(name));
      const whole = { start: { line: 0, character: 0 }, end: { line: 100, character: 0 } };
      const actions = await editor.codeActions('base/app.yaml', whole);
      const created = actions.flatMap(({ edit }) => edit?.documentChanges ?? []).filter((change) => 'kind' in change);
      assert.deepEqual(created, []);
    });
  }

  const OVERLAY = 'clusters/west/kustomization.yaml';

  /** Makes the fix, while somebody else writes. */
  async function fixBeside(others: Readonly<Record<string, string>>): ReturnType<typeof fix> {
    line.write(overlays('waypoint'));
    const files: Files = {
      ...nodeHost.files,
      write: async (path, text, expected) => {
        line.write(others);
        await nodeHost.files.write(path, text, expected);
      },
    };
    line.host = { ...nodeHost, files };
    return fix();
  }

  it('by a fix replaces no file that came to be meanwhile, nor names it', async () => {
    const { status, err } = await fixBeside({ [CREATED]: 'mine: true\n' });
    assert.equal(status, 2);
    assert.match(err, /^not written: .*waypoint-gateway\.yaml exists already$/m);
    assert.equal(line.read(CREATED), 'mine: true\n');
    assert.equal(line.read(OVERLAY), overlays('waypoint')[OVERLAY]);
  });

  it('by a fix waits for no pipe, and replaces no link that leads nowhere', async () => {
    for (const make of [
      (path: string) => execFileSync('mkfifo', [path]),
      (path: string) => symlinkSync('gone', path),
    ]) {
      line.write(overlays('waypoint'));
      const path = join(line.folder, CREATED);
      rmSync(path, { force: true });
      make(path);
      const { status, err } = await fix();
      assert.equal(status, 2);
      assert.match(err, /^not written: .*waypoint-gateway\.yaml (?:exists already|is a link that leads nowhere)$/m);
      assert.equal(line.read(OVERLAY), overlays('waypoint')[OVERLAY]);
      assert.ok(!lstatSync(path).isFile());
    }
  });

  it('by a fix changes no file that changed meanwhile', async () => {
    const { status, err } = await fixBeside({ [OVERLAY]: 'resources: []\n' });
    assert.equal(status, 2);
    assert.match(err, /^not written: .*kustomization\.yaml has changed meanwhile$/m);
    assert.match(err, /^not taken back: .*waypoint-gateway\.yaml is new, and nothing names it$/m);
    assert.equal(line.read(OVERLAY), 'resources: []\n');
  });

  it('by init replaces nothing, not even what a link leads to', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'outside-'));
    try {
      line.write(DRIFTED);
      symlinkSync(join(outside, 'new.yaml'), join(line.folder, '.ambient-multicluster.yaml'));
      await line.run('init');
      assert.deepEqual(readdirSync(outside), []);
      assert.equal((await line.run('init')).status, 2);
    } finally {
      rmSync(outside, { recursive: true, force: true });
    }
  });

  describe('as an output that a link of the repository leads elsewhere', () => {
    let outside: string;
    beforeEach(() => {
      outside = mkdtempSync(join(tmpdir(), 'outside-'));
      writeFileSync(join(outside, 'theirs'), 'theirs');
      line.write({ ...DRIFTED, '.git/HEAD': 'ref: refs/heads/main\n', 'real/x': '' });
      mkdirSync(join(outside, 'repository/.git'), { recursive: true });
      symlinkSync(join(outside, 'theirs'), join(line.folder, 'out.json'));
      symlinkSync(outside, join(line.folder, 'out'));
      symlinkSync('real', join(line.folder, 'inside'));
    });
    afterEach(() => rmSync(outside, { recursive: true, force: true }));

    for (const argv of [
      ['check', '--format', 'json:out.json'],
      ['check', '--format', 'sarif:out/theirs'],
      ['check', '--format', 'sarif:out/new.sarif'],
      ['check', '--format', 'sarif:out/repository/new.sarif'],
      ['check', '--write-baseline', 'out.json'],
      ['report', '--format', 'markdown:out/new.md'],
    ]) {
      it(`is refused: ${argv.join(' ')}`, async () => {
        const { status, err } = await line.run(...argv);
        assert.equal(status, 2);
        assert.match(err, /a link that leads out of the repository\n$/);
        assert.equal(readFileSync(join(outside, 'theirs'), 'utf8'), 'theirs');
        assert.deepEqual(readdirSync(outside).sort(), ['repository', 'theirs']);
        assert.deepEqual(readdirSync(join(outside, 'repository')), ['.git']);
      });
    }

    it('is written if it leads to within, or if the user names it', async () => {
      assert.equal((await line.run('check', '--format', 'json:inside/out.json', '--fail-on', 'never')).status, 0);
      assert.equal(JSON.parse(line.read('real/out.json')).version, 1);
      const named = join(outside, 'theirs');
      assert.equal((await line.run('check', '--format', `json:${named}`, '--fail-on', 'never')).status, 0);
      assert.equal(JSON.parse(readFileSync(named, 'utf8')).version, 1);
    });
  });

  it('spares what is protected against writing', async function () {
    this.timeout(60_000);
    const program = await Program.bundled({ CI: '1' });
    try {
      line.write(DRIFTED);
      const file = 'clusters/west/sample.yaml';
      for (const folder of [line.folder, join(line.folder, 'clusters'), join(line.folder, dirname(file))])
        chmodSync(folder, 0o777);
      chmodSync(join(line.folder, file), 0o444);
      const before = line.read(file);
      const { status, err } = await program.run(
        'check',
        '--fix',
        '--unsafe-fixes',
        '--only',
        'waypoint-not-uniform',
        line.folder,
      );
      assert.equal(line.read(file), before);
      assert.match(err, /^not written: EACCES/m);
      assert.equal(status, 2);
    } finally {
      program.dispose();
    }
  });
});
