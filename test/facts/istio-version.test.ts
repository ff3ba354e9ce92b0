/** Every form of installation tells the Istio version of its cluster. */
import assert from 'node:assert/strict';
import { knownValue } from '../../server/src/facts/field.ts';
import { settingsOf } from './read-facts.ts';

function versionOf(files: Readonly<Record<string, string>>): string | undefined {
  return knownValue(settingsOf(files).istioVersion);
}

const operator = (spec: string): Readonly<Record<string, string>> => ({
  'istio.yaml': `apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec: ${spec}\n`,
});
const sail = (kind: string, spec: string): string =>
  `apiVersion: sailoperator.io/v1\nkind: ${kind}\nmetadata: {name: default}\nspec: ${spec}\n`;
const istiod = (image: string, labels = '{}'): Readonly<Record<string, string>> => ({
  'istiod.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: {name: istiod, namespace: istio-system, labels: ${labels}}
spec: {template: {spec: {containers: [{name: discovery, image: "${image}"}]}}}
`,
});

describe('the Istio version of an installation', () => {
  it('is the tag of an IstioOperator: the nearest to istiod counts', () => {
    assert.equal(versionOf(operator('{profile: ambient, tag: 1.28.1}')), '1.28.1');
    assert.equal(versionOf(operator('{tag: 1.28.1, values: {global: {tag: 1.29.2}}}')), '1.29.2');
    assert.equal(versionOf(operator('{tag: 1.28.1, values: {global: {tag: 1.29.2}, pilot: {tag: 1.30.1}}}')), '1.30.1');
    assert.equal(versionOf(operator('{tag: 1.28.1, components: {pilot: {tag: 1.30.2}}}')), '1.30.2');
    assert.equal(versionOf(operator('{values: {pilot: {image: "example.com/istio/pilot:1.29.4"}}}')), '1.29.4');
    assert.equal(versionOf(operator('{hub: us-docker.pkg.dev/acme/istio, tag: 1.29.2-solo}')), '1.29.2');
    assert.equal(versionOf(operator('{tag: latest}')), undefined);
    assert.equal(versionOf(operator('{tag: "<version>"}')), undefined);
  });

  it('is spec.version of Sail, with or without a patch', () => {
    assert.equal(versionOf({ 'istio.yaml': sail('Istio', '{version: v1.30-latest}') }), '1.30');
    assert.equal(versionOf({ 'istio.yaml': sail('Istio', '{version: v1.28.3}') }), '1.28.3');
    assert.equal(versionOf({ 'istio.yaml': sail('Istio', '{version: master}') }), undefined);
  });

  it('is the tag in the values of the istiod chart', () => {
    assert.equal(versionOf({ 'istiod-values.yaml': 'profile: ambient\nglobal: {tag: 1.29.2-tetrate-v0}\n' }), '1.29.2');
    assert.equal(versionOf({ 'istiod-values.yaml': 'profile: ambient\nglobal: {meshID: m}\n' }), undefined);
  });

  it('is the version of the chart that an umbrella depends on: of a range the minor, if there is but one', () => {
    const umbrella = (version: string): Readonly<Record<string, string>> => ({
      'mesh/Chart.yaml': `apiVersion: v2\nname: mesh\nversion: 0.1.0\ndependencies: [{name: istiod, version: "${version}"}]\n`,
      'mesh/values.yaml': 'istiod: {profile: ambient, global: {meshID: m}}\n',
    });
    assert.equal(versionOf(umbrella('1.30.1')), '1.30.1');
    assert.equal(versionOf(umbrella('1.30.1+tetrate0')), '1.30.1');
    const ofOne = [
      '~1.30.0',
      '~1.30',
      '1.30.x',
      'v1.30.*',
      '>=1.30.0 <1.31.0',
      '>= 1.30.1, < 1.31',
      '>1.29, <1.31.0-0',
    ];
    for (const range of [...ofOne, '1.30.0 - 1.30.9', '>=1.30.2 <=1.30.4', '~1.30.1 || 1.30.4'])
      assert.equal(versionOf(umbrella(range)), '1.30', range);
    const others = [
      '^1.30.0',
      '>=1.29.0',
      '<1.31.0',
      '1.x',
      '*',
      '>=1.29.0 <1.31.0',
      '>=1.30.0 <=1.31.0',
      '~1.29.0 || ~1.30.0',
    ];
    for (const range of [...others, '!=1.30.1', '>=1.30.0 <1.31.0-rc.1', '1.0.0'])
      assert.equal(versionOf(umbrella(range)), undefined, range);
  });

  it('is the tag of istiod’s image, else the label that the chart writes', () => {
    assert.equal(versionOf(istiod('docker.io/istio/pilot:1.29.3-distroless')), '1.29.3');
    assert.equal(versionOf(istiod('example.com:5000/pilot:1.30.1@sha256:0123')), '1.30.1');
    assert.equal(versionOf(istiod('example.com/pilot@sha256:0123', '{app.kubernetes.io/version: 1.30.2}')), '1.30.2');
    assert.equal(versionOf(istiod('example.com/pilot@sha256:0123', '{app.kubernetes.io/version: 1.0.0}')), undefined);
    assert.equal(versionOf(istiod('example.com/pilot@sha256:0123')), undefined);
  });

  it('is ztunnel’s where nothing says istiod’s', () => {
    const ztunnel = sail('ZTunnel', '{version: v1.29.1}');
    assert.equal(versionOf({ 'ztunnel.yaml': ztunnel }), '1.29.1');
    assert.equal(versionOf({ 'istio.yaml': sail('Istio', '{version: v1.30.1}'), 'ztunnel.yaml': ztunnel }), '1.30.1');
    const daemonSet = `apiVersion: apps/v1
kind: DaemonSet
metadata: {name: ztunnel, namespace: istio-system}
spec: {template: {spec: {containers: [{name: istio-proxy, image: "istio/ztunnel:1.28.2"}]}}}
`;
    assert.equal(versionOf({ 'ztunnel.yaml': daemonSet }), '1.28.2');
  });
});
