/** A folder, or values, that a tool takes for another cluster than they are called after: told where the path is written, and changed there. */
import assert from 'node:assert/strict';
import { editedTexts } from '../../server/src/yaml/text-edits.ts';
import { engineOf } from './import-world.ts';

const OBJECTS = `apiVersion: v1
kind: Namespace
metadata: { name: web, labels: { istio.io/dataplane-mode: ambient } }
`;
const OPERATOR = `apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata: { name: istio }
spec: { profile: ambient, values: { global: { meshID: mesh1, network: NAME-net, multiCluster: { clusterName: NAME } } } }
`;
const kustomization = (path: string): string => `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: apps, namespace: flux-system }
spec:
  path: ${path}
  sourceRef: { kind: GitRepository, name: flux-system }
`;

/** Two clusters of Flux, each with a folder of its own that it is told to apply. */
const flux = (paths: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(paths).flatMap(([name, path]) => [
      [`clusters/${name}/istio.yaml`, OPERATOR.replaceAll('NAME', name)],
      [`clusters/${name}/apps.yaml`, kustomization(path)],
      [`apps/${name}/web.yaml`, OBJECTS],
    ]),
  );

function told(files: Readonly<Record<string, string>>): readonly (readonly [string, readonly string[]])[] {
  const { findings, documents } = engineOf(files).snapshot;
  return findings
    .filter(({ rule }) => rule.id === 'invalid-kustomization')
    .map(({ severity, message, location: { file, range }, fixes }) => [
      `${file}:${range.start.line + 1} ${severity} ${message}`,
      fixes().flatMap(({ edits }) => [...(editedTexts(documents, edits())?.values() ?? [])]),
    ]);
}

describe('a folder of another cluster', () => {
  it('is told where Flux is told to apply it, and changed', () => {
    assert.deepEqual(told(flux({ dub: './apps/fra', fra: './apps/fra' })), [
      [
        'clusters/dub/apps.yaml:5 warning Flux applies apps/fra to dub, as it does to fra. Nothing that is read takes apps/dub.',
        [kustomization('./apps/dub')],
      ],
    ]);
  });

  it('is none where each gets its own', () => {
    assert.deepEqual(told(flux({ dub: './apps/dub', fra: './apps/fra' })), []);
  });

  it('is none where something else takes what is called after the cluster, or where that is not there', () => {
    const files = flux({ dub: './apps/fra', fra: './apps/fra' });
    const more = kustomization('./apps/dub').replace('name: apps', 'name: more');
    assert.deepEqual(told({ ...files, 'clusters/dub/more.yaml': more }), []);
    const { 'apps/dub/web.yaml': _, ...without } = files;
    assert.deepEqual(told(without), []);
  });

  it('is none where what lies beside it is a component, or of no cluster', () => {
    const { 'apps/dub/web.yaml': web, ...files } = flux({ dub: './apps/fra', fra: './apps/fra' });
    assert.deepEqual(told({ ...files, 'apps/clusters/web.yaml': web ?? '', 'apps/cork/web.yaml': web ?? '' }), []);
  });
});

describe('the folder of another cluster that Flux is bootstrapped with', () => {
  const sync = (path: string): string => kustomization(path).replace('name: apps', 'name: flux-system');
  const fleet = (paths: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
    Object.fromEntries(
      Object.entries(paths).flatMap(([name, path]) => [
        [`clusters/${name}/istio.yaml`, OPERATOR.replaceAll('NAME', name)],
        [`clusters/${name}/flux-system/gotk-sync.yaml`, sync(path)],
        [`clusters/${name}/flux-system/kustomization.yaml`, 'resources: [gotk-sync.yaml]\n'],
      ]),
    );

  it('is told where Flux is told to apply it, and changed', () => {
    assert.deepEqual(told(fleet({ dub: './clusters/fra', fra: './clusters/fra' })), [
      [
        'clusters/dub/flux-system/gotk-sync.yaml:5 error Flux applies clusters/fra to dub, as it does to fra. Nothing that is read takes clusters/dub.',
        [sync('./clusters/dub')],
      ],
    ]);
  });

  it('is none where each gets its own, or a hub applies that of another one', () => {
    assert.deepEqual(told(fleet({ dub: './clusters/dub', fra: './clusters/fra' })), []);
    const hub = kustomization('./clusters/fra').replace('name: apps', 'name: fra');
    const files = fleet({ dub: './clusters/dub', fra: './clusters/fra' });
    assert.deepEqual(told({ ...files, 'clusters/dub/fra.yaml': hub }), []);
  });
});

describe('the folder of another cluster’s applications', () => {
  const IN_CLUSTER = '{ server: https://kubernetes.default.svc, namespace: argocd }';
  const root = (path: string): string => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: root, namespace: argocd }
spec:
  destination: ${IN_CLUSTER}
  source: { repoURL: 'https://git.example.com/acme/fleet.git', targetRevision: main, path: ${path} }
`;
  const istiod = (name: string, destination: string): string => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: istiod, namespace: argocd }
spec:
  destination: ${destination}
  source:
    repoURL: https://istio-release.storage.googleapis.com/charts
    chart: istiod
    targetRevision: 1.30.2
    helm: { valuesObject: { profile: ambient, global: { meshID: mesh1, network: ${name}-net, multiCluster: { clusterName: ${name} } } } }
`;

  /** @param paths what the root of each cluster applies */
  const apps = (paths: Readonly<Record<string, string>>, roots: string, isHub: boolean) =>
    Object.fromEntries(
      Object.entries(paths).flatMap(([name, path]) => [
        [roots.replace('NAME', name), root(path)],
        [`clusters/${name}/apps/istiod.yaml`, istiod(name, isHub ? `{ name: ${name} }` : IN_CLUSTER)],
      ]),
    );

  for (const [where, roots, isHub] of [
    ['in its own cluster', 'clusters/NAME/root.yaml', false],
    ['in a hub', 'argocd/NAME.yaml', true],
  ] as const) {
    it(`is told where Argo CD ${where} is told to apply it, and changed`, () => {
      assert.deepEqual(told(apps({ dub: 'clusters/fra/apps', fra: 'clusters/fra/apps' }, roots, isHub)), [
        [
          `${roots.replace('NAME', 'dub')}:6 warning Argo CD applies clusters/fra/apps to dub, as it does to fra. Nothing that is read takes clusters/dub/apps.`,
          [root('clusters/dub/apps')],
        ],
      ]);
    });

    it(`is none ${where} where each gets its own, or something else applies what is called after it`, () => {
      assert.deepEqual(told(apps({ dub: 'clusters/dub/apps', fra: 'clusters/fra/apps' }, roots, isHub)), []);
      const files = apps({ dub: 'clusters/fra/apps', fra: 'clusters/fra/apps' }, roots, isHub);
      assert.deepEqual(told({ ...files, 'argocd/more.yaml': root('clusters/dub/apps') }), []);
    });
  }
});

