/** Kustomize builds as the engine takes them: which kustomizations are deployed, where findings stand, and where fixes are made. */
import assert from 'node:assert/strict';
import { Engine } from '../../server/src/engine/engine.ts';
import type { Snapshot } from '../../server/src/engine/snapshot.ts';
import { applyTextEdits, textEdits } from '../../server/src/yaml/text-edits.ts';
import { changeIn, giveWanted } from './import-world.ts';

type Files = Readonly<Record<string, string>>;

/** Gives files, and what builds ask for out of `others`. */
function read(engine: Engine, files: Files, others: Files = {}): Snapshot {
  engine.update(Object.entries(files).map(([file, text]) => ({ file, text })));
  giveWanted(engine, changeIn({ ...files, ...others }));
  return engine.settle();
}

function found({ findings }: Snapshot): string[] {
  return findings.map(
    ({ rule, location, clusters }) =>
      `${location.file}:${location.range.start.line + 1} ${rule.id} ${clusters.map((id) => id.split('/').at(-1)).join(' ')}`,
  );
}

/** The files that a fix changes, as they are then. */
function fixed(engine: Engine, title: string): Files {
  const { findings, documents } = engine.snapshot;
  const fix = findings.flatMap((finding) => finding.fixes()).find((one) => one.title.includes(title));
  assert.ok(fix, `no fix ${title}`);
  const changes = textEdits(documents, fix.edits()) ?? [];
  return Object.fromEntries(
    changes.map((change) => [
      change.file,
      'create' in change ? change.create : applyTextEdits(documents.file(change.file)?.text ?? '', change.edits),
    ]),
  );
}

const istio = (name: string, network: string): string => `apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata: { name: istio, namespace: istio-system }
spec:
  profile: ambient
  tag: 1.30.2
  values:
    pilot: { env: { AMBIENT_ENABLE_MULTI_NETWORK: "true" } }
    global: { meshID: mesh1, multiCluster: { clusterName: ${name} }, network: ${network} }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: eastwest
  namespace: istio-system
  labels: { topology.istio.io/network: ${network} }
spec:
  gatewayClassName: istio-east-west
  listeners:
    - name: mesh
      port: 15008
      protocol: HBONE
      tls: { mode: Terminate, options: { gateway.istio.io/tls-terminate-mode: ISTIO_MUTUAL } }
`;

const BASE: Files = {
  'base/kustomization.yaml': 'resources: [sample.yaml]\n',
  'base/sample.yaml': `apiVersion: v1
kind: Namespace
metadata:
  name: sample
  labels:
    istio.io/dataplane-mode: ambient
---
apiVersion: v1
kind: Service
metadata:
  name: helloworld
  namespace: sample
  labels:
    istio.io/global: "true"
spec:
  selector: { app: helloworld }
  ports:
    - name: http
      port: 5000
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: waypoint
  namespace: sample
  labels:
    istio.io/global: "true"
spec:
  gatewayClassName: istio-waypoint
  listeners:
    - name: mesh
      port: 15008
      protocol: HBONE
`,
  'overlays/east/kustomization.yaml': 'resources:\n  - ../../base\n  - istio.yaml\n',
  'overlays/east/istio.yaml': istio('east', 'network1'),
  'overlays/west/kustomization.yaml': 'resources:\n  - ../../base\n  - istio.yaml\n',
  'overlays/west/istio.yaml': istio('west', 'network2'),
};

const WAYPOINT_PATCH = `apiVersion: v1
kind: Service
metadata:
  name: helloworld
  namespace: sample
  labels:
    istio.io/use-waypoint: waypoint
`;

