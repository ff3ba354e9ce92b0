/** Which clusters are one mesh: each clause of the rule, and what must stay apart. */
import assert from 'node:assert/strict';
import { clusterNamed, type Files, layoutOf, meshesOf } from './layout-of.ts';
import {
  ambientNamespace,
  documents,
  iop,
  networkNamespace,
  plainNamespace,
  remoteSecret,
  service,
} from './manifests.ts';

function folders(prefix: string, ...names: readonly string[]): Files {
  return Object.fromEntries(names.map((name) => [`${prefix}${name}/istio.yaml`, iop({ name })]));
}

function whyOf(files: Files): string[] {
  return layoutOf(files).meshes.map(({ why }) => why);
}

describe('one mesh', () => {
  it('because they name one, though one of them below a key that nothing reads', () => {
    const slip = (name: string, key: string, wrong: string) =>
      iop({ name, mesh: 'm1' }).replace(`${key}: `, `${wrong}: `);
    for (const [key, wrong] of [
      ['global', 'gloabl'],
      ['meshID', 'meshId'],
    ] as const) {
      const files = {
        'a/one/istio.yaml': slip('one', key, wrong),
        'b/two/istio.yaml': iop({ name: 'two', mesh: 'm1' }),
      };
      assert.deepEqual(whyOf(files), ['same meshID'], wrong);
    }
    const other = { 'a/one/istio.yaml': slip('one', 'global', 'world'), 'b/two/istio.yaml': iop({ mesh: 'm1' }) };
    assert.equal(whyOf(other).length, 2);
  });

  it('(1) because the configuration declares it', () => {
    const settings = {
      meshes: [
        {
          id: 'global',
          reference: 'west',
          clusters: [
            { name: 'east', paths: ['a/**'], network: 'n1' },
            { name: 'west', paths: ['b/**'] },
          ],
        },
      ],
    };
    const layout = layoutOf(
      { 'a/istio.yaml': iop({ name: 'x', mesh: 'm1' }), 'b/istio.yaml': iop({ name: 'y', mesh: 'm2' }) },
      { settings },
    );
    assert.deepEqual(meshesOf(layout), ['global: east, west']);
    assert.equal(layout.meshes[0]?.reference, clusterNamed(layout, 'west').id);
    assert.equal(clusterNamed(layout, 'east').declaredNetwork?.value, 'n1');
    assert.ok(clusterNamed(layout, 'east').evidence.some(({ contradicts }) => contradicts));
  });

  it('(2) because remote secrets link the clusters, though their meshIDs differ', () => {
    const files = {
      'clusters/east/istio.yaml': iop({ name: 'east', mesh: 'm1' }),
      'clusters/east/remotes.yaml': remoteSecret('west'),
      'clusters/west/istio.yaml': iop({ name: 'west', mesh: 'm2' }),
    };
    assert.deepEqual(meshesOf(layoutOf(files)), ['m1: east, west']);
    assert.deepEqual(whyOf(files), ['linked by remote secrets']);
  });

  it('(2) also by a secret that is sealed: the names of its keys are not', () => {
    const files = {
      'clusters/east/istio.yaml': iop({ name: 'east', mesh: 'm1' }),
      'clusters/east/remotes.yaml':
        'apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: { name: remote, namespace: istio-system }\nspec: { encryptedData: { west: AgB }, template: { metadata: { labels: { istio/multiCluster: "true" } } } }\n',
      'clusters/west/istio.yaml': iop({ name: 'west', mesh: 'm2' }),
    };
    assert.deepEqual(meshesOf(layoutOf(files)), ['m1: east, west']);
  });

  it('(2) a secret for itself, or for a name that two others have, links nothing', () => {
    const layout = layoutOf({
      'a/clusters/one/istio.yaml': iop({ name: 'one', mesh: 'm1' }),
      'a/clusters/one/remotes.yaml': remoteSecret('one', 'x'),
      'b/clusters/x/istio.yaml': iop({ name: 'x', mesh: 'm2' }),
      'c/clusters/x/istio.yaml': iop({ name: 'x', mesh: 'm3' }),
    });
    assert.equal(layout.meshes.length, 3);
  });

  it('(3) because the meshID is the same, wherever the clusters lie', () => {
    const files = {
      'teams/a/istio.yaml': iop({ name: 'east', mesh: 'corp' }),
      'platform/b/istio.yaml': iop({ name: 'west', mesh: 'corp' }),
    };
    assert.deepEqual(meshesOf(layoutOf(files)), ['corp: east, west']);
    assert.deepEqual(whyOf(files), ['same meshID']);
  });

  it('(3) even if two siblings have the same name by mistake', () => {
    const layout = layoutOf({
      'clusters/east/istio.yaml': iop({ name: 'east', mesh: 'm' }),
      'clusters/west/istio.yaml': iop({ name: 'east', mesh: 'm' }),
    });
    assert.deepEqual(meshesOf(layout), ['m: east, east']);
  });

  it('(3) even if one in another tree has the name of a cluster elsewhere, from which it was copied with a network of its own', () => {
    const repositories = (network: string): Files => ({
      'fleet-a/clusters/oslo/istio.yaml': iop({ name: 'oslo', mesh: 'm', network: 'n1' }),
      'fleet-b/clusters/lima/istio.yaml': iop({ name: 'lima', mesh: 'm', network: 'n2' }),
      'fleet-c/clusters/rome/istio.yaml': iop({ name: 'oslo', mesh: 'm', network }),
    });
    assert.deepEqual(meshesOf(layoutOf(repositories('n3'))), ['m: lima, oslo, oslo']);
    assert.equal(meshesOf(layoutOf(repositories('n1'))).length, 3);
  });

  it('(4) because ambient siblings say nothing else; its id is the name of the folder above', () => {
    assert.deepEqual(meshesOf(layoutOf(folders('mesh/eu/', 'east', 'west'))), ['eu: east, west']);
    assert.deepEqual(whyOf(folders('mesh/eu/', 'east', 'west')), ['siblings in mesh/eu/']);
  });

  it('(4) a sibling without a meshID joins those that have one', () => {
    const layout = layoutOf({
      'clusters/a/istio.yaml': iop({ name: 'a', mesh: 'm' }),
      'clusters/b/istio.yaml': iop({ name: 'b', mesh: 'm' }),
      'clusters/c/shop.yaml': documents(ambientNamespace(), service('cart')),
    });
    assert.deepEqual(meshesOf(layout), ['m: a, b, c']);
  });

  it('(4) also a sibling on a network of its own that was copied with the name of another', () => {
    const named = (...clusters: readonly (readonly [folder: string, network: string | undefined])[]): string[] =>
      meshesOf(
        layoutOf({
          ...folders('clusters/', 'north'),
          ...Object.fromEntries(
            clusters.map(([folder, network]) => [
              `clusters/${folder}/istio.yaml`,
              iop({ name: 'c-east', ...(network === undefined ? {} : { network }) }),
            ]),
          ),
        }),
      );
    assert.deepEqual(named(['east', 'n1'], ['west', 'n2']), ['clusters: c-east, c-east, north']);
    for (const other of [
      ['west', 'n1'],
      ['west', undefined],
      ['c-east-blue', 'n2'],
    ] as const)
      assert.equal(named(['c-east', 'n1'], other).length, 3);
    assert.equal(named(['one', 'n1'], ['two', 'n2']).length, 3);
  });

  it('--cluster: what is named on the command line is one mesh like siblings are', () => {
    const layout = layoutOf(
      { 'x/istio.yaml': iop(), 'y/z/istio.yaml': iop({ network: 'n2' }), 'y/other.yaml': ambientNamespace() },
      {
        clusters: [
          { name: 'east', path: 'x' },
          { name: 'west', path: './y/z/' },
        ],
      },
    );
    assert.deepEqual(
      [...layout.clusters.values()].map(({ name, files }) => `${name}: ${files.join()}`),
      ['east: x/istio.yaml', 'west: y/z/istio.yaml'],
    );
  });
});

