/** Values files are known to leave out what no tool in sight may hand to their charts; only those that one may mean are open. */
import assert from 'node:assert/strict';
import { engineOf } from './import-world.ts';

const FLAG = 'env: { AMBIENT_ENABLE_MULTI_NETWORK: "true" }\n';
const NAMES = ['east', 'west', 'north'];

function files(): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of NAMES) {
    found[`clusters/${name}/istiod-values.yaml`] =
      `profile: ambient\nglobal:\n  meshID: mesh1\n  multiCluster: { clusterName: ${name} }\n  network: network-${name}\n${name === 'west' ? '' : FLAG}`;
    found[`clusters/${name}/ztunnel-values.yaml`] =
      `multiCluster: { clusterName: ${name} }\nnetwork: network-${name}\n`;
  }
  return found;
}

/** True if it is told that west's values leave the flag out. */
function isTold(more: Readonly<Record<string, string>>): boolean {
  const { findings } = engineOf({ ...files(), ...more }).snapshot;
  return findings.some(
    ({ rule, location }) =>
      rule.id === 'multi-network-flag-missing' && location.file === 'clusters/west/istiod-values.yaml',
  );
}

const application = (spec: string, destination = '{ name: hub }'): string =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: app }\nspec:\n  destination: ${destination}\n${spec}`;
const set = (generator: string, spec: string, destination = "{ name: '{{name}}' }"): string =>
  `apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: { name: apps }\nspec:\n  generators: [${generator}]\n  template:\n    metadata: { name: '{{name}}' }\n    spec:\n      destination: ${destination}\n${spec}`;
const OTHER = "repoURL: 'https://git.example.com/acme/shop.git', targetRevision: main";
const REF = "{ ref: values, repoURL: 'https://git.example.com/acme/mesh.git', targetRevision: main }";
const CHARTS = "repoURL: 'https://istio-release.storage.googleapis.com/charts', targetRevision: 1.30.2";
const chart = (name: string, valueFile: string): string =>
  `  sources: [{ ${CHARTS}, chart: ${name}, helm: { valueFiles: ['$values/${valueFile}'] } }, ${REF}]\n`;
const release = (chart: string, spec: string): string =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: ${chart}, namespace: istio-system }\nspec:\n  chart: { spec: { chart: ${chart}, sourceRef: { kind: HelmRepository, name: istio } } }\n${spec}`;

const CLOSED: Readonly<Record<string, string>> = {
  'an application of another repository': application(`  source: { ${OTHER}, path: shop/prod }\n`),
  'a chart with a value file of another repository': application(chart('shop', 'envs/prod.yaml')),
  'a chart with value files of another folder': application(chart('shop', 'shop/{{env}}.yaml')),
  'an application whose values are no YAML': application(
    `  source: { ${CHARTS}, chart: shop, helm: { values: "{{ x" } }\n`,
  ),
  'applications for clusters that are not known': set('{ clusters: {} }', `      source: { ${OTHER}, path: shop }\n`),
  'applications in folders of another repository': set(
    `{ git: { ${OTHER.replace('targetRevision', 'revision')}, directories: [{ path: 'apps/*' }] } }`,
    `      source: { ${OTHER}, path: '{{path}}' }\n`,
  ),
  'applications of pull requests': set(
    '{ pullRequest: { github: { owner: acme, repo: shop } } }',
    `      source: { ${OTHER}, path: 'shop/{{branch}}' }\n`,
  ),
  'a patch of applications that is about nothing of the kind': set(
    '{ clusters: {} }',
    `      source: { ${OTHER}, path: shop }\n  goTemplate: true\n  templatePatch: '{{ if .metadata.labels.x }}spec: { project: x }{{ end }}'\n`,
  ),
  'an application that is suspended': application(`  source: { ${OTHER}, path: shop }\n`).replace(
    '{ name: app }',
    "{ name: app, annotations: { argocd.argoproj.io/skip-reconcile: 'true' } }",
  ),
  'a Kustomization of a folder that is not there':
    'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: apps, namespace: flux-system }\nspec: { path: ./apps, sourceRef: { kind: GitRepository, name: shop } }\n',
  'a Kustomization with variables that are not in sight':
    'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: apps, namespace: flux-system }\nspec: { path: ./apps, sourceRef: { kind: GitRepository, name: shop }, postBuild: { substituteFrom: [{ kind: Secret, name: vars }] } }\n',
  'a release of another chart': release('podinfo', '  valuesFrom: [{ kind: Secret, name: podinfo }]\n'),
  'a release of ztunnel': release('ztunnel', '  valuesFrom: [{ kind: Secret, name: ztunnel }]\n'),
};

