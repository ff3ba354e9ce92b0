/** What is left out of the clusters, with the reason: other tools' files, charts, archives, examples. */
import assert from 'node:assert/strict';
import { clustersOf, layoutOf, meshesOf, skippedOf } from './layout-of.ts';
import { ambientNamespace, iop, istiodValues, service } from './manifests.ts';

const LIVE = { 'clusters/east/istio.yaml': iop({ name: 'east' }), 'clusters/west/istio.yaml': iop({ name: 'west' }) };

describe('files that are left out', () => {
  it('kustomizations, and what lies beside them or is named by them', () => {
    const layout = layoutOf({
      ...LIVE,
      'apps/kustomization.yaml': 'resources: [../shop, svc/cart.yaml]\npatches: [ { path: patch.yaml } ]\n',
      'apps/ns.yaml': ambientNamespace(),
      'apps/svc/cart.yaml': service('cart'),
      'apps/svc/east.yaml': service('east'),
      'shop/deep/east/shop.yaml': ambientNamespace(),
    });
    assert.deepEqual(skippedOf(layout), [
      'apps/kustomization.yaml: kustomization',
      'apps/ns.yaml: kustomization',
      'apps/svc/cart.yaml: kustomization',
      'shop/deep/east/shop.yaml: kustomization',
    ]);
    assert.notEqual(layout.placement.get('apps/svc/east.yaml'), undefined);
  });

  it('an overlay for each cluster makes no cluster yet', () => {
    const layout = layoutOf({
      'base/kustomization.yaml': 'resources: [istio.yaml]\n',
      'base/istio.yaml': iop({ name: 'CLUSTER_NAME' }),
      'overlays/east/kustomization.yaml': 'resources: [../../base]\npatches: [ { path: istio.yaml } ]\n',
      'overlays/east/istio.yaml': iop({ name: 'east' }),
      'overlays/west/kustomization.yaml': 'resources: [../../base]\npatches: [ { path: istio.yaml } ]\n',
      'overlays/west/istio.yaml': iop({ name: 'west' }),
    });
    assert.equal(layout.clusters.size, 0);
    assert.equal(layout.skipped.length, 6);
  });

  it('objects of installers, in the cluster whose folder holds them', () => {
    const layout = layoutOf({
      ...LIVE,
      'clusters/east/app.yaml':
        'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: a }\nspec: {}\n',
      'clusters/west/rel.yaml':
        'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: a }\nspec: {}\n',
    });
    assert.deepEqual(skippedOf(layout), ['clusters/east/app.yaml: argo-cd', 'clusters/west/rel.yaml: flux']);
    assert.equal(layout.skipped[0]?.cluster, 'clusters/east');
    assert.equal(layout.clusters.get('clusters/west')?.skipped.length, 1);
  });

  it('the inside of a chart', () => {
    const layout = layoutOf({
      ...LIVE,
      'chart/Chart.yaml': 'apiVersion: v2\nname: web\n',
      'chart/templates/ns.yaml': ambientNamespace(),
      'chart/files/profile-a.yaml': istiodValues(),
      'chart/templates/svc.yaml': 'kind: Service\nmetadata:\n  {{- include "x" . }}\n',
    });
    assert.deepEqual(skippedOf(layout), [
      'chart/files/profile-a.yaml: helm-template',
      'chart/templates/ns.yaml: helm-template',
      'chart/templates/svc.yaml: helm-template',
    ]);
  });

  it('archives, examples, tests and rendered copies beside a live tree', () => {
    const layout = layoutOf({
      ...LIVE,
      'archive/clusters/north/istio.yaml': iop({ name: 'north' }),
      'docs/setup/istio.yaml': iop({ name: 'docs' }),
      'rendered/east/istio.yaml': iop({ name: 'east' }),
      'test/fixtures/shop.yaml': ambientNamespace(),
    });
    assert.deepEqual(clustersOf(layout), ['east', 'west']);
    assert.deepEqual(new Set(layout.skipped.map(({ reason }) => reason)), new Set(['set-apart']));
    assert.equal(layout.skipped.length, 4);
  });

  it('but they count where there is nothing else', () => {
    const layout = layoutOf({
      'examples/mesh/east/istio.yaml': iop({ name: 'east' }),
      'examples/mesh/west/istio.yaml': iop({ name: 'west' }),
      '.github/workflow.yaml': 'on: push\njobs: {}\n',
    });
    assert.deepEqual(meshesOf(layout), ['mesh: east, west']);
  });

  it('a cluster named test is no test', () => {
    const layout = layoutOf({
      'envs/test/istio.yaml': iop({ name: 'a' }),
      'envs/prod/istio.yaml': iop({ name: 'b' }),
    });
    assert.deepEqual(clustersOf(layout), ['a', 'b']);
  });

  it('a templated file is part of the cluster whose name it bears', () => {
    const layout = layoutOf({
      'istiod/values-east.yaml': istiodValues({ name: 'east' }),
      'istiod/values-west.yaml': istiodValues({ name: 'west' }),
      'ztunnel/values-west.yaml': '{{- if .x }}\nnetwork: {{ .y }}\n{{- end }}\n',
    });
    assert.equal(
      layout.skipped[0]?.cluster,
      [...layout.clusters.keys()].find((id) => id.endsWith('west')),
    );
  });
});
