import assert from 'node:assert/strict';
import { factsOf } from './read-facts.ts';

/** `form/chart` of what a document states. */
function statementOf(text: string, file?: string): string | undefined {
  const { install } = factsOf(text, file);
  assert.ok(install.length <= 1);
  return install[0] && [install[0].form, install[0].chart].filter(Boolean).join('/');
}

describe('install statements', () => {
  it('are objects of the installers, whatever the IstioOperator group', () => {
    assert.equal(
      statementOf('apiVersion: insall.istio.io/v1alpha1\nkind: IstioOperator\nspec: {}\n'),
      'istio-operator',
    );
    assert.equal(statementOf('apiVersion: sailoperator.io/v1\nkind: Istio\nmetadata: {name: default}\n'), 'sail-istio');
    assert.equal(
      statementOf('apiVersion: sailoperator.io/v1\nkind: IstioCNI\nmetadata: {name: default}\n'),
      'sail-cni',
    );
    assert.equal(
      statementOf('apiVersion: sailoperator.io/v1alpha1\nkind: ZTunnel\nmetadata: {name: default}\n'),
      'sail-ztunnel',
    );
    assert.equal(statementOf('apiVersion: example.com/v1\nkind: Istio\nmetadata: {name: default}\n'), undefined);
  });

  it('are the rendered objects of istiod and ztunnel, beside the object facts', () => {
    const configMap = factsOf('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio-canary}\ndata: {mesh: "{}"}\n');
    assert.equal(configMap.install[0]?.form, 'mesh-configmap');
    assert.equal(configMap.objects[0]?.kind, 'ConfigMap');
    assert.equal(
      statementOf('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio-sidecar-injector}\ndata: {values: "{}"}\n'),
      undefined,
    );
    const pod = (container: string): string => `spec: {template: {spec: {containers: [{name: ${container}}]}}}\n`;
    assert.equal(
      statementOf(`apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: istiod}\n${pod('discovery')}`),
      'istiod-deployment',
    );
    assert.equal(
      statementOf(`apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: istiod}\n${pod('other')}`),
      undefined,
    );
    assert.equal(
      statementOf(`apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: ztunnel}\n${pod('istio-proxy')}`),
      'ztunnel-daemonset',
    );
  });

  it('are values files of Istio charts, by content', () => {
    assert.equal(statementOf('meshConfig: {trustDomain: x}\n', 'a/values.yaml'), 'helm-values/istiod');
    assert.equal(statementOf('pilot: {env: {AMBIENT_ENABLE_MULTI_NETWORK: "true"}}\n'), 'helm-values/istiod');
    assert.equal(statementOf('global: {meshID: m, network: n}\n'), 'helm-values/istiod');
    assert.equal(statementOf('multiCluster: {clusterName: c}\n'), 'helm-values/ztunnel');
    assert.equal(statementOf('cni: {ambient: {enabled: true}}\n'), 'helm-values/cni');
    assert.equal(statementOf('istiod: {profile: ambient}\nztunnel: {network: n}\n'), 'helm-values/umbrella');
    assert.equal(statementOf('networkGateway: east\n'), 'helm-values/gateway');
    assert.equal(statementOf('defaultRevision: canary\n', 'east/base-values.yaml'), 'helm-values/base');
    assert.equal(statementOf('base: {enableCRDTemplates: false}\nglobal: {istioNamespace: i}\n'), 'helm-values/base');
  });

  it('are values files of Istio charts, by name where the content does not tell', () => {
    assert.equal(statementOf('profile: ambient\n', 'east/cni-values.yaml'), 'helm-values/cni');
    assert.equal(statementOf('profile: ambient\n', 'istiod/values-east.yaml'), 'helm-values/istiod');
    assert.equal(statementOf('logLevel: debug\n', 'ztunnel.yaml'), 'helm-values/ztunnel');
    assert.equal(statementOf('network: n\nmultiCluster: {}\n', 'east/ztunnel-values.yaml'), 'helm-values/ztunnel');
    const istiod = 'global: {network: n}\ntelemetry: {enabled: false}\npdb: {minAvailable: 1}\n';
    assert.equal(statementOf(istiod, 'east/istiod-values.yaml'), 'helm-values/istiod');
    assert.equal(statementOf('network: n\nipam: {}\n', 'east/ztunnel-values.yaml'), undefined);
    assert.equal(statementOf('ztunnel: {network: n}\n', 'ztunnel.yaml'), 'helm-values/ztunnel');
    assert.equal(statementOf('ztunnel: {network: n}\n', 'mesh.yaml'), 'helm-values/umbrella');
    assert.equal(
      statementOf('global: {network: a, multiCluster: {clusterName: c}}\n', 'ztunnel/east.yaml'),
      'helm-values/ztunnel',
    );
    assert.equal(statementOf('ztunnel: {network: a}\n', 'charts/ztunnel/values.yaml'), 'helm-values/umbrella');
    assert.equal(statementOf('profile: ambient\n', 'values.yaml'), undefined);
    assert.equal(statementOf('global: {istioNamespace: i}\n', 'east/istio-base.yaml'), 'helm-values/base');
    assert.equal(statementOf('global: {istioNamespace: i}\n', 'istio-base/values.yaml'), 'helm-values/base');
    assert.equal(statementOf('defaultRevision: canary\n', 'istiod/values-east.yaml'), 'helm-values/istiod');
    assert.equal(statementOf('global: {meshID: m}\n', 'istio-base.yaml'), 'helm-values/istiod');
    assert.equal(statementOf('image: {tag: a}\n', 'istio-base.yaml'), undefined);
    assert.equal(statementOf('global: {storage: s}\n', 'base-values.yaml'), undefined);
    assert.equal(statementOf('base: {url: u}\nport: 80\n', 'base-values.yaml'), undefined);
    assert.equal(statementOf('env: {A: b}\n', 'cni/values.yaml'), undefined);
    assert.equal(statementOf('profile: ambient\n', 'aws-vpc-cni.yaml'), undefined);
  });

  it('are the Chart.yaml of an umbrella chart', () => {
    const chart = (name: string): string =>
      `apiVersion: v2\nname: mesh\ndependencies: [{name: ${name}, version: 1.29.2}]\n`;
    assert.equal(statementOf(chart('istiod'), 'mesh/Chart.yaml'), 'helm-chart/umbrella');
    assert.equal(statementOf(chart('redis'), 'mesh/Chart.yaml'), undefined);
  });

  it('are not the values inside a copy of a chart', () => {
    assert.equal(
      statementOf('_internal_defaults_do_not_set: {pilot: {env: {}}}\n', 'charts/istiod/values.yaml'),
      undefined,
    );
  });

  it("are not other charts' values with a cluster name", () => {
    for (const text of [
      'clusterName: east\n',
      'settings: {clusterName: east}\n',
      'global: {clusterName: east, network: x}\n',
      'mode: daemonset\nclusterName: east\n',
      'pilot: yes\n',
      'meshConfig: x\n',
      'istiod: true\nztunnel: false\n',
    ]) {
      assert.equal(statementOf(text, 'otel/values.yaml'), undefined, text);
    }
    assert.equal(statementOf('apiVersion: kind.x-k8s.io/v1alpha4\nkind: Cluster\nname: east\n'), undefined);
  });
});