const OPEN: Readonly<Record<string, string>> = {
  'a value file that may be this one': application(chart("'{{chart}}'", '{{file}}')),
  'a chart that is not in sight and gets this value file': application(
    `  sources: [{ ${OTHER}, path: charts/mesh, helm: { valueFiles: ['$values/clusters/west/istiod-values.yaml'] } }, ${REF}]\n`,
  ),
  'a chart in a folder that is not known, from which the value file counts': application(
    `  source: { ${OTHER}, path: 'charts/{{chart}}', helm: { valueFiles: ['../../clusters/west/istiod-values.yaml'] } }\n`,
  ),
  'what lies in a folder that is not known': application(`  source: { ${OTHER}, path: 'clusters/{{cluster}}' }\n`),
  'a patch of applications that may name value files': set(
    '{ clusters: {} }',
    `      source: { ${OTHER}, path: shop }\n  goTemplate: true\n  templatePatch: '{{ if .metadata.labels.x }}spec: { sources: [{ helm: { valueFiles: [{{ .y }}] } }] }{{ end }}'\n`,
  ),
  'a release of the same chart, with values out of sight': release(
    'istiod',
    '  valuesFrom: [{ kind: Secret, name: istiod }]\n',
  ),
};

describe('values files beside tools of which not all is known', () => {
  it('are known where there is no tool', () => {
    assert.ok(isTold({}));
  });

  for (const [name, text] of Object.entries(CLOSED))
    it(`are known beside ${name}`, () => {
      assert.ok(isTold({ 'deploy/tool.yaml': text }));
    });

  for (const [name, text] of Object.entries(OPEN))
    it(`are open for ${name}`, () => {
      assert.ok(!isTold({ 'deploy/tool.yaml': text }));
    });

  it('are open where a chart gets them of which nobody knows in which clusters it is', () => {
    const nameless = Object.fromEntries(
      Object.entries(files()).map(([file, text]) => [file, text.replace(/ *multiCluster: .*\n/, '')]),
    );
    const spec = chart('istiod', 'clusters/west/istiod-values.yaml').replace('  sources', '      sources');
    assert.ok(isTold({ ...nameless, 'deploy/tool.yaml': set('{ clusters: {} }', spec.replace('/west/', '/east/')) }));
    assert.ok(!isTold({ ...nameless, 'deploy/tool.yaml': set('{ clusters: {} }', spec) }));
  });

  it('are open in the cluster of a release of their chart of which not all is known', () => {
    const unknown = application(chart('istiod', 'other/istiod.yaml'), '{ name: west }');
    assert.ok(!isTold({ 'deploy/tool.yaml': unknown }));
    const elsewhere = application(chart('istiod', 'other/istiod.yaml'), '{ name: south }');
    assert.ok(isTold({ 'deploy/tool.yaml': elsewhere }));
  });

  it('are known and open as what the tool is told changes', () => {
    const engine = engineOf({ ...files(), 'deploy/tool.yaml': CLOSED['applications of pull requests'] as string });
    const told = (text: string | undefined): boolean => {
      engine.apply([
        text === undefined ? { file: 'deploy/tool.yaml', gone: true } : { file: 'deploy/tool.yaml', text },
      ]);
      return engine.snapshot.findings.some(({ rule }) => rule.id === 'multi-network-flag-missing');
    };
    assert.ok(!told(OPEN['a value file that may be this one']));
    assert.ok(told(CLOSED['a release of ztunnel']));
    assert.ok(!told(OPEN['what lies in a folder that is not known']));
    assert.ok(told(undefined));
  });
});