describe('values of another cluster', () => {
  /** Two environments of helmfile, each with values of its own. */
  const helmfile = (path: string): Readonly<Record<string, string>> => ({
    'helmfile.yaml.gotmpl': `environments:
  blue: {}
  green: {}
---
releases:
  - name: istiod
    namespace: istio-system
    chart: istio/istiod
    version: 1.31.1
    values:
      - ${path}
`,
    ...Object.fromEntries(
      ['blue', 'green'].map((name) => [
        `values/${name}/istiod.yaml`,
        `profile: ambient\nglobal: { meshID: mesh1, network: ${name}-net, multiCluster: { clusterName: ${name} } }\n`,
      ]),
    ),
  });

  it('are told where helmfile gives them to all environments', () => {
    assert.deepEqual(told(helmfile('values/blue/istiod.yaml')), [
      [
        'helmfile.yaml.gotmpl:11 error helmfile gives green the values in values/blue/istiod.yaml, as it does blue. Nothing that is read takes values/green/istiod.yaml.',
        [],
      ],
    ]);
  });

  it('are none where each environment gets its own', () => {
    assert.deepEqual(told(helmfile('values/{{ .Environment.Name }}/istiod.yaml')), []);
  });
});

describe('values of another cluster', () => {
  const chart = (name: string, values: string): string =>
    `  - { name: ${name}, repo: https://istio-release.storage.googleapis.com/charts, version: 1.30.2, releaseName: ${name}, namespace: istio-system, valuesFile: ${values} }\n`;
  const files = (paths: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
    Object.fromEntries(
      Object.entries(paths).flatMap(([name, path]) => [
        [
          `overlays/${name}/kustomization.yaml`,
          `resources: [web.yaml]\nhelmCharts:\n${chart('istiod', 'istiod.yaml')}${chart('ztunnel', path)}`,
        ],
        [`overlays/${name}/web.yaml`, OBJECTS],
        [
          `overlays/${name}/istiod.yaml`,
          `profile: ambient\nenv: { AMBIENT_ENABLE_MULTI_NETWORK: "true" }\nglobal: { meshID: mesh1, multiCluster: { clusterName: ${name} }, network: ${name}-net }\n`,
        ],
        [`overlays/${name}/ztunnel.yaml`, `multiCluster: { clusterName: ${name} }\nnetwork: ${name}-net\n`],
      ]),
    );

  it('are told where a kustomization takes them for a chart, in place of what follows', () => {
    const world = files({ dub: '../fra/ztunnel.yaml', fra: 'ztunnel.yaml' });
    const graver = engineOf(world).snapshot.findings.filter(({ severity }) => severity !== 'hint');
    assert.deepEqual(
      graver.map(({ message, location: { file, range } }) => `${file}:${range.start.line + 1} ${message}`),
      [
        'overlays/dub/kustomization.yaml:4 kustomize gives dub the values in overlays/fra/ztunnel.yaml, as it does fra. Nothing that is read takes overlays/dub/ztunnel.yaml.',
      ],
    );
    assert.deepEqual(told(files({ dub: 'ztunnel.yaml', fra: 'ztunnel.yaml' })), []);
  });
});
