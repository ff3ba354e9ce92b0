/** Policies of Open Cluster Management: the literal objects in them are read, what templates make is not. */
import assert from 'node:assert/strict';
import { factsOf } from './read-facts.ts';

const policy = (spec: string): string => `apiVersion: policy.open-cluster-management.io/v1
kind: Policy
metadata: {name: mesh, namespace: policies}
spec:
  policy-templates:
    - objectDefinition:
        apiVersion: policy.open-cluster-management.io/v1
        kind: ConfigurationPolicy
        metadata: {name: mesh}
        spec: ${spec}
`;

const namespace = (type: string): string =>
  `{complianceType: ${type}, objectDefinition: {apiVersion: v1, kind: Namespace, metadata: {name: ${type}, labels: {a: b}}}}`;

describe('objects in policies', () => {
  it('are those that must be there', () => {
    const facts = factsOf(
      policy(
        `{remediationAction: enforce, object-templates: [${['musthave', 'MustOnlyHave', 'mustnothave'].map(namespace).join(', ')}]}`,
      ),
    );
    assert.deepEqual(
      facts.objects.map(({ kind, name }) => `${kind} ${name.value}`),
      ['Namespace musthave', 'Namespace MustOnlyHave'],
    );
    assert.equal(facts.foreign, undefined);
  });

  it('are none where a policy only informs, or is off', () => {
    for (const switched of ['remediationAction: inform', 'disabled: true']) {
      const facts = factsOf(policy(`{${switched}, object-templates: [${namespace('musthave')}]}`));
      assert.deepEqual([facts.objects, facts.foreign], [[], undefined]);
    }
  });

  it('that a template makes are not read', () => {
    const facts = factsOf(policy('{object-templates-raw: "{{ range }}"}'));
    assert.deepEqual([facts.objects, facts.foreign], [[], 'other-tool']);
  });
});
