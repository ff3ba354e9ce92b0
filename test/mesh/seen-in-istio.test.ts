/** What `mesh.golden.test.ts` has no facts of; each was seen in what Istio's own code (86c9f01, 1.32-dev) makes of random manifests. */
import assert from 'node:assert/strict';
import { atOnce } from '../../server/src/base/steps.ts';
import { World } from './read-world.ts';

const WAYPOINT = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: waypoint
  namespace: shop
spec:
  gatewayClassName: istio-waypoint
  listeners:
    - {name: mesh, port: 15008, protocol: HBONE}
`;
const NETWORK = (name: string) => `apiVersion: v1
kind: Namespace
metadata:
  name: istio-system
  labels: {topology.istio.io/network: ${name}}
`;

describe('mesh model, as seen in Istio', () => {
  it('tells the waypoint of a ServiceEntry, named by its own label or by its Namespace', () => {
    const entry = (name: string, labels: string) => `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: ${name}
  namespace: shop
  labels: {${labels}}
spec:
  hosts: [${name}.example.com]
  resolution: DNS
`;
    const world = new World();
    world.set('east/namespace.yaml', 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n');
    world.set('east/waypoint.yaml', WAYPOINT);
    world.set('east/own.yaml', entry('own', 'istio.io/use-waypoint: waypoint'));
    world.set('east/none.yaml', entry('none', ''));
    const waypoints = () =>
      atOnce(world.mesh('1.32').views()('east'))
        .rows.filter(({ kind }) => kind === 'ServiceEntry')
        .map(({ name, waypoint }) => `${name}: ${waypoint}`);
    assert.deepEqual(waypoints(), ['none: null', 'own: shop/waypoint']);
    world.set(
      'east/namespace.yaml',
      'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels: {istio.io/use-waypoint: waypoint}\n',
    );
    assert.deepEqual(waypoints(), ['none: shop/waypoint', 'own: shop/waypoint']);
  });

  it('finds a gateway whose addresses have no type, which the API server takes for IP addresses', () => {
    const world = new World();
    world.set('east/istio.yaml', NETWORK('network1'));
    world.set('west/istio.yaml', NETWORK('network2'));
    world.set(
      'west/gateway.yaml',
      `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: eastwest
  namespace: istio-system
  labels: {topology.istio.io/network: network2}
spec:
  gatewayClassName: istio-east-west
  addresses: [{value: 192.0.2.1}, {value: 192.0.2.2}]
  listeners:
    - {name: mesh, port: 15008, protocol: HBONE, tls: {mode: Terminate}}
`,
    );
    assert.deepEqual(
      world
        .mesh('1.32')
        .networkGateways('east')
        .map(({ network, gateway }) => `${network} ${gateway}`),
      ['network2 istio-system/eastwest'],
    );
  });

  it('hints at the capitals of a protocol', () => {
    const world = new World();
    world.set('east/gateway.yaml', WAYPOINT.replace('istio-waypoint', 'istio').replace('HBONE', 'http'));
    assert.deepEqual(
      world
        .mesh('1.32')
        .listeners('east', 'shop', 'waypoint')
        .map(({ reason, message }) => `${reason}: ${message}`),
      ['UnsupportedProtocol: protocol "http" is unsupported. hint: "HTTP" (uppercase) may be supported'],
    );
  });
});
