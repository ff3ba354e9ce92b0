/** Fixes in the template of an ApplicationSet: what is right for one cluster only is written as what its element has, or not at all. */
import assert from 'node:assert/strict';
import { applyTextEdits, textEdits } from '../../server/src/yaml/text-edits.ts';
import { engineOf } from './import-world.ts';

const FILE = 'apps/ztunnel.yaml';

interface Form {
  readonly isGo?: boolean;
  readonly element?: (cluster: string, network: string) => string;
  readonly values: string;
}

function applicationSet(chart: string, { isGo = false, element = plain, values }: Form): string {
  const name = isGo ? '{{.cluster}}' : '{{cluster}}';
  return `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: { name: ${chart}, namespace: argocd }
spec:
  goTemplate: ${isGo}
  generators:
    - list:
        elements:
          - ${element('east', 'network1')}
          - ${element('west', 'network2')}
          - ${element('north', 'network3')}
  template:
    metadata: { name: '${chart}-${name}' }
    spec:
      destination: { name: '${name}', namespace: istio-system }
      source:
        repoURL: https://istio-release.storage.googleapis.com/charts
        chart: ${chart}
        targetRevision: 1.30.2
        helm:
${values}`;
}

const plain = (cluster: string, network: string): string => `{ cluster: ${cluster}, network: ${network} }`;
const nested = (cluster: string, network: string): string =>
  `{ cluster: ${cluster}, values: { networkOfPods: ${network}, mesh: mesh1 } }`;

const ISTIOD = applicationSet('istiod', {
  values: `          valuesObject:
            profile: ambient
            global: { meshID: mesh1, network: '{{network}}', multiCluster: { clusterName: '{{cluster}}' } }
            env: { AMBIENT_ENABLE_MULTI_NETWORK: "true" }
`,
});

/** The template of ztunnel after the fix of the network that is written in it for all clusters. */
function fixed(form: Form): string | undefined {
  const text = applicationSet('ztunnel', form);
  const { findings, documents } = engineOf({ 'apps/istiod.yaml': ISTIOD, [FILE]: text }).snapshot;
  const [found, ...more] = findings.filter(({ rule }) => rule.id === 'ztunnel-network-mismatch');
  assert.match(found?.message ?? '', /; the same in west\./);
  assert.deepEqual(more, []);
  const [change] = (found?.fixes() ?? []).flatMap((fix) => textEdits(documents, fix.edits()) ?? []);
  return change !== undefined && 'edits' in change ? applyTextEdits(text, change.edits) : undefined;
}

describe('a fix in the template of an ApplicationSet', () => {
  it('writes what each element has', () => {
    const values = (network: string): string =>
      `          valuesObject: { network: '${network}', multiCluster: { clusterName: '{{cluster}}' } }\n`;
    assert.equal(fixed({ values: values('network1') }), applicationSet('ztunnel', { values: values('{{network}}') }));
    assert.equal(
      fixed({ values: values('network1'), element: nested }),
      applicationSet('ztunnel', { values: values('{{values.networkOfPods}}'), element: nested }),
    );
  });

  it('writes it as Go templates do, in the text of values too', () => {
    const values = (network: string): string =>
      `          values: |\n            network: '${network}'\n            multiCluster: { clusterName: '{{.cluster}}' }\n`;
    assert.equal(
      fixed({ isGo: true, values: values('network1') }),
      applicationSet('ztunnel', { isGo: true, values: values('{{.network}}') }),
    );
  });

  it('is not offered where the elements do not have it', () => {
    const element = (cluster: string): string => `{ cluster: ${cluster} }`;
    const values = `          valuesObject: { network: network1, multiCluster: { clusterName: '{{cluster}}' } }\n`;
    assert.equal(fixed({ values, element }), undefined);
  });
});

describe('a fix of what an ApplicationSet fills into the text of patches', () => {
  const SET = 'apps/mesh.yaml';
  const STACK = `apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata: { name: istio, namespace: istio-system }
spec:
  profile: ambient
  tag: 1.30.2
  values:
    pilot: { env: { AMBIENT_ENABLE_MULTI_NETWORK: "true" } }
    global: { meshID: mesh1, multiCluster: { clusterName: x }, network: x }
`;
  const PATCH = [
    '- { op: replace, path: /spec/values/global/multiCluster/clusterName, value: "{{cluster}}" }',
    '- op: replace',
    '  path: /spec/values/global/network',
    "  value: '{{network}}'",
  ].join('\n');
  const inBlock = (patch: string): string => `|-\n${patch.replace(/^/gm, '                ')}`;

  /** How a patch is written, and what both clusters have on their way to the same network. */
  interface Written {
    readonly as: (patch: string) => string;
    readonly patch?: string;
    readonly network?: string;
    readonly isTemplatePatch?: boolean;
  }

  function setOf(
    { as, patch = PATCH, network = 'network1', isTemplatePatch = false }: Written,
    west = network,
  ): string {
    const kustomize = `        kustomize:
          patches:
            - target: { kind: IstioOperator }
              patch: ${as(patch)}
`;
    return `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: { name: mesh, namespace: argocd }
spec:
  generators:
    - list:
        elements:
          - { cluster: east, network: '${network}' }
          - { cluster: west, network: '${west}' }
  template:
    metadata: { name: 'mesh-{{cluster}}' }
    spec:
      destination: { name: '{{cluster}}', namespace: istio-system }
      source:
        repoURL: https://example.com/org/repo.git
        path: stack
${isTemplatePatch ? `  templatePatch: |\n    spec:\n      source:\n${kustomize}` : kustomize}`;
  }

  /** The ApplicationSet after the fix; undefined where none is offered. */
  function mended(written: Written): string | undefined {
    const text = setOf(written);
    const files = { [SET]: text, 'stack/kustomization.yaml': 'resources: [istio.yaml]\n', 'stack/istio.yaml': STACK };
    const { findings, documents } = engineOf(files).snapshot;
    assert.deepEqual(
      findings.map(({ rule }) => rule.id),
      ['shared-network'],
    );
    const [change] = (findings[0]?.fixes() ?? []).flatMap((fix) => textEdits(documents, fix.edits()) ?? []);
    return change !== undefined && 'edits' in change ? applyTextEdits(text, change.edits) : undefined;
  }

  for (const [name, as] of [
    ['a block', inBlock],
    ['double quotes', JSON.stringify],
  ] as const) {
    it(`is made in the element, with the patch in ${name}`, () => {
      assert.equal(mended({ as }), setOf({ as }, 'network2'));
      // A text in a text: that a value comes from the element is not followed so far.
      assert.equal(mended({ as, isTemplatePatch: true }), undefined);
    });

    it(`is not offered where only a part of the text is filled in, or cannot be told in it, with the patch in ${name}`, () => {
      const patch = PATCH.replace('{{network}}', 'net{{network}}');
      for (const isTemplatePatch of [false, true]) {
        assert.equal(mended({ as, patch, network: 'work1', isTemplatePatch }), undefined);
        assert.equal(mended({ as, network: 'net:work1', isTemplatePatch }), undefined);
      }
    });
  }
});
