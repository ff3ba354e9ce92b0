/** Fixes that are right by themselves, but not safe because of what stands beside them: `--fix` must leave them to people. */
import assert from 'node:assert/strict';
import { readFixtures } from '../../scripts/fixtures.mjs';
import { example, filesOf, type Manifest, type World } from './correct-worlds.ts';
import { judge } from './judge.ts';
import { overlaid, type PatchStyle } from './overlaid.ts';
import { type Files, workspace } from './workspace.ts';

const WAYPOINT = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: waypoint
  namespace: shop
spec:
  gatewayClassName: istio-waypoint
  listeners:
    - name: mesh
      port: 15008
      protocol: HBONE
`;

function service(name: string, ...labels: readonly string[]): string {
  const lines = labels.map((label) => `    ${label}\n`).join('');
  return `apiVersion: v1
kind: Service
metadata:
  name: ${name}
  namespace: shop
  labels:
${lines}spec:
  selector:
    app: ${name}
  ports:
    - name: http
      port: 80
`;
}

const USES = 'istio.io/use-waypoint: waypoint';
const GLOBAL = 'istio.io/global: "true"';
const SIDECARS = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: old
  namespace: shop
spec:
  template:
    metadata:
      labels:
        app: old
        sidecar.istio.io/inject: "true"
`;
const WITHOUT_FLAG = `profile: ambient
pilot:
  tag: 1.30.2
global:
  meshID: mesh1
  multiCluster:
    clusterName: west
  network: network2
`;

/** Whether the fixes of a rule with this title are safe, in two correct clusters with these files. */
function safety(rule: string, title: string, files: Readonly<Record<string, string>>): readonly boolean[] {
  const blocks = Object.entries(files).map(([path, text]) => `\`\`\`yaml ${path}\n${text}\`\`\`\n`);
  const [test] = readFixtures(['# A test\n', 'Include: two-clusters\n', ...blocks].join('\n'));
  assert.ok(test);
  const { findings } = judge(workspace(test).files);
  const fixes = findings.filter((finding) => finding.rule.id === rule).flatMap((finding) => finding.fixes());
  return fixes.filter((fix) => fix.title.includes(title)).map(({ safe }) => safe);
}

const CLUSTERS = ['east', 'west'];

