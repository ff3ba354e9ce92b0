/** How clusters are recognised: grouped by path, named by content. */
import assert from 'node:assert/strict';
import { knownValue } from '../../server/src/facts/field.ts';
import { clusterNamed, clustersOf, layoutOf, meshesOf, placesOf } from './layout-of.ts';
import {
  ambientNamespace,
  documents,
  iop,
  istiodDeployment,
  istiodValues,
  networkNamespace,
  plainNamespace,
  service,
  waypoint,
  ztunnelValues,
} from './manifests.ts';

describe('clusters by folder', () => {
  it('one folder each below clusters/, at any depth', () => {
    const layout = layoutOf({
      'clusters/east/istio.yaml': iop({ name: 'east' }),
      'clusters/east/apps/shop.yaml': ambientNamespace(),
      'clusters/west/istio.yaml': iop({ name: 'west' }),
      'clusters/west/apps/shop.yaml': ambientNamespace(),
    });
    assert.deepEqual(placesOf(layout), [
      'clusters/east/apps/shop.yaml: east',
      'clusters/east/istio.yaml: east',
      'clusters/west/apps/shop.yaml: west',
      'clusters/west/istio.yaml: west',
    ]);
  });

  it('folders in the root, one cluster without its control plane', () => {
    const cluster = (network: string): string => documents(networkNamespace(network), ambientNamespace());
    const layout = layoutOf({
      'east/istio.yaml': iop({ name: 'east' }),
      'east/all.yaml': cluster('n1'),
      'north/all.yaml': cluster('n2'),
      'west/istio.yaml': iop({ name: 'west' }),
      'west/all.yaml': cluster('n3'),
    });
    assert.deepEqual(meshesOf(layout), ['mesh: east, north, west']);
    assert.equal(clusterNamed(layout, 'north').install.controlPlane, 'none');
  });

  it('not a component beside them, even if it repeats an object of theirs', () => {
    const shop = documents(ambientNamespace(), waypoint());
    const layout = layoutOf({
      'bookinfo/shop.yaml': shop,
      'east/istio.yaml': iop({ name: 'east' }),
      'east/shop.yaml': shop,
      'west/istio.yaml': iop({ name: 'west' }),
      'west/shop.yaml': shop,
    });
    assert.deepEqual(clustersOf(layout), ['east', 'west']);
    assert.equal(layout.placement.get('bookinfo/shop.yaml'), undefined);
  });

  it('the only one there is, with what lies beside it if it holds nothing of a mesh itself', () => {
    const tool = plainNamespace('flux-system');
    const beside = { 'infrastructure/istio/istio.yaml': iop(), 'apps/shop.yaml': ambientNamespace() };
    const one = layoutOf({ 'clusters/production/flux-system/sync.yaml': tool, ...beside });
    assert.deepEqual(placesOf(one), [
      'apps/shop.yaml: production',
      'clusters/production/flux-system/sync.yaml: production',
      'infrastructure/istio/istio.yaml: production',
    ]);
    assert.equal(
      one.clusters.get('clusters/production')?.evidence[0]?.file,
      'clusters/production/flux-system/sync.yaml',
    );
    const two = layoutOf({
      'clusters/production/flux-system/sync.yaml': tool,
      'clusters/staging/flux-system/sync.yaml': tool,
      ...beside,
    });
    assert.deepEqual([...two.clusters.keys()], ['.']);
    assert.equal(two.placement.get('clusters/staging/flux-system/sync.yaml')?.length, 1);
    const installed = layoutOf({ 'clusters/production/istio.yaml': iop(), 'apps/shop.yaml': ambientNamespace() });
    assert.deepEqual(placesOf(installed), ['clusters/production/istio.yaml: production']);
  });

  it('one in each of several repositories, of which one has a folder of clusters that holds nothing of a mesh', () => {
    const tool = plainNamespace('flux-system');
    const layout = layoutOf({
      'fleet-a/clusters/production/flux-system/sync.yaml': tool,
      'fleet-a/istio/istio.yaml': iop({ name: 'a' }),
      'fleet-b/clusters/production/flux-system/sync.yaml': tool,
      'fleet-b/clusters/staging/flux-system/sync.yaml': tool,
      'fleet-b/istio/istio.yaml': iop({ name: 'b' }),
    });
    assert.deepEqual([...layout.clusters.keys()], ['fleet-a/clusters/production', 'fleet-b']);
    assert.equal(placesOf(layout).length, 5);
  });

  it('one that is installed in two ways in a folder of its name, with what lies beside them', () => {
    const layout = layoutOf({
      'clusters/east/manual/iop.yaml': iop({ name: 'east', network: 'n1' }),
      'clusters/east/step3/values.yaml': istiodValues({ name: 'east', network: 'n1' }),
      'clusters/east/hello/app.yaml': ambientNamespace(),
      'clusters/west/values.yaml': istiodValues({ name: 'west', network: 'n2' }),
    });
    assert.deepEqual([...layout.clusters.keys()], ['clusters/east', 'clusters/west']);
    assert.equal(layout.clusters.get('clusters/east')?.files.length, 3);
    const counted = layoutOf({
      'clusters/prod/00/iop.yaml': iop({ name: 'prod', network: 'n1' }),
      'clusters/prod/01/iop.yaml': iop({ name: 'prod', network: 'n2' }),
    });
    assert.deepEqual([...counted.clusters.keys()], ['clusters/prod/00', 'clusters/prod/01']);
  });

  it('not the folder of what they share', () => {
    const layout = layoutOf({
      'clusters/east/istiod.yaml': istiodValues({ name: 'east' }),
      'clusters/west/shop.yaml': ambientNamespace(),
      'values/istiod.yaml': istiodValues({ mesh: 'corp' }),
    });
    assert.deepEqual(clustersOf(layout), ['east', 'west']);
  });

  it('of a workspace without any control plane, where they repeat objects', () => {
    const shop = documents(ambientNamespace(), waypoint());
    const layout = layoutOf({ 'apps/east/shop.yaml': shop, 'apps/west/shop.yaml': shop });
    assert.deepEqual(meshesOf(layout), ['apps: east, west']);
  });

  it('but a Namespace that two components repeat does not make two clusters', () => {
    const layout = layoutOf({
      'shop-api/ns.yaml': ambientNamespace(),
      'shop-web/ns.yaml': documents(ambientNamespace(), waypoint()),
    });
    assert.equal(layout.clusters.size, 1);
  });

  it('the same folder names below several components', () => {
    const layout = layoutOf({
      'istio/clusters/east/istiod.yaml': istiodValues({ name: 'east' }),
      'istio/clusters/west/istiod.yaml': istiodValues({ name: 'west' }),
      'shop/clusters/east/shop.yaml': ambientNamespace(),
      'shop/clusters/west/shop.yaml': ambientNamespace(),
    });
    assert.deepEqual(meshesOf(layout), ['clusters: east, west']);
    assert.equal(layout.placement.get('shop/clusters/west/shop.yaml')?.length, 1);
  });

  it('values files of several charts below a folder for each cluster', () => {
    const layout = layoutOf({
      'helm-values/east/istiod/values.yaml': istiodValues({ name: 'east' }),
      'helm-values/east/ztunnel/values.yaml': ztunnelValues('east'),
      'helm-values/west/istiod/values.yaml': istiodValues({ name: 'west' }),
      'helm-values/west/ztunnel/values.yaml': ztunnelValues('west'),
    });
    assert.deepEqual(meshesOf(layout), ['helm-values: east, west']);
    assert.notEqual(clusterNamed(layout, 'west').install.ztunnel, undefined);
  });

  it('two segments that name one cluster', () => {
    const layout = layoutOf({
      'clusters/dev/00/istio.yaml': iop(),
      'clusters/prod/00/istio.yaml': iop({ network: 'n0' }),
      'clusters/prod/01/istio.yaml': iop({ network: 'n1' }),
    });
    assert.deepEqual(clustersOf(layout), ['dev', 'prod-00', 'prod-01']);
  });

  it('a tree of another component that speaks of the clusters by name', () => {
    const layout = layoutOf({
      'clusters/east/istio.yaml': iop({ name: 'cluster-east' }),
      'clusters/west/istio.yaml': iop({ name: 'cluster-west' }),
      'shop/overlays/east/shop.yaml': ambientNamespace(),
      'shop/cluster-west/shop.yaml': ambientNamespace(),
      'shop/base/shop.yaml': ambientNamespace(),
    });
    assert.deepEqual(
      placesOf(layout).filter((place) => place.startsWith('shop/')),
      ['shop/cluster-west/shop.yaml: cluster-west', 'shop/overlays/east/shop.yaml: cluster-east'],
    );
  });

  it('are named by clusterName, which may differ from the folder', () => {
    const layout = layoutOf({
      'central/istio.yaml': iop({ name: 'g6258cus' }),
      'east/istio.yaml': iop({ name: 'foo' }),
    });
    assert.deepEqual(clustersOf(layout), ['foo', 'g6258cus']);
  });

  it('are named by the folder where clusterName is a placeholder or left out', () => {
    const layout = layoutOf({
      'clusters/east/istio.yaml': iop({ name: 'CLUSTER_NAME' }),
      'clusters/west/istio.yaml': iop(),
    });
    assert.deepEqual(clustersOf(layout), ['east', 'west']);
  });

  it('are named by the folder where istiod is told no name but the one of the charts, as in what Helm rendered', () => {
    const clusters = ['hub', 'work'].map((name) => [`clusters/${name}/istiod.yaml`, istiodDeployment('Kubernetes')]);
    const layout = layoutOf(Object.fromEntries(clusters));
    assert.deepEqual(clustersOf(layout), ['hub', 'work']);
    assert.equal(knownValue(clusterNamed(layout, 'hub').install.clusterName), 'Kubernetes');
    assert.deepEqual(clustersOf(layoutOf({ 'mesh/istiod.yaml': istiodDeployment('Kubernetes') })), ['Kubernetes']);
  });

  it('keep what belongs to one cluster together: revisions, gateways, a second control plane file', () => {
    const layout = layoutOf({
      'east/istio.yaml': iop({ name: 'east' }),
      'east/istio-canary.yaml': iop({ name: 'east' }).replace('spec:', 'spec:\n  revision: canary'),
      'east/gateways.yaml': iop({ name: 'east' }).replace('profile: ambient', 'profile: empty'),
      'west/istio.yaml': iop({ name: 'west' }),
    });
    assert.deepEqual(clustersOf(layout), ['east', 'west']);
    assert.equal(clusterNamed(layout, 'east').files.length, 3);
  });
});

