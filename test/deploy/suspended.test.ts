/** What a tool is told to leave as it is: neither missing in its cluster nor certainly there. */
import assert from 'node:assert/strict';
import { engineOf, type Files } from '../engine/import-world.ts';

const service = (global: string): string =>
  `apiVersion: v1\nkind: Service\nmetadata: { name: cart, namespace: shop, labels: { istio.io/global: "${global}" } }\nspec: { ports: [{ port: 80 }] }\n`;
const flux = (name: string, path: string, more = ''): string =>
  `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: ${name}, namespace: flux-system }\nspec: { path: ${path}${more} }\n`;
const argo = (cluster: string, annotations = ''): string =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: shop-${cluster}${annotations} }\nspec:\n  destination: { name: ${cluster} }\n  source: { path: shop/${cluster}, repoURL: https://example.com/a.git }\n`;
const istiod = (cluster: string, network: string): string =>
  `apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata: { name: istio, namespace: istio-system }\nspec:\n  profile: ambient\n  values: { pilot: { env: { AMBIENT_ENABLE_MULTI_NETWORK: "true" } }, global: { meshID: m, network: ${network}, multiCluster: { clusterName: ${cluster} } } }\n`;
const SHARED: Files = {
  'clusters/east/istio.yaml': istiod('east', 'n1'),
  'clusters/west/istio.yaml': istiod('west', 'n2'),
  'shop/east/cart.yaml': service('true'),
  'shop/west/cart.yaml': service('false'),
};

const rules = (files: Files) =>
  engineOf({ ...SHARED, ...files }).snapshot.findings.flatMap(({ rule, severity }) =>
    rule.id.includes('scope') || rule.id === 'global-service-missing-in-cluster' ? `${severity} ${rule.id}` : [],
  );

describe('what is suspended', () => {
  it('of Flux is compared with nothing', () => {
    const files = (more: string): Files => ({
      'clusters/east/shop.yaml': flux('shop', './shop/east'),
      'clusters/west/shop.yaml': flux('shop', './shop/west', more),
    });
    assert.deepEqual(rules(files('')), ['error scope-not-uniform']);
    assert.deepEqual(rules(files(', suspend: false')), ['error scope-not-uniform']);
    assert.deepEqual(rules(files(', suspend: true')), []);
    const { snapshot } = engineOf({ ...SHARED, ...files(', suspend: true') });
    assert.deepEqual(
      snapshot.skipped.map(({ file, parts = [] }) => [file, parts.map(({ what }) => what)]),
      [['clusters/west/shop.yaml', ['what is deployed here: it is suspended']]],
    );
    const west = [...snapshot.layout.clusters.values()].find(({ name }) => name === 'west');
    const { objects, suspended } = snapshot.objectsOf(west?.id ?? '');
    assert.deepEqual([objects.length, suspended], [1, ['shop']]);
  });

  it('of Argo CD, too', () => {
    const files = (annotations: string): Files => ({
      'argocd/east.yaml': argo('east'),
      'argocd/west.yaml': argo('west', annotations),
    });
    assert.deepEqual(rules(files('')), ['error scope-not-uniform']);
    assert.deepEqual(rules(files(', annotations: { argocd.argoproj.io/skip-reconcile: "true" }')), []);
  });
});
