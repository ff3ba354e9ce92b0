/** What may stand in what was not read, or in no cluster's files, is not certainly missing. */
import assert from 'node:assert/strict';
import { Engine, type FileChange } from '../../server/src/engine/engine.ts';
import { readLayout } from '../layouts/workspaces.ts';
import { changeIn, giveWanted } from './import-world.ts';

/** Two clusters, of which west has lost its east-west gateway. */
const FILES = [...readLayout('helm-templates').sound.files]
  .filter(([file]) => file.startsWith('clusters/'))
  .map(([file, text]) => ({
    file,
    text: file === 'clusters/west/gateway.yaml' ? text.slice(0, text.indexOf('---')) : text,
  }));

const GATEWAY = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: istio-eastwestgateway
  namespace: istio-system
spec:
  gatewayClassName: istio-east-west
`;
const TEMPLATE = GATEWAY.replace('istio-eastwestgateway', '{{ .Values.name }}');

/** @param extra other files */
function world(extra: Readonly<Record<string, string>>): Engine {
  const engine = new Engine({ today: '2026-11-24' });
  engine.update([...FILES, ...Object.entries(extra).map(([file, text]) => ({ file, text }))]);
  answer(engine, extra);
  return engine;
}

/** Gives what the engine asks for. */
function answer(engine: Engine, extra: Readonly<Record<string, string>>): void {
  giveWanted(engine, changeIn(extra));
  engine.settle();
}

/** How much the missing gateway counts. */
function severity(engine: Engine): string {
  const found = engine.snapshot.findings.filter(({ rule }) => rule.id === 'eastwest-gateway-missing');
  return found.map(({ severity }) => severity).join(' ');
}

function afterChange(engine: Engine, change: FileChange, extra: Readonly<Record<string, string>> = {}): string {
  engine.update([change]);
  answer(engine, extra);
  return severity(engine);
}

describe('what was not read', () => {
  const certain = severity(world({}));

  it('is nothing in a workspace that is read as a whole', () => {
    assert.equal(certain, 'error');
  });

  const WEAK: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    'a template of a chart': { 'charts/gateway/templates/gateway.yaml': TEMPLATE },
    'a template of a chart in which nothing is filled in': {
      'charts/gateway/Chart.yaml': 'name: gateway\nversion: 0.1.0\n',
      'charts/gateway/templates/gateway.yaml': GATEWAY,
    },
    'a template whose class is filled in': {
      'charts/gateway/templates/gateway.yaml': TEMPLATE.replace('istio-east-west', '{{ .Values.class }}'),
    },
    'a manifest in no cluster': { 'manifests/gateway.yaml': GATEWAY },
    'a manifest that cannot be read': { 'manifests/gateway.yaml': `${GATEWAY}  listeners: [\n` },
    'a manifest whose name is filled in later': {
      'clusters/west/ew.yaml': GATEWAY.replace('istio-eastwestgateway', 'EASTWEST_NAME'),
    },
    'a manifest with a list for a name': { 'clusters/west/ew.yaml': GATEWAY.replace(/name: .*/, 'name: [gateway]') },
    'a manifest with a list for its metadata': {
      'clusters/west/ew.yaml': GATEWAY.replace(/metadata:\n.*\n.*\n/, 'metadata: []\n'),
    },
    'values of a chart that is elsewhere': { 'gateways/values.yaml': 'gateways:\n  - class: istio-east-west\n' },
    'tasks of Ansible': {
      'playbooks/mesh.yaml': `- hosts: all\n  tasks:\n    - k8s:\n        definition:\n          kind: Gateway\n          spec:\n            gatewayClassName: istio-east-west\n`,
    },
    'a template of Ansible': { 'roles/mesh/templates/gateway.yml.j2': TEMPLATE },
    'a program in Jsonnet': { 'lib/mesh.libsonnet': "{ spec: { gatewayClassName: 'istio-east-west' } }" },
    'a module of Terraform': { 'terraform/main.tf': 'manifest = { spec = { gatewayClassName = "istio-east-west" } }' },
    'a composition of Crossplane': {
      'platform/mesh.yaml': `apiVersion: apiextensions.crossplane.io/v1\nkind: Composition\nmetadata:\n  name: mesh\nspec:\n  resources:\n    - base:\n        spec:\n          gatewayClassName: istio-east-west\n`,
    },
    'an Application of a chart that is elsewhere': {
      'argocd/gateway.yaml': `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: eastwest\nspec:\n  source:\n    repoURL: https://charts.example.com\n    chart: eastwest-gateway\n    targetRevision: 1.0.0\n  destination:\n    name: west\n`,
    },
  };
  for (const [what, files] of Object.entries(WEAK)) {
    it(`may hold it: ${what}`, () => assert.equal(severity(world(files)), 'hint'));
  }

  const application = (name: string, destination: string): string =>
    `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: ${name}\nspec:\n  source:\n    repoURL: https://charts.example.com\n    chart: ${name}\n    targetRevision: 1.0.0\n  destination: ${destination}\n`;
  const root =
    'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: root\nspec:\n  source:\n    repoURL: https://git.example.com/mesh\n    path: argocd/apps\n  destination: { server: "https://kubernetes.default.svc" }\n';

  it('goes where the chart is deployed to that it is of', () => {
    const told = (files: Readonly<Record<string, string>>): string => severity(world(files));
    const gateway = (destination: string) => application('eastwest-gateway', destination);
    assert.equal(told({ 'argocd/gateway.yaml': gateway('{ name: west }') }), 'hint');
    assert.equal(told({ 'argocd/gateway.yaml': gateway('{ name: east }') }), certain);
    // Nothing tells which cluster that is.
    assert.equal(told({ 'argocd/gateway.yaml': gateway('{ name: hub-7 }') }), 'hint');
    assert.equal(told({ 'argocd/gateway.yaml': gateway('{ server: "https://10.0.0.1:6443" }') }), 'hint');
    const both = `${gateway('{ name: east }')}---\n${application('redis', '{ name: west }')}`;
    assert.equal(told({ 'argocd/all.yaml': both }), certain);
    const beside = `${application('redis', '{ name: east }')}---\n${gateway('{ name: west }')}`;
    assert.equal(told({ 'argocd/all.yaml': beside }), 'hint');
    for (const [name, weight] of [
      ['west', 'hint'],
      ['east', certain],
      ['hub-7', 'hint'],
    ])
      assert.equal(
        told({ 'argocd/root.yaml': root, 'argocd/apps/a.yaml': gateway(`{ name: ${name} }`) }),
        weight,
        name,
      );
    const unknown = application('eastwest', '{ name: west }').replace('chart: eastwest', 'path: charts/eastwest');
    assert.equal(told({ 'argocd/root.yaml': root, 'argocd/apps/a.yaml': unknown }), 'hint');
  });

  it('goes with all of a chart that is here where the chart is deployed to', () => {
    const chart = {
      'charts/gateway/Chart.yaml': 'apiVersion: v2\nname: gateway\nversion: 0.1.0\n',
      'charts/gateway/templates/gateway.yaml': TEMPLATE,
      'charts/all/Chart.yaml':
        'apiVersion: v2\nname: all\nversion: 0.1.0\ndependencies: [{ name: gateway, repository: "file://../gateway" }]\n',
    };
    const deployed = (folder: string, ...destinations: readonly string[]): string =>
      destinations
        .map((to, i) => application(`edge-${i}`, to).replace(/chart: .*/, `path: charts/${folder}`))
        .join('---\n');
    const told = (apps: string): string => severity(world({ ...chart, 'argocd/edge.yaml': apps }));
    assert.equal(severity(world(chart)), 'hint');
    assert.equal(told(deployed('gateway', '{ name: east }')), certain);
    assert.equal(told(deployed('gateway', '{ name: east }', '{ name: west }')), 'hint');
    assert.equal(told(deployed('all', '{ name: east }')), certain);
    assert.equal(told(deployed('all', '{ name: west }')), 'hint');
    // Nothing tells which cluster that is.
    assert.equal(told(deployed('gateway', '{ name: east }', '{ name: hub-7 }')), 'hint');
    assert.equal(told(deployed('gateway', '{ name: east }', "{ name: '{{cluster}}' }")), 'hint');
    const engine = world({ ...chart, 'argocd/edge.yaml': deployed('gateway', '{ name: west }') });
    const to = (name: string): FileChange => ({
      file: 'argocd/edge.yaml',
      text: deployed('gateway', `{ name: ${name} }`),
    });
    assert.equal(afterChange(engine, to('east'), chart), certain);
    assert.equal(afterChange(engine, to('west'), chart), 'hint');
    assert.equal(
      afterChange(engine, { file: 'argocd/edge.yaml', text: deployed('web', '{ name: east }') }, chart),
      'hint',
    );
  });

  const CERTAIN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    'a template of something else': {
      'charts/gateway/templates/gateway.yaml': TEMPLATE.replace('istio-east-west', 'nginx'),
    },
    'a template of an Istio Gateway': {
      'charts/web/templates/gateway.yaml':
        'apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata:\n  name: {{ .Release.Name }}\n',
    },
    'a program for something else': { 'lib/web.libsonnet': "{ kind: 'Service', metadata: { name: 'web' } }" },
    'an example': { 'examples/gateway.yaml': GATEWAY },
    'a template among examples': { 'docs/examples/gateway.yaml': TEMPLATE },
    "the other cluster's file": { 'clusters/east/gateways/template.yaml': TEMPLATE },
    'an Application of some chart': {
      'argocd/redis.yaml': `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: redis\nspec:\n  source:\n    repoURL: https://charts.example.com\n    chart: redis\n    targetRevision: 1.0.0\n  destination:\n    name: elsewhere\n`,
    },
  };
  for (const [what, files] of Object.entries(CERTAIN)) {
    it(`does not hold it: ${what}`, () => assert.equal(severity(world(files)), certain));
  }

  it('is followed while it is edited, comes and goes', () => {
    const file = 'charts/gateway/templates/gateway.yaml';
    const engine = world({});
    assert.equal(afterChange(engine, { file, text: TEMPLATE }), 'hint');
    assert.equal(afterChange(engine, { file, text: TEMPLATE.replace('istio-east-west', 'nginx') }), certain);
    assert.equal(afterChange(engine, { file, text: TEMPLATE }), 'hint');
    assert.equal(afterChange(engine, { file, gone: true }), certain);
    assert.equal(afterChange(engine, { file: 'manifests/secret.yaml', skipped: 'unreadable' }), 'hint');
    assert.equal(afterChange(engine, { file: 'manifests/secret.yaml', gone: true }), certain);
  });

  it('may hold any object of the kind and namespace where the name is not known', () => {
    const service = (name: string, namespace = 'shop'): string =>
      `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\n${namespace && `  namespace: ${namespace}\n`}  labels: { istio.io/global: "true" }\nspec:\n  ports: [{ name: http, port: 80 }]\n`;
    const policy = (name: string): string =>
      `apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata:\n  name: ${name}\n  namespace: shop\nspec:\n  targetRefs: [{ group: "", kind: Service, name: cart }]\n`;
    const ambient =
      'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels: { istio.io/dataplane-mode: ambient, istio.io/use-waypoint: wp }\n---\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata:\n  name: wp\n  namespace: shop\n  labels: { istio.io/global: "true" }\nspec:\n  gatewayClassName: istio-waypoint\n  listeners: [{ name: mesh, port: 15008, protocol: HBONE }]\n';
    const told = (west: Readonly<Record<string, string>>): string => {
      const both = Object.fromEntries(['east', 'west'].map((one) => [`clusters/${one}/shop.yaml`, ambient]));
      const east = { 'clusters/east/cart.yaml': service('cart'), 'clusters/east/policy.yaml': policy('only-get') };
      const { findings } = world({ ...both, ...east, ...west }).snapshot;
      return findings
        .filter(({ rule }) => ['global-service-missing-in-cluster', 'policy-not-uniform'].includes(rule.id))
        .map(({ severity }) => severity)
        .join(' ');
    };
    const west = (text: string) => ({ 'clusters/west/some.yaml': text });
    assert.equal(told({}), 'warning');
    for (const name of ['CART_NAME', '<NAME>', '[cart]']) {
      assert.equal(told(west(service(name))), 'hint', name);
      assert.equal(told(west(service(name, ''))), 'hint', name);
      assert.equal(told(west(service(name, 'bank'))), 'warning', name);
      assert.equal(told(west(`${service('cart')}---\n${policy(name)}`)), 'hint', name);
    }
    assert.equal(told(west(service('cart'))), 'error');
    assert.equal(told(west(`${service('cart')}---\n${policy('only-get')}`)), '');
    const built = { 'clusters/west/apps/kustomization.yaml': 'namespace: shop\nresources: [s.yaml]\n' };
    assert.equal(told({ ...built, 'clusters/west/apps/s.yaml': service('CART_NAME', '') }), 'hint');
  });

  it('costs an edit of a template no rule', () => {
    const file = 'charts/gateway/templates/gateway.yaml';
    const engine = world({ [file]: TEMPLATE });
    const before = engine.evaluations;
    engine.apply([{ file, text: `${TEMPLATE}  # with a comment\n` }]);
    assert.equal(engine.evaluations, before);
  });

  it('leaves patches what they are where the kustomization cannot be read', () => {
    const files = new Map(readLayout('kustomize-broken').sound.files);
    const file = 'overlays/west/kustomization.yaml';
    for (const start of ['{{- if .Values.patched }}\n', '\u0000', '}\n']) {
      const engine = new Engine({ today: '2026-11-24' });
      files.set(file, start + files.get(file));
      engine.apply([...files].map(([file, text]) => ({ file, text })));
      assert.deepEqual(
        engine.snapshot.findings
          .map(({ rule, severity }) => `${severity} ${rule.id}`)
          .filter((told) => !told.endsWith(' invalid-kustomization')),
        [],
        JSON.stringify(start),
      );
    }
  });
});