describe('fixes that are not safe', () => {
  it('make a waypoint global through which local Services would leave their cluster', () => {
    const withServices = (...services: readonly string[]) =>
      Object.fromEntries(CLUSTERS.map((name) => [`clusters/${name}/app.yaml`, [...services, WAYPOINT].join('---\n')]));
    const global = service('cart', GLOBAL, USES);
    assert.deepEqual(safety('waypoint-not-global', 'Label waypoint', withServices(global)), [true]);
    const both = withServices(global, service('stock', USES));
    assert.deepEqual(safety('waypoint-not-global', 'Label waypoint', both), [false]);
  });

  it('give a namespace a label by which Istio does more than to let it use a waypoint: there is none', () => {
    const selecting = (label: string) => ({
      'clusters/west/app.yaml': [
        service('cart', USES, 'istio.io/use-waypoint-namespace: infra'),
        `${WAYPOINT.replace('namespace: shop', 'namespace: infra')}      allowedRoutes:
        namespaces:
          from: Selector
          selector: { matchLabels: { ${label} } }
`,
      ].join('---\n'),
    });
    const fixesFor = (label: string) => safety('waypoint-attachment-denied', 'Let namespace', selecting(label));
    assert.deepEqual(fixesFor('waypoint: shared'), [false]);
    assert.deepEqual(fixesFor('istio-injection: enabled'), []);
    assert.deepEqual(fixesFor('topology.istio.io/network: network9'), []);
  });

  it('remove the only entry of a list of scopes, which may be meant to be GLOBAL', () => {
    const entry = (scope: string) =>
      `  - { scope: ${scope}, servicesSelector: { matchLabels: { istio.io/global: "${scope === 'GLOBAL'}" } } }\n`;
    const withList = (...scopes: readonly string[]) => ({
      'clusters/west/istiod-values.yaml': `${WITHOUT_FLAG}env: { AMBIENT_ENABLE_MULTI_NETWORK: "true" }\nmeshConfig:\n  serviceScopeConfigs:\n${scopes.map(entry).join('')}`,
    });
    const rule = 'scope-local-entry-ineffective';
    assert.deepEqual(safety(rule, 'Remove the entry', withList('GLOBAL', 'LOCAL')), [true]);
    assert.deepEqual(safety(rule, 'Set scope to GLOBAL', withList('GLOBAL', 'LOCAL')), []);
    assert.deepEqual(safety(rule, 'Remove the entry', withList('LOCAL')), [false]);
    assert.deepEqual(safety(rule, 'Set scope to GLOBAL', withList('LOCAL')), [false]);
  });

  it('take other clusters from sidecars', () => {
    const values = { 'clusters/west/istiod-values.yaml': WITHOUT_FLAG };
    const title = 'Set AMBIENT_ENABLE_MULTI_NETWORK';
    assert.deepEqual(safety('multi-network-flag-missing', title, values), [true]);
    const beside = { ...values, 'clusters/west/old.yaml': [service('old', 'app: old'), SIDECARS].join('---\n') };
    assert.deepEqual(safety('multi-network-flag-missing', title, beside), [false]);
  });

  /** Whether the fixes of a rule are safe, where the labels of a Service of one of three clusters are others. */
  const safeIn = (
    rule: string,
    service: string,
    edit: (labels: Manifest) => void,
    write: (world: World) => Files = filesOf,
  ): readonly boolean[] => {
    const world = example();
    const found = world.find(
      ({ cluster, manifest }) =>
        cluster === 'north' && manifest.kind === 'Service' && manifest.metadata.name === service,
    );
    assert.ok(found);
    found.manifest = structuredClone(found.manifest);
    found.manifest.metadata.labels ??= {};
    edit(found.manifest.metadata.labels);
    const { findings } = judge(write(world));
    return findings
      .filter((finding) => finding.rule.id === rule)
      .flatMap((finding) => finding.fixes())
      .map(({ safe }) => safe);
  };
  const patched = (style: PatchStyle) => (world: World) => overlaid(world, style) as Files;

  it('take back what one of three clusters says of a Service, and do not when it merely lacks the label', () => {
    const LABEL = 'istio.io/global';
    const safeScope = safeIn.bind(undefined, 'scope-not-uniform');
    const remove = (labels: Manifest) => delete labels[LABEL];
    const set = (value: string) => (labels: Manifest) => {
      labels[LABEL] = value;
    };
    assert.deepEqual(safeScope('helloworld', remove), [true, false]);
    assert.deepEqual(safeScope('helloworld', set('false')), [false, false]);
    assert.deepEqual(safeScope('cart', set('true')), [false, false]);
    assert.deepEqual(safeScope('helloworld', remove, patched('json')), [false, false]);
    assert.deepEqual(safeScope('helloworld', remove, patched('merge')), [false, false]);
  });

  it('give a Service a waypoint that one of three clusters says is to have none', () => {
    const none = (labels: Manifest) => {
      labels['istio.io/use-waypoint'] = 'none';
    };
    assert.deepEqual(safeIn('waypoint-not-uniform', 'helloworld', none), [false, false]);
    const other = (labels: Manifest) => {
      labels['istio.io/use-waypoint'] = 'spare';
    };
    assert.deepEqual(safeIn('waypoint-not-uniform', 'helloworld', other), [true, false]);
  });

  it('take a Service from a waypoint that policies are bound to', () => {
    const labelled = (name: string) =>
      WAYPOINT.replace('name: waypoint', `name: ${name}`).replace('shop\n', `shop\n  labels:\n    ${GLOBAL}\n`);
    const policy = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: only-get
  namespace: shop
spec:
  targetRefs:
    - { kind: Gateway, group: gateway.networking.k8s.io, name: old }
  rules:
    - to: [{ operation: { methods: [GET] } }]
`;
    const config = 'meshes:\n  - id: mesh1\n    reference: east\n    clusters: [{ name: east }, { name: west }]\n';
    const files = (...more: readonly string[]) => ({
      '.ambient-multicluster.yaml': config,
      'clusters/east/app.yaml': [service('cart', GLOBAL, USES), labelled('waypoint'), labelled('old')].join('---\n'),
      'clusters/west/app.yaml': [
        service('cart', GLOBAL, USES.replace('waypoint: waypoint', 'waypoint: old')),
        labelled('waypoint'),
        labelled('old'),
        ...more,
      ].join('---\n'),
    });
    const title = "Use waypoint 'waypoint'";
    assert.deepEqual(safety('waypoint-not-uniform', title, files()), [true]);
    assert.deepEqual(safety('waypoint-not-uniform', title, files(policy)), [false]);
  });

  it('take the waypoint from a cluster, and with it the L7 policies', () => {
    const plain = service('cart', GLOBAL);
    const files = {
      '.ambient-multicluster.yaml':
        'meshes:\n  - id: mesh1\n    reference: west\n    clusters: [{ name: east }, { name: west }]\n',
      'clusters/east/app.yaml': [
        service('cart', GLOBAL, USES),
        WAYPOINT.replace('shop\n', `shop\n  labels:\n    ${GLOBAL}\n`),
      ].join('---\n'),
      'clusters/west/app.yaml': plain,
    };
    assert.deepEqual(safety('waypoint-not-uniform', 'Use no waypoint', files), [false]);
  });
});
