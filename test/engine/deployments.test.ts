/** What Argo CD, Flux and helmfile deploy, as the engine takes it: which clusters there are, what lies in them, where findings stand. */
import assert from 'node:assert/strict';
import { Engine } from '../../server/src/engine/engine.ts';
import type { Snapshot } from '../../server/src/engine/snapshot.ts';
import { knownValue } from '../../server/src/facts/field.ts';
import { changeIn, giveWanted } from './import-world.ts';

type Files = Readonly<Record<string, string>>;

function read(engine: Engine, files: Files): Snapshot {
  engine.update(Object.entries(files).map(([file, text]) => ({ file, text })));
  giveWanted(engine, changeIn(files));
  return engine.settle();
}

/** Each cluster with its network, and the files behind it. */
function clusters({ layout }: Snapshot): readonly string[] {
  return [...layout.clusters.values()].map(
    ({ name, install, files }) => `${name} ${knownValue(install.network) ?? '-'}: ${files.join(' ')}`,
  );
}

function meshes({ layout, clusterName }: Snapshot): readonly string[] {
  return layout.meshes.map(({ id, clusters: members }) => `${id}: ${members.map(clusterName).join(' ')}`);
}

/** Findings of the given rules, by place. */
function found({ findings }: Snapshot, ...rules: readonly string[]): readonly string[] {
  return findings
    .filter(({ rule }) => rules.includes(rule.id))
    .map(({ rule, location }) => `${location.file}:${location.range.start.line + 1} ${rule.id}`);
}

const ISTIOD_SET = `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: { name: istiod, namespace: argocd }
spec:
  generators:
    - list:
        elements:
          - cluster: east
            network: net1
            multi: "true"
          - cluster: west
            network: net2
            multi: "false"
  template:
    metadata: { name: "istiod-{{cluster}}" }
    spec:
      source:
        chart: istiod
        targetRevision: 1.29.2
        helm:
          values: |
            profile: ambient
            pilot:
              env:
                AMBIENT_ENABLE_MULTI_NETWORK: "{{multi}}"
            global:
              meshID: mesh1
              network: {{network}}
              multiCluster: {clusterName: {{cluster}}}
      destination: { name: "{{cluster}}", namespace: istio-system }
`;

const APPS_SET = `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: { name: apps, namespace: argocd }
spec:
  goTemplate: true
  generators:
    - list: { elements: [{ cluster: east, folder: a }, { cluster: west, folder: b }] }
  template:
    spec:
      source: { path: "apps/{{ .folder }}" }
      destination: { name: "{{ .cluster }}", namespace: shop }
`;

const service = (label: string): string => `apiVersion: v1
kind: Service
metadata:
  name: web
  labels:
    istio.io/global: "${label}"
spec:
  ports: [{ name: http, port: 80 }]
`;

