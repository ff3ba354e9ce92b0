/** Policies of Open Cluster Management in a whole workspace: each cluster once, and no more work than they are worth. */
import assert from 'node:assert/strict';
import { Engine } from '../../server/src/engine/engine.ts';
import { readLayout } from '../layouts/workspaces.ts';

const UNDECIDED = 'matchLabels: { vendor: OpenShift }';

/** The names of the clusters, once for each. */
function clusters(files: Iterable<readonly [string, string]>): string {
  const engine = new Engine({ today: '2026-11-24' });
  engine.apply([...files].map(([file, text]) => ({ file, text })));
  const { layout } = engine.snapshot;
  return [...layout.clusters.values()].map(({ name }) => name).join(' ');
}

describe('policies of which it is not certain where they are placed', () => {
  const { files } = readLayout('open-cluster-management-placements').sound;
  const text = (file: string): string => files.get(file) as string;
  const undecided = text('hub/placements.yaml').replace('matchLabels: { name: lisbon }', UNDECIDED);

  it('go to the cluster that they name themselves', () => {
    assert.ok(undecided.includes(UNDECIDED));
    assert.equal(clusters(new Map(files).set('hub/placements.yaml', undecided)), 'berlin lisbon');
  });

  it('lie beside others that are certain', () => {
    const policies = ['mesh-first', 'mesh-second', 'orders'].map((name) => `policies/${name}.yaml`);
    const all = new Map(files).set('policies/all.yaml', policies.map(text).join('---\n'));
    for (const file of policies) all.delete(file);
    assert.equal(clusters(all), 'berlin lisbon');
    assert.equal(clusters(all.set('hub/placements.yaml', undecided)), 'berlin lisbon');
    const none = undecided.replaceAll('matchLabels: { env: prod }', UNDECIDED);
    assert.equal(clusters(all.set('hub/placements.yaml', none)), 'berlin lisbon');
  });
});

/** So many clusters and placements: more documents than are kept parsed. */
const COUNT = 300;

function many(document: (index: number) => string): string {
  return Array.from({ length: COUNT }, (_, index) => document(index)).join('---\n');
}

function placement(index: number, env: string): string {
  return `apiVersion: cluster.open-cluster-management.io/v1beta1
kind: Placement
metadata: { name: p${index}, namespace: hub }
spec: { predicates: [{ requiredClusterSelector: { labelSelector: { matchLabels: { env: ${env} } } } }] }
`;
}

const FILES = new Map([
  [
    'clusters.yaml',
    many(
      (index) =>
        `apiVersion: cluster.open-cluster-management.io/v1\nkind: ManagedCluster\nmetadata: { name: c${index}, labels: { env: e${index} } }\n`,
    ),
  ],
  ['placement.yaml', placement(0, 'e0')],
  ['placements.yaml', many((index) => placement(index + 1, `e${index}`))],
  [
    'bindings.yaml',
    many(
      (index) =>
        `apiVersion: policy.open-cluster-management.io/v1\nkind: PlacementBinding\nmetadata: { name: b${index}, namespace: hub }\nplacementRef: { kind: Placement, name: p${index} }\nsubjects: [{ kind: Policy, name: q${index} }]\n`,
    ),
  ],
  [
    'policies.yaml',
    many(
      (index) =>
        `apiVersion: policy.open-cluster-management.io/v1\nkind: Policy\nmetadata: { name: q${index}, namespace: hub }\nspec: { policy-templates: [] }\n`,
    ),
  ],
]);

describe('the work for policies', () => {
  const engine = new Engine({ today: '2026-11-24' });
  engine.apply([...FILES].map(([file, text]) => ({ file, text })));

  it('grows with the documents, not with their square', () => {
    const documents = 4 * COUNT + 1;
    assert.ok(engine.parsings < 5 * documents, `${engine.parsings} parsings of ${documents} documents`);
  });

  it('is that of the placements when one of them changes', () => {
    const before = engine.parsings;
    engine.apply([{ file: 'placement.yaml', text: placement(0, 'e1') }]);
    const parsings = engine.parsings - before;
    // The placements are looked up by name again, and the file of the policies is read again: nothing else.
    assert.ok(parsings < 2.2 * COUNT, `${parsings} parsings`);
  });
});
