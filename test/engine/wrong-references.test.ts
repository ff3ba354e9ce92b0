/** A reference of a template that names another variable, or parameter, than is meant: told once, where it is written, and changed there. */
import assert from 'node:assert/strict';
import { editedTexts } from '../../server/src/yaml/text-edits.ts';
import { engineOf } from './import-world.ts';

const [NETWORK, CLUSTER] = ['$'.concat('{NETWORK}'), '$'.concat('{CLUSTER_NAME}')];
const CLUSTERS = ['east', 'north', 'west'];

const namespace = (network: string): string => `apiVersion: v1
kind: Namespace
metadata: { name: istio-system, labels: { topology.istio.io/network: ${network} } }
`;
const release = (chart: string, values: string): string => `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: ${chart}, namespace: istio-system }
spec:
  chart: { spec: { chart: ${chart}, version: 1.30.2, sourceRef: { kind: HelmRepository, name: istio } } }
  values:
${values.replace(/^/gm, '    ')}`;

/** Clusters into whose one base Flux fills variables. */
const flux = (network: string, name = CLUSTER): Readonly<Record<string, string>> => ({
  'base/kustomization.yaml': 'resources: [istiod.yaml, ztunnel.yaml, namespace.yaml]\n',
  'base/istiod.yaml': release(
    'istiod',
    `profile: ambient
global:
  meshID: mesh1
  network: ${network}
  multiCluster: { clusterName: "${name}" }
pilot: { env: { AMBIENT_ENABLE_MULTI_NETWORK: "true" } }
`,
  ),
  'base/ztunnel.yaml': release('ztunnel', `network: ${NETWORK}\nmultiCluster: { clusterName: "${CLUSTER}" }\n`),
  'base/namespace.yaml': namespace(`"${NETWORK}"`),
  ...Object.fromEntries(
    CLUSTERS.map((cluster) => [
      `clusters/${cluster}/mesh.yaml`,
      `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: mesh, namespace: flux-system }
spec:
  path: ./base
  sourceRef: { kind: GitRepository, name: flux-system }
  postBuild: { substitute: { CLUSTER_NAME: ${cluster}, NETWORK: net-${cluster} } }
`,
    ]),
  ),
});

/** Clusters that are elements of an ApplicationSet. */
const argo = (
  ztunnel: string,
  parameters = (cluster: string) => `network: net-${cluster}`,
  label = (cluster: string) => `net-${cluster}`,
): Readonly<Record<string, string>> => ({
  'apps/mesh.yaml': ['istiod', 'ztunnel']
    .map(
      (chart) => `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: { name: ${chart} }
spec:
  goTemplate: true
  generators:
    - list:
        elements:
${CLUSTERS.map((cluster) => `          - { cluster: ${cluster}, ${parameters(cluster)} }\n`).join('')}  template:
    metadata: { name: '${chart}-{{.cluster}}' }
    spec:
      destination: { name: '{{.cluster}}' }
      source:
        repoURL: https://istio-release.storage.googleapis.com/charts
        chart: ${chart}
        targetRevision: 1.30.2
        helm:
          values: |
${
  chart === 'ztunnel'
    ? `            network: ${ztunnel}
            multiCluster: { clusterName: "{{.cluster}}" }
`
    : `            profile: ambient
            global: { meshID: mesh1, network: "${label('{{.cluster}}')}", multiCluster: { clusterName: "{{.cluster}}" } }
            pilot: { env: { AMBIENT_ENABLE_MULTI_NETWORK: "true" } }
`
}`,
    )
    .join('---\n'),
  ...Object.fromEntries(CLUSTERS.map((cluster) => [`clusters/${cluster}/namespace.yaml`, namespace(label(cluster))])),
});

