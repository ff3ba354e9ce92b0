/** Endpoints that are no Pods: only those of the cluster that looks are read, whichever cluster's Service selects them. */
import assert from 'node:assert/strict';
import { atOnce } from '../../server/src/base/steps.ts';
import { World } from './read-world.ts';

const OPERATOR = (name: string, network = name): string => `apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata: {name: istio}
spec: {profile: ambient, values: {global: {meshID: m, network: ${network}, multiCluster: {clusterName: ${name}}}}}
---
apiVersion: v1
kind: Namespace
metadata: {name: istio-system, labels: {topology.istio.io/network: ${network}}}
`;
const SERVICE = `apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop, labels: {istio.io/global: "true"}}
spec: {selector: {app: db}, ports: [{name: tcp, port: 5432}]}
`;
const ENTRY = (labels: string, more = ''): string => `apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: {name: db-1, namespace: shop, labels: {tier: vm}}
spec: {address: 10.0.0.7, labels: {${labels}}${more}}
`;
const EXTERNAL = (labels: string): string => `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: ext, namespace: shop}
spec: {hosts: [ext.example.com], workloadSelector: {labels: {${labels}}}}
`;
const GATEWAY = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: ew, namespace: istio-system, labels: {topology.istio.io/network: west}}
spec:
  gatewayClassName: istio-east-west
  listeners: [{name: mesh, port: 15008, protocol: HBONE, tls: {mode: Terminate}}]
`;
const POD = `apiVersion: v1
kind: Pod
metadata: {name: a, namespace: shop, labels: {app: web}}
`;

/** By host: the clusters with endpoints, as a viewer sees them. */
function endpoints(viewer: string, files: Readonly<Record<string, string>>, network?: string): object {
  const world = new World();
  for (const name of ['east', 'west']) world.set(`${name}/istio.yaml`, OPERATOR(name, network));
  for (const [file, text] of Object.entries(files)) world.set(file, text);
  const { rows } = atOnce(world.mesh(undefined).views()(viewer));
  return Object.fromEntries(rows.map(({ name, endpointClusters }) => [name, endpointClusters]));
}

describe('endpoints by WorkloadEntry', () => {
  it('are those of the Service that selects them, in the eyes of their own cluster', () => {
    const files = { 'east/db.yaml': [SERVICE, ENTRY('app: db')].join('---\n'), 'west/db.yaml': SERVICE };
    assert.deepEqual(endpoints('east', files), { db: ['east'] });
    assert.deepEqual(endpoints('west', files), { db: [] });
  });

  it('stand in the records of each cluster on the network, unless they say their network', () => {
    const files = (entry: string) => ({ 'east/db.yaml': [SERVICE, entry].join('---\n'), 'west/db.yaml': SERVICE });
    assert.deepEqual(endpoints('east', files(ENTRY('app: db')), 'one'), { db: ['east', 'west'] });
    assert.deepEqual(endpoints('east', files(ENTRY('app: db', ', network: one')), 'one'), { db: ['east', 'west'] });
    assert.deepEqual(endpoints('east', files(ENTRY('app: db', ', network: other')), 'one'), { db: [] });
  });

  it('are reached on another network through its gateway, for a global Service alone', () => {
    const entry = ENTRY('app: db', ', network: west');
    const local = SERVICE.replace(', labels: {istio.io/global: "true"}', '');
    const see = (service: string, more: Readonly<Record<string, string>> = { 'west/gateway.yaml': GATEWAY }) =>
      endpoints('east', { 'east/db.yaml': [service, entry].join('---\n'), ...more });
    assert.deepEqual(see(SERVICE), { db: ['east'] });
    assert.deepEqual(see(SERVICE, {}), { db: [] });
    assert.deepEqual(see(local), { db: [] });
    const external = [EXTERNAL('app: db'), entry].join('---\n');
    assert.deepEqual(endpoints('east', { 'east/a.yaml': external, 'west/gateway.yaml': GATEWAY }), { ext: [] });
  });

  it('have the labels of the object, too, and others are none', () => {
    const selecting = SERVICE.replace('{app: db}', '{app: db, tier: vm}');
    assert.deepEqual(endpoints('east', { 'east/db.yaml': [selecting, ENTRY('app: db')].join('---\n') }), {
      db: ['east'],
    });
    assert.deepEqual(endpoints('east', { 'east/db.yaml': [SERVICE, ENTRY('app: web')].join('---\n') }), { db: [] });
    assert.deepEqual(endpoints('east', { 'east/db.yaml': [SERVICE, ENTRY('app: "{{ x }}"')].join('---\n') }), {
      db: [],
    });
  });

  it('are those of a ServiceEntry that selects them, and so are Pods', () => {
    const own = (...texts: readonly string[]) => endpoints('east', { 'east/a.yaml': texts.join('---\n') });
    assert.deepEqual(own(EXTERNAL('app: db'), ENTRY('app: db')), { ext: ['east'] });
    assert.deepEqual(own(EXTERNAL('app: web'), POD), { ext: ['east'] });
    assert.deepEqual(own(EXTERNAL('app: db'), POD), { ext: [] });
  });
});
