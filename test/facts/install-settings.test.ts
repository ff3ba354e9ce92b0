import assert from 'node:assert/strict';
import { type Anchor, sameAnchor } from '../../server/src/base/anchor.ts';
import { showPath } from '../../server/src/base/path.ts';
import { type Field, knownValue } from '../../server/src/facts/field.ts';
import { installSettings } from '../../server/src/facts/install/install-settings.ts';
import { factsOf, settingsOf } from './read-facts.ts';

const operator = (spec: string): string =>
  `apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec:\n  ${spec.replaceAll('\n', '\n  ')}\n`;

function pathOf(at: Anchor | undefined): string | undefined {
  return at && showPath(at.path);
}

function unknownOf(field: Field<unknown>): string | undefined {
  return field !== undefined && 'unknown' in field ? field.unknown : undefined;
}

describe('install settings', () => {
  it('of nothing are nothing', () => {
    const settings = settingsOf({});
    assert.equal(settings.controlPlane, 'none');
    assert.equal(settings.clusterName, undefined);
    assert.equal(settings.ztunnel, undefined);
  });

  it('keep the place of every stated value, through layers', () => {
    const base = factsOf('profile: ambient\nglobal: {meshID: corp, network: base}\n', 'istiod/values.yaml').install[0];
    const east = factsOf('global: {network: east, multiCluster: {clusterName: east}}\n', 'istiod/values-east.yaml')
      .install[0];
    assert.ok(base !== undefined && east !== undefined);
    const settings = installSettings({
      statements: [{ statement: east, layers: [base] }],
      istioVersion: undefined,
      complete: false,
    });
    assert.equal(knownValue(settings.network), 'east');
    assert.equal(settings.network?.at.doc, east.at.doc);
    assert.equal(knownValue(settings.meshID), 'corp');
    assert.equal(settings.meshID?.at.doc, base.at.doc);
    assert.equal(pathOf(settings.meshID?.at), '/global/meshID');
    assert.equal(settings.profile?.at.doc, base.at.doc);
    assert.equal(pathOf(settings.scopeConfigs?.at), '/profile');
  });

  it('keep places inside embedded YAML', () => {
    const settings = settingsOf({
      'cm.yaml': `apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data:
  mesh: |
    trustDomain: corp.example
    serviceScopeConfigs:
      - scope: GLOBAL
        serviceSelector: {}
`,
    });
    assert.equal(pathOf(settings.trustDomain?.at), '/data/mesh//trustDomain');
    const scopes = knownValue(settings.scopeConfigs);
    assert.deepEqual(
      scopes?.entries[0]?.unknownFields.map(({ value, at }) => [value, pathOf(at), at.part]),
      [['serviceSelector', '/data/mesh//serviceScopeConfigs/0/serviceSelector', 'key']],
    );
    assert.equal(pathOf(settings.places.scopeConfigs?.at), '/data/mesh//serviceScopeConfigs');
    assert.equal(settings.hasIstiod, false);
  });

  it('name the defaults, and call what an unseen layer may set unknown', () => {
    const files = { 'op.yaml': operator('profile: ambient') };
    const sole = settingsOf(files);
    assert.equal(knownValue(sole.clusterName), 'Kubernetes');
    for (const name of [
      'clusterName',
      'trustDomain',
      'scopeConfigs',
      'multiNetworkFlag',
      'ztunnel.clusterName',
    ] as const) {
      assert.ok(sole.defaulted.has(name), name);
    }
    assert.ok(!sole.defaulted.has('ambient'));
    const open = settingsOf(files, {}, true);
    for (const field of [
      open.clusterName,
      open.network,
      open.trustDomain,
      open.multiNetworkFlag,
      open.ztunnel?.network,
    ]) {
      assert.equal(unknownOf(field), 'layered');
    }
    assert.equal(knownValue(open.ambient), true);
    assert.equal(open.defaulted.size, 0);
    assert.equal(knownValue(settingsOf(files, { complete: true }, true).clusterName), 'Kubernetes');
  });

  it('take the told version where the input names none, and the assumed one always', () => {
    const helm = {
      'istiod.yaml': 'profile: ambient\nglobal: {meshID: m}\n',
      'ztunnel.yaml': 'network: net\nmultiCluster: {clusterName: c}\n',
    };
    const told = settingsOf(helm, { istioVersion: '1.27.1' });
    assert.equal(told.ztunnel?.network, undefined);
    assert.equal(pathOf(told.places.ztunnelNetwork?.at), '/global/network');
    assert.equal(told.istioVersion, undefined);
    const stated = { ...helm, 'istiod.yaml': 'profile: ambient\nglobal: {meshID: m, tag: 1.28.0}\n' };
    assert.equal(knownValue(settingsOf(stated, { istioVersion: '1.27.1' }).ztunnel?.network), 'net');
    assert.equal(settingsOf(stated, { assumeIstioVersion: '1.26.0' }).ztunnel?.network, undefined);
  });

  it('of the unrevisioned control plane count, and of equals that differ what they agree on', () => {
    const plane = (revision: string, network: string, flag: string): string =>
      operator(
        `profile: ambient\nrevision: ${revision}\nvalues:\n  global: {network: ${network}, meshID: m}\n  pilot: {env: {AMBIENT_ENABLE_MULTI_NETWORK: "${flag}"}}`,
      );
    const canary = settingsOf({ 'a.yaml': plane('canary', 'net', 'false'), 'b.yaml': plane('', 'net', 'true') });
    assert.equal(knownValue(canary.multiNetworkFlag), true);
    const equals = settingsOf({ 'a.yaml': plane('v1', 'net', 'false'), 'b.yaml': plane('v2', 'net', 'true') });
    assert.equal(unknownOf(equals.multiNetworkFlag), 'contradicted');
    assert.equal(knownValue(equals.network), 'net');
  });

  it('tell the revision with its tags, and which one is the default', () => {
    const umbrella =
      'istiod: {profile: ambient, revision: v1, revisionTags: [stable]}\nistio-base: {defaultRevision: v1}\n';
    const settings = settingsOf({ 'values.yaml': umbrella });
    assert.deepEqual([knownValue(settings.revision), knownValue(settings.defaultRevision)], ['v1', 'v1']);
    assert.deepEqual(knownValue(settings.revisionTags)?.map(knownValue), ['stable']);
    assert.equal(pathOf(settings.places.revisionTags?.at), '/istiod/revisionTags');
    assert.equal(settingsOf({ 'istiod.yaml': 'profile: ambient\nglobal: {meshID: m}\n' }).defaultRevision, undefined);
    const sail = (spec: string) =>
      settingsOf({
        'istio.yaml': `apiVersion: sailoperator.io/v1\nkind: Istio\nmetadata: {name: prod}\nspec: ${spec}\n`,
      });
    assert.equal(knownValue(sail('{version: v1.30.2}').revision), 'prod');
    assert.equal(unknownOf(sail('{updateStrategy: {type: RevisionBased}}').revision), 'layered');
  });

  it('prefer what is stated to a default of another statement', () => {
    const settings = settingsOf({
      'op.yaml': operator('profile: ambient'),
      'cm.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: istio}\ndata: {mesh: "trustDomain: corp.example"}\n',
    });
    assert.equal(knownValue(settings.trustDomain), 'corp.example');
    assert.ok(!settings.defaulted.has('trustDomain'));
  });

  describe('places', () => {
    it('are where the value stands', () => {
      const settings = settingsOf({
        'op.yaml': operator(
          'profile: ambient\nvalues: {global: {network: net}, pilot: {env: {AMBIENT_ENABLE_MULTI_NETWORK: "false"}}}',
        ),
      });
      assert.ok(
        settings.network && settings.places.network && sameAnchor(settings.places.network.at, settings.network.at),
      );
      assert.equal(pathOf(settings.places.multiNetworkFlag?.at), '/spec/values/pilot/env/AMBIENT_ENABLE_MULTI_NETWORK');
      assert.equal(pathOf(settings.places.ztunnelNetwork?.at), '/spec/values/global/network');
    });

    it('follow the way the user writes the others', () => {
      const list = settingsOf({ 'op.yaml': operator('components: {pilot: {k8s: {env: [{name: A, value: b}]}}}') });
      assert.deepEqual(pathOf(list.places.multiNetworkFlag?.envList?.at), '/spec/components/pilot/k8s/env');
      assert.equal(list.places.multiNetworkFlag?.envList?.name, 'AMBIENT_ENABLE_MULTI_NETWORK');
      const root = settingsOf({ 'istiod.yaml': 'profile: ambient\nenv: {PILOT_X: y}\n' });
      assert.equal(pathOf(root.places.multiNetworkFlag?.at), '/env/AMBIENT_ENABLE_MULTI_NETWORK');
      const mesh = settingsOf({ 'op.yaml': operator('values: {meshConfig: {trustDomain: x}}') });
      assert.equal(pathOf(mesh.places.scopeConfigs?.at), '/spec/values/meshConfig/serviceScopeConfigs');
    });

    it('of ambient mode are its switch where it is written, else the profile', () => {
      const placeOf = (files: Readonly<Record<string, string>>) => {
        const { ambient } = settingsOf(files).places;
        return [pathOf(ambient?.at), ambient?.value];
      };
      assert.deepEqual(placeOf({ 'istiod.yaml': 'global: {meshID: m, network: n}\n' }), ['/profile', 'ambient']);
      assert.deepEqual(placeOf({ 'op.yaml': operator('profile: openshift') }), ['/spec/profile', 'openshift-ambient']);
      // The charts refuse a profile that they have not, and have none for OpenShift: no one value is right there.
      const chart = 'profile: openshift\nglobal: {meshID: m, network: n}\n';
      assert.deepEqual(placeOf({ 'istiod.yaml': chart }), [undefined, undefined]);
      const switched = operator('profile: ambient\ncomponents: {pilot: {k8s: {env: [{name: PILOT_ENABLE_AMBIENT}]}}}');
      assert.deepEqual(placeOf({ 'op.yaml': switched }), ['/spec/components/pilot/k8s/env/0/value', 'true']);
      assert.deepEqual(placeOf({ 'op.yaml': operator('profile: ambient') }), [undefined, undefined]);
      assert.deepEqual(placeOf({ 'op.yaml': operator('profile: $PROFILE') }), [undefined, undefined]);
    });

    it('do not exist for a value from elsewhere', () => {
      const settings = settingsOf({
        'op.yaml': operator('components: {pilot: {k8s: {env: [{name: AMBIENT_ENABLE_MULTI_NETWORK, valueFrom: {}}]}}}'),
      });
      assert.equal(unknownOf(settings.multiNetworkFlag), 'value-from');
      assert.equal(settings.places.multiNetworkFlag, undefined);
    });
  });

  it('show the signs of remotes and of primaries that serve them', () => {
    const remote = settingsOf({
      'op.yaml': operator('profile: ambient\nvalues: {global: {remotePilotAddress: 203.0.113.7}}'),
    });
    assert.equal(remote.controlPlane, 'remote');
    assert.deepEqual(
      remote.controlPlaneSigns.map(({ role, what }) => [role, what]),
      [['remote', 'global.remotePilotAddress']],
    );
    const address = (xds: string) =>
      settingsOf({ 'ztunnel.yaml': `multiCluster: {clusterName: c}\nxdsAddress: ${xds}\n` }).controlPlane;
    assert.equal(address('istiod.example.com:15012'), 'remote');
    assert.notEqual(address('istio-pilot.istio-system:15011'), 'remote');
    assert.equal(address('istiod.istio-system.svc:15012'), 'none');
    assert.equal(address('https://istiod.istio-system.svc.cluster.local:15012'), 'none');
  });

  it('of templated sections are unknown', () => {
    const settings = settingsOf({
      'op.yaml': operator("profile: '{{ profile }}'\nvalues: {global: $GLOBAL, pilot: {env: '{{ env }}'}}"),
    });
    assert.equal(unknownOf(settings.network), 'placeholder');
    assert.equal(unknownOf(settings.multiNetworkFlag), 'template');
    assert.equal(unknownOf(settings.ambient), 'template');
    assert.equal(unknownOf(settings.scopeConfigs), 'template');
  });

  it("of a ztunnel are the chart's own, be they empty, before those of global", () => {
    const ztunnel = (own: string) =>
      settingsOf({
        'ztunnel-values.yaml': `global: {network: net-a, multiCluster: {clusterName: east}}\nlogLevel: info\n${own}`,
      }).ztunnel;
    assert.equal(knownValue(ztunnel('')?.network), 'net-a');
    assert.equal(knownValue(ztunnel('')?.clusterName), 'east');
    assert.equal(knownValue(ztunnel('network: net-b\n')?.network), 'net-b');
    assert.equal(unknownOf(ztunnel('network: ""\n')?.network), 'placeholder');
    assert.equal(unknownOf(ztunnel('multiCluster: {clusterName: }\n')?.clusterName), 'placeholder');
    assert.equal(knownValue(ztunnel('multiCluster: {clusterName: no}\n')?.clusterName), 'Kubernetes');
  });

  it('of a ztunnel come from the metadata of its proxies, which `env` overrides', () => {
    const ztunnel = (more: string) =>
      settingsOf({
        'ztunnel-values.yaml': `network: net-a\nmeshConfig: {defaultConfig: {proxyMetadata: {NETWORK: net-b, ISTIO_META_CLUSTER_ID: east}}}\n${more}`,
      }).ztunnel;
    assert.equal(knownValue(ztunnel('')?.network), 'net-b');
    assert.equal(knownValue(ztunnel('multiCluster: {clusterName: west}\n')?.clusterName), 'east');
    assert.equal(knownValue(ztunnel('env: {NETWORK: net-c}\n')?.network), 'net-c');
  });

  it('take a component of an IstioOperator that is written without `enabled` as enabled, but for one that the profile leaves out', () => {
    const of = (spec: string) => settingsOf({ 'op.yaml': operator(spec) });
    const values = 'values: {global: {network: net}}';
    assert.equal(of(values).ztunnel, undefined);
    assert.equal(knownValue(of(`components: {ztunnel: {namespace: kube-system}}\n${values}`).ztunnel?.network), 'net');
    assert.equal(of(`components: {ztunnel: {enabled: false, namespace: kube-system}}\n${values}`).ztunnel, undefined);
    assert.equal(of('profile: empty\ncomponents: {pilot: {k8s: {replicaCount: 2}}}').controlPlane, 'none');
  });

  it('come from no profile below the key of the internal defaults, which are merged after it was chosen', () => {
    const below = settingsOf({
      'istiod-values.yaml':
        '_internal_defaults_do_not_set: {profile: ambient, global: {network: net-a}}\nrevision: ""\n',
    });
    assert.equal(knownValue(below.network), 'net-a');
    assert.equal(knownValue(below.ambient), false);
    const beside = settingsOf({
      'istiod-values.yaml':
        '_internal_defaults_do_not_set: {global: {network: net-a}}\nprofile: ambient\nrevision: ""\n',
    });
    assert.equal(knownValue(beside.ambient), true);
  });

  it('of nonsense do not throw', () => {
    for (const spec of [
      '[]',
      'x',
      '{values: [], meshConfig: 3, components: x, profile: [a]}',
      '{values: {global: [], pilot: 1, ztunnel: x}}',
    ]) {
      settingsOf({ 'op.yaml': `apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec: ${spec}\n` });
    }
    settingsOf({
      'v.yaml':
        'meshConfig: {serviceScopeConfigs: {a: b}, defaultConfig: []}\npilot: {env: [], global: 3}\n__proto__: {a: b}\n',
    });
  });

  it('have the scopes of profile ambient by openshift-ambient of istioctl', () => {
    const scopes = (spec: string): number | undefined =>
      knownValue(settingsOf({ 'istio.yaml': operator(spec) }).scopeConfigs)?.entries.length;
    assert.equal(scopes('tag: 1.30.2\nprofile: openshift-ambient'), 1);
    assert.equal(scopes('tag: 1.26.0\nprofile: openshift-ambient'), 0);
    assert.equal(scopes('tag: 1.30.2\nprofile: openshift'), 0);
  });

  it('tell in which namespace istiod trusts a ztunnel', () => {
    const trusted = (spec: string): string | undefined => {
      const { trustedZtunnelNamespace: field } = settingsOf({ 'istio.yaml': operator(spec) });
      return knownValue(field) ?? unknownOf(field);
    };
    assert.equal(trusted('profile: ambient'), undefined);
    assert.equal(trusted('profile: openshift-ambient'), 'kube-system');
    assert.equal(trusted('profile: ambient\nvalues: {global: {platform: openshift}}'), 'kube-system');
    assert.equal(trusted('profile: ambient\nvalues: {global: {platform: "{{ .platform }}"}}'), 'template');
    const stated = 'values: {global: {platform: openshift}, pilot: {trustedZtunnelNamespace: nodes}}';
    assert.equal(trusted(stated), 'nodes');
    const accounts =
      'values: {pilot: {trustedZtunnelNamespace: nodes, env: {CA_TRUSTED_NODE_ACCOUNTS: system/ztunnel}}}';
    assert.equal(trusted(accounts), 'system');
    const settings = settingsOf({ 'istio.yaml': operator('profile: openshift-ambient') });
    assert.equal(pathOf(settings.places.trustedZtunnelNamespace?.at), '/spec/values/pilot/trustedZtunnelNamespace');
  });
});
