import assert from 'node:assert/strict';
import type { TopologyJson } from '../../server/src/report/topology-json.ts';
import { CORRECT, clusterFiles, DRIFTED } from '../report/two-clusters.ts';
import { CommandLine } from './command-line.ts';

describe('cli: report, clusters and init', () => {
  let line: CommandLine;
  beforeEach(() => {
    line = new CommandLine();
  });
  afterEach(() => line.dispose());

  it('prints Markdown: limitations first, then what differs, then the rest', async () => {
    line.write(DRIFTED);
    const { status, out } = await line.run('report');
    assert.equal(status, 0);
    assert.match(out, /^# mesh1: 2 clusters, 2 networks, 1 service \(1 global\)\n\n1 error/);
    assert.match(out, /^\| 1 One network per cluster \| ✓ \|/m);
    assert.match(
      out,
      /^\| 3 Uniform waypoints \| ✗ 1 \| Service sample\/helloworld .*\(clusters\/west\/sample\.yaml#L\d+\) \|$/m,
    );
    assert.match(out, /^\| sample\/helloworld \| GLOBAL · waypoint \| GLOBAL · wp \|$/m);
    const headings = [...out.matchAll(/^## (.*)$/gm)].map(([, title]) => title);
    assert.deepEqual(headings, ['Services', 'Findings', 'Clusters', 'Networks', 'Gateways']);
    assert.match(out, /global\.multiCluster\.clusterName/);
  });

  it('says ? where the workspace does not tell', async () => {
    line.write(CORRECT);
    line.write({
      'clusters/west/istio-system.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: { name: istio-system }\n',
    });
    const { out } = await line.run('report');
    assert.match(out, /^\| 6 East-west HBONE only \| \? \| west: gateway not in the workspace \|$/m);
  });

  it('says of Services that another distribution makes global that their scope is not known', async () => {
    const ours = '    app: helloworld\n    istio.io/global: "true"\n';
    for (const [file, text] of Object.entries(CORRECT))
      line.write({ [file]: text.replace(ours, '    solo.io/service-scope: global\n') });
    const { out } = await line.run('report');
    assert.match(out, /^# .* 1 service \(0 global\)$/m);
    assert.match(
      out,
      /<summary>1 Service of which the scope is not known<\/summary>\n\n.*\n.*\n\| sample\/helloworld \| UNKNOWN/,
    );
  });

  it('says that gateways of another distribution are not judged, and which network is meant where no label tells it', async () => {
    const plain = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: istio-system }\n';
    const gateway = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: eastwest, namespace: istio-system, labels: { istio.solo.io/expose-istiod: "15012" } }
spec: { gatewayClassName: istio-eastwest, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }
`;
    line.write({ ...CORRECT, 'clusters/west/istio-system.yaml': `${plain}---\n${gateway}` });
    const { out } = await line.run('report');
    assert.match(out, /^\| 6 East-west HBONE only \| \? \| west: gateways of Solo's distribution are not judged \|$/m);
    assert.match(out, /^# mesh1: 2 clusters, 1 known network, /m);
    assert.match((await line.run('clusters')).out, /label of the network not known, installed with [\w-]+ · primary/);
  });

  it('tells how many clusters of one name a finding is about', async () => {
    line.write({ ...clusterFiles('east', 'network1'), ...clusterFiles('west', 'network2') });
    const file = 'clusters/west/istio.yaml';
    line.write({ [file]: line.read(file).replace('clusterName: west', 'clusterName: east') });
    const { out } = await line.run('report');
    assert.match(out, /^- \*\*error\*\* .* \(2 clusters called east\): .*`?cluster-name-duplicate/m);
    assert.doesNotMatch(out, /east, east/);
  });

  it('says ? where something is no more than hinted at', async () => {
    for (const file of ['clusters/east/sample.yaml', 'clusters/west/sample.yaml']) {
      const documents = CORRECT[file]?.split('---\n') ?? [];
      const withoutWaypoint = documents.filter((text) => !text.includes('istio-waypoint'));
      assert.equal(withoutWaypoint.length, documents.length - 1);
      line.write({ ...(file.includes('east') ? CORRECT : {}), [file]: withoutWaypoint.join('---\n') });
    }
    const { out } = await line.run('report');
    assert.match(out, /^\| 3 Uniform waypoints \| \? \| .* which is not in this workspace.* \[/m);
  });

  it('folds Services that are alike, and lists what was not read', async () => {
    line.write({ ...CORRECT, 'clusters/east/chart.yaml': '{{- if .Values.x }}\nkind: Service\n{{- end }}\n' });
    const { out } = await line.run('report');
    assert.match(out, /<details><summary>1 global Service without a difference<\/summary>/);
    assert.match(
      out,
      /^## What could not be read, and why\n\n.*\n\n\*\*Templates of Helm charts .*\*\* \(`helm-template`, 1 file\): \[clusters\/east\/chart\.yaml\]/m,
    );
  });

  it('says in every format what could not be read, and why, and folds long lists', async () => {
    const charts = Object.fromEntries(
      Array.from({ length: 13 }, (_, i) => [
        `clusters/east/chart-${10 + i}.yaml`,
        '{{- if .Values.x }}\nkind: Service\n{{- end }}\n',
      ]),
    );
    line.write({ ...CORRECT, ...charts, 'clusters/west/broken.yaml': 'kind: Service\n a: {\n' });
    const { out } = await line.run('report');
    assert.match(
      out,
      /\(`helm-template`, 13 files\): (?:\[[^\]]*\]\([^)]*\)(?:, )?){10}\n\n<details><summary>3 more<\/summary>/,
    );
    assert.ok(out.indexOf('`broken-yaml`') < out.indexOf('`helm-template`'));
    const text = (await line.run('clusters')).out;
    assert.match(
      text,
      /^What could not be read, and why\n\n {2}The YAML is broken \(broken-yaml\): 1 file\n {4}clusters\/west\/broken\.yaml {2}\(west\)$/m,
    );
    assert.match(text, /\n {4}… and 3 more \(--format json lists them all\)\n$/);
    assert.match(text, /^ {4}incomplete: 13 files could not be read$/m);
    for (const command of ['report', 'clusters']) {
      const { unread } = JSON.parse((await line.run(command, '--format', 'json')).out);
      assert.deepEqual(
        unread.map(({ reason, count, files }: { reason: string; count: number; files: { cluster: string }[] }) => [
          reason,
          count,
          files[0]?.cluster,
        ]),
        [
          ['broken-yaml', 1, 'west'],
          ['helm-template', 13, 'east'],
        ],
      );
    }
  });

  it('lists what belongs to no cluster, with the reason, if Istio would read it', async () => {
    const service = 'apiVersion: v1\nkind: Service\nmetadata: { name: web, namespace: shop }\n';
    const workload = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web, namespace: shop }\n';
    line.write({
      ...CORRECT,
      'common.yaml': service,
      'apps/web/service.yaml': service,
      'apps/cart/service.yaml': service,
      'apps/cart/workload.yaml': workload,
      'examples/web.yaml': service,
      'workload.yaml': workload,
    });
    assert.match(
      (await line.run('report')).out,
      /\n## What belongs to no cluster, and why\n\n\*\*Examples, .*\*\* \(1 file\): \[examples\/web\.yaml\].*\n\n\*\*Neither .*\*\* \(3 files\): \[apps\/cart\/service\.yaml\]/,
    );
    const { placeless } = JSON.parse((await line.run('clusters', '--format', 'json')).out);
    assert.deepEqual(
      placeless.map(({ file, reason }: { file: string; reason: string }) => [file, reason]),
      [
        ['apps/cart/service.yaml', 'untold'],
        ['apps/web/service.yaml', 'untold'],
        ['common.yaml', 'untold'],
        ['examples/web.yaml', 'set-apart'],
      ],
    );
    assert.match(
      (await line.run('clusters')).out,
      /^What belongs to no cluster, and why\n\n {2}Examples, .*: 1 file\n {4}examples\/web\.yaml\n\n {2}Neither .*: 3 files\n {4}apps\/cart\/service\.yaml\n/m,
    );
    line.write({
      '.ambient-multicluster.yaml':
        'meshes: [{ id: mesh1, clusters: [{ name: west, paths: [clusters/west/**, apps/**, common.yaml] }] }]\n',
    });
    const declared = JSON.parse((await line.run('clusters', '--format', 'json')).out);
    assert.deepEqual(
      declared.placeless
        .map(({ file }: { file: string }) => file)
        .filter((file: string) => file !== 'examples/web.yaml'),
      [],
    );
  });

  it('lists values upon which clusters build with these alone', async () => {
    const own = (name: string): string => `global: { network: net-${name}, multiCluster: { clusterName: ${name} } }\n`;
    line.write({
      'values/istiod.yaml':
        'profile: ambient\nglobal: { meshID: mesh1 }\npilot: { env: { AMBIENT_ENABLE_MULTI_NETWORK: "true" } }\n',
      'values/istiod-east.yaml': own('east'),
      'values/istiod-west.yaml': own('west'),
    });
    const { clusters, placeless } = JSON.parse((await line.run('clusters', '--format', 'json')).out);
    assert.deepEqual(
      clusters.map(({ files }: { files: readonly string[] }) => files.includes('values/istiod.yaml')),
      [true, true],
    );
    assert.deepEqual(placeless, []);
  });

  it('has few words for clusters that are compared with nothing', async () => {
    line.write({ ...CORRECT, ...movedTo('other', clusterFiles('alone', 'network9'), 'mesh9') });
    const { out } = await line.run('report');
    assert.deepEqual(
      [...out.matchAll(/^# (.*)$/gm)].map(([, title]) => title),
      ['mesh1: 2 clusters, 2 networks, 1 service (1 global)', 'Other clusters'],
    );
    assert.match((await line.run('report', 'other')).out, /^# mesh9: 1 cluster, /);
  });

  it('prints a hostile name as text', async () => {
    const hostile = Object.entries(CORRECT).map(([file, text]) => [
      file.replace('east', 'e|<b>`x`'),
      text.replace('clusterName: east', 'clusterName: "e|<script>\\e[31m"'),
    ]);
    line.write(Object.fromEntries(hostile));
    for (const argv of [['report'], ['clusters'], ['check']]) {
      const { out, status } = await line.run(...argv);
      assert.equal(status, 0);
      assert.ok(!out.includes('\u001b'), argv.join());
      if (argv[0] === 'report') assert.ok(!out.includes('<script>'));
    }
  });

  it('prints the topology with json', async () => {
    line.write(CORRECT);
    const topology: TopologyJson = JSON.parse((await line.run('report', '--format', 'json')).out);
    const service = topology.services.find(({ name }) => name === 'helloworld');
    assert.deepEqual(service?.clusters.east, {
      scope: { east: 'GLOBAL', west: 'GLOBAL' },
      waypoint: 'sample/waypoint',
      waypointProblem: null,
    });
    assert.ok(topology.services.some(({ name, generated }) => name === 'waypoint' && generated === true));
    assert.deepEqual(
      topology.networks.map(({ name, clusters }) => [name, clusters]),
      [
        ['network1', ['east']],
        ['network2', ['west']],
      ],
    );
    const gateway = topology.gateways.find(
      ({ cluster, name }) => cluster === 'west' && name === 'istio-eastwestgateway',
    );
    assert.deepEqual(
      gateway?.listeners.map(({ name, accepted, reason }) => [name, accepted, reason]),
      [['mesh', true, 'Accepted']],
    );
    assert.deepEqual(topology.clusters[0]?.assumed, []);
    assert.deepEqual(Object.keys(topology.views), ['east', 'west']);
    const seen = topology.views.east?.services.find(({ name }) => name === 'helloworld');
    assert.deepEqual([seen?.scope, seen?.vipClusters], ['GLOBAL', ['east', 'west']]);
  });

  it('lists what it takes for granted', async () => {
    line.write(CORRECT);
    line.write({ 'clusters/east/istio.yaml': '', 'clusters/east/other.yaml': serviceIn('other') });
    const topology: TopologyJson = JSON.parse((await line.run('report', '--format', 'json')).out);
    const assumed = topology.clusters.find(({ name }) => name === 'east')?.assumed.join('\n') ?? '';
    for (const part of ['AMBIENT_ENABLE_MULTI_NETWORK', 'serviceScopeConfigs', 'Namespace other']) {
      assert.ok(assumed.includes(part), part);
    }
  });

  it('keeps clusters of two meshes apart that have the same name', async () => {
    for (const stage of ['dev', 'prod']) {
      const files = { ...clusterFiles('c1', 'network1'), ...clusterFiles('c2', 'network2') };
      line.write(movedTo(`envs/${stage}`, files, stage));
    }
    const topology: TopologyJson = JSON.parse((await line.run('report', '--format', 'json')).out);
    assert.deepEqual(Object.keys(topology.views), ['dev/c1', 'dev/c2', 'prod/c1', 'prod/c2']);
  });

  it('tells which file belongs to which cluster, and why', async () => {
    line.write(CORRECT);
    const { out } = await line.run('clusters');
    assert.match(out, /^mesh mesh1 \(.+\)$/m);
    assert.match(out, /^ {2}east {2}network network1 · primary · Istio 1\.30\.2$/m);
    assert.match(out, /^ {4}name by .*clusterName.* {2}clusters\/east\/istio\.yaml:\d+:\d+$/m);
    assert.match(out, /^ {6}clusters\/west\/sample\.yaml$/m);
    const { clusters } = JSON.parse((await line.run('clusters', '--format', 'json')).out);
    assert.deepEqual(
      clusters[0].files,
      Object.keys(CORRECT)
        .filter((file) => file.includes('east'))
        .sort(),
    );
  });

  it('writes a configuration file that says what was inferred', async () => {
    line.write(DRIFTED);
    const before = (await line.run('--format', 'json')).out;
    assert.equal((await line.run('init')).status, 0);
    const text = line.read('.ambient-multicluster.yaml');
    assert.doesNotMatch(text, /yaml-language-server/);
    assert.match(text, /- name: "east"\n {8}paths: \["clusters\/east\/\*\*"\]\n {8}network: "network1"\n/);
    const after = JSON.parse((await line.run('--format', 'json')).out);
    assert.deepEqual(after.findings, JSON.parse(before).findings);
    const again = await line.run('init');
    assert.equal(again.status, 2);
    assert.match(again.err, /exists already/);
  });

  it('names the schema in a configuration file where the command is among the npm packages', async () => {
    const schema = 'node_modules/ambient-multicluster/schemas/ambient-multicluster.schema.json';
    line.write({ ...DRIFTED, [schema]: '{}' });
    assert.equal((await line.run('init')).status, 0);
    assert.ok(line.read('.ambient-multicluster.yaml').startsWith(`# yaml-language-server: $schema=${schema}\n`));
  });
});

/** The same clusters in another folder and another mesh. */
function movedTo(
  folder: string,
  files: Readonly<Record<string, string>>,
  mesh: string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(files).map(([file, text]) => [
      file.replace('clusters', folder),
      text.replace('meshID: mesh1', `meshID: ${mesh}`),
    ]),
  );
}

function serviceIn(namespace: string): string {
  return `apiVersion: v1\nkind: Service\nmetadata:\n  name: x\n  namespace: ${namespace}\nspec:\n  ports: [{ port: 80 }]\n`;
}
