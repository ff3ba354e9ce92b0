/** Names of charts that are a letter off those of Istio, in Istio's own repository. */
import assert from 'node:assert/strict';
import { editedTexts } from '../../server/src/yaml/text-edits.ts';
import { engineOf, type Files } from './import-world.ts';

const NAMES = ['east', 'west'];
const REPOSITORY = 'https://istio-release.storage.googleapis.com/charts';
const VALUES: Readonly<Record<string, (name: string) => string>> = {
  istiod: (name) =>
    `{ profile: ambient, env: { AMBIENT_ENABLE_MULTI_NETWORK: "true" }, global: { meshID: mesh1, network: ${name}-net, multiCluster: { clusterName: ${name} } } }`,
  ztunnel: (name) => `{ network: ${name}-net, multiCluster: { clusterName: ${name} } }`,
};

const facts = (name: string): string => `apiVersion: v1
kind: Namespace
metadata: { name: istio-system, labels: { topology.istio.io/network: ${name}-net } }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: east-west, namespace: istio-system, labels: { topology.istio.io/network: ${name}-net } }
spec:
  gatewayClassName: istio-east-west
  listeners:
    - { name: mesh, port: 15008, protocol: HBONE, tls: { mode: Terminate, options: { gateway.istio.io/tls-terminate-mode: ISTIO_MUTUAL } } }
`;

type Called = (name: string, chart: string) => string;
const each = (write: (name: string) => Files): Files => Object.assign({}, ...NAMES.map(write));
const charts = (write: (chart: string, values: (name: string) => string) => string): string =>
  Object.entries(VALUES)
    .map(([chart, values]) => write(chart, values))
    .join('');

/** The same charts as several tools install them, with the line at which west names the second. */
const TOOLS: Readonly<Record<string, (called: Called, repository?: string) => Files>> = {
  flux: (called, repository = REPOSITORY) =>
    each((name) => ({
      [`clusters/${name}/facts.yaml`]: facts(name),
      [`clusters/${name}/charts.yaml`]: `apiVersion: source.toolkit.fluxcd.io/v1\nkind: HelmRepository\nmetadata: { name: istio, namespace: istio-system }\nspec: { url: ${repository} }\n${charts(
        (chart, values) =>
          `---\napiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: ${chart}, namespace: istio-system }\nspec:\n  chart: { spec: { chart: ${called(name, chart)}, version: 1.30.2, sourceRef: { kind: HelmRepository, name: istio } } }\n  values: ${values(name)}\n`,
      )}`,
    })),
  'flux with a registry': (called, repository = 'oci://gcr.io/istio-release/charts') =>
    each((name) => ({
      [`clusters/${name}/facts.yaml`]: facts(name),
      [`clusters/${name}/charts.yaml`]: charts(
        (chart, values) =>
          `apiVersion: source.toolkit.fluxcd.io/v1\nkind: OCIRepository\nmetadata: { name: ${chart}, namespace: istio-system }\nspec: { url: "${repository}/${called(name, chart)}", ref: { tag: 1.30.2 } }\n---\napiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: ${chart}, namespace: istio-system }\nspec:\n  chartRef: { kind: OCIRepository, name: ${chart} }\n  values: ${values(name)}\n---\n`,
      ),
    })),
  'argo-cd': (called, repository = REPOSITORY) =>
    each((name) => ({
      [`clusters/${name}/facts.yaml`]: facts(name),
      [`clusters/${name}/charts.yaml`]: charts(
        (chart, values) =>
          `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: ${chart}-${name}, namespace: argocd }\nspec:\n  destination: { name: ${name}, namespace: istio-system }\n  source: { repoURL: "${repository}", chart: ${called(name, chart)}, targetRevision: 1.30.2, helm: { valuesObject: ${values(name)} } }\n---\n`,
      ),
    })),
  kustomize: (called, repository = REPOSITORY) =>
    each((name) => ({
      [`clusters/${name}/facts.yaml`]: facts(name),
      [`clusters/${name}/kustomization.yaml`]: `resources: [facts.yaml]\nhelmCharts:\n${charts(
        (chart, values) =>
          `  - { name: ${called(name, chart)}, repo: "${repository}", version: 1.30.2, releaseName: ${chart}, namespace: istio-system, valuesInline: ${values(name)} }\n`,
      )}`,
    })),
  helmfile: (called, repository = REPOSITORY) =>
    each((name) => ({
      [`clusters/${name}/facts.yaml`]: facts(name),
      [`clusters/${name}/helmfile.yaml`]: `repositories:\n  - { name: istio, url: "${repository}" }\nreleases:\n${charts(
        (chart, values) =>
          `  - { name: ${chart}, chart: istio/${called(name, chart)}, version: 1.30.2, namespace: istio-system, values: [${values(name)}] }\n`,
      )}`,
    })),
};

function told(files: Files) {
  const { findings, documents, layout } = engineOf(files).snapshot;
  assert.equal(layout.clusters.size, 2);
  return findings
    .filter(({ severity }) => severity === 'error' || severity === 'warning')
    .map(({ rule, message, location: { file }, fixes }) => ({
      at: `${rule.id} ${file.replace(/[^/]*$/, '')}`,
      message,
      fixed: { ...files, ...Object.fromEntries(editedTexts(documents, fixes()[0]?.edits() ?? []) ?? []) },
    }));
}

describe('misspelt charts', () => {
  for (const [tool, write] of Object.entries(TOOLS)) {
    it(`are told once, and mended: ${tool}`, () => {
      const named: Called = (_, chart) => chart;
      assert.deepEqual(told(write(named)), []);
      for (const [chart, misspelt] of [
        ['ztunnel', 'ztunel'],
        ['istiod', 'istoid'],
      ] as const) {
        const [first, ...more] = told(write((name, one) => (name === 'west' && one === chart ? misspelt : one)));
        assert.deepEqual([first?.at, more], ['invalid-kustomization clusters/west/', []]);
        assert.equal(
          first?.message,
          `Istio's repository has no chart ${misspelt}, so Helm installs nothing. Perhaps ${chart} is meant.`,
        );
        assert.deepEqual(first?.fixed, write(named));
      }
    });

    it(`are not those of another repository, nor charts that are called otherwise: ${tool}`, () => {
      const west =
        (other: string): Called =>
        (name, chart) =>
          name === 'west' && chart === 'ztunnel' ? other : chart;
      const isTold = (files: Files): boolean => told(files).some(({ message }) => message.includes('has no chart'));
      assert.ok(!isTold(write(west('ztunel'), 'https://charts.example.com/istio-release/charts')));
      assert.ok(!isTold(write(west('platform'))));
      assert.ok(!isTold(write(west('gateway'))));
    });
  }
});
