/** What is not known stays unknown through every relation, and what rests on something unwritten says so. */
import assert from 'node:assert/strict';
import { World } from './read-world.ts';

const MESH = `apiVersion: v1
kind: ConfigMap
metadata:
  name: istio
  namespace: istio-system
data:
  mesh: |
    serviceScopeConfigs:
    - servicesSelector:
        matchLabels:
          istio.io/global: "true"
      scope: GLOBAL
`;

const service = (labels: string, name = 'cart') => `apiVersion: v1
kind: Service
metadata:
  name: ${name}
  namespace: shop
  labels: ${labels}
spec:
  ports: [{ port: 80 }]
`;

const waypoint = (from: string) => `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: waypoint, namespace: infra }
spec:
  gatewayClassName: istio-waypoint
  listeners:
  - { name: mesh, port: 15008, protocol: HBONE, allowedRoutes: { namespaces: { from: ${from} } } }
`;

const namespace = (labels: string) => `apiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: ${labels} }\n`;

function world(...files: readonly string[]) {
  const built = new World();
  for (const [i, text] of files.entries()) built.set(`east/${i}.yaml`, text);
  return built.mesh('1.31');
}

describe('scope', () => {
  const scope = (...files: readonly string[]) => {
    const { scope: value, assumed } = world(...files).scope('east', 'east', 'shop', 'cart');
    return assumed ? `${value}, assumed` : value;
  };

  it('of a placeholder is unknown', () =>
    assert.equal(scope(MESH, service('{ istio.io/global: "<global>" }')), 'UNKNOWN'));
  it('of a templated map is unknown', () => assert.equal(scope(MESH, service('"{{ labels }}"')), 'UNKNOWN'));
  it('of manifests that differ is unknown', () => {
    assert.equal(
      scope(MESH, service('{ istio.io/global: "true" }'), service('{ istio.io/global: "false" }')),
      'UNKNOWN',
    );
  });
  it('of manifests that agree is known', () => {
    assert.equal(scope(MESH, service('{ istio.io/global: "true" }'), service('{ istio.io/global: "true" }')), 'GLOBAL');
  });
  it('without any mesh config is local, assumed', () =>
    assert.equal(scope(service('{ istio.io/global: "true" }')), 'LOCAL, assumed'));
  it('by labels of an unwritten Namespace is assumed', () => {
    const byNamespace = MESH.replace('servicesSelector', 'namespaceSelector').replace(
      'istio.io/global: "true"',
      'team: a',
    );
    assert.equal(scope(byNamespace, service('{}')), 'LOCAL, assumed');
    assert.equal(scope(byNamespace, service('{}'), namespace('{ team: a }')), 'GLOBAL');
    assert.equal(scope(byNamespace, service('{}'), namespace('{ team: b }')), 'LOCAL');
  });
  it("by a label of Solo's distribution is unknown, unless Istio's own makes it global", () => {
    const solos = '{ solo.io/service-scope: global }';
    assert.equal(scope(service(solos)), 'UNKNOWN');
    assert.equal(scope(MESH, service(solos)), 'UNKNOWN');
    assert.equal(scope(MESH, service('{}'), namespace(solos)), 'UNKNOWN');
    assert.equal(scope(MESH, service('{ solo.io/service-scope: global, istio.io/global: "true" }')), 'GLOBAL');
  });
  it('of a value that is no text is unknown: the API server refuses the object', () => {
    assert.equal(scope(MESH, service('{ istio.io/global: true }')), 'UNKNOWN');
  });
});

describe('waypoint', () => {
  const of = (...files: readonly string[]) => {
    const { waypoint: name, problem, unknown, assumed } = world(...files).waypoint('east', 'shop', 'cart');
    return unknown
      ? 'unknown'
      : [name ?? 'none', problem, assumed ? 'assumed' : null].filter((part) => part !== null).join(', ');
  };
  const use = service('{ istio.io/use-waypoint: waypoint, istio.io/use-waypoint-namespace: infra }');

  it('of a placeholder is unknown', () =>
    assert.equal(of(service('{ istio.io/use-waypoint: "<waypoint>" }')), 'unknown'));
  it('without a Namespace in sight is none, assumed', () => assert.equal(of(service('{}')), 'none, assumed'));
  it('with a Namespace that says nothing is none', () => assert.equal(of(service('{}'), namespace('{}')), 'none'));
  it('in another namespace needs to be allowed', () => {
    assert.equal(of(use, waypoint('Same')), 'none, AttachmentDenied');
    assert.equal(of(use, waypoint('All')), 'infra/waypoint');
    assert.equal(of(use, waypoint('"<from>"')), 'unknown');
  });
  it('that is not there is not ready', () => assert.equal(of(use), 'none, WaypointIsNotReady'));
});

describe('objects without a namespace', () => {
  it('join nothing', () => {
    const bare = service('{ istio.io/global: "true" }').replace('  namespace: shop\n', '');
    const mesh = world(MESH, bare);
    assert.deepEqual(mesh.serviceKeys(), []);
    assert.equal(mesh.objects('east', 'Service').length, 1);
  });
});
