/** A second run tells what the first one told while everything that it reads is the same, and computes anew as soon as anything is not. */
import assert from 'node:assert/strict';
import { rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeFilesBy } from '../../server/src/host/node/node-files.ts';
import { nodeHost } from '../../server/src/host/node/node-host.ts';
import type { Cache, Files, Host, Memory } from '../../server/src/host/ports.ts';
import { FakeHelm, shopFiles } from '../host/fake-helm.ts';
import { CommandLine } from './command-line.ts';

const SERVICE = `apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
  labels: { istio.io/global: "true" }
spec:
  ports: [{ port: 80 }]
`;

const installation = (name: string, network: string): string => `apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata: { name: istio, namespace: istio-system }
spec:
  profile: ambient
  values:
    global: { meshID: mesh1, network: ${network}, multiCluster: { clusterName: ${name} } }
`;

/** A cache in memory, which counts. */
class CountingCache implements Cache {
  readonly entries = new Map<string, string>();
  hits = 0;

  async get(name: string): Promise<string | undefined> {
    const text = this.entries.get(name);
    if (text !== undefined) this.hits++;
    return text;
  }

  async set(name: string, text: string): Promise<void> {
    this.entries.set(name, text);
  }
}

describe('a remembered run', () => {
  let cli: CommandLine;
  let cache: CountingCache;
  /** Times that the workspace was read. */
  let walks: number;
  /** Whether files have stamps, as if they had not been written just now. */
  let stamping: boolean;

  beforeEach(() => {
    cli = new CommandLine();
    cache = new CountingCache();
    walks = 0;
    stamping = false;
    const node = nodeFilesBy(
      () => performance.now(),
      () => Date.now() + (stamping ? 5_000 : 0),
    );
    const files: Files = {
      ...node,
      workspace: (root, options) => {
        walks++;
        return node.workspace(root, options);
      },
    };
    const host: Host = { ...nodeHost, files, cache };
    cli.host = host;
    cli.write({
      'east/istio.yaml': installation('east', 'network1'),
      'west/istio.yaml': installation('west', 'network1'),
      'east/web.yaml': SERVICE,
      'west/web.yaml': SERVICE,
    });
  });

  afterEach(() => cli.dispose());

  /** Runs twice; @returns what both told, after seeing that it is what a run without a cache tells. */
  async function told(...argv: string[]): Promise<string> {
    const [outcome, anew] = [await cli.run(...argv), await cli.run(...argv, '--no-cache')].map(({ status, out, err }) =>
      `${status}\n${out}${err}`.replace(/"elapsedMs": \d+/, ''),
    );
    assert.equal(outcome, anew);
    return anew ?? '';
  }

  it('tells the same, of every command that only tells', async () => {
    for (const argv of [[], ['check', '--format', 'concise'], ['report'], ['clusters', '--format', 'json']]) {
      const first = await cli.run(...argv);
      const stored = cache.entries.size;
      const again = await cli.run(...argv);
      assert.deepEqual(again, first);
      assert.equal(cache.entries.size, stored);
    }
    assert.equal(cache.hits, 4);
    assert.equal(walks, 8, 'everything is read each time, and once');
  });

  it('sees a file that changed, came, went or moved', async () => {
    const before = await told();
    cli.write({ 'west/istio.yaml': installation('west', 'network2') });
    const changed = await told();
    assert.notEqual(changed, before);
    cli.write({ 'west/istio.yaml': installation('west', 'network1') });
    assert.equal(await told(), before);
    cli.write({ 'south/istio.yaml': installation('south', 'network1'), 'south/web.yaml': SERVICE });
    assert.notEqual(await told(), before);
    rmSync(join(cli.folder, 'south'), { recursive: true });
    assert.equal(await told(), before);
    rmSync(join(cli.folder, 'west/web.yaml'));
    cli.write({ 'west/moved.yaml': SERVICE });
    assert.notEqual(await told('--format', 'json'), before);
  });

  it('sees a changed report that is imported from a folder which is never read otherwise', async () => {
    cli.write({ '.ambient-multicluster.yaml': 'imports: [vendor/report.json]\n' });
    const report = (network: string): string =>
      `{"version":1,"tool":{"name":"ambient-multicluster"},"clusters":[{"name":"far","mesh":"m","facts":{"installation":{"network":"${network}","controlPlane":"primary"}}}]}`;
    cli.write({ 'vendor/report.json': report('network8') });
    const before = await told('clusters');
    assert.match(before, /far {2}imported from vendor\/report\.json/);
    cli.write({ 'vendor/report.json': '{}' });
    assert.ok(!(await told('clusters')).includes('far'));
    cli.write({ 'vendor/report.json': report('network8') });
    assert.equal(await told('clusters'), before);
  });

  it('reads the workspace once when the old run is of no use any more', async () => {
    await cli.run();
    cli.write({ 'west/istio.yaml': installation('west', 'network2') });
    walks = 0;
    await cli.run();
    assert.equal(walks, 1);
  });

  it('reads no file whose stamp is the same, and files that were only touched no third time', async () => {
    stamping = true;
    const first = await told('--format', 'concise');
    walks = 0;
    const again = async (): Promise<void> => {
      const { status, out, err } = await cli.run('--format', 'concise');
      assert.equal(`${status}\n${out}${err}`, first);
    };
    await again();
    assert.equal(walks, 0);
    utimesSync(join(cli.folder, 'west/istio.yaml'), 1, 1);
    await again();
    assert.equal(walks, 1);
    await again();
    assert.equal(walks, 1);
    cli.write({ 'west/istio.yaml': installation('west', 'network2') });
    assert.notEqual(await told('--format', 'concise'), first);
  });

  it('sees a changed configuration, and one that comes', async () => {
    const before = await told();
    cli.write({ '.ambient-multicluster.yaml': 'rules: { shared-network: "off" }\n' });
    const configured = await told();
    assert.notEqual(configured, before);
    cli.write({ '.ambient-multicluster.yaml': 'rules: { shared-network: error }\n' });
    assert.notEqual(await told(), configured);
    rmSync(join(cli.folder, '.ambient-multicluster.yaml'));
    assert.equal(await told(), before);
  });

  it('sees files that only a build reads', async () => {
    cli.write({
      'west/kustomization.yaml': 'resources: [istio.yaml, web.yaml]\npatches: [{ path: label.patch }]\n',
      'west/label.patch':
        'apiVersion: v1\nkind: Service\nmetadata: { name: web, namespace: shop, labels: { istio.io/global: "true" } }\n',
    });
    const before = await told('report');
    writeFileSync(
      join(cli.folder, 'west/label.patch'),
      'apiVersion: v1\nkind: Service\nmetadata: { name: web, namespace: shop, labels: { istio.io/global: "false" } }\n',
    );
    const changed = await told('report');
    assert.notEqual(changed, before);
    rmSync(join(cli.folder, 'west/label.patch'));
    assert.ok(![before, changed].includes(await told('report')));
  });

  it('takes a baseline, other arguments, another folder and the environment into account', async () => {
    const before = await told();
    await cli.run('--write-baseline', 'known.json');
    const without = await told('--baseline', 'known.json');
    assert.notEqual(without, before);
    writeFileSync(join(cli.folder, 'known.json'), '{"version":1,"findings":[]}');
    await told('--baseline', 'known.json');
    cli.terminal = true;
    const coloured = await told();
    assert.notEqual(coloured, before);
    cli.env = { NO_COLOR: '1' };
    assert.equal(await told(), before);
  });

  it('writes its files again', async () => {
    const first = await cli.run('--format', 'json:out.json');
    const text = cli.read('out.json');
    rmSync(join(cli.folder, 'out.json'));
    assert.deepEqual(await cli.run('--format', 'json:out.json'), first);
    assert.equal(cache.hits, 1);
    assert.equal(cli.read('out.json'), text);
  });

  it('is not what another program left in its place', async () => {
    const first = await cli.run();
    const [name = ''] = cache.entries.keys();
    const others = [
      'not json',
      'null',
      '5',
      '[]',
      '{}',
      '{"reads":null}',
      '{"reads":[["bogus"]],"seen":{},"effects":[]}',
    ];
    for (const text of [...others, '{"reads":[],"seen":{"stamps":"x"},"effects":[],"status":0}']) {
      cache.entries.set(name, text);
      assert.deepEqual(await cli.run(), first, text);
    }
  });

  it('is not one that reads standard input, changes files, shows lines as they are, or fails', async () => {
    cli.stdin = SERVICE;
    await cli.run('--cluster', 'east=-');
    await cli.run('nowhere');
    await cli.run('--diff');
    await cli.run('--fix');
    await cli.run('--write-baseline', 'known.json');
    await cli.run('--format', 'json:missing/folder/out.json');
    assert.equal(cache.entries.size, 0);
  });

  it('is not one for which Helm rendered a chart', async () => {
    cli.write(shopFiles('true', 'true'));
    const helm = new FakeHelm();
    try {
      await cli.run('--render-charts');
      assert.equal(helm.calls.length, 2);
    } finally {
      helm.dispose();
    }
    assert.equal(cache.entries.size, 0);
  });

  it('is not one for which memory did not suffice', async () => {
    let collections = 0;
    const memory: Memory = {
      used: 0.7,
      get collections() {
        collections += 2;
        return collections;
      },
      limitMegabytes: 48,
    };
    cli.host = { ...cli.host, memory };
    const { status, out, err } = await cli.run('check');
    assert.match(err, /^(\d+) of \1 files not read: more would not fit into the memory .* \(48 MB\)/);
    assert.equal(status, 0);
    assert.match(out, /files not read\./);
    assert.equal(cache.entries.size, 0);
  });

  it('keeps nothing of what Secrets hold', async () => {
    cli.write({
      'east/secret.yaml':
        'apiVersion: v1\nkind: Secret\nmetadata: { name: cacerts, namespace: istio-system }\nstringData: { ca-key.pem: hunter2 }\n',
    });
    for (const format of ['text', 'json', 'sarif']) await cli.run('--format', format);
    assert.equal(cache.entries.size, 3);
    assert.ok([...cache.entries].every((entry) => !entry.join().includes('hunter2')));
  });
});