describe('deployments', () => {
  it('make a cluster of every element, and place findings on its line', () => {
    const snapshot = read(new Engine(), { 'argocd/istiod.yaml': ISTIOD_SET });
    assert.deepEqual(clusters(snapshot), ['east net1: argocd/istiod.yaml', 'west net2: argocd/istiod.yaml']);
    assert.deepEqual(meshes(snapshot), ['mesh1: east west']);
    assert.deepEqual(found(snapshot, 'multi-network-flag-missing'), [
      'argocd/istiod.yaml:13 multi-network-flag-missing',
    ]);
    assert.deepEqual(snapshot.skipped, []);
  });

  it('join what several ApplicationSets deploy to one cluster, and tell the cluster of a folder', () => {
    const snapshot = read(new Engine(), {
      'argocd/istiod.yaml': ISTIOD_SET,
      'argocd/apps.yaml': APPS_SET,
      'apps/a/web.yaml': service('true'),
      'apps/b/web.yaml': service('false'),
    });
    assert.deepEqual(clusters(snapshot), [
      'east net1: apps/a/web.yaml argocd/apps.yaml argocd/istiod.yaml',
      'west net2: apps/b/web.yaml argocd/apps.yaml argocd/istiod.yaml',
    ]);
    const [mesh] = snapshot.meshes;
    assert.ok(mesh !== undefined);
    // A Service without a namespace goes to that of the destination.
    assert.deepEqual(
      mesh.clusters.map(({ id }) => mesh.objects(id, 'Service').map(({ namespace }) => knownValue(namespace))),
      [['shop'], ['shop']],
    );
  });

  it('take value files as layers of the cluster that names them', () => {
    const application = (cluster: string): string => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: istiod-${cluster} }
spec:
  sources:
    - chart: istiod
      targetRevision: 1.29.2
      helm: { valueFiles: [$v/values/all.yaml, $v/values/istiod-${cluster}.yaml] }
    - { ref: v }
  destination: { name: ${cluster} }
`;
    const snapshot = read(new Engine(), {
      'argocd/one.yaml': application('c1'),
      'argocd/two.yaml': application('c2'),
      'values/all.yaml': 'profile: ambient\nglobal: { meshID: m1 }\n',
      'values/istiod-c1.yaml': 'global: { network: n1, multiCluster: { clusterName: c1 } }\n',
      'values/istiod-c2.yaml': 'global: { network: n2, multiCluster: { clusterName: c2 } }\n',
    });
    assert.deepEqual(clusters(snapshot), [
      'c1 n1: argocd/one.yaml values/all.yaml values/istiod-c1.yaml',
      'c2 n2: argocd/two.yaml values/all.yaml values/istiod-c2.yaml',
    ]);
    assert.deepEqual(meshes(snapshot), ['m1: c1 c2']);
  });

  const FLUX: Files = Object.fromEntries(
    ['east', 'west'].flatMap((cluster) => [
      [
        `clusters/${cluster}/mesh.yaml`,
        `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: mesh, namespace: flux-system }
spec:
  path: ./mesh
  postBuild: { substituteFrom: [{ kind: ConfigMap, name: vars }] }
`,
      ],
      [
        `clusters/${cluster}/vars.yaml`,
        `apiVersion: v1
kind: ConfigMap
metadata: { name: vars, namespace: flux-system }
data: { cluster_name: ${cluster}, network: ${cluster}-net }
`,
      ],
    ]),
  );
  const RELEASE = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: istiod, namespace: istio-system }
spec:
  chart: { spec: { chart: istiod, version: 1.29.2 } }
  values:
    profile: ambient
    global: { meshID: m1, network: "\${network}", multiCluster: { clusterName: "\${cluster_name}" } }
`;

  it('fill what Flux applies to several clusters for each of them', () => {
    const snapshot = read(new Engine(), { ...FLUX, 'mesh/istiod.yaml': RELEASE });
    assert.deepEqual(clusters(snapshot), [
      'east east-net: clusters/east/mesh.yaml clusters/east/vars.yaml mesh/istiod.yaml',
      'west west-net: clusters/west/mesh.yaml clusters/west/vars.yaml mesh/istiod.yaml',
    ]);
    assert.deepEqual(meshes(snapshot), ['m1: east west']);
    assert.deepEqual(snapshot.skipped, []);
  });

  it('list no kustomization that Flux writes for a folder', () => {
    const { layout } = read(new Engine(), { ...FLUX, 'mesh/istiod.yaml': RELEASE });
    const files = new Set([...layout.clusters.values()].flatMap((cluster) => cluster.files));
    assert.ok(files.has('mesh/istiod.yaml'));
    assert.deepEqual(
      [...files].filter((file) => file.endsWith('kustomization.yaml')),
      [],
    );
  });

  it('lay the patches of an application over a folder', () => {
    const application = (cluster: string): string => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: ns-${cluster} }
spec:
  source:
    path: base
    kustomize:
      patches:
        - target: { kind: Namespace }
          patch: |-
            - op: replace
              path: /metadata/labels/topology.istio.io~1network
              value: ${cluster}-net
  destination: { name: ${cluster} }
`;
    const snapshot = read(new Engine(), {
      'argocd/istiod.yaml': ISTIOD_SET,
      'argocd/ns-east.yaml': application('east'),
      'argocd/ns-west.yaml': application('west'),
      'base/kustomization.yaml': 'resources: [ns.yaml]\n',
      'base/ns.yaml':
        'apiVersion: v1\nkind: Namespace\nmetadata: { name: istio-system, labels: { topology.istio.io/network: CLUSTER_NETWORK } }\n',
    });
    const networks = snapshot.meshes.flatMap((mesh) =>
      mesh.clusters.map(({ id }) => {
        const namespace = mesh.objects(id, 'Namespace').find(({ name }) => name.value === 'istio-system');
        return knownValue(namespace?.labels.entries.get('topology.istio.io/network'));
      }),
    );
    assert.deepEqual(networks, ['east-net', 'west-net']);
    assert.deepEqual(found(snapshot, 'istiod-namespace-network-mismatch'), [
      'argocd/ns-east.yaml:13 istiod-namespace-network-mismatch',
      'argocd/ns-west.yaml:13 istiod-namespace-network-mismatch',
    ]);
  });

  it('follow an app of apps to the clusters of its applications', () => {
    const snapshot = read(new Engine(), {
      'root.yaml': `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: root }
spec:
  source: { path: argocd }
  destination: { server: https://kubernetes.default.svc, namespace: argocd }
`,
      'argocd/istiod.yaml': ISTIOD_SET,
    });
    assert.deepEqual(clusters(snapshot), [
      'east net1: argocd/istiod.yaml root.yaml',
      'west net2: argocd/istiod.yaml root.yaml',
    ]);
    assert.deepEqual(snapshot.skipped, []);
  });

  it('say what could not be read', () => {
    const set = ISTIOD_SET.replace(/ {4}- list:[\s\S]*? {2}template:/, '    - clusters: {}\n  template:');
    const snapshot = read(new Engine(), { 'argocd/istiod.yaml': set });
    assert.deepEqual(clusters(snapshot), []);
    assert.deepEqual(
      snapshot.skipped.map(({ file, reason }) => `${file} ${reason}`),
      ['argocd/istiod.yaml argo-cd'],
    );
  });

  it('come out the same however the files came to be what they are', () => {
    const files: Files = {
      ...FLUX,
      'mesh/istiod.yaml': RELEASE,
      'argocd/istiod.yaml': ISTIOD_SET.replaceAll('east', 'north').replaceAll('west', 'south'),
      'argocd/apps.yaml': APPS_SET.replaceAll('east', 'north').replaceAll('west', 'south'),
      'apps/a/web.yaml': service('true'),
      'apps/b/web.yaml': service('true'),
    };
    const cold = read(new Engine(), files);
    const engine = new Engine();
    for (const [file, text] of Object.entries(files).reverse()) {
      read(engine, { [file]: text.replaceAll('net', 'other').replaceAll('path:', 'paths:') });
      read(engine, { [file]: text });
    }
    const warm = read(engine, files);
    assert.deepEqual(clusters(warm), clusters(cold));
    assert.deepEqual(meshes(warm), meshes(cold));
    assert.deepEqual(
      warm.findings.map(({ id, location, message }) => [id, location, message]),
      cold.findings.map(({ id, location, message }) => [id, location, message]),
    );
    engine.update([
      { file: 'argocd/istiod.yaml', gone: true },
      { file: 'argocd/apps.yaml', gone: true },
    ]);
    const { 'argocd/istiod.yaml': _, 'argocd/apps.yaml': __, ...left } = files;
    assert.deepEqual(clusters(engine.settle()), clusters(read(new Engine(), left)));
  });
});
