/** Charts that helmfile and kustomize install, and values of charts that make Applications. */
import assert from 'node:assert/strict';
import { readAppOfAppsValues } from '../../server/src/deploy/argo-cd/app-of-apps-values.ts';
import type { Deployment } from '../../server/src/deploy/deployment.ts';
import { folderPatches } from '../../server/src/deploy/helm/chart-patches.ts';
import { readHelmfile } from '../../server/src/deploy/helm/helmfile.ts';
import { inflatedChart } from '../../server/src/deploy/helm/inflated-chart.ts';
import type { KustomizeHelmChart } from '../../server/src/deploy/kustomize/build-result.ts';
import { get } from '../../server/src/yaml/read.ts';
import { DeployTree } from './deploy-tree.ts';

/** The values of the only chart of each deployment, with their lines. */
function values(tree: DeployTree, deployments: readonly Deployment[]): readonly (readonly string[])[] {
  return deployments.map(({ sources: [source] }) => {
    assert.ok(source?.kind === 'chart' && source.install !== undefined);
    return tree.lines({ node: source.install.root, at: source.install.at });
  });
}

function root(tree: DeployTree, file: string) {
  const found = tree.all().find((object) => object.file === file)?.object;
  assert.ok(found !== undefined);
  return found;
}

describe('helmfile', () => {
  it('installs its releases in every environment', () => {
    const tree = new DeployTree({
      'helmfile.yaml': `environments:
  default: {}
  east: {values: [envs/east.yaml, {mesh: m1}]}
  west: {values: [envs/west.yaml]}
releases:
  - name: istiod
    namespace: istio-system
    chart: istio/istiod
    version: 1.29.2
    values:
      - values/istiod.yaml
      - values/{{ .Environment.Name }}.yaml
      - global: {meshID: "{{ .Values.mesh }}"}
    set: [{name: global.x, value: 1}]
  - {name: off, chart: istio/ztunnel, installed: false}
`,
      'envs/east.yaml': 'net: n1\n',
      'envs/west.yaml': 'net: n2\nmesh: m2\n',
      'values/istiod.yaml': 'global: {network: none}\n',
      'values/east.yaml': 'global: {network: n1}\n',
    });
    const deployments = readHelmfile('helmfile.yaml', tree);
    assert.deepEqual(values(tree, deployments), [
      [
        '/global/network: n1 (values/east.yaml:1)',
        '/global/meshID: m1 (helmfile.yaml:3)',
        '/global/x: 1 (helmfile.yaml:14)',
      ],
      [
        '/global/network: {{ a layer that is not in sight }} (values/istiod.yaml:1)',
        '/global/meshID: m2 (envs/west.yaml:2)',
        '/global/x: 1 (helmfile.yaml:14)',
      ],
    ]);
    assert.deepEqual(
      deployments.map(({ cluster, unknown }) => [cluster.keys[0]?.value, unknown.map(({ what }) => what)]),
      [
        ['east', []],
        ['west', ['the value file values/west.yaml']],
      ],
    );
  });

  it('takes the files of a pattern, in order, and misses those of one that takes none', () => {
    const tree = new DeployTree({
      'helmfile.yaml': `environments:
  default: {values: [envs/*.yaml]}
---
releases:
  - name: istiod
    chart: istio/istiod
    values: ["{{ .Values.folder }}/comm*.yaml", values/n?.yaml]
`,
      'envs/a.yaml': 'folder: none\n',
      'envs/b.yaml': 'folder: values\n',
      'values/common.yaml': 'profile: ambient\n',
      'values/comm/a.yaml': 'profile: other\n',
    });
    const deployments = readHelmfile('helmfile.yaml', tree);
    assert.deepEqual(values(tree, deployments), [
      ['/profile: {{ a layer that is not in sight }} (values/common.yaml:1)'],
    ]);
    assert.deepEqual(
      deployments.flatMap(({ unknown }) => unknown.map(({ what }) => what)),
      ['the value file values/n?.yaml'],
    );
  });

  it('installs the chart base of Istio, and not that of others', () => {
    const tree = new DeployTree({
      'helmfile.yaml': `releases:
  - {name: a, namespace: mesh, chart: istio/base}
  - {name: istio-base, namespace: mesh, chart: mirror/base}
  - {name: c, namespace: istio-system, chart: mirror/base}
  - {name: d, namespace: mesh, chart: mirror/base, values: [{defaultRevision: canary}]}
  - {name: e, namespace: shop, chart: mirror/base, values: [{image: {tag: x}}]}
`,
    });
    const deployments = readHelmfile('helmfile.yaml', tree);
    const charts = deployments.map(({ sources: [source] }) => source?.kind === 'chart' && source.install?.chart);
    assert.deepEqual(charts, ['base', 'base', 'base', 'base', undefined]);
  });

  it('without environments is one installation, where the file lies or where its context tells', () => {
    const text = 'releases: [{name: i, chart: ./charts/mesh, kubeContext: east}, {name: j, chart: istio/ztunnel}]\n';
    const tree = new DeployTree({
      'a/helmfile.yaml': text,
      'a/charts/mesh/Chart.yaml': 'apiVersion: v2\nname: mesh\ndependencies: [{name: istiod, version: 1.29.2}]\n',
    });
    const deployments = readHelmfile('a/helmfile.yaml', tree);
    assert.deepEqual(
      deployments.map(({ cluster, sources: [source] }) => [
        cluster.kind,
        ...cluster.keys.map(({ value }) => value),
        source?.kind === 'chart' ? source.install?.chart : '',
      ]),
      [
        ['named', 'east', 'umbrella'],
        ['own', 'ztunnel'],
      ],
    );
  });
});

