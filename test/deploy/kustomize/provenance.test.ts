/** Every field of a built object knows the line that it came from: the file's, the patch's, or the setting's. */
import assert from 'node:assert/strict';
import type { KustomizeBuild } from '../../../server/src/deploy/kustomize/build-result.ts';
import { kustomizeBuilds } from '../../../server/src/deploy/kustomize/kustomize-builds.ts';
import { extractFacts } from '../../../server/src/facts/extract.ts';
import { type Cursor, get, items, rootCursor } from '../../../server/src/yaml/read.ts';
import { MemoryFiles } from '../memory-files.ts';

const SERVICE = [
  'apiVersion: v1',
  'kind: Service',
  'metadata:',
  '  name: web',
  '  labels:',
  '    app: web',
  'spec:',
  '  selector: {app: web}',
  '  ports:',
  '  - port: 80',
  '    name: http',
  '  - port: 90',
];

const DEPLOYMENT = [
  'apiVersion: apps/v1',
  'kind: Deployment',
  'metadata:',
  '  name: web',
  'spec:',
  '  replicas: 1',
  '  template:',
  '    spec:',
  '      containers:',
  '      - name: main',
  '        image: nginx:1.0',
  '        envFrom:',
  '        - configMapRef:',
  '            name: settings',
];

function lines(text: readonly string[]): string {
  return `${text.join('\n')}\n`;
}

/** A base with a Service and a Deployment, and an overlay. */
class Overlay {
  readonly files: MemoryFiles;
  readonly build: KustomizeBuild;

  constructor(kustomization: readonly string[], more: Readonly<Record<string, readonly string[]>> = {}) {
    this.files = new MemoryFiles({
      'base/kustomization.yaml': 'resources: [service.yaml, deployment.yaml]\n',
      'base/service.yaml': lines(SERVICE),
      'base/deployment.yaml': lines(DEPLOYMENT),
      'over/kustomization.yaml': lines(['resources: [../base]', ...kustomization]),
      ...Object.fromEntries(Object.entries(more).map(([file, text]) => [file, lines(text)])),
    });
    this.build = kustomizeBuilds(this.files)('over');
    assert.deepEqual(this.build.problems, []);
  }

  object(kind: string) {
    const found = this.build.objects.find(({ current }) => current.kind === kind);
    assert.ok(found, `no ${kind}`);
    return found;
  }

  /** The line that the field at `path` of an object came from; numbers are items of lists. */
  line(kind: string, ...path: readonly (string | number)[]): string {
    const { root, doc } = this.object(kind);
    let at: Cursor | undefined = rootCursor(doc, root);
    for (const key of path) at = typeof key === 'number' ? items(at)[key] : get(at, key);
    assert.ok(at, `no ${path.join('/')}`);
    return this.files.line(at.at);
  }
}

