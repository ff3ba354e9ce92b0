/** What the base holds of one cluster, and the overlays of the others replace: one of them lacks its own. */
import assert from 'node:assert/strict';
import { editedTexts } from '../../server/src/yaml/text-edits.ts';
import { engineOf, type Files } from './import-world.ts';

const BASE: Files = {
  'base/kustomization.yaml': 'resources: [istio.yaml, namespace.yaml, gateway.yaml]\n',
  'base/istio.yaml': `apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata: { name: istio, namespace: istio-system }
spec:
  profile: ambient
  tag: 1.30.2
  values:
    global:
      meshID: mesh1
      network: network1
      multiCluster:
        clusterName: cluster1
    pilot: { env: { AMBIENT_ENABLE_MULTI_NETWORK: "true" } }
`,
  'base/namespace.yaml':
    'apiVersion: v1\nkind: Namespace\nmetadata: { name: istio-system, labels: { topology.istio.io/network: network1 } }\n',
  'base/gateway.yaml': `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: east-west, namespace: istio-system, labels: { topology.istio.io/network: network1 } }
spec:
  gatewayClassName: istio-east-west
  listeners:
    - { name: mesh, port: 15008, protocol: HBONE, tls: { mode: Terminate, options: { gateway.istio.io/tls-terminate-mode: ISTIO_MUTUAL } } }
`,
};

const patch = (target: string, path: string, value: string): string =>
  `  - target: { ${target} }\n    patch: |-\n      - { op: replace, path: ${path}, value: ${value} }\n`;
const LABEL = '/metadata/labels/topology.istio.io~1network';
const PATCHES = {
  name: (i: number) => patch('kind: IstioOperator', '/spec/values/global/multiCluster/clusterName', `cluster${i}`),
  network: (i: number) => patch('kind: IstioOperator', '/spec/values/global/network', `network${i}`),
  namespace: (i: number) => patch('kind: Namespace', LABEL, `network${i}`),
  gateway: (i: number) => patch('kind: Gateway', LABEL, `network${i}`),
};
type Name = keyof typeof PATCHES;
const ALL = Object.keys(PATCHES) as Name[];

/** @param lacked what the overlay of the second cluster lacks */
function overlays(lacked: readonly Name[], count = 3, owner = 'overlays/cluster1'): Files {
  const files: Record<string, string> = { ...BASE, [`${owner}/kustomization.yaml`]: 'resources: [../../base]\n' };
  for (let i = 2; i <= count; i++) {
    const patches = ALL.filter((name) => i !== 2 || !lacked.includes(name)).map((name) => PATCHES[name](i));
    files[`overlays/cluster${i}/kustomization.yaml`] =
      `resources:\n  - ../../base\n${patches.length > 0 ? 'patches:\n' : ''}${patches.join('')}`;
  }
  return files;
}

function told(files: Files): readonly string[] {
  const { findings } = engineOf(files).snapshot;
  return findings
    .filter(({ severity }) => severity === 'error' || severity === 'warning')
    .map(
      ({ rule, message, location: { file, range } }) =>
        `${rule.id} ${file}:${range.start.line + 1}${/: \S+ lacks [^.]*/.exec(message)?.[0] ?? ''}`,
    );
}

