/** Which clusters get a policy: what is certain from placements, bindings and clusters in git. */
import assert from 'node:assert/strict';
import { DeployTree } from './deploy-tree.ts';

const POLICY = `apiVersion: policy.open-cluster-management.io/v1
kind: Policy
metadata: { name: mesh, namespace: hub }
spec:
  policy-templates: []
`;

const BINDING = `apiVersion: policy.open-cluster-management.io/v1
kind: PlacementBinding
metadata: { name: mesh, namespace: hub }
placementRef: { kind: Placement, name: where }
subjects: [{ kind: Policy, name: mesh }]
`;

function cluster(name: string, labels: string): string {
  return `apiVersion: cluster.open-cluster-management.io/v1
kind: ManagedCluster
metadata: { name: ${name}, labels: { ${labels} } }
`;
}

const CLUSTERS = {
  'clusters/a.yaml': cluster('a', 'env: prod, cluster.open-cluster-management.io/clusterset: mesh'),
  'clusters/b.yaml': cluster('b', 'env: prod, cluster.open-cluster-management.io/clusterset: other'),
  'clusters/c.yaml': cluster('c', 'env: test, cluster.open-cluster-management.io/clusterset: mesh'),
};

function placement(spec: string, kind = 'Placement'): string {
  return `apiVersion: cluster.open-cluster-management.io/v1beta1\nkind: ${kind}\nmetadata: { name: where, namespace: hub }\nspec: ${spec}\n`;
}

/** The clusters that get the policy; `?` if that is not certain. */
function placedOn(spec: string, more: Readonly<Record<string, string>> = CLUSTERS): string {
  const tree = new DeployTree({ 'policy.yaml': POLICY, 'bind.yaml': BINDING, 'where.yaml': placement(spec), ...more });
  return tree
    .deployments()
    .map(({ cluster: { kind, keys } }) => (kind === 'unknown' ? '?' : keys.map(({ value }) => value).join()))
    .join(' ');
}

function byLabels(selector: string): string {
  return `{ predicates: [{ requiredClusterSelector: { labelSelector: ${selector} } }] }`;
}

describe('policies of Open Cluster Management', () => {
  it('go to the clusters that have the labels', () => {
    assert.equal(placedOn(byLabels('{ matchLabels: { env: prod } }')), 'a b');
    assert.equal(placedOn(byLabels('{ matchExpressions: [{ key: env, operator: NotIn, values: [prod] }] }')), 'c');
    assert.equal(placedOn('{}'), 'a b c');
  });

  it('go to clusters of the sets only', () => {
    assert.equal(placedOn('{ clusterSets: [mesh] }'), 'a c');
    const bound = `apiVersion: cluster.open-cluster-management.io/v1beta2
kind: ManagedClusterSetBinding
metadata: { name: other, namespace: hub }
spec: { clusterSet: other }
`;
    assert.equal(placedOn('{}', { ...CLUSTERS, 'set.yaml': bound }), 'b');
    assert.equal(
      placedOn('{}', { ...CLUSTERS, 'set.yaml': bound.replace('clusterSet: other', 'clusterSet: global') }),
      'a b c',
    );
    assert.equal(placedOn('{ clusterSets: [mesh] }', { 'd.yaml': cluster('d', 'env: prod') }), '?');
  });

  it('go to clusters of a name that are not in git', () => {
    assert.equal(placedOn(byLabels('{ matchLabels: { name: z } }'), {}), 'z');
    assert.equal(placedOn(byLabels('{ matchExpressions: [{ key: name, operator: In, values: [p, q] }] }'), {}), 'p q');
  });

  it('go nowhere for certain where something else decides', () => {
    for (const spec of [
      '{ numberOfClusters: 1 }',
      '{ predicates: [{ requiredClusterSelector: { claimSelector: { matchExpressions: [{ key: x, operator: Exists }] } } }] }',
      '{ predicates: [{ requiredClusterSelector: { celSelector: { celExpressions: [x] } } }] }',
      byLabels('{ matchLabels: { vendor: OpenShift } }'),
      byLabels('{ matchLabels: { env: "{{hub x hub}}" } }'),
      byLabels('{ matchLabels: { env: nowhere } }'),
    ])
      assert.equal(placedOn(spec), '?', spec);
    assert.equal(placedOn(byLabels('{ matchLabels: { env: prod } }'), {}), '?');
    assert.equal(placedOn('{}', { 'a.yaml': `${cluster('a', 'env: prod')}spec: { taints: [{ key: x }] }\n` }), '?');
    assert.equal(
      placedOn('{}', { ...CLUSTERS, 'bind.yaml': BINDING.replace('name: mesh }]', 'name: another }]') }),
      '?',
    );
    assert.equal(placedOn('{}', { ...CLUSTERS, 'bind.yaml': `${BINDING}subFilter: restricted\n` }), '?');
  });

  it('are bound in sets, and by rules of old', () => {
    const inSet = BINDING.replace('kind: Policy, name: mesh', 'kind: PolicySet, name: all');
    const set =
      'apiVersion: policy.open-cluster-management.io/v1beta1\nkind: PolicySet\nmetadata: { name: all, namespace: hub }\nspec: { policies: [mesh] }\n';
    assert.equal(placedOn('{}', { ...CLUSTERS, 'bind.yaml': inSet, 'set.yaml': set }), 'a b c');
    const byRule = BINDING.replace('kind: Placement,', 'kind: PlacementRule,');
    const rule = (spec: string) =>
      placedOn('{}', { ...CLUSTERS, 'bind.yaml': byRule, 'rule.yaml': placement(spec, 'PlacementRule') });
    assert.equal(rule('{ clusters: [{ name: x }] }'), 'x');
    assert.equal(rule('{ clusterSelector: { matchLabels: { env: test } } }'), 'c');
    assert.equal(rule('{ clusterReplicas: 1, clusterSelector: {} }'), '?');
  });

  it('go nowhere for certain where that would take too long to find out', () => {
    const many = (count: number): Record<string, string> =>
      Object.fromEntries(
        Array.from({ length: count }, (_, i) => [`clusters/${i}.yaml`, cluster(`c${i}`, 'env: prod')]),
      );
    const selectors = (count: number): string =>
      `{ predicates: [${Array.from({ length: count }, (_, i) => `{ requiredClusterSelector: { labelSelector: { matchLabels: { env: e${i} } } } }`).join()}, {}] }`;
    assert.equal(placedOn(selectors(600), many(300)).split(' ').length, 300);
    assert.equal(placedOn(selectors(900), many(300)), '?');
  });

  it('are read once, however many there are', () => {
    const counted = (policies: number): number => {
      let lookups = 0;
      const tree = new (class extends DeployTree {
        override objects(kind: string) {
          lookups++;
          return super.objects(kind);
        }
      })({
        ...CLUSTERS,
        'where.yaml': placement('{}'),
        'bind.yaml': BINDING,
        'policies.yaml': Array.from({ length: policies }, () => POLICY).join('---\n'),
      });
      assert.equal(tree.deployments().length, 3 * policies);
      return lookups;
    };
    assert.equal(counted(100), counted(1));
  });
});
