/** A Service or policy that one cluster has under nearly the name by which all others have it. */
import assert from 'node:assert/strict';
import { engineOf } from './import-world.ts';

const install = (name: string): string => `apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata: { name: istio, namespace: istio-system }
spec:
  profile: ambient
  values:
    global: { meshID: mesh1, network: net-${name}, multiCluster: { clusterName: ${name} } }
    pilot: { env: { AMBIENT_ENABLE_MULTI_NETWORK: "true" } }
---
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio.io/dataplane-mode: ambient } }
`;
const service = (name: string, app = name, port = 80): string => `---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop, labels: { istio.io/global: "true", istio.io/use-waypoint: waypoint } }
spec: { selector: { app: ${app} }, ports: [{ name: http, port: ${port} }] }
`;
const workload = (name: string, app = name): string => `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec: { selector: { matchLabels: { app: ${app} } }, template: { metadata: { labels: { app: ${app} } } } }
`;
const policy = (name: string, method = 'GET'): string => `---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: waypoint, namespace: shop, labels: { istio.io/global: "true" } }
spec: { gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }
${service('orders')}---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: ${name}, namespace: shop }
spec:
  targetRefs: [{ kind: Service, group: "", name: orders }]
  rules: [{ to: [{ operation: { methods: [${method}] } }] }]
`;

/** What is told of names: the first words, and the fixes. A preferred one has a star. */
function told(clusters: Readonly<Record<string, string>>): readonly string[] {
  const files = Object.entries(clusters).map(([name, text]) => [`clusters/${name}/mesh.yaml`, install(name) + text]);
  return engineOf(Object.fromEntries(files))
    .snapshot.findings.filter(({ rule }) => /^(?:global-service-missing-in-cluster|policy-not-uniform)$/.test(rule.id))
    .map(({ message, fixes }) =>
      [
        message.replace(/(?:, which is|, where|\. |, though).*/, ''),
        ...(message.includes(' seem') ? fixes() : []).map(({ title, preferred }) => `${title}${preferred ? '*' : ''}`),
      ].join(' | '),
    );
}

const missing = (name: string, having: string, lacking: string): string =>
  `Service shop/${name} is global in ${having}, but does not exist in ${lacking}`;

describe('a misspelt Service', () => {
  const right = service('checkout');

  it('is told in the one cluster that has it', () => {
    assert.deepEqual(told({ east: right, north: service('chekout', 'checkout'), west: right }), [
      'Service shop/chekout in north seems to be shop/checkout | Rename Service chekout to checkout in north*',
    ]);
    assert.deepEqual(told({ east: right, north: right, west: right }), []);
  });

  it('is told of both clusters where there are two, and none is preferred', () => {
    for (const [east, west] of [
      ['checkout', 'chekout'],
      ['chekout', 'checkout'],
    ] as const)
      assert.deepEqual(told({ east: service(east, 'checkout'), west: service(west, 'checkout') }), [
        `Service shop/${east} in east and shop/${west} in west seem to be one under two names | Rename Service ${west} to ${east} in west | Rename Service ${east} to ${west} in east`,
      ]);
  });

  it('is none that has a workload, other Pods or other ports', () => {
    const both = [missing('checkout', 'east and west', 'north'), missing('chekout', 'north', 'east and west')];
    for (const other of [
      service('chekout'),
      service('chekout', 'checkout') + workload('chekout', 'checkout'),
      service('chekout', 'checkout', 81),
    ])
      assert.deepEqual(told({ east: right, north: other, west: right }), both);
  });

  it('is none where some have both, or none, or names are those of clusters', () => {
    const wrong = service('chekout', 'checkout');
    assert.deepEqual(told({ east: right, north: wrong, west: '' }), [
      missing('checkout', 'east', 'north and west'),
      missing('chekout', 'north', 'east and west'),
    ]);
    assert.deepEqual(told({ east: right + wrong, north: wrong, west: right }), [
      missing('checkout', 'east and west', 'north'),
      missing('chekout', 'east and north', 'west'),
    ]);
    assert.deepEqual(told({ bolton: service('db-bolton', 'db'), boston: service('db-boston', 'db') }), [
      missing('db-bolton', 'bolton', 'boston'),
      missing('db-boston', 'boston', 'bolton'),
    ]);
  });
});

describe('a misspelt policy', () => {
  const right = policy('allow-readers');

  it('is told in the one cluster that has it', () => {
    assert.deepEqual(told({ east: right, north: policy('allow-readrs'), west: right }), [
      'AuthorizationPolicy shop/allow-readrs in north seems to be shop/allow-readers of east and west | Rename AuthorizationPolicy shop/allow-readrs to allow-readers in north*',
    ]);
  });

  it('is told of both clusters where there are two', () => {
    assert.deepEqual(told({ east: right, west: policy('allow-readrs') }), [
      'AuthorizationPolicy shop/allow-readers in east and shop/allow-readrs in west seem to be one under two names | Rename AuthorizationPolicy shop/allow-readrs to allow-readers in west | Rename AuthorizationPolicy shop/allow-readers to allow-readrs in east',
    ]);
  });

  it('is none that says something else, or is called after its cluster', () => {
    assert.deepEqual(told({ east: right, west: policy('allow-readrs', 'POST') }), [
      'AuthorizationPolicy shop/allow-readers exists in east, but not in west',
      'AuthorizationPolicy shop/allow-readrs exists in west, but not in east',
    ]);
    assert.deepEqual(told({ east: policy('allow-east'), west: policy('allow-west') }), []);
  });
});