describe("what the base holds of one cluster, and another overlay does not replace by its cluster's own", () => {
  const WEST = 'overlays/cluster2/kustomization.yaml';

  it('is no matter where each overlay does', () => {
    assert.deepEqual(told(overlays([])), []);
  });

  for (const [lacked, rule] of [
    [['name'], 'cluster-name-duplicate'],
    [['network'], 'istiod-namespace-network-mismatch'],
    [['namespace'], 'istiod-namespace-network-mismatch'],
    [['gateway'], 'eastwest-network-mismatch'],
    [['network', 'namespace', 'gateway'], 'shared-network'],
    [ALL, 'cluster-name-duplicate'],
  ] as const) {
    for (const count of [3, 5])
      it(`is told once, at that overlay: ${lacked.join()} of ${count} clusters`, () => {
        const others = count === 3 ? 'cluster3 has' : 'cluster3, cluster4 and cluster5 have';
        const found = told(overlays(lacked, count));
        const name = (lacked as readonly Name[]).includes('name') ? 'overlays/cluster2' : 'cluster2';
        assert.deepEqual(found, [
          `${rule} ${WEST}:${lacked === ALL ? 1 : 3}: ${name} lacks the entry of patches that ${others}`,
        ]);
      });
  }

  it('is written into the operation that takes it away, where the base has that of another', () => {
    const removal = `  - target: { kind: Namespace }\n    patch: |-\n      - op: remove\n        path: ${LABEL}\n`;
    const files = overlays(['namespace']);
    const removed: Files = { ...files, [WEST]: `${files[WEST]}${removal}` };
    const { findings, documents } = engineOf(removed).snapshot;
    const [first] = findings;
    assert.equal(first?.rule.id, 'istiod-namespace-network-mismatch');
    const fixed = { ...removed, ...Object.fromEntries(editedTexts(documents, first?.fixes()[0]?.edits() ?? []) ?? []) };
    assert.equal(fixed[WEST], removed[WEST]?.replace(/op: remove\n(.*\n)/, 'op: add\n$1        value: network2\n'));
    assert.deepEqual(told(fixed), []);
  });

  it('is told of the patch alone that misspells what it is for', () => {
    const correct = overlays([]);
    for (const name of ALL) {
      const [kind = ''] = /(?<=kind: )\w+/.exec(PATCHES[name](2)) ?? [];
      const misspelt = PATCHES[name](2).replace(kind, `${kind.slice(0, -2)}${kind.at(-1)}`);
      const text = correct[WEST]?.replace(PATCHES[name](2), () => misspelt) ?? '';
      const line = text.split('\n').indexOf(misspelt.split('\n')[0] ?? '');
      assert.deepEqual(told({ ...correct, [WEST]: text }), [`invalid-kustomization ${WEST}:${line + 1}`]);
    }
  });

  it('is a hint where a patch of that overlay is not there, and an error of that where one is called alike', () => {
    const patch = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: istio-system, labels: { team: mesh } }\n';
    const files = overlays(['name']);
    const world: Files = { ...files, [WEST]: `${files[WEST]}  - path: labels.yaml\n` };
    assert.deepEqual(told(world), []);
    assert.deepEqual(told({ ...world, 'overlays/cluster2/others.yaml': patch }), []);
    const near: Files = { ...world, 'overlays/cluster2/lables.yaml': patch };
    const { findings, documents } = engineOf(near).snapshot;
    const refusal = findings.find(({ rule }) => rule.id === 'invalid-kustomization');
    assert.equal(refusal?.severity, 'error');
    assert.match(
      refusal?.message ?? '',
      /there is no file overlays\/cluster2\/labels\.yaml\. Perhaps lables\.yaml is meant\.$/,
    );
    const edited = editedTexts(documents, refusal?.fixes()[0]?.edits() ?? []);
    assert.equal(edited?.get(WEST), world[WEST]?.replace('labels.yaml', 'lables.yaml'));
    assert.equal(told(near).length, 1);
  });

  it('keeps the key of a misspelt file, and compares no names where many files are not there', () => {
    const file = { 'overlays/cluster2/lables.yaml': 'team: mesh\n' };
    const world: Files = { ...overlays([]), ...file };
    const generator = 'configMapGenerator:\n  - { name: labels, files: [team=labels.yaml] }\n';
    const keyed: Files = { ...world, [WEST]: `${world[WEST]}${generator}` };
    const { findings, documents } = engineOf(keyed).snapshot;
    const edited = editedTexts(documents, findings[0]?.fixes()[0]?.edits() ?? []);
    assert.equal(edited?.get(WEST), keyed[WEST]?.replace('labels.yaml', 'lables.yaml'));
    const others = Array.from({ length: 30 }, (_, i) => `  - path: other${i}.yaml\n`).join('');
    assert.deepEqual(told({ ...world, [WEST]: `${world[WEST]}  - path: labels.yaml\n${others}` }), []);
  });

  it('is told in the base where it is not seen whose it is, or several lack theirs', () => {
    assert.match(told(overlays(['name'], 2))[0] ?? '', /^cluster-name-duplicate base\/istio\.yaml:12$/);
    const odd = overlays(['name'], 3, 'overlays/first');
    assert.deepEqual(told({ ...odd, 'base/istio.yaml': BASE['base/istio.yaml']?.replace('cluster1', 'main') ?? '' }), [
      'cluster-name-duplicate base/istio.yaml:12',
    ]);
    assert.deepEqual(
      told({ ...overlays(['name'], 4), 'overlays/cluster3/kustomization.yaml': overlays(ALL)[WEST] ?? '' })[0],
      'cluster-name-duplicate base/istio.yaml:12',
    );
  });
});
