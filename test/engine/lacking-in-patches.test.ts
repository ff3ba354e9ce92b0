/** Patches of all overlays for one object, of which that of one cluster holds less than those of the others. */
import assert from 'node:assert/strict';
import { editedTexts } from '../../server/src/yaml/text-edits.ts';
import { readLayout } from '../layouts/workspaces.ts';
import { engineOf, type Files } from './import-world.ts';

const BASE = Object.fromEntries(
  [...readLayout('kustomize-lacking-component').sound.files].filter(([file]) => file.startsWith('base/')),
);
const NAMES = ['east', 'north', 'west'];

/** The patches of a cluster, one of them without the line that has a word. */
function patches(i: number, lacked?: string, index = 0): readonly string[] {
  const metadata = (name: string, ...labels: readonly string[]): string =>
    `metadata:\n  ${name}\n  labels:\n    team: mesh\n${labels.map((label) => `    ${label}\n`).join('')}`;
  const network = `topology.istio.io/network: network${i}`;
  const all = [
    `apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata: { name: istio, namespace: istio-system }\nspec:\n  values:\n    global:\n      meshID: mesh1\n      multiCluster: { clusterName: ${NAMES[i]} }\n      network: network${i}\n    pilot:\n      env: { AMBIENT_ENABLE_MULTI_NETWORK: "true" }\n`,
    `apiVersion: v1\nkind: Namespace\n${metadata('name: istio-system', network)}`,
    `apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\n${metadata('name: istio-eastwestgateway\n  namespace: istio-system', network)}`,
    `apiVersion: v1\nkind: Service\n${metadata('name: helloworld\n  namespace: sample', 'istio.io/global: "true"')}`,
  ];
  return all.map((text, k) => (k === index && lacked ? text.replace(new RegExp(`^.*${lacked}.*\\n`, 'm'), '') : text));
}

const indented = (text: string): string => text.replace(/^(?=.)/gm, '      ');
const LAYOUTS: Readonly<Record<string, (folder: string, texts: readonly string[]) => Files>> = {
  'files of their own': (folder, texts) => ({
    [`${folder}/kustomization.yaml`]: `resources: [../../base]\npatches:\n${texts.map((_, i) => `  - path: patch${i}.yaml\n`).join('')}`,
    ...Object.fromEntries(texts.map((text, i) => [`${folder}/patch${i}.yaml`, text])),
  }),
  'one file': (folder, texts) => ({
    [`${folder}/kustomization.yaml`]: 'resources: [../../base]\npatchesStrategicMerge: [patches.yaml]\n',
    [`${folder}/patches.yaml`]: texts.join('---\n'),
  }),
  'the kustomization': (folder, texts) => ({
    [`${folder}/kustomization.yaml`]: `resources: [../../base]\npatches:\n${texts.map((text) => `  - patch: |-\n${indented(text)}`).join('')}`,
  }),
};

function told(files: Files) {
  const { findings, documents } = engineOf(files).snapshot;
  return findings
    .filter(({ severity }) => severity === 'error' || severity === 'warning')
    .map(({ rule, message, location: { file }, fixes }) => ({
      at: `${rule.id} ${file}`,
      says: /: (?:west lacks|the patch of) .*?(?=\.(?: |$))/.exec(message)?.[0],
      fixed: { ...files, ...Object.fromEntries(editedTexts(documents, fixes()[0]?.edits() ?? []) ?? []) },
    }));
}

describe('what the patch of one overlay lacks', () => {
  for (const [name, write] of Object.entries(LAYOUTS)) {
    const world = (lacked?: string, index?: number): Files =>
      Object.assign(
        { ...BASE },
        ...NAMES.map((cluster, i) =>
          write(`overlays/${cluster}`, patches(i, cluster === 'west' ? lacked : undefined, index)),
        ),
      );

    it(`is told there, and written there: ${name}`, () => {
      assert.deepEqual(told(world()), []);
      for (const [lacked, rule, index, key] of [
        ['istio.io/global', 'scope-not-uniform', 3, 'istio.io/global'],
        [' network: network', 'ztunnel-network-mismatch', 0, 'network'],
        ['env:', 'multi-network-flag-missing', 0, 'AMBIENT_ENABLE_MULTI_NETWORK'],
        ['topology', 'istiod-namespace-network-mismatch', 1, 'topology.istio.io/network'],
      ] as const) {
        const file = { 'files of their own': `patch${index}.yaml`, 'one file': 'patches.yaml' }[name];
        const [first, ...more] = told(world(lacked, index));
        assert.deepEqual(
          [first?.at, more.length],
          [`${rule} overlays/west/${file ?? 'kustomization.yaml'}`, 0],
          `without ${lacked}`,
        );
        assert.equal(first?.says, `: the patch of west lacks ${key}, which those of east and north have`);
        assert.deepEqual(told(first?.fixed ?? {}), []);
      }
    });
  }

  it('is told as an entry that is lacking where another one has none of it', () => {
    const world = Object.assign(
      { ...BASE },
      ...NAMES.map((cluster, i) => {
        const own = patches(i);
        return LAYOUTS['files of their own']?.(`overlays/${cluster}`, cluster === 'west' ? own.slice(0, 3) : own);
      }),
    );
    const [first, ...more] = told(world);
    assert.deepEqual(
      [first?.at, first?.says, more],
      [
        'scope-not-uniform overlays/west/kustomization.yaml',
        ': west lacks the entry of patches that east and north have',
        [],
      ],
    );
  });

  it('is told in the base where not all others have it', () => {
    const write = LAYOUTS['files of their own'] ?? assert.fail();
    const world = Object.assign(
      { ...BASE },
      ...NAMES.map((cluster, i) => write(`overlays/${cluster}`, patches(i, cluster === 'east' ? undefined : 'env:'))),
    );
    assert.ok(told(world).every(({ says }) => says === undefined));
  });
});
