/** What the overlay of one cluster takes away of an installation that all share is told, and mended, where it does. */
import assert from 'node:assert/strict';
import type { PlacedFinding } from '../../server/src/engine/snapshot.ts';
import { applyTextEdits, editedTexts, textEdits } from '../../server/src/yaml/text-edits.ts';
import { readLayout } from '../layouts/workspaces.ts';
import { engineOf, type Files, show } from './import-world.ts';

const WEST = 'overlays/west/kustomization.yaml';
const FLAG = 'AMBIENT_ENABLE_MULTI_NETWORK';
const NAMESPACE =
  'apiVersion: v1\nkind: Namespace\nmetadata: {name: istio-system, labels: {topology.istio.io/network: none}}\n';
const GATEWAY = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: istio-eastwestgateway, namespace: istio-system, labels: {topology.istio.io/network: none}}
spec:
  gatewayClassName: istio-east-west
  listeners:
    - name: mesh
      port: 15008
      protocol: HBONE
      tls:
        mode: Terminate
        options: {gateway.istio.io/tls-terminate-mode: ISTIO_MUTUAL}
`;
const OPERATOR = `apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata: {name: istio, namespace: istio-system}
spec:
  profile: ambient
  tag: 1.30.2
  values:
    pilot:
      env:
        ${FLAG}: "true"
    global:
      meshID: mesh1
      multiCluster: {clusterName: none}
      network: none
`;
const APP = [...readLayout('kustomize-overlays').sound.files].find(([, text]) =>
  text.includes('name: helloworld'),
)?.[1];

const release = (name: string, values: string): string =>
  `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: ${name}, namespace: istio-system}
spec:
  chart: {spec: {chart: ${name}, version: 1.30.2, sourceRef: {kind: HelmRepository, name: istio, namespace: flux-system}}}
  values:
${values.replace(/^(?=.)/gm, '    ')}`;
const RELEASES = [
  release(
    'istiod',
    `profile: ambient\nenv: {${FLAG}: "true"}\nglobal:\n  meshID: mesh1\n  multiCluster: {clusterName: none}\n  network: none\n`,
  ),
  release('cni', 'profile: ambient\n'),
  release('ztunnel', 'multiCluster: {clusterName: none}\nnetwork: none\n'),
].join('---\n');

const replace = (path: string, value: string): string =>
  `      - op: replace\n        path: ${path}\n        value: ${value}\n`;

function overlay(cluster: string, releases: boolean, more: string): string {
  const network = `network-${cluster}`;
  const global = (at: string): string =>
    replace(`${at}/global/multiCluster/clusterName`, cluster) + replace(`${at}/global/network`, network);
  const installs = releases
    ? `  - target: {kind: HelmRelease, name: istiod}\n    patch: |-\n${global('/spec/values')}` +
      `  - target: {kind: HelmRelease, name: ztunnel}\n    patch: |-\n${replace('/spec/values/multiCluster/clusterName', cluster)}${replace('/spec/values/network', network)}`
    : `  - target: {kind: IstioOperator}\n    patch: |-\n${global('/spec/values')}`;
  return `resources: [../../base]\npatches:\n${installs}  - target: {kind: (Namespace|Gateway), labelSelector: topology.istio.io/network}\n    patch: |-\n${replace('/metadata/labels/topology.istio.io~1network', network)}${more}`;
}

/** @param more further patches of the overlay of `west` */
function world(
  more: string,
  { releases = false, install }: { readonly releases?: boolean; readonly install?: string } = {},
): Files {
  return {
    'base/kustomization.yaml': 'resources: [install.yaml, namespace.yaml, gateway.yaml, app.yaml]\n',
    'base/install.yaml': install ?? (releases ? RELEASES : OPERATOR),
    'base/namespace.yaml': NAMESPACE,
    'base/gateway.yaml': GATEWAY,
    'base/app.yaml': APP ?? '',
    'overlays/east/kustomization.yaml': overlay('east', releases, ''),
    'overlays/north/kustomization.yaml': overlay('north', releases, ''),
    [WEST]: overlay('west', releases, more),
  };
}

const told = (files: Files): readonly PlacedFinding[] =>
  engineOf(files).snapshot.findings.filter(({ severity }) => severity !== 'hint');

const removal = (kind: string, path: string, name = 'istio'): string =>
  `  - target: {kind: ${kind}, name: ${name}}\n    patch: |-\n      - op: remove\n        path: ${path}\n`;
const merged = (patch: string): string =>
  `  - patch: |-\n      apiVersion: install.istio.io/v1alpha1\n      kind: IstioOperator\n      metadata: {name: istio, namespace: istio-system}\n${patch}`;

const fromOperator = (path: string): string => removal('IstioOperator', path);
const fromRelease = (name: string, path: string): string => removal('HelmRelease', path, name);

describe('a setting that the overlay of one cluster takes away', () => {
  for (const [rule, mark, patch, options] of [
    ['multi-network-flag-missing', '- op: remove', fromOperator(`/spec/values/pilot/env/${FLAG}`)],
    ['multi-network-flag-missing', '- op: remove', fromOperator('/spec/values/pilot')],
    ['multi-network-flag-missing', 'null', merged('      spec: {values: {pilot: null}}\n')],
    ['multi-network-flag-missing', '$patch', merged('      spec: {values: {pilot: {env: {$patch: delete}}}}\n')],
    [
      'multi-network-flag-missing',
      '$patch',
      merged('      spec: {values: {pilot: {env: {$patch: replace, PILOT_X: "1"}}}}\n'),
    ],
    ['ambient-profile-missing', '- op: remove', fromOperator('/spec/profile')],
    ['ztunnel-network-mismatch', '- op: remove', fromOperator('/spec/values/global/network')],
    ['mesh-id-mismatch', '- op: remove', fromOperator('/spec/values/global/meshID')],
    [
      'eastwest-listener-invalid',
      '- op: remove',
      removal('Gateway', '/spec/listeners/0/tls/options', 'istio-eastwestgateway'),
    ],
    ['multi-network-flag-missing', '- op: remove', fromRelease('istiod', '/spec/values/env'), { releases: true }],
    ['ambient-profile-missing', '- op: remove', fromRelease('istiod', '/spec/values/profile'), { releases: true }],
    ['ambient-profile-missing', '- op: remove', fromRelease('cni', '/spec/values'), { releases: true }],
    ['ztunnel-cluster-name-mismatch', '- op: remove', fromRelease('ztunnel', '/spec/values'), { releases: true }],
    ['mesh-id-mismatch', '- op: remove', fromRelease('istiod', '/spec/values/global/meshID'), { releases: true }],
  ] as const) {
    it(`is told at the patch: ${rule} of ${patch.replace(/\s+/g, ' ').trim()}`, () => {
      const files = world(patch, options);
      const [finding, ...more] = told(files);
      assert.ok(finding);
      assert.deepEqual(more.map(show), []);
      const lines = files[WEST]?.split('\n') ?? [];
      assert.equal(show(finding), `${WEST}:${lines.findLastIndex((line) => line.includes(mark)) + 1} ${rule}`);
    });
  }

  it('is mended there', () => {
    const engine = engineOf(world(fromOperator(`/spec/values/pilot/env/${FLAG}`)));
    const { findings, documents } = engine.snapshot;
    const [change, ...more] = textEdits(documents, findings[0]?.fixes()[0]?.edits() ?? []) ?? [];
    assert.deepEqual(more, []);
    assert.ok(change !== undefined && 'edits' in change && change.file === WEST);
    const files = {
      ...world(''),
      [WEST]: applyTextEdits(world(fromOperator(`/spec/values/pilot/env/${FLAG}`))[WEST] ?? '', change.edits),
    };
    assert.deepEqual(told(files).map(show), []);
  });

  it('is told of the base where that lacks it, whatever else the overlay takes away', () => {
    const install = OPERATOR.replace('meshID: mesh1', 'meshID: mesh1\n      logging: {level: info}');
    const lacking = install.replace(/ {4}pilot:\n.*\n.*\n/, '');
    const [finding, ...more] = told(world(fromOperator('/spec/values/global/logging'), { install: lacking }));
    assert.deepEqual(more.map(show), []);
    assert.equal(finding && show(finding), 'base/install.yaml:1 multi-network-flag-missing');
    assert.deepEqual(told(world(fromOperator('/spec/values/global/logging'), { install })).map(show), []);
  });

  it('is nothing to tell of where another patch gives it back', () => {
    const back = `${fromOperator(`/spec/values/pilot/env/${FLAG}`)}${merged(`      spec: {values: {pilot: {env: {${FLAG}: "true"}}}}\n`)}`;
    assert.deepEqual(told(world(back)).map(show), []);
  });

  it('may be an item of a list', () => {
    const k8s = `  components: {pilot: {k8s: {env: [{name: PILOT_X, value: "1"}, {name: ${FLAG}, value: "true"}]}}}\n`;
    const install = OPERATOR.replace(/ {4}pilot:\n.*\n.*\n/, '') + k8s;
    const path = '/spec/components/pilot/k8s/env';
    const [finding] = told(world(fromOperator(`${path}/1`), { install }));
    assert.match(finding ? show(finding) : '', new RegExp(`^${WEST}:\\d+ multi-network-flag-missing$`));
    assert.deepEqual(told(world(fromOperator(`${path}/0`), { install })).map(show), []);
    const none = install.replace(FLAG, 'PILOT_Y');
    const [lacking] = told(world(fromOperator(`${path}/0`), { install: none }));
    assert.equal(lacking && show(lacking), 'base/install.yaml:1 multi-network-flag-missing');
  });
});

describe('a setting that the overlay of one cluster writes where nothing reads it', () => {
  const right = replace('/spec/values/network', 'network-west').replace('replace', 'add');
  const wrong = right.replace('/network', '/multiCluster/network');

  /** Overlays that add the network of ztunnel, which the base has not. */
  function adding(): Record<string, string> {
    const files = Object.entries(world('', { releases: true })).map(([file, text]) => {
      const path = '      - op: replace\n        path: /spec/values/network\n';
      return [file, text.replace(path, path.replace('replace', 'add'))];
    });
    const all = Object.fromEntries(files) as Record<string, string>;
    all['base/install.yaml'] = RELEASES.replace(
      'multiCluster: {clusterName: none}\n    network: none\n',
      'multiCluster: {clusterName: none}\n',
    );
    return all;
  }

  it('is told at the patch', () => {
    const files = adding();
    assert.deepEqual(told(files).map(show), []);
    const west = (files[WEST] ?? '').replace(right, wrong);
    const line = west.split('\n').findIndex((text) => text.includes('multiCluster/network'));
    assert.deepEqual(told({ ...files, [WEST]: west }).map(show), [`${WEST}:${line + 2} ztunnel-network-mismatch`]);
  });

  it('is told at the path of a replacement', () => {
    const files = adding();
    const replacement = (path: string): string =>
      `configMapGenerator: [{ name: c, literals: [network=network-west] }]\nreplacements:\n  - source: { kind: ConfigMap, name: c, fieldPath: data.network }\n    targets:\n      - select: { kind: HelmRelease, name: ztunnel }\n        fieldPaths:\n          - ${path}\n        options: { create: true }\n`;
    const west = (path: string): string => replacement(path) + (files[WEST] ?? '').replace(right, '');
    assert.deepEqual(told({ ...files, [WEST]: west('spec.values.network') }).map(show), []);
    assert.deepEqual(told({ ...files, [WEST]: west('spec.values.mesh.network') }).map(show), [
      `${WEST}:7 ztunnel-network-mismatch`,
    ]);
  });

  it('is told at a misspelt key, although the base has the right one, which the fix writes', () => {
    const files = world('');
    const west = files[WEST] ?? '';
    const wrong = { ...files, [WEST]: west.replace('/global/network', '/global/netwrok').replace('replace', 'add') };
    const line = wrong[WEST].split('\n').findIndex((text) => text.includes('netwrok'));
    const [finding, ...more] = told(wrong);
    assert.deepEqual(more.map(show), []);
    assert.equal(finding && show(finding), `${WEST}:${line + 2} values-key-misspelt`);
    const { findings, documents } = engineOf(wrong).snapshot;
    const texts = editedTexts(documents, findings[0]?.fixes()[0]?.edits() ?? []);
    assert.deepEqual(told({ ...wrong, ...Object.fromEntries(texts ?? []) }).map(show), []);
  });

  it('is nothing to tell of where all clusters have it there, and the base lacks what is missing', () => {
    const files = adding();
    for (const [file, text] of Object.entries(files))
      files[file] = text.replace('path: /spec/values/network', 'path: /spec/values/multiCluster/network');
    assert.ok(told(files).every(({ location }) => location.file === 'base/install.yaml'));
  });
});

describe('a list of variables that the overlay of one cluster takes away', () => {
  it('is told at the patch', () => {
    const list = `  components:\n    pilot:\n      k8s:\n        env:\n          - {name: ${FLAG}, value: "true"}\n`;
    const install = OPERATOR.replace(/ {4}pilot:\n.*\n.*\n/, '').replace('  values:\n', `${list}  values:\n`);
    assert.deepEqual(told(world('', { install })).map(show), []);
    for (const patch of [
      fromOperator('/spec/components/pilot/k8s/env'),
      fromOperator('/spec/components/pilot/k8s/env/0'),
      fromOperator('/spec/components/pilot'),
      merged('      spec: {components: {pilot: {k8s: {env: null}}}}\n'),
      merged('      spec: {components: {pilot: {k8s: {env: []}}}}\n'),
      `${fromOperator('/spec/components/pilot/k8s/env').replace('remove', 'replace')}        value: []\n`,
    ]) {
      const files = world(patch, { install });
      const line =
        files[WEST]?.split('\n').findLastIndex((text) => /op: (?:remove|replace)|null|env: \[\]/.test(text)) ?? 0;
      assert.deepEqual(told(files).map(show), [`${WEST}:${line + 1} multi-network-flag-missing`], patch);
    }
  });
});