describe('provenance of kustomize builds', () => {
  it('is the file where nothing changes it', () => {
    const overlay = new Overlay([]);
    assert.equal(overlay.line('Service', 'metadata', 'name'), 'base/service.yaml: name: web');
    assert.equal(overlay.line('Service', 'spec', 'ports', 1, 'port'), 'base/service.yaml: - port: 90');
    assert.deepEqual(overlay.object('Service').folders, ['base', 'over']);
    assert.deepEqual(overlay.build.includes, ['base']);
    assert.deepEqual(overlay.build.uses, [
      'base/deployment.yaml',
      'base/kustomization.yaml',
      'base/service.yaml',
      'over/kustomization.yaml',
    ]);
  });

  it('is the line of a strategic merge in a file, and the base beside it', () => {
    const overlay = new Overlay(['patches:', '- path: patch.yaml'], {
      'over/patch.yaml': [
        'apiVersion: v1',
        'kind: Service',
        'metadata:',
        '  name: web',
        '  labels:',
        '    istio.io/global: "true"',
        'spec:',
        '  ports:',
        '  - port: 90',
        '    name: grpc',
      ],
    });
    assert.equal(
      overlay.line('Service', 'metadata', 'labels', 'istio.io/global'),
      'over/patch.yaml: istio.io/global: "true"',
    );
    assert.equal(overlay.line('Service', 'metadata', 'labels', 'app'), 'base/service.yaml: app: web');
    assert.equal(overlay.line('Service', 'kind'), 'base/service.yaml: kind: Service');
    assert.equal(overlay.line('Service', 'spec', 'ports', 0, 'name'), 'over/patch.yaml: name: grpc');
    assert.equal(overlay.line('Service', 'spec', 'ports', 1, 'name'), 'base/service.yaml: name: http');
    assert.deepEqual(
      overlay.object('Service').patches.map((at) => overlay.files.line(at)),
      ['over/patch.yaml: apiVersion: v1'],
    );
    assert.deepEqual(overlay.object('Deployment').patches, []);
  });

  it('is the line inside a patch that the kustomization holds as text', () => {
    const overlay = new Overlay([
      'patches:',
      '- patch: |-',
      '    apiVersion: v1',
      '    kind: Service',
      '    metadata:',
      '      name: web',
      '      labels:',
      '        istio.io/use-waypoint: wp',
      '- target: {kind: Service}',
      '  patch: |-',
      '    - op: add',
      '      path: /metadata/labels/topology.istio.io~1network',
      '      value: network1',
      '    - op: remove',
      '      path: /spec/ports/0',
    ]);
    const labels = ['Service', 'metadata', 'labels'] as const;
    assert.equal(
      overlay.line(...labels, 'istio.io/use-waypoint'),
      'over/kustomization.yaml: istio.io/use-waypoint: wp',
    );
    assert.equal(overlay.line(...labels, 'topology.istio.io/network'), 'over/kustomization.yaml: value: network1');
    assert.equal(overlay.line('Service', 'spec', 'ports', 0, 'port'), 'base/service.yaml: - port: 90');
    assert.deepEqual(
      overlay.object('Service').removals.map(({ at }) => overlay.files.line(at)),
      ['over/kustomization.yaml: - op: remove'],
    );
  });

  it('is what removed a field that is no more', () => {
    const overlay = new Overlay([
      'patches:',
      '- patch: |-',
      '    apiVersion: v1',
      '    kind: Service',
      '    metadata:',
      '      name: web',
      '      labels:',
      '        app: null',
    ]);
    const [removal] = overlay.object('Service').removals;
    assert.equal(overlay.files.line(removal?.at), 'over/kustomization.yaml: app: null');
    assert.equal(removal?.path.key, 'app');
  });

  it('is the setting that changed a field: names, namespace, labels, annotations, images, replicas', () => {
    const overlay = new Overlay([
      'namespace: shop',
      'namePrefix: east-',
      'nameSuffix: -v2',
      'labels:',
      '- includeSelectors: true',
      '  pairs:',
      '    region: eu',
      'commonAnnotations:',
      '  owner: mesh',
      'images:',
      '- name: nginx',
      '  newTag: "2.0"',
      'replicas:',
      '- name: web',
      '  count: 3',
    ]);
    const line = (...path: readonly (string | number)[]) => overlay.line('Deployment', ...path);
    assert.equal(line('metadata', 'namespace'), 'over/kustomization.yaml: namespace: shop');
    assert.equal(line('metadata', 'name'), 'over/kustomization.yaml: nameSuffix: -v2');
    assert.equal(line('metadata', 'labels', 'region'), 'over/kustomization.yaml: region: eu');
    assert.equal(line('spec', 'selector', 'matchLabels', 'region'), 'over/kustomization.yaml: region: eu');
    assert.equal(line('metadata', 'annotations', 'owner'), 'over/kustomization.yaml: owner: mesh');
    const container = ['spec', 'template', 'spec', 'containers', 0] as const;
    assert.equal(line(...container, 'image'), 'over/kustomization.yaml: newTag: "2.0"');
    assert.equal(line('spec', 'replicas'), 'over/kustomization.yaml: count: 3');
    assert.equal(line(...container, 'name'), 'base/deployment.yaml: - name: main');
    const { original, current } = overlay.object('Deployment');
    assert.deepEqual([original.name, current.name, current.namespace], ['web', 'east-web-v2', 'shop']);
  });

  it('is the literal of a generator, and the generator where its hash renames a reference', () => {
    const overlay = new Overlay([
      'configMapGenerator:',
      '- name: settings',
      '  literals:',
      '  - network=network1',
      '  - mode=ambient',
    ]);
    assert.equal(overlay.line('ConfigMap', 'data', 'mode'), 'over/kustomization.yaml: - mode=ambient');
    assert.ok(overlay.object('ConfigMap').generated);
    const reference = ['spec', 'template', 'spec', 'containers', 0, 'envFrom', 0, 'configMapRef', 'name'] as const;
    assert.equal(overlay.line('Deployment', ...reference), 'over/kustomization.yaml: - name: settings');
  });

  it('is the source of a replacement', () => {
    const overlay = new Overlay([
      'replacements:',
      '- source: {kind: Service, fieldPath: spec.ports.0.name}',
      '  targets:',
      '  - select: {kind: Deployment}',
      '    fieldPaths: [metadata.labels.port]',
      '    options: {create: true}',
    ]);
    assert.equal(overlay.line('Deployment', 'metadata', 'labels', 'port'), 'base/service.yaml: name: http');
  });

  it('serves the readers of facts as if the object stood in a file', () => {
    const overlay = new Overlay(['namespace: shop', 'commonLabels:', '  istio.io/global: "true"']);
    const { root, doc, file } = overlay.object('Service');
    const [service] = extractFacts(doc, root, file).objects;
    assert.ok(service);
    const { namespace } = service;
    assert.ok(namespace !== undefined && 'value' in namespace);
    assert.deepEqual(
      [namespace.value, overlay.files.line(namespace.at)],
      ['shop', 'over/kustomization.yaml: namespace: shop'],
    );
  });
});
