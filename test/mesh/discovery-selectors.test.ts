/** What an istiod leaves out by its discovery selectors, in its own cluster and in those that it reads, is not in its view. */
import assert from 'node:assert/strict';
import { atOnce } from '../../server/src/base/steps.ts';
import { World } from './read-world.ts';

const CHOOSING = 'meshConfig: {discoverySelectors: [{matchLabels: {mesh: "yes"}}]}, ';
const INSTALL = (name: string, meshConfig: string): string => `apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata: {name: istio}
spec: {profile: ambient, ${meshConfig}values: {global: {meshID: m, network: ${name}, multiCluster: {clusterName: ${name}}}}}
---
apiVersion: v1
kind: Namespace
metadata: {name: istio-system, labels: {topology.istio.io/network: ${name}}}
`;
const NAMESPACE = (name: string, labels: string): string => `apiVersion: v1
kind: Namespace
metadata: {name: ${name}, labels: {${labels}}}
`;
const SHOP = `apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop, labels: {istio.io/global: "true", istio.io/use-waypoint: w, istio.io/use-waypoint-namespace: infra}}
spec: {selector: {app: db}, ports: [{name: tcp, port: 5432}]}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop, labels: {app: db}}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: ext, namespace: shop}
spec: {hosts: [ext.example.com], resolution: DNS, ports: [{number: 443, name: tls, protocol: TLS}]}
`;
const WAYPOINT = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: w, namespace: infra}
spec:
  gatewayClassName: istio-waypoint
  listeners: [{name: mesh, port: 15008, protocol: HBONE, allowedRoutes: {namespaces: {from: All}}}]
`;
const EASTWEST = (network: string): string => `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: ew, namespace: edge, labels: {topology.istio.io/network: ${network}}}
spec:
  gatewayClassName: istio-east-west
  listeners: [{name: mesh, port: 15008, protocol: HBONE, tls: {mode: Terminate}}]
`;

/** The rows of `shop` as east sees them. @param labels of namespaces in a cluster, such as `west/shop`; `mesh: "yes"` where none are given */
function seenByEast(selectors: string, labels: Readonly<Record<string, string>>): readonly string[] {
  const world = new World();
  for (const name of ['east', 'west']) {
    world.set(`${name}/istio.yaml`, INSTALL(name, name === 'east' ? selectors : ''));
    const namespaces = ['shop', 'infra', 'edge'].map((one) =>
      NAMESPACE(one, labels[`${name}/${one}`] ?? 'mesh: "yes"'),
    );
    world.set(`${name}/all.yaml`, [...namespaces, SHOP, WAYPOINT, EASTWEST(name)].join('---\n'));
  }
  const { rows } = atOnce(world.mesh(undefined).views()('east'));
  return rows
    .filter(({ namespace }) => namespace === 'shop')
    .map(({ name, waypoint, endpointClusters }) => `${name} ${waypoint} ${endpointClusters}`);
}

describe('discovery selectors of the cluster that looks', () => {
  const whole = ['db infra/w east,west', 'ext null east'].map((row) => row.replace(/ext null east/, 'ext null '));

  it('leave out nothing that matches, and nothing at all where there are none', () => {
    assert.deepEqual(seenByEast(CHOOSING, {}), whole);
    assert.deepEqual(seenByEast('', { 'east/shop': '', 'west/shop': '', 'west/edge': '' }), whole);
  });

  it('leave a namespace of another cluster out', () => {
    assert.deepEqual(seenByEast(CHOOSING, { 'west/shop': '' }), ['db infra/w east', 'ext null ']);
  });

  it('leave a namespace of its own out, with its ServiceEntries: the Service is that of the other cluster', () => {
    assert.deepEqual(seenByEast(CHOOSING, { 'east/shop': '' }), ['db infra/w west']);
  });

  it('leave out waypoints and gateways', () => {
    assert.deepEqual(seenByEast(CHOOSING, { 'east/infra': '' }), ['db null east,west', 'ext null ']);
    assert.deepEqual(seenByEast(CHOOSING, { 'west/edge': '' }), ['db infra/w east', 'ext null ']);
  });

  it('are those of the istiod that looks, not those of the cluster it looks at', () => {
    assert.deepEqual(seenByEast(CHOOSING, { 'west/infra': '' }), whole);
  });
});
