/** Argo CD Applications: what they deploy, where, and from which line every value comes. */
import assert from 'node:assert/strict';
import type { ChartSource, DeploySource, FolderSource } from '../../server/src/deploy/deployment.ts';
import { DeployTree } from './deploy-tree.ts';

function application(spec: string): string {
  const lines = spec.trim().split('\n');
  return [
    'apiVersion: argoproj.io/v1alpha1',
    'kind: Application',
    'metadata: {name: mesh}',
    'spec:',
    ...lines.map((line) => `  ${line}`),
  ].join('\n');
}

const DESTINATION = 'destination: {name: east, namespace: istio-system}';

function chart(sources: readonly DeploySource[]): ChartSource {
  const found = sources.find((source) => source.kind === 'chart');
  assert.ok(found?.kind === 'chart');
  return found;
}

function folder(sources: readonly DeploySource[]): FolderSource {
  const found = sources.find((source) => source.kind === 'folder');
  assert.ok(found?.kind === 'folder');
  return found;
}

/** The values of the only chart, each with its line. */
function values(tree: DeployTree): readonly string[] {
  const { install } = chart(tree.deployments().flatMap(({ sources }) => sources));
  assert.ok(install);
  return tree.lines({ node: install.root, at: install.at });
}

describe('Argo CD applications', () => {
  it('keep the inner line of YAML inside YAML', () => {
    const tree = new DeployTree({
      'a.yaml': application(`
source:
  chart: istiod
  helm:
    values: |
      global:
        network: net1
${DESTINATION}`),
    });
    assert.deepEqual(values(tree), ['/global/network: net1 (a.yaml:10)']);
  });

  it('install the chart base with the revision that it makes the default one', () => {
    const tree = new DeployTree({
      'a.yaml': application(`
source:
  chart: base
  helm: {valuesObject: {defaultRevision: canary}}
${DESTINATION}`),
    });
    assert.equal(chart(tree.deployments().flatMap(({ sources }) => sources)).install?.chart, 'base');
    assert.deepEqual(values(tree), ['/defaultRevision: canary (a.yaml:7)']);
  });

  it('merge value files of other sources below inline values below parameters', () => {
    const tree = new DeployTree({
      'apps/a.yaml': application(`
sources:
  - chart: istiod
    helm:
      valueFiles: [$cfg/values/all.yaml, $cfg/values/east.yaml]
      valuesObject:
        c: inline
        d: inline
      parameters:
        - {name: d, value: parameter}
        - {name: 'list[0].x\\.y', value: "1"}
  - {ref: cfg}
${DESTINATION}`),
      'values/all.yaml': 'a: all\nb: all\nc: all\nd: all\n',
      'values/east.yaml': 'b: east\n',
    });
    assert.deepEqual(values(tree), [
      '/a: all (values/all.yaml:1)',
      '/b: east (values/east.yaml:1)',
      '/c: inline (apps/a.yaml:10)',
      '/d: parameter (apps/a.yaml:13)',
      '/list/0/x.y: 1 (apps/a.yaml:14)',
    ]);
    const { valueFiles } = chart(tree.deployments().flatMap(({ sources }) => sources));
    assert.deepEqual(valueFiles, ['values/all.yaml', 'values/east.yaml']);
  });

  it('do not know what a missing value file replaces', () => {
    const tree = new DeployTree({
      'a.yaml': application(`
source:
  chart: istiod
  helm:
    valueFiles: [$cfg/values/east.yaml]
    values: "b: 1"
sources:
  - chart: istiod
    helm:
      valueFiles: [$cfg/all.yaml, $cfg/east.yaml]
      values: "b: 1"
  - {ref: cfg}
${DESTINATION}`),
      'all.yaml': 'a: all\nb: all\n',
    });
    assert.deepEqual(values(tree), ['/a: {{ a layer that is not in sight }} (all.yaml:1)', '/b: 1 (a.yaml:14)']);
    const [deployment] = tree.deployments();
    assert.equal(chart(deployment?.sources ?? []).install?.installer?.layersOpen, true);
    assert.deepEqual(
      deployment?.unknown.map(({ what }) => what),
      ['the value file $cfg/east.yaml'],
    );
  });

  it('install a chart of the repository with its own values below', () => {
    const tree = new DeployTree({
      'team/apps/a.yaml': application(`
source:
  path: charts/mesh
  helm: {valueFiles: [../../envs/east.yaml]}
${DESTINATION}`),
      'team/charts/mesh/Chart.yaml': 'apiVersion: v2\nname: mesh\ndependencies: [{name: istiod, version: 1.29.2}]\n',
      'team/charts/mesh/values.yaml': 'istiod: {profile: ambient}\n',
      'team/envs/east.yaml': 'istiod: {global: {network: east}}\n',
    });
    assert.deepEqual(values(tree), [
      '/istiod/profile: ambient (team/charts/mesh/values.yaml:1)',
      '/istiod/global/network: east (team/envs/east.yaml:1)',
    ]);
    const source = chart(tree.deployments().flatMap(({ sources }) => sources));
    assert.equal(source.folder, 'team/charts/mesh');
    assert.equal(source.install?.installer?.chartFile?.file, 'team/charts/mesh/Chart.yaml');
  });

  it('know their cluster by name, by address, or as their own', () => {
    const kinds = [
      '{name: east}',
      '{server: "https://east.example:6443/"}',
      '{server: "https://kubernetes.default.svc"}',
      '{name: in-cluster}',
      '{name: "{{name}}"}',
    ].map((destination) => {
      const [deployment] = new DeployTree({ 'a.yaml': application(`destination: ${destination}`) }).deployments();
      return [
        deployment?.cluster.kind,
        ...(deployment?.cluster.keys.map(({ from, value }) => `${from} ${value}`) ?? []),
      ];
    });
    assert.deepEqual(kinds, [
      ['named', 'name east'],
      ['named', 'server https://east.example:6443'],
      ['own'],
      ['own'],
      ['unknown'],
    ]);
  });

  it('give labels to the namespace', () => {
    const tree = new DeployTree({
      'a.yaml': application(`
source: {chart: istiod}
syncPolicy:
  managedNamespaceMetadata:
    labels: {topology.istio.io/network: net1}
${DESTINATION}`),
    });
    const [deployment] = tree.deployments();
    const label = deployment?.namespaceLabels?.entries.get('topology.istio.io/network');
    assert.ok(label !== undefined && 'value' in label);
    assert.equal(label.value, 'net1');
    assert.equal(tree.table.locate(label.at)?.range.start.line, 7);
  });

  it('take the files of a folder that their options tell', () => {
    const options = ['', '  directory: {recurse: true}', "  directory: {recurse: true, exclude: '{x/*,b.yaml}'}"];
    const files = ['m/a.yaml', 'm/b.yaml', 'm/x/c.yaml', 'm/readme.md', 'other/a.yaml'];
    const taken = options.map((option) => {
      const tree = new DeployTree({
        'a.yaml': application(`source:\n  path: m\n${option}\n${DESTINATION}`),
        ...Object.fromEntries(files.map((file) => [file, 'a: 1'])),
      });
      const source = folder(tree.deployments().flatMap(({ sources }) => sources));
      assert.equal(source.build, 'files');
      return files.filter(source.takes);
    });
    assert.deepEqual(taken, [['m/a.yaml', 'm/b.yaml'], ['m/a.yaml', 'm/b.yaml', 'm/x/c.yaml'], ['m/a.yaml']]);
  });

  it('lay a kustomization over the folder', () => {
    const tree = new DeployTree({
      'a.yaml': application(`
source:
  path: base
  kustomize:
    namespace: prod
    images: ["istio/pilot=mirror/pilot:1.29.1", "proxy:2"]
    commonLabels: {a: b}
    patches:
      - target: {kind: Namespace}
        patch: "- {op: remove, path: /metadata/labels}"
${DESTINATION}`),
      'base/kustomization.yaml': 'resources: [ns.yaml]\n',
      'base/ns.yaml': 'kind: Namespace\n',
    });
    const source = folder(tree.deployments().flatMap(({ sources }) => sources));
    assert.equal(source.build, 'kustomize');
    assert.deepEqual(tree.lines(source.overlay), [
      '/namespace: prod (a.yaml:8)',
      '/patches/0/target/kind: Namespace (a.yaml:12)',
      '/patches/0/patch: - {op: remove, path: /metadata/labels} (a.yaml:13)',
      '/commonLabels/a: b (a.yaml:10)',
      '/images/0/name: istio/pilot (a.yaml:9)',
      '/images/0/newName: mirror/pilot (a.yaml:9)',
      '/images/0/newTag: 1.29.1 (a.yaml:9)',
      '/images/1/name: proxy (a.yaml:9)',
      '/images/1/newTag: 2 (a.yaml:9)',
    ]);
  });

  it('say which folder and which chart are not in sight', () => {
    const tree = new DeployTree({
      'a.yaml': application(`sources: [{path: gone}, {path: "clusters/{{name}}"}, {repoURL: x}]\n${DESTINATION}`),
    });
    const [deployment] = tree.deployments();
    assert.deepEqual(deployment?.sources, []);
    assert.deepEqual(
      deployment?.unknown.map(({ what }) => what),
      ['the folder gone', 'the path clusters/{{name}}', 'a source without a path'],
    );
  });
});
