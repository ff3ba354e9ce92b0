/** Which values files are layers of one installation, and when what they leave out is not known. */
import assert from 'node:assert/strict';
import { isKnown, isUnknown, knownValue } from '../../server/src/facts/field.ts';
import { computeLayout } from '../../server/src/layout/compute-layout.ts';
import { clusterNamed, clustersOf, configOf, factsOf, layoutOf } from './layout-of.ts';
import { iop, istiodValues } from './manifests.ts';

describe('layers', () => {
  it('values.yaml lies below values-<cluster>.yaml', () => {
    const layout = layoutOf({
      'istiod/values.yaml': 'profile: ambient\nglobal: { meshID: corp }\nmeshConfig: { trustDomain: base.example }\n',
      'istiod/values-east.yaml': istiodValues({ name: 'east', network: 'n1' }),
      'istiod/values-west.yaml': `${istiodValues({ name: 'west' })}meshConfig: { trustDomain: west.example }\n`,
    });
    assert.deepEqual(clustersOf(layout), ['east', 'west']);
    assert.equal(layout.meshes[0]?.id, 'corp');
    assert.equal(knownValue(clusterNamed(layout, 'east').install.trustDomain), 'base.example');
    assert.equal(knownValue(clusterNamed(layout, 'west').install.trustDomain), 'west.example');
    assert.deepEqual(clusterNamed(layout, 'east').files, ['istiod/values-east.yaml', 'istiod/values.yaml']);
  });

  it('values-prod.yaml lies between values.yaml and values-prod-<cluster>.yaml', () => {
    const layout = layoutOf({
      'istiod/values.yaml': 'profile: ambient\nglobal: { meshID: base, network: base }\n',
      'istiod/values-prod.yaml': 'profile: ambient\nglobal: { meshID: prod }\n',
      'istiod/values-prod-east.yaml': istiodValues({ name: 'east' }),
      'istiod/values-prod-west.yaml': istiodValues({ name: 'west' }),
    });
    assert.deepEqual(clustersOf(layout), ['east', 'west']);
    assert.equal(knownValue(clusterNamed(layout, 'west').install.meshID), 'prod');
    assert.equal(knownValue(clusterNamed(layout, 'west').install.network), 'base');
  });

  it('values-prod.yaml beside values-<cluster>.yaml may lie below them: what they leave out is not known', () => {
    const layout = layoutOf({
      'istiod/values-prod.yaml': istiodValues({ mesh: 'prod' }),
      'istiod/values-east.yaml': istiodValues({ name: 'east' }),
      'istiod/values-west.yaml': istiodValues({ name: 'west' }),
    });
    assert.deepEqual(clustersOf(layout), ['east', 'west']);
    assert.ok(isUnknown(clusterNamed(layout, 'east').install.meshID));
  });

  it('values of a folder above lie below those of each cluster', () => {
    const layout = layoutOf({
      'istio/values.yaml': istiodValues({ mesh: 'corp' }),
      'istio/east/values.yaml': istiodValues({ name: 'east' }),
      'istio/west/values.yaml': istiodValues({ name: 'west' }),
    });
    assert.deepEqual(clustersOf(layout), ['east', 'west']);
    assert.equal(knownValue(clusterNamed(layout, 'east').install.meshID), 'corp');
  });

  it('a file in base/ lies below those of the folders beside it', () => {
    const layout = layoutOf({
      'base/istio.yaml': iop({ mesh: 'corp' }),
      'clusters/east/istio.yaml': iop({ name: 'east' }),
      'clusters/west/istio.yaml': iop({ name: 'west' }),
      'elsewhere/base/istio.yaml': iop({ mesh: 'other' }),
    });
    assert.deepEqual(clustersOf(layout), ['east', 'west']);
    assert.equal(knownValue(clusterNamed(layout, 'west').install.meshID), 'corp');
  });

  it('a chart’s own values lie below the values that an installation gives', () => {
    const layout = layoutOf({
      'charts/mesh/Chart.yaml': 'apiVersion: v2\nname: mesh\ndependencies: [ { name: istiod, version: 1.30.2 } ]\n',
      'charts/mesh/values.yaml': 'istiod: { profile: ambient, global: { meshID: corp } }\n',
      'envs/east.yaml': 'istiod: { global: { multiCluster: { clusterName: east } } }\n',
      'envs/west.yaml': 'istiod: { global: { multiCluster: { clusterName: west } } }\n',
    });
    assert.deepEqual(clustersOf(layout), ['east', 'west']);
    assert.equal(knownValue(clusterNamed(layout, 'east').install.meshID), 'corp');
    assert.equal(knownValue(clusterNamed(layout, 'east').install.istioVersion), '1.30.2');
  });

  it('leave unknown what they leave out where their order is not known', () => {
    const layout = layoutOf({
      'common/istiod-a.yaml': istiodValues({ mesh: 'a' }),
      'common/istiod-b.yaml': istiodValues({ mesh: 'b' }),
      'east/istiod.yaml': istiodValues({ name: 'east' }),
      'west/istiod.yaml': istiodValues({ name: 'west' }),
    });
    assert.ok(isUnknown(clusterNamed(layout, 'east').install.meshID));
  });

  it('leave unknown what they leave out where an installer may add values', () => {
    const files = { 'east/istiod.yaml': istiodValues({ name: 'east' }) };
    const app = 'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: a }\nspec: {}\n';
    assert.ok(isKnown(clusterNamed(layoutOf(files), 'east').install.trustDomain));
    const withApp = layoutOf({ ...files, 'argocd/istiod.yaml': app });
    assert.ok(isUnknown(clusterNamed(withApp, 'east').install.trustDomain));
  });

  it('leave unknown what they leave out where a tool hands over the values that would lie below them', () => {
    const files = factsOf({
      'values/common.yaml': istiodValues({ mesh: 'corp' }),
      'values/east.yaml': istiodValues({ name: 'east' }),
      'values/west.yaml': istiodValues({ name: 'west' }),
    });
    const trustDomain = (uses: readonly string[]) => {
      const place = 'deploy/east.yaml';
      const unit = { holder: place, via: [place], place, keys: [], words: [], why: 'Argo CD application east' };
      const layout = computeLayout([...files, { file: `${place}#0`, documents: [], uses, unit }], [configOf()], []);
      return clusterNamed(layout, 'west').install.trustDomain;
    };
    assert.ok(isKnown(trustDomain([])));
    assert.ok(isUnknown(trustDomain(['values/common.yaml', 'values/east.yaml'])));
  });

  it('are no clusters on their own beside those that they serve', () => {
    const layout = layoutOf({
      'east/values.yaml': istiodValues({ mesh: 'm' }),
      'east/values-prod.yaml': istiodValues({ name: 'east' }),
    });
    assert.deepEqual(clustersOf(layout), ['east']);
    assert.equal(knownValue(clusterNamed(layout, 'east').install.meshID), 'm');
  });
});