describe('kustomize builds', () => {
  it('make a cluster of every overlay, and of the base none', () => {
    const snapshot = read(new Engine(), BASE);
    assert.deepEqual(
      [...snapshot.layout.clusters.values()].map(({ id, name, files }) => [id, name, files.length]),
      [
        ['overlays/east', 'east', 4],
        ['overlays/west', 'west', 4],
      ],
    );
    assert.deepEqual(snapshot.skipped, []);
    assert.deepEqual(found(snapshot), []);
  });

  it('are read anew when a file of the base changes', () => {
    const engine = new Engine();
    read(engine, BASE);
    const other = { 'base/sample.yaml': BASE['base/sample.yaml']?.replaceAll('istio.io/global: "true"', 'a: b') ?? '' };
    read(engine, other);
    const cold = new Engine();
    assert.deepEqual(found(engine.snapshot), found(read(cold, { ...BASE, ...other })));
  });

  it('put a finding where the overlay says so, and its fix there', () => {
    const engine = new Engine();
    const files = {
      ...BASE,
      'overlays/west/kustomization.yaml': 'resources: [../../base, istio.yaml]\npatches:\n  - path: service.yaml\n',
      'overlays/west/service.yaml': WAYPOINT_PATCH,
    };
    const snapshot = read(engine, files);
    assert.deepEqual(found(snapshot), ['overlays/west/service.yaml:7 waypoint-not-uniform west east']);
  });

  it('fix in the overlay what is right in the base for others', () => {
    const engine = new Engine();
    const files = {
      ...BASE,
      'base/sample.yaml': (BASE['base/sample.yaml'] ?? '').replace(
        '    istio.io/global: "true"\nspec:\n  selector',
        '    istio.io/global: "true"\n    istio.io/use-waypoint: waypoint\nspec:\n  selector',
      ),
      'overlays/west/kustomization.yaml':
        'resources: [../../base, istio.yaml]\npatches:\n  # west has none\n  - target: { kind: Service, name: helloworld }\n' +
        '    patch: |-\n      - op: remove\n        path: /metadata/labels/istio.io~1use-waypoint\n',
    };
    const snapshot = read(engine, files);
    assert.equal(snapshot.findings.length, 1, found(snapshot).join('\n'));
    const [finding] = snapshot.findings;
    for (const fix of finding?.fixes() ?? []) {
      const after = fixed(engine, fix.title);
      const again = read(new Engine(), { ...files, ...after });
      assert.ok(
        !again.findings.some(({ id }) => id === finding?.id),
        `${fix.title}: ${JSON.stringify(after, null, 1)}`,
      );
    }
  });

  it('fix in the base what all clusters have from there', () => {
    const engine = new Engine();
    const text = (BASE['base/sample.yaml'] ?? '').replace(
      '  name: waypoint\n  namespace: sample\n  labels:\n    istio.io/global: "true"\n',
      '  name: waypoint\n  namespace: sample\n',
    );
    const files = {
      ...BASE,
      'base/sample.yaml': text.replace(
        'dataplane-mode: ambient',
        'dataplane-mode: ambient\n    istio.io/use-waypoint: waypoint',
      ),
    };
    const snapshot = read(engine, files);
    assert.deepEqual(found(snapshot), ['base/sample.yaml:25 waypoint-not-global east west']);
    assert.deepEqual(Object.keys(fixed(engine, 'global')), ['base/sample.yaml']);
  });

  it('fix what all clusters have from there as the base is now, and say once that they all have it', () => {
    const gateway = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: extra, namespace: istio-system, labels: { topology.istio.io/network: n } }
spec:
  gatewayClassName: istio-east-west
  listeners:
    - name: mesh
      port: 15008
      protocol: HBONE
      tls: { mode: Terminate, options: { gateway.istio.io/tls-terminate-mode: ISTIO_MUTUAL } }
    - name: istiod
      port: 15012
      protocol: TCP
`;
    const files = {
      ...BASE,
      'base/kustomization.yaml': 'resources: [sample.yaml, gateway.yaml]\n',
      'base/gateway.yaml': gateway,
    };
    const engine = new Engine();
    const messages = read(engine, files).findings.flatMap(({ rule, message }) =>
      rule.id === 'eastwest-listener-invalid' ? [message] : [],
    );
    assert.match(messages[0] ?? '', /^[^.]*; the same in west\. /);
    const changed = { 'base/gateway.yaml': gateway.replace('      port: 15008\n', '# no port\n') };
    read(engine, changed);
    const cold = new Engine();
    read(cold, { ...files, ...changed });
    const offered = (one: Engine): unknown =>
      one.snapshot.findings.map((each) => each.fixes().map(({ title, edits }) => [title, edits()]));
    assert.deepEqual(offered(engine), offered(cold));
  });

  it('take what only lists the folders of clusters for no deployment', () => {
    const snapshot = read(new Engine(), {
      ...BASE,
      'kustomization.yaml': 'resources: [overlays/east, overlays/west]\n',
    });
    assert.deepEqual([...snapshot.layout.clusters.keys()], ['overlays/east', 'overlays/west']);
  });

  it('that kustomize refuses are told of, whatever is left of their cluster', () => {
    const more: Files = {
      'more/kustomization.yaml': 'resources: [namespace.yaml]\n',
      'more/namespace.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: { name: more }\n',
      'overlays/east/again.yaml': BASE['base/sample.yaml'] ?? '',
    };
    const refused: readonly (readonly [string, string])[] = [
      ['resources: [../../base, ../../more, again.yaml, istio.yaml]', 'Namespace sample is there already'],
      ['resources: [again.yaml, ../../more, ../../base, istio.yaml]', 'Namespace sample is there already'],
      ['resources: [../../base, istio.yaml]\nnamespcae: sample', 'unknown field ‘namespcae’'],
    ];
    for (const [kustomization, fault] of refused) {
      const files = { ...BASE, ...more, 'overlays/east/kustomization.yaml': `${kustomization}\n` };
      const { findings } = read(new Engine(), files);
      assert.deepEqual(
        findings.map(({ rule, severity, message }) => `${severity} ${rule.id}: ${message}`),
        [`error invalid-kustomization: kustomize refuses overlays/east/kustomization.yaml: ${fault}.`],
      );
    }
  });

  it('ask for files that nobody would read otherwise, and run again when they change', () => {
    const engine = new Engine();
    const files = {
      ...BASE,
      'overlays/west/kustomization.yaml':
        'resources: [../../base, istio.yaml]\npatches:\n  - target: { kind: Service }\n    path: patch.json\n',
    };
    const patch = (value: string): string =>
      JSON.stringify([{ op: 'add', path: '/metadata/labels/istio.io~1global', value }]);
    assert.deepEqual(found(read(engine, files, { 'overlays/west/patch.json': patch('false') })), [
      'overlays/west/patch.json:1 scope-not-uniform west east',
    ]);
    assert.deepEqual(found(read(engine, {}, {})), found(engine.snapshot));
    engine.update([{ file: 'overlays/west/patch.json', text: patch('true') }]);
    assert.deepEqual(found(engine.settle()), []);
  });

  it('are silent about a base that is not there, and say so of the cluster', () => {
    const { 'base/kustomization.yaml': _, 'base/sample.yaml': __, ...files } = BASE;
    const snapshot = read(new Engine(), files);
    assert.deepEqual(
      found(snapshot).filter((line) => !line.includes('invalid-kustomization')),
      [],
    );
    assert.ok(snapshot.findings.every(({ severity }) => severity === 'hint'));
    assert.deepEqual(
      [...snapshot.layout.clusters.values()].map(({ skipped }) => skipped.length),
      [1, 1],
    );
  });

  it('lack what is missing from a whole checkout, beside other files, until it is there', () => {
    const engine = new Engine();
    const files: Files = {
      ...BASE,
      'overlays/west/kustomization.yaml':
        'resources: [../../base, istio.yaml, more.yaml, ../../more, ../../away/more, ../../bare]\nconfigMapGenerator: [{ name: a, files: [b] }]\nsecretGenerator: [{ name: a, files: [c] }]\n',
      'bare/readme.yaml': 'a: 1\n',
    };
    engine.update(Object.entries(files).map(([file, text]) => ({ file, text })));
    giveWanted(engine, (file) =>
      file in files ? { file, text: files[file] ?? '' } : { file, gone: true, isMissed: true },
    );
    const told = (): readonly string[] =>
      engine.settle().findings.map(({ severity, message }) => `${severity}: ${message.replace(/^.*: /, '')}`);
    const rest = [
      'warning: there is no file or folder more.',
      'hint: there is no file or folder away/more.',
      'warning: bare has no kustomization.',
      'warning: there is no file overlays/west/b.',
      'hint: there is no file overlays/west/c.',
    ];
    assert.deepEqual(told(), ['warning: there is no file or folder overlays/west/more.yaml.', ...rest]);
    engine.update([
      { file: 'overlays/west/more.yaml', text: 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: c }\n' },
    ]);
    assert.deepEqual(told(), rest);
  });

  it('say at the entry why kustomize refuses them', () => {
    const snapshot = read(new Engine(), {
      ...BASE,
      'overlays/west/kustomization.yaml': 'resources:\n  - ../../base\n  - istio.yaml\n  - istio.yaml\n',
    });
    assert.deepEqual(
      snapshot.findings.map(({ rule, severity, location }) => [rule.id, severity, location.file]),
      [['invalid-kustomization', 'error', 'overlays/west/kustomization.yaml']],
    );
  });
});
