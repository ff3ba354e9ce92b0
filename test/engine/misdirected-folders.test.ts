/** A folder of one cluster that Argo CD applies to another one: told at the destination, and changed where that is written for it alone. */
import assert from 'node:assert/strict';
import { editedTexts } from '../../server/src/yaml/text-edits.ts';
import { application, apps, CHART, NAMESPACE, REPOSITORY, told } from './argo-world.ts';
import { engineOf } from './import-world.ts';

describe('a folder that is applied to another cluster', () => {
  it('is told at the destination of an ApplicationSet, which is that of all folders', () => {
    assert.deepEqual(told({ 'argocd/apps.yaml': apps('paris') }), [
      [
        'argocd/apps.yaml:11 warning Argo CD applies deploy/oslo and deploy/tokyo to paris, as it does deploy/paris. Nothing that is read applies them to oslo and tokyo.',
        [],
      ],
    ]);
    assert.deepEqual(told({ 'argocd/apps.yaml': apps("'{{.path.basename}}'") }), []);
  });

  it('is told at the destination of an Application, and changed', () => {
    const [paris, tokyo] = [
      application('paris', 'paris', 'deploy/paris'),
      application('tokyo', 'paris', 'deploy/tokyo'),
    ];
    const files = { 'argocd/paris.yaml': paris, 'argocd/tokyo.yaml': tokyo };
    assert.deepEqual(told(files), [
      [
        'argocd/tokyo.yaml:6 warning Argo CD applies deploy/tokyo to paris, as it does deploy/paris. Nothing that is read applies it to tokyo.',
        [application('tokyo', 'tokyo', 'deploy/tokyo')],
      ],
    ]);
  });

  it('is none where its own cluster gets it too, or where nothing is called after clusters', () => {
    const files = {
      'argocd/paris.yaml': application('paris', 'paris', 'deploy/paris'),
      'argocd/tokyo.yaml': application('tokyo', 'paris', 'deploy/tokyo'),
      'argocd/other.yaml': application('other', 'tokyo', 'deploy/tokyo'),
    };
    assert.deepEqual(told(files), []);
    const webs = Object.fromEntries(['blue', 'green'].map((name) => [`web/${name}/namespace.yaml`, NAMESPACE]));
    const both = Object.keys(webs).map((file) => application(file.replaceAll('/', '-'), 'paris', file.slice(0, -15)));
    assert.deepEqual(told({ ...webs, 'argocd/webs.yaml': both.join('---\n') }), []);
  });

  it('is none where it holds something else than that of the cluster does: tenants may be called like clusters', () => {
    const tenants = ['paris', 'tokyo'].flatMap((name): [string, string][] => [
      [`tenants/${name}/namespace.yaml`, NAMESPACE.replace('web', `team-${name}`)],
      [`argocd/${name}.yaml`, application(`tenant-${name}`, 'paris', `tenants/${name}`)],
    ]);
    assert.deepEqual(told(Object.fromEntries(tenants)), []);
  });

  it('is told where two folders install Istio in one cluster, each as the one that it is called after', () => {
    const installation = (cluster: string): string =>
      `apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata: { name: istio }
spec:
  profile: ambient
  values: { global: { meshID: mesh1, network: net-${cluster}, multiCluster: { clusterName: ${cluster} } } }
`;
    const folders = Object.fromEntries(
      ['oslo', 'paris'].map((name) => [`clusters/${name}/istio.yaml`, installation(name)]),
    );
    const findings = (oslo: string, paris: string): readonly (readonly [string, readonly string[]])[] => {
      const apps = { 'argocd/oslo.yaml': oslo, 'argocd/paris.yaml': paris };
      const { findings, documents } = engineOf({ ...folders, ...apps }).snapshot;
      return findings
        .filter(({ rule }) => rule.id === 'invalid-kustomization')
        .map(({ severity, location: { file, range }, fixes }) => [
          `${file}:${range.start.line + 1} ${severity}`,
          fixes().flatMap(({ edits }) => [...(editedTexts(documents, edits())?.values() ?? [])]),
        ]);
    };
    const [oslo, paris] = [application('o', 'oslo', 'clusters/oslo'), application('p', 'paris', 'clusters/paris')];
    assert.deepEqual(findings(oslo, paris), []);
    assert.deepEqual(findings(oslo, paris.replace('name: paris', 'name: oslo')), [
      ['argocd/paris.yaml:6 error', [paris]],
    ]);
    const server = (text: string, name: string): string =>
      text.replace(`name: ${name}`, 'server: https://192.0.2.7:6443');
    assert.deepEqual(findings(server(oslo, 'oslo'), server(paris, 'paris')), [['argocd/paris.yaml:6 error', []]]);
    // Each Argo CD has its own cluster.
    const own = (text: string, name: string): string =>
      text.replace(`name: ${name}`, 'server: https://kubernetes.default.svc');
    assert.deepEqual(findings(own(oslo, 'oslo'), own(paris, 'paris')), []);
  });

  it('is told where a release of helmfile was copied with the context of another cluster', () => {
    const judged = (context: string) =>
      told({
        'argocd/istiod.yaml': '',
        'helmfile.yaml': `releases:\n${['rome', 'bern']
          .map(
            (name) =>
              `  - name: istiod-${name}\n    kubeContext: ${name === 'bern' ? context : 'rome'}\n    namespace: istio-system\n    chart: istio/istiod\n    values: [values/${name}.yaml]\n`,
          )
          .join('')}`,
        ...Object.fromEntries(
          ['rome', 'bern'].map((name) => [
            `values/${name}.yaml`,
            `profile: ambient\nglobal: { multiCluster: { clusterName: ${name} } }\n`,
          ]),
        ),
      }).map(([text]) => text);
    assert.deepEqual(judged('bern'), []);
    assert.deepEqual(judged('rome'), [
      'helmfile.yaml:8 error helmfile installs Istio in rome with values/bern.yaml, as it does with values/rome.yaml. Nothing that is read takes it for bern.',
    ]);
  });

  it('is told where a file of values has the name in its own, but not of a control plane for another cluster', () => {
    const values = (name: string): string => `profile: ambient\nglobal: { multiCluster: { clusterName: ${name} } }\n`;
    const judged = (namespace: string) =>
      told({
        'argocd/istiod.yaml': ['rome', 'bern']
          .map((name) =>
            application(`istiod-${name}`, 'rome', 'y')
              .replace('name: rome\n', `name: rome\n    namespace: ${name === 'bern' ? namespace : 'istio-system'}\n`)
              .replace(
                / {2}source:.*\n/,
                `  sources:\n    - { ${REPOSITORY}, ref: v }\n    - ${CHART}, helm: { valueFiles: [$v/values/base.yaml, $v/values/mesh-${name}.yaml] } }\n`,
              ),
          )
          .join('---\n'),
        'values/base.yaml': 'env: { A: b }\n',
        'values/mesh-rome.yaml': values('rome'),
        'values/mesh-bern.yaml': values('bern'),
      });
    assert.deepEqual(
      judged('istio-system').map(([text]) => text),
      [
        'argocd/istiod.yaml:17 error Argo CD installs Istio in rome with values/mesh-bern.yaml, as it does with values/mesh-rome.yaml. Nothing that is read takes it for bern.',
      ],
    );
    assert.deepEqual(judged('istio-bern'), []);
  });

  it('is told where an Application with values of its own was copied with the address of another cluster', () => {
    const installing = (
      name: string,
      server: string,
      more = '',
      chart = 'istiod',
      called = `${name}-${chart}`,
    ): string =>
      application(called, 'x', 'y')
        .replace('name: x', `server: "https://${server}.example.com"`)
        .replace(
          / {2}source:.*\n/,
          `    namespace: istio-system\n  source: ${CHART.replace('istiod', chart)}, helm: { valuesObject: ${chart === 'istiod' ? '{ profile: ambient, global: { NAME } }' : '{ NAME }'} } }\n`,
        )
        .replace('NAME', `multiCluster: { clusterName: ${name} }`)
        .replace('namespace: istio-system\n  source', `namespace: ${more || 'istio-system'}\n  source`);
    const judged = (server: string, more?: string, called?: string) =>
      told({
        'argocd/istiod.yaml': '',
        'apps/rome.yaml': `${installing('rome', 'rome')}---\n${installing('rome', 'rome', '', 'ztunnel')}`,
        'apps/bern.yaml': installing('bern', server, more, 'istiod', called),
        'apps/bern-ztunnel.yaml': installing('bern', 'bern', '', 'ztunnel'),
      });
    assert.deepEqual(judged('bern'), []);
    assert.deepEqual(judged('rome'), [
      [
        'apps/bern.yaml:6 error Argo CD installs Istio in https://rome.example.com with the values of bern-istiod, as it does with those of rome-istiod. Nothing that is read installs it with them in bern.',
        [installing('bern', 'bern')],
      ],
    ]);
    // The control plane of another cluster, and a name that tells nothing.
    assert.deepEqual(judged('rome', 'external-istiod'), []);
    assert.deepEqual(judged('rome', '', 'canary'), []);
  });

  it('is told where two files of a generator have one address, each with values of its own', () => {
    const inventory = (name: string, server: string): string => `cluster: { name: ${name}, server: ${server} }\n`;
    const values = (name: string): string => `global: { meshID: mesh1, multiCluster: { clusterName: ${name} } }\n`;
    const istiod = `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: { name: istiod }
spec:
  goTemplate: true
  generators: [{ git: { ${REPOSITORY.replace('targetRevision', 'revision')}, files: [{ path: 'inventory/*.yaml' }] } }]
  template:
    metadata: { name: 'istiod-{{.cluster.name}}' }
    spec:
      destination: { server: '{{.cluster.server}}', namespace: istio-system }
      sources:
        - { ${REPOSITORY}, ref: values }
        - ${CHART}, helm: { valueFiles: ['$values/values/{{.cluster.name}}.yaml'] } }
`;
    const messages = (parisServer: string): readonly string[] => {
      const { findings } = engineOf({
        'argocd/istiod.yaml': istiod,
        'inventory/oslo.yaml': inventory('oslo', 'https://192.0.2.7:6443'),
        'inventory/paris.yaml': inventory('paris', parisServer),
        'values/oslo.yaml': values('oslo'),
        'values/paris.yaml': values('paris'),
      }).snapshot;
      return findings
        .filter(({ rule }) => rule.id === 'invalid-kustomization')
        .map(
          ({ severity, location: { file, range }, message }) =>
            `${file}:${range.start.line + 1} ${severity} ${message}`,
        );
    };
    assert.deepEqual(messages('https://192.0.2.8:6443'), []);
    assert.deepEqual(messages('https://192.0.2.7:6443'), [
      'inventory/paris.yaml:1 error Argo CD installs Istio in https://192.0.2.7:6443 with values/paris.yaml, as it does with values/oslo.yaml. Nothing that is read takes it for paris.',
    ]);
  });
});