describe('charts that a kustomization inflates', () => {
  const tree = new DeployTree({
    'kustomization.yaml':
      'helmCharts: [{valuesFile: values.yaml, additionalValuesFiles: [more.yaml], valuesInline: {a: inline, b: inline}}]',
    'values.yaml': 'a: file\nc: file\n',
    'more.yaml': 'b: more\n',
  });
  const first = get(root(tree, 'kustomization.yaml'), 'helmCharts');
  assert.ok(first?.node.type === 'seq' && first.node.items[0] !== undefined);
  const entry = { node: first.node.items[0], at: first.at };
  const place = (key: string) => {
    const found = get(entry, key);
    assert.ok(found !== undefined);
    return found.at;
  };
  const chart = (valuesMerge: KustomizeHelmChart['valuesMerge']): KustomizeHelmChart => ({
    at: first.at,
    folder: '',
    name: 'istiod',
    version: '1.29.2',
    repo: undefined,
    releaseName: undefined,
    namespace: 'istio-system',
    valuesFiles: [
      { path: 'values.yaml', at: place('valuesFile') },
      { path: 'more.yaml', at: place('additionalValuesFiles') },
    ],
    valuesInline: get(entry, 'valuesInline'),
    valuesMerge,
  });

  for (const [merge, expected] of [
    ['override', ['a: inline', 'c: file', 'b: more']],
    ['merge', ['a: file', 'b: more', 'c: file']],
    ['replace', ['a: inline', 'b: more']],
  ] as const) {
    it(`take their values by ${merge}`, () => {
      const { install } = inflatedChart(chart(merge), 'kustomization.yaml', '', tree);
      assert.ok(install !== undefined);
      assert.deepEqual(
        tree.lines({ node: install.root, at: install.at }).map((line) => line.replace(/^\/| \(.*$/g, '')),
        expected,
      );
    });
  }
});

describe('patches on the Deployment of an inflated chart', () => {
  it('set what the chart would make of values', () => {
    const patch = `- patch: |
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: istiod}
    spec: {template: {spec: {containers: [{name: discovery, env: [{name: CLUSTER_ID, value: c1}, {name: A, value: b}]}]}}}`;
    const tree = new DeployTree({ 'kustomization.yaml': `helmCharts: [{name: istiod}]\npatches:\n${patch}\n` });
    assert.deepEqual(
      folderPatches(tree, '', 'istiod').values.map(({ steps, value }) => [steps.join('.'), tree.lines(value)[0]]),
      [
        ['global.multiCluster.clusterName', ': c1 (kustomization.yaml:7)'],
        ['pilot.env.A', ': b (kustomization.yaml:7)'],
      ],
    );
    assert.deepEqual(folderPatches(tree, 'elsewhere', 'istiod').values, []);
  });

  /** `name=value` of what they set, and `opaque` where that is not all. */
  function patched(chart: string, kustomization: string): readonly string[] {
    const tree = new DeployTree({ 'kustomization.yaml': kustomization });
    const { values, opaque } = folderPatches(tree, '', chart);
    const set = values.map(
      ({ steps, value: { node } }) => `${steps.join('.')}=${node.type === 'scalar' ? node.text : ''}`,
    );
    return [...set, ...(opaque ? ['opaque'] : [])];
  }

  it('set it by JSON patches too, where they add a variable', () => {
    const add = `patches:
  - target: { kind: DaemonSet, name: ztunnel }
    patch: |
      - op: add
        path: /spec/template/spec/containers/0/env/-
        value: { name: NETWORK, value: network2 }
`;
    assert.deepEqual(patched('ztunnel', add), ['env.NETWORK=network2']);
    assert.deepEqual(patched('istiod', add), []);
  });

  it('leave the values unknown where they name a place in a list of the chart, or change the mesh configuration', () => {
    const json = (target: string, path: string) =>
      `patches:\n  - target: ${target}\n    patch: |\n      - { op: replace, path: ${path}, value: x }\n`;
    const env = '/spec/template/spec/containers/0/env/3/value';
    assert.deepEqual(patched('istiod', json('{ kind: Deployment }', env)), ['opaque']);
    assert.deepEqual(patched('istiod', json('{ name: "istiod.*" }', env)), ['opaque']);
    assert.deepEqual(patched('istiod', json('{ kind: Deployment, name: other }', env)), []);
    assert.deepEqual(patched('istiod', json('{ kind: Deployment }', '/spec/replicas')), []);
    assert.deepEqual(patched('istiod', json('{ kind: ConfigMap, name: istio }', '/data/mesh')), ['opaque']);
    assert.deepEqual(patched('istiod', json('{ kind: ConfigMap, name: other }', '/data/mesh')), []);
  });

  it('name another image', () => {
    const images = 'images: [{ name: docker.io/istio/pilot, newTag: 1.29.1 }, { name: other, newTag: "2" }]\n';
    assert.deepEqual(patched('istiod', images), ['tag=1.29.1']);
  });
});

describe('values of charts that make Applications', () => {
  it('hold charts with values, whatever stands around them', () => {
    const tree = new DeployTree({
      'values.yaml': `applications:
  - name: mesh
    destination: {name: east, namespace: istio-system}
    source: {chart: istiod, targetRevision: 1.29.2}
    tool:
      helm:
        valuesObject: {global: {network: n1}}
  - name: ztunnel
    helm:
      values: |
        network: n1
other: {helm: {x: y}}
`,
    });
    const deployments = readAppOfAppsValues(root(tree, 'values.yaml'), 'values.yaml', tree);
    assert.deepEqual(values(tree, deployments), [
      ['/global/network: n1 (values.yaml:7)'],
      ['/network: n1 (values.yaml:11)'],
    ]);
    assert.deepEqual(
      deployments.map(({ cluster, sources: [source] }) => [
        cluster.kind,
        source?.kind === 'chart' ? `${source.install?.chart} ${source.install?.installer?.chartVersion?.value}` : '',
      ]),
      [
        ['named', 'istiod 1.29.2'],
        ['own', 'ztunnel undefined'],
      ],
    );
  });
});
