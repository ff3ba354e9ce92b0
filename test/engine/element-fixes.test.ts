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
