/**
 * What the model concludes changes exactly at the release that changed it, and in each cluster by its own version. What the newest patch of
 * every minor concludes is held against Istio in `mesh.golden.test.ts`.
 */
import assert from 'node:assert/strict';
import { atOnce } from '../../server/src/base/steps.ts';
import type { Mesh, MeshView } from '../../server/src/mesh/model.ts';
import { World } from './read-world.ts';

const GATEWAY = (className: string, listener: string): string => `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gateway, namespace: shop}
spec: {gatewayClassName: ${className}, listeners: [${listener}]}
`;
const SERVICE = (labels = ''): string => `apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop, labels: {istio.io/global: "true"${labels}}}
spec: {selector: {app: cart}, ports: [{name: http, port: 80}]}
`;
const OPERATOR = (name: string, tag = ''): string => `apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata: {name: istio}
spec: {profile: ambient${tag}, values: {global: {meshID: m, network: ${name}, multiCluster: {clusterName: ${name}}}}}
`;

function meshAt(version: string | undefined, files: Readonly<Record<string, string>>): Mesh {
  const world = new World();
  world.set('east/istio.yaml', OPERATOR('east'));
  for (const [file, text] of Object.entries(files)) world.set(file, text);
  return world.mesh(version);
}

interface Gate {
  readonly what: string;
  readonly before: string;
  readonly first: string;
  readonly files: Readonly<Record<string, string>>;
  conclude(mesh: Mesh): unknown;
  /** What is concluded before and since. */
  readonly conclusions: readonly [unknown, unknown];
}

const accepted = (mesh: Mesh): unknown =>
  mesh.listeners('east', 'shop', 'gateway').map((listener) => listener.accepted);
const viewOf = (mesh: Mesh, viewer: string): MeshView => atOnce(mesh.views()(viewer));
const rowKinds = (mesh: Mesh): unknown =>
  viewOf(mesh, 'east').rows.map(({ kind, namespace }) => `${kind} ${namespace}`);

const ENTRY = (namespace: string): string => `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: cart, namespace: ${namespace}}
spec: {hosts: [cart.shop.svc.cluster.local], resolution: STATIC, endpoints: [{address: 192.0.2.1}], ports: [{number: 80, name: http, protocol: HTTP}]}
`;

const GATES: readonly Gate[] = [
  {
    what: 'TLS passthrough on an east-west gateway',
    before: '1.29.6',
    first: '1.30.0',
    files: {
      'east/g.yaml': GATEWAY('istio-east-west', '{name: a, port: 443, protocol: TLS, tls: {mode: Passthrough}}'),
    },
    conclude: accepted,
    conclusions: [[false], [true]],
  },
  {
    what: 'TLS on class istio',
    before: '1.29.6',
    first: '1.30.0',
    files: { 'east/g.yaml': GATEWAY('istio', '{name: a, port: 443, protocol: TLS, tls: {mode: Passthrough}}') },
    conclude: accepted,
    conclusions: [[false], [true]],
  },
  {
    what: 'TCP on class istio',
    before: '1.30.3',
    first: '1.31.0',
    files: { 'east/g.yaml': GATEWAY('istio', '{name: a, port: 80, protocol: TCP}') },
    conclude: accepted,
    conclusions: [[false], [true]],
  },
  {
    what: 'class istio-agentgateway-waypoint',
    before: '1.30.3',
    first: '1.31.0',
    files: {
      'east/g.yaml': GATEWAY('istio-agentgateway-waypoint', '{name: a, port: 15008, protocol: HBONE}'),
      'east/s.yaml': SERVICE(', istio.io/use-waypoint: gateway'),
    },
    conclude: (mesh) => mesh.waypoint('east', 'shop', 'cart').waypoint,
    conclusions: [null, 'shop/gateway'],
  },
  {
    what: 'a canary of a waypoint',
    before: '1.30.3',
    first: '1.31.0',
    files: {
      'east/g.yaml': GATEWAY('istio-waypoint', '{name: a, port: 15008, protocol: HBONE}'),
      'east/s.yaml': SERVICE(', istio.io/use-waypoint: gateway, istio.io/use-waypoint-canary: gateway'),
    },
    conclude: (mesh) => mesh.waypoint('east', 'shop', 'cart').problem,
    conclusions: [null, 'CanarySameAsPrimary'],
  },
  {
    what: 'a global Service without Pods, exposed by the east-west gateway',
    before: '1.27.9',
    first: '1.28.0',
    files: { 'east/s.yaml': SERVICE() },
    conclude: (mesh) => viewOf(mesh, 'east').exposedByEastWestGateway,
    conclusions: [[], ['shop/cart']],
  },
  {
    what: 'a ServiceEntry of another namespace for the host of a Service, dropped',
    before: '1.28.0',
    first: '1.28.1',
    files: { 'east/s.yaml': SERVICE(), 'east/e.yaml': ENTRY('other') },
    conclude: rowKinds,
    conclusions: [['ServiceEntry other', 'Service shop'], ['Service shop']],
  },
  {
    what: 'a ServiceEntry of another namespace for the host of a Service, kept again',
    before: '1.28.10',
    first: '1.29.0',
    files: { 'east/s.yaml': SERVICE(), 'east/e.yaml': ENTRY('other') },
    conclude: rowKinds,
    conclusions: [['Service shop'], ['ServiceEntry other', 'Service shop']],
  },
  {
    what: 'the endpoints of a ServiceEntry, no longer lent to the Service of its host',
    before: '1.28.0',
    first: '1.28.1',
    files: {
      'west/istio.yaml': OPERATOR('east'),
      'west/s.yaml': SERVICE(),
      'east/s.yaml': SERVICE(),
      'east/e.yaml': ENTRY('shop'),
    },
    conclude: (mesh) => viewOf(mesh, 'east').rows.map(({ endpointClusters }) => endpointClusters),
    conclusions: [[['east', 'west']], [[]]],
  },
  {
    what: "profile ambient's serviceScopeConfigs",
    before: '1.26.8',
    first: '1.27.0',
    files: { 'east/s.yaml': SERVICE() },
    conclude: (mesh) => mesh.scope('east', 'east', 'shop', 'cart').scope,
    conclusions: ['LOCAL', 'GLOBAL'],
  },
];

describe('version gates of the model', () => {
  for (const { what, before, first, files, conclude, conclusions } of GATES) {
    it(`${what}: ${before} and ${first}`, () => {
      const [early, late] = conclusions;
      assert.deepEqual(conclude(meshAt(before, files)), early, before);
      assert.deepEqual(conclude(meshAt(first, files)), late, first);
      assert.deepEqual(conclude(meshAt(`${first}-acme`, files)), late, `${first}-acme`);
    });
  }

  it('hold in each cluster by its own version', () => {
    const passthrough = GATEWAY('istio-east-west', '{name: a, port: 443, protocol: TLS, tls: {mode: Passthrough}}');
    const mesh = meshAt(undefined, {
      'east/istio.yaml': OPERATOR('east', ', tag: 1.29.6'),
      'west/istio.yaml': OPERATOR('west', ', tag: 1.30.0-solo'),
      'east/g.yaml': passthrough,
      'west/g.yaml': passthrough,
    });
    assert.deepEqual(accepted(mesh), [false]);
    assert.equal(mesh.listeners('west', 'shop', 'gateway')[0]?.accepted, true);
    assert.deepEqual(
      [mesh.version('east'), mesh.version('west')].map(({ text, patch, known }) => [text, patch, known]),
      [
        ['1.29.6', 6, true],
        ['1.30.0', 0, true],
      ],
    );
  });
});