describe('a folder that Flux applies from a hub', () => {
  /** What tells Flux to apply Istio, and a folder of the cluster's own, with a kubeconfig for each. */
  const hub = (name: string, secret: string, own = secret): string =>
    [
      ['istio', './istio', secret, `  postBuild: { substitute: { CLUSTER: ${name} } }\n`],
      ['web', `./web/${name}`, own, ''],
    ]
      .map(
        ([what, path, kubeconfig, more]) =>
          `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: ${what}-${name}, namespace: ${name} }\nspec:\n  path: ${path}\n  sourceRef: { kind: GitRepository, name: flux-system }\n  kubeConfig: { secretRef: { name: ${kubeconfig} } }\n${more}`,
      )
      .join('---\n');
  const files = (secretOf: (name: string) => string): Record<string, string> => ({
    'istio/istio.yaml': `apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata: { name: istio, namespace: istio-system }\nspec:\n  profile: ambient\n  values: { global: { meshID: mesh1, network: "\${CLUSTER}", multiCluster: { clusterName: "\${CLUSTER}" } } }\n`,
    ...Object.fromEntries(
      ['oslo', 'paris', 'tokyo'].flatMap((name) => [
        [`hub/${name}.yaml`, hub(name, secretOf(name))],
        [`web/${name}/namespace.yaml`, NAMESPACE],
      ]),
    ),
  });
  const world = (changed: Readonly<Record<string, string>>): readonly unknown[] => {
    const { findings, layout, documents } = engineOf(changed).snapshot;
    const faults = findings.filter(({ rule }) => rule.id === 'invalid-kustomization');
    return [
      [...layout.clusters.values()].map(({ name }) => name).sort(),
      ...faults.map(({ message }) => message),
      ...faults.flatMap((one) =>
        one.fixes().flatMap(({ edits }) => [...(editedTexts(documents, edits())?.values() ?? [])]),
      ),
    ];
  };
  const all = ['oslo', 'paris', 'tokyo'];

  it('is told at the kubeconfig that was copied, and changed', () => {
    const sound = files((name) => `${name}-kubeconfig`);
    assert.deepEqual(world(sound), [all]);
    const copied = hub('tokyo', 'tokyo-kubeconfig', 'paris-kubeconfig');
    assert.deepEqual(world({ ...sound, 'hub/tokyo.yaml': copied }), [
      all,
      'Flux applies web/tokyo to paris-kubeconfig, as it does web/paris. Nothing that is read applies it to tokyo.',
      sound['hub/tokyo.yaml'],
    ]);
  });

  it('is told where what applies one folder to all clusters was copied with a kubeconfig', () => {
    const sound = { ...files((name) => `${name}-kubeconfig`), 'istio/namespace.yaml': NAMESPACE };
    assert.deepEqual(world(sound), [all]);
    const [istio, web] = hub('tokyo', 'tokyo-kubeconfig').split('---\n');
    const copied = [istio?.replace('tokyo-kubeconfig', 'paris-kubeconfig'), web].join('---\n');
    assert.deepEqual(world({ ...sound, 'hub/tokyo.yaml': copied }), [
      all,
      'Flux applies istio-tokyo to paris-kubeconfig, as it does istio-paris. Nothing that is read applies it to tokyo.',
      hub('tokyo', 'tokyo-kubeconfig'),
    ]);
    // Nothing else goes to a cluster of that name.
    assert.deepEqual(
      world({ ...sound, 'hub/tokyo.yaml': istio?.replace('tokyo-kubeconfig', 'paris-kubeconfig') ?? '' }),
      [['oslo', 'paris']],
    );
  });

  it('goes to the cluster of its namespace where the Secret has no name of its own', () => {
    assert.deepEqual(world(files(() => 'kubeconfig')), [all]);
  });
});