function told(files: Readonly<Record<string, string>>) {
  const { findings, documents } = engineOf(files).snapshot;
  return findings
    .filter(({ severity }) => severity !== 'hint' && severity !== 'info')
    .map(({ rule, message, location: { file, range }, fixes }) => ({
      told: `${file}:${range.start.line + 1} ${rule.id} ${message}`,
      fixed: fixes().flatMap(({ edits }) => [...(editedTexts(documents, edits()) ?? [])]),
    }));
}

describe('a reference to what is not meant', () => {
  it('is told where Flux fills it in, and changed to the variable that has what is expected', () => {
    assert.deepEqual(told(flux(`"${CLUSTER}"`)), [
      {
        told: `base/istiod.yaml:10 istiod-namespace-network-mismatch network is filled in with ${CLUSTER} here, which gives east, north and west. ${NETWORK} gives what is expected: net-east, net-north and net-west.`,
        fixed: [['base/istiod.yaml', flux(`"${NETWORK}"`)['base/istiod.yaml']]],
      },
    ]);
    assert.deepEqual(
      told(flux(NETWORK, NETWORK)).map((one) => one.told.split(' ').slice(0, 2)),
      [['base/istiod.yaml:11', 'ztunnel-cluster-name-mismatch']],
    );
  });

  it('is told once where what gets it in one of the clusters is suspended', () => {
    const files = Object.fromEntries(
      Object.entries(flux(CLUSTER)).map(([file, text]) => [
        file,
        file === 'clusters/west/mesh.yaml' ? text.replace('spec:\n', 'spec:\n  suspend: true\n') : text,
      ]),
    );
    const [only, ...others] = told(files);
    assert.match(JSON.stringify(only), /base\/istiod\.yaml.* which gives east and north/);
    assert.deepEqual(others, []);
  });

  it('is none where each is the one that is meant', () => {
    assert.deepEqual(told(flux(NETWORK)), []);
    assert.deepEqual(told(argo('"{{.network}}"')), []);
  });

  it('is told in the template of an ApplicationSet', () => {
    const [first, ...more] = told(argo('{{.cluster}}'));
    assert.equal(
      first?.told,
      'apps/mesh.yaml:47 ztunnel-network-mismatch network is filled in with {{.cluster}} here, which gives east, north and west. {{.network}} gives what is expected: net-east, net-north and net-west.',
    );
    assert.deepEqual([more, first?.fixed], [[], []]);
  });

  it('is told in a patch, whose path says what gets the value', () => {
    const patched = (parameter: string) => ({
      ...Object.fromEntries(
        Object.entries(argo('{{.network}}')).map(([file, text]) => [
          file,
          text.replace(
            /^/,
            `${text.split('---\n')[0]?.replace(
              /chart: istiod[\s\S]*/,
              `path: mesh
        kustomize:
          patches:
            - target: { kind: Namespace }
              patch: |-
                - op: add
                  path: /metadata/labels/topology.istio.io~1network
                  value: '{{.${parameter}}}'
`,
            )}---\n`.replaceAll('istiod', 'mesh'),
          ),
        ]),
      ),
      'mesh/kustomization.yaml': 'resources: [namespace.yaml]\n',
      'mesh/namespace.yaml': namespace('x'),
    });
    const without = (files: Readonly<Record<string, string>>) =>
      Object.fromEntries(Object.entries(files).filter(([file]) => !file.startsWith('clusters/')));
    assert.deepEqual(told(without(patched('network'))), []);
    assert.deepEqual(
      told(without(patched('cluster'))).map((one) => one.told),
      [
        'apps/mesh.yaml:25 istiod-namespace-network-mismatch topology.istio.io/network is filled in with {{.cluster}} here, which gives east, north and west. {{.network}} gives what is expected: net-east, net-north and net-west.',
      ],
    );
  });

  it('is told in the values of a helmfile, and in its templates', () => {
    const helmfile = (network: string, inline: string): Readonly<Record<string, string>> => ({
      'helmfile.yaml.gotmpl': `environments:
${CLUSTERS.map((cluster) => `  ${cluster}:\n    values: [env/${cluster}.yaml]\n`).join('')}---
releases:
  - { name: istiod, namespace: istio-system, chart: istio/istiod, version: 1.30.2, values: [istiod.yaml.gotmpl] }
  - name: ztunnel
    namespace: istio-system
    chart: istio/ztunnel
    version: 1.30.2
    values:
      - multiCluster: { clusterName: "{{ .Environment.Name }}" }
        network: ${inline}
`,
      'istiod.yaml.gotmpl': `profile: ambient
global:
  meshID: mesh1
  network: ${network}
  multiCluster: { clusterName: "{{ .Environment.Name }}" }
pilot: { env: { AMBIENT_ENABLE_MULTI_NETWORK: "true" } }
`,
      ...Object.fromEntries(
        CLUSTERS.map((cluster) => [`env/${cluster}.yaml`, `cluster: ${cluster}\nnetwork: net-${cluster}\n`]),
      ),
    });
    const right = '"{{ .Values.network }}"';
    const sound = helmfile(right, right);
    assert.deepEqual(told(sound), []);
    for (const [files, file, place] of [
      [helmfile(right, '"{{ .Environment.Name }}"'), 'helmfile.yaml.gotmpl', '17 ztunnel-network-mismatch network'],
      [helmfile('"{{ .Values.cluster }}"', right), 'istiod.yaml.gotmpl', '4 ztunnel-network-mismatch network'],
    ] as const) {
      const [first, ...more] = told(files);
      assert.match(
        first?.told ?? '',
        /filled in with \{\{ \.\S+ \}\} here, .*\. \{\{ \.Values\.network \}\} gives what is expected: net-east, net-north/,
      );
      assert.equal(first?.told.split(' is filled in ')[0], `${file}:${place}`);
      assert.deepEqual([more, first?.fixed], [[], [[file, sound[file]]]]);
    }
  });

  it('may have a value of its own where it is called after something else', () => {
    const files = argo('{{.own}}', (cluster) => `network: net-${cluster}, own: net-${cluster}`);
    assert.deepEqual(told(files), []);
    const wrong = Object.fromEntries(
      Object.entries(files).map(([file, text]) => [file, text.replaceAll('own: net-west', 'own: net-wset')]),
    );
    assert.deepEqual(
      told(wrong).map((one) => one.told.split(' ').slice(0, 2)),
      [['apps/mesh.yaml:36', 'ztunnel-network-mismatch']],
    );
  });

  it('is changed with the blanks that are written', () => {
    const spaced = (parameter: string) =>
      Object.fromEntries(
        Object.entries(argo(`"{{ .${parameter} }}"`)).map(([file, text]) => [
          file,
          text.replaceAll('{{.', '{{ .').replaceAll('values: |', 'valuesObject:'),
        ]),
      );
    const [first, ...more] = told(spaced('cluster'));
    assert.match(first?.told ?? '', /filled in with \{\{ \.cluster \}\} here, .* \{\{ \.network \}\} gives/);
    assert.deepEqual([more, first?.fixed], [[], [['apps/mesh.yaml', spaced('network')['apps/mesh.yaml']]]]);
  });

  it('is told without what is meant where nothing has that', () => {
    assert.deepEqual(
      told(argo('{{.cluster}}', () => 'tier: gold')).map((one) => one.told),
      [
        'apps/mesh.yaml:47 ztunnel-network-mismatch network is filled in with {{.cluster}} here, which gives east, north and west. Expected is net-east, net-north and net-west.',
      ],
    );
  });

  it('may be one and the same for a cluster and its network', () => {
    const files = argo(
      '{{.cluster}}',
      () => 'tier: gold',
      (cluster) => cluster,
    );
    assert.deepEqual(told(files), []);
    const label = namespace('wset');
    assert.deepEqual(
      told({ ...files, 'clusters/west/namespace.yaml': label }).map((one) => one.told.split(' ')[0]),
      ['clusters/west/namespace.yaml:3'],
    );
  });
});