describe('clusters by file name', () => {
  for (const [one, two] of [
    ['cluster1.yaml', 'cluster2.yaml'],
    ['values-cluster1.yaml', 'values-cluster2.yaml'],
    ['istio-configmap-cluster1.yaml', 'istio-configmap-cluster2.yaml'],
    ['cluster1-values.yaml', 'cluster2-values.yaml'],
    ['002-multicluster-cluster1.yaml', '003-multicluster-cluster2.yaml'],
  ] as const) {
    it(`${one} and ${two}`, () => {
      const layout = layoutOf({ [one]: iop(), [two]: iop({ network: 'n2' }) });
      assert.deepEqual(clustersOf(layout), ['cluster1', 'cluster2']);
    });
  }

  it('in a folder for each chart, with gateways beside them', () => {
    const layout = layoutOf({
      'istiod/values-east.yaml': istiodValues({ name: 'east' }),
      'istiod/values-west.yaml': istiodValues({ name: 'west' }),
      'ztunnel/values-east.yaml': ztunnelValues('east'),
      'ztunnel/values-west.yaml': ztunnelValues('west'),
      'gateways/east-gw.yaml': ambientNamespace('gateways'),
    });
    assert.deepEqual(meshesOf(layout), ['istiod: east, west']);
    assert.equal(placesOf(layout)[0], 'gateways/east-gw.yaml: east');
  });

  it('told by clusterName where the names of the files do not', () => {
    const layout = layoutOf({ 'istio.yaml': iop({ name: 'east' }), 'operator.yaml': iop({ name: 'west' }) });
    assert.deepEqual(clustersOf(layout), ['east', 'west']);
  });
});