describe('separate meshes', () => {
  it('dev and prod with equal names', () => {
    const layout = layoutOf({ ...folders('envs/dev/', 'c1', 'c2'), ...folders('envs/prod/', 'c1', 'c2') });
    assert.deepEqual(meshesOf(layout), ['dev: c1, c2', 'prod: c1, c2']);
  });

  it('dev and prod with equal names and the same meshID', () => {
    const tree = (env: string): Files => ({
      [`envs/${env}/c1/istio.yaml`]: iop({ name: 'c1', mesh: 'mesh1' }),
      [`envs/${env}/c2/istio.yaml`]: iop({ name: 'c2', mesh: 'mesh1' }),
    });
    assert.deepEqual(meshesOf(layoutOf({ ...tree('dev'), ...tree('prod') })), [
      'envs/dev/mesh1: c1, c2',
      'envs/prod/mesh1: c1, c2',
    ]);
  });

  it('two ways to install the clusters, in the folder of each of them', () => {
    const way = (folder: string, name: string, network: string): Files => ({
      [`clusters/${folder}/helm/istio.yaml`]: iop({ name, network, mesh: 'm' }),
      [`clusters/${folder}/plain/istio.yaml`]: iop({ name, network, mesh: 'm' }),
    });
    const layout = layoutOf({ ...way('east', 'c-east', 'n1'), ...way('west', 'c-west', 'n2') });
    assert.deepEqual(
      layout.meshes.map(({ clusters }) => clusters),
      [
        ['clusters/east/helm', 'clusters/west/helm'],
        ['clusters/east/plain', 'clusters/west/plain'],
      ],
    );
    const counted = layoutOf({ ...way('prod', 'prod', 'n1'), 'clusters/dev/istio.yaml': iop({ name: 'dev' }) });
    assert.equal(counted.clusters.size, 2);
  });

  it('two meshIDs among siblings', () => {
    const layout = layoutOf({
      'clusters/a/istio.yaml': iop({ name: 'a', mesh: 'm1' }),
      'clusters/b/istio.yaml': iop({ name: 'b', mesh: 'm1' }),
      'clusters/c/istio.yaml': iop({ name: 'c', mesh: 'm2' }),
      'clusters/d/istio.yaml': iop({ name: 'd' }),
    });
    assert.deepEqual(meshesOf(layout), ['clusters: d', 'm1: a, b', 'm2: c']);
  });

  it('alternative topologies side by side', () => {
    const layout = layoutOf({
      ...folders('multi-primary/', 'cluster1', 'cluster2'),
      ...folders('primary-remote/', 'cluster1', 'cluster2'),
    });
    assert.deepEqual(meshesOf(layout), ['multi-primary: cluster1, cluster2', 'primary-remote: cluster1, cluster2']);
  });

  it('variants of one cluster: the same name in two folders, stated or by default', () => {
    const stated = layoutOf({
      'private-nlb/istio.yaml': iop({ name: 'c' }),
      'public-nlb/istio.yaml': iop({ name: 'c' }),
    });
    assert.deepEqual(
      stated.meshes.map(({ clusters }) => clusters.length),
      [1, 1],
    );
    const byDefault = layoutOf({ 'private-nlb/istio.yaml': iop(), 'public-nlb/istio.yaml': iop() });
    assert.deepEqual(
      byDefault.meshes.map(({ clusters }) => clusters.length),
      [1, 1],
    );
  });

  it('variants in one folder that name no cluster', () => {
    const layout = layoutOf({
      'istio/full.yaml': iop({ name: 'CLUSTER_NAME' }),
      'istio/small.yaml': iop({ name: 'CLUSTER_NAME' }),
    });
    assert.deepEqual(
      layout.meshes.map(({ clusters }) => clusters.length),
      [1, 1],
    );
    const named = layoutOf({
      'istio/full.yaml': iop({ network: 'a' }),
      'istio/small.yaml': iop({ name: 'x', network: 'b' }),
    });
    assert.equal(named.meshes.length, 1);
  });

  it('environments as siblings', () => {
    const layout = layoutOf({
      'clusters/dev/istio.yaml': iop({ name: 'c-dev' }),
      'clusters/prod/istio.yaml': iop({ name: 'c-prod' }),
    });
    assert.equal(layout.meshes.length, 2);
  });

  it('a cluster whose siblings alone use ambient mode', () => {
    const layout = layoutOf({
      ...folders('clusters/', 'east', 'west'),
      'clusters/old1/istio.yaml': iop({ name: 'old1' }).replace('profile: ambient', 'profile: default'),
      'clusters/tools/ns.yaml': documents(plainNamespace('ci'), networkNamespace('n9')),
    });
    assert.deepEqual(meshesOf(layout), ['clusters: east, west', 'old1: old1', 'tools: tools']);
  });
});
