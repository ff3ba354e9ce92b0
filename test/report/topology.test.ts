import assert from 'node:assert/strict';
import { Engine } from '../../server/src/engine/engine.ts';
import { childId, findNode, parentId, type TopologyNode } from '../../server/src/topology/node.ts';
import { type Grouping, topology } from '../../server/src/topology/topology.ts';
import { CORRECT, clusterFiles, DRIFTED } from './two-clusters.ts';

function roots(files: Readonly<Record<string, string>>, grouping: Grouping): readonly TopologyNode[] {
  const { meshes } = new Engine().apply(Object.entries(files).map(([file, text]) => ({ file, text })));
  return topology(meshes, grouping);
}

/** The tree as indented lines. */
function shown(nodes: readonly TopologyNode[], indent = ''): readonly string[] {
  return nodes.flatMap((node) => [
    `${indent}${node.label}${node.description === '' ? '' : `  ${node.description}`}`,
    ...shown(node.children(), `${indent}  `),
  ]);
}

function all(nodes: readonly TopologyNode[]): readonly TopologyNode[] {
  return nodes.flatMap((node) => [node, ...all(node.children())]);
}

describe('topology: the tree', () => {
  it('shows networks, clusters, gateways, namespaces, waypoints and Services', () => {
    assert.deepEqual(shown(roots({ ...clusterFiles('east', 'network1') }, 'cluster')), [
      'network1',
      '  east  primary · 1.30.2 · 1 global',
      '    Gateways  istio-east-west :15008',
      '      istio-system/istio-eastwestgateway  istio-east-west :15008',
      '    sample  ambient',
      '      waypoint  global · 1 service',
      '        helloworld  global · waypoint',
      '      helloworld  global · waypoint',
    ]);
  });

  it('marks what differs between the clusters', () => {
    const nodes = all(roots(DRIFTED, 'cluster')).filter(({ differs }) => differs);
    assert.deepEqual(
      new Set(nodes.map(({ description }) => description)),
      new Set(['global · waypoint ≠ wp', 'global · wp ≠ waypoint']),
    );
  });

  it('groups by Service, with one child per cluster', () => {
    assert.deepEqual(shown(roots(DRIFTED, 'service')), [
      'sample/helloworld  global in 2 of 2 · waypoint differs',
      '  east  global · waypoint ≠ wp',
      '  west  global · wp ≠ waypoint',
    ]);
  });

  it('folds the Services that stay in their cluster', () => {
    const local = (name: string) =>
      `apiVersion: v1\nkind: Service\nmetadata: { name: ${name}, namespace: sample }\nspec: { ports: [{ port: 80 }] }\n`;
    const lines = shown(
      roots({ ...CORRECT, 'clusters/east/a.yaml': local('a'), 'clusters/east/b.yaml': local('b') }, 'cluster'),
    );
    const fold = lines.indexOf('      2 local services');
    assert.deepEqual(lines.slice(fold, fold + 3), ['      2 local services', '        a  local', '        b  local']);
  });

  it('has a level of meshes only where there are several', () => {
    const prod = Object.entries(CORRECT).map(([file, text]) => [
      file.replace('clusters', 'prod'),
      text.replaceAll('mesh1', 'mesh2'),
    ]);
    const kinds = (files: Readonly<Record<string, string>>) => [
      ...new Set(roots(files, 'cluster').map(({ kind }) => kind)),
    ];
    assert.deepEqual(kinds(CORRECT), ['network']);
    assert.deepEqual(kinds({ ...CORRECT, ...Object.fromEntries(prod) }), ['mesh']);
  });

  it('gives every node an id of its own, from which it is found again', () => {
    for (const grouping of ['cluster', 'service'] as const) {
      const tree = roots(DRIFTED, grouping);
      const nodes = all(tree);
      assert.equal(new Set(nodes.map(({ id }) => id)).size, nodes.length);
      for (const node of nodes) {
        assert.equal(findNode(tree, node.id)?.label, node.label);
        const parent = parentId(node.id);
        if (parent !== undefined) assert.ok(findNode(tree, parent)?.expandable);
      }
    }
    assert.equal(findNode(roots(CORRECT, 'cluster'), 'network:none/cluster:none'), undefined);
  });

  it('keeps ids apart whatever the names hold', () => {
    assert.notEqual(childId('a', 'b/c'), childId(childId('a', 'b'), 'c'));
    assert.notEqual(childId('', 'a:b'), childId('', 'a', 'b'));
    assert.equal(parentId(childId('a', 'b/c\ud800')), 'a');
  });

  it('places what is written', () => {
    for (const node of all(roots(CORRECT, 'cluster'))) {
      if (node.kind !== 'gateways' && node.kind !== 'local-services') assert.ok(node.at, node.label);
    }
  });
});