describe('a workspace with one cluster', () => {
  it('is one cluster, whatever its components repeat', () => {
    const layout = layoutOf({
      'istio/istio.yaml': iop({ name: 'prod' }),
      'istio/ns.yaml': networkNamespace('n1'),
      'monitoring/ns.yaml': plainNamespace('istio-system'),
      'reviews/v1/svc.yaml': documents(ambientNamespace(), service('reviews')),
      'reviews/v2/svc.yaml': documents(ambientNamespace(), service('reviews')),
    });
    assert.deepEqual(clustersOf(layout), ['prod']);
    assert.equal(clusterNamed(layout, 'prod').files.length, 5);
  });

  it("is not called after the folder of Flux's own manifests", () => {
    const layout = layoutOf({
      'kubernetes/home/flux-system/istio.yaml': iop(),
      'kubernetes/apps/shop.yaml': ambientNamespace(),
    });
    assert.deepEqual(clustersOf(layout), ['home']);
  });

  it('is called after a folder that holds all of it, or that of an environment, and not after a component', () => {
    const named = (file: string): readonly (string | undefined)[] => {
      const layout = layoutOf({
        [file]: iop(),
        'apps/shop.yaml': ambientNamespace(),
        'sail/gateways.yaml': networkNamespace('n'),
      });
      const [cluster] = layout.clusters.values();
      return [cluster?.name, cluster?.evidence.find(({ field }) => field === 'name')?.why];
    };
    assert.deepEqual(named('step-1/istio.yaml'), ['Kubernetes', 'the name that istiod has by default']);
    assert.equal(named('deploy/ambient/istio.yaml')[0], 'Kubernetes');
    assert.deepEqual(named('deploy/prod/istio.yaml'), ['prod', 'folder deploy/prod']);
    assert.deepEqual(named('regions/eu-1/istio.yaml'), ['eu-1', 'folder regions/eu-1']);
    const all = layoutOf({ 'homelab/istio/istio.yaml': iop(), 'homelab/apps/shop.yaml': ambientNamespace() });
    assert.deepEqual(clustersOf(all), ['homelab']);
  });

  it('may show nothing but the use of ambient mode', () => {
    assert.equal(layoutOf({ 'shop.yaml': ambientNamespace() }).clusters.size, 1);
  });

  it('is what the opened folder of a cluster is', () => {
    const layout = layoutOf({ 'istio.yaml': iop({ name: 'east' }), 'apps/shop.yaml': ambientNamespace() });
    assert.deepEqual(clustersOf(layout), ['east']);
  });
});

describe('what is no cluster', () => {
  it('a repository that only mentions Istio', () => {
    const layout = layoutOf({
      'clusters/a/shop.yaml': documents(plainNamespace('istio-system'), service('cart')),
      'clusters/b/shop.yaml': documents(plainNamespace('istio-system'), service('cart')),
      'karpenter/values.yaml': 'settings: { clusterName: prod }\n',
      'otel.yaml': 'clusterName: prod\nmode: daemonset\n',
    });
    assert.deepEqual([layout.clusters.size, layout.meshes.length, [...layout.placement].length], [0, 0, 0]);
  });

  it('a class of another distribution', () => {
    const gateway = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: gw, namespace: istio-eastwest }
spec: { gatewayClassName: istio-eastwest, listeners: [ { name: x, port: 15008, protocol: HBONE } ] }
`;
    assert.equal(layoutOf({ 'a/gw.yaml': gateway, 'b/gw.yaml': gateway }).clusters.size, 0);
  });

  it('a sibling without any sign is listed, and compared with nothing', () => {
    const layout = layoutOf({
      'clusters/east/istio.yaml': iop({ name: 'east' }),
      'clusters/west/istio.yaml': iop({ name: 'west' }),
      'clusters/tools/svc.yaml': service('ci', 'ci'),
    });
    assert.deepEqual(meshesOf(layout), ['clusters: east, west', 'tools: tools']);
  });

  it('what several clusters share', () => {
    const layout = layoutOf({
      'base/shop.yaml': ambientNamespace(),
      'clusters/base/shop.yaml': ambientNamespace(),
      'clusters/east/istio.yaml': iop({ name: 'east' }),
      'clusters/west/istio.yaml': iop({ name: 'west' }),
    });
    assert.deepEqual(clustersOf(layout), ['east', 'west']);
    assert.equal(layout.placement.get('base/shop.yaml'), undefined);
    assert.equal(layout.placement.get('clusters/base/shop.yaml'), undefined);
  });
});
