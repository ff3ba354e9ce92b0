/** Labels of Argo CD's clusters: what a template reads and one of them lacks, and what a selector misspells. */
import assert from 'node:assert/strict';
import { editedTexts } from '../../server/src/yaml/text-edits.ts';
import { CHART } from './argo-world.ts';
import { engineOf } from './import-world.ts';

const NAMES = ['oslo', 'paris', 'tokyo'];
const SET = 'argocd/istiod.yaml';
const secretOf = (name: string): string => `clusters/${name}.yaml`;

const secret = (name: string, labels = 'mesh: ambient'): string =>
  `apiVersion: v1
kind: Secret
metadata:
  name: ${name}
  namespace: argocd
  labels:
    argocd.argoproj.io/secret-type: cluster
    ${labels}
    network: net-${name}
    topology.istio.io/network: net-${name}
stringData:
  name: ${name}
  server: https://${name}.example.com
`;

const set = (network: string, { selector = '{ mesh: ambient }', go = true } = {}): string =>
  `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: { name: istiod }
spec:
  goTemplate: ${go}
  generators:
    - clusters:
        selector:
          matchLabels: ${selector}
  template:
    metadata: { name: 'istiod-{{${go ? '.' : ''}name}}' }
    spec:
      destination: { name: '{{${go ? '.' : ''}name}}', namespace: istio-system }
      source: ${CHART}, helm: { valuesObject: { profile: ambient, global: { network: '${network}' } } } }
`;

/** What is told of the ApplicationSet and the Secrets, and what the fixes come to. */
function told(files: Readonly<Record<string, string>>): readonly (readonly [string, readonly string[]])[] {
  const sound = Object.fromEntries(NAMES.map((name) => [secretOf(name), secret(name)]));
  const { findings, documents } = engineOf({ ...sound, ...files }).snapshot;
  return findings
    .filter(({ rule }) => rule.id === 'invalid-kustomization')
    .map(({ severity, message, location: { file, range }, fixes }) => [
      `${file}:${range.start.line + 1} ${severity} ${message}`,
      fixes().flatMap(({ edits }) => [...(editedTexts(documents, edits())?.values() ?? [])]),
    ]);
}

const LABEL = 'metadata.labels.topology.istio.io/network';
const lacks = (name: string, effect: string): string =>
  `clusters/tokyo.yaml:6 warning This element of the ApplicationSet lacks the parameter ${name}, which others have and the template names: Argo CD ${effect}.`;

describe('a label of a cluster that the template of an ApplicationSet reads', () => {
  const indexed = set('{{ index .metadata.labels "topology.istio.io/network" }}');
  const fast = set('{{metadata.labels.topology.istio.io/network}}', { go: false });
  const without = secret('tokyo').replace(/ {4}topology.*\n/, '');

  it('is there', () => {
    for (const text of [indexed, fast, set('{{ .metadata.labels.network }}')])
      assert.deepEqual(told({ [SET]: text }), []);
  });

  it('is lacking in one Secret, and set as others have it', () => {
    const added = secret('tokyo');
    assert.deepEqual(told({ [SET]: indexed, [secretOf('tokyo')]: without }), [
      [lacks(LABEL, 'writes nothing in its place'), [added]],
    ]);
    assert.deepEqual(told({ [SET]: fast, [secretOf('tokyo')]: without }), [
      [lacks(LABEL, 'leaves the reference as it is written'), [added]],
    ]);
  });

  it('is misspelt in one Secret, and renamed', () => {
    const wrong = secret('tokyo').replace('io/network', 'io/netwrok');
    const [[message, fixed] = ['', []], ...others] = told({ [SET]: indexed, [secretOf('tokyo')]: wrong });
    assert.match(
      message,
      /^clusters\/tokyo.yaml:10 .* Perhaps metadata.labels.topology.istio.io\/netwrok is meant to be it\.$/,
    );
    assert.deepEqual(fixed, [secret('tokyo')]);
    assert.deepEqual(others, []);
  });

  it('is misspelt in the template', () => {
    for (const text of [indexed, fast]) {
      const wrong = text.replace('istio.io/network', 'istio.io/netwrok');
      const [[message, fixed] = ['', []], ...others] = told({ [SET]: wrong });
      assert.match(
        message,
        /No element of the ApplicationSet has the parameter metadata.labels.topology.istio.io\/netwrok: .* Perhaps metadata.labels.topology.istio.io\/network is meant\.$/,
      );
      assert.deepEqual(fixed, [text]);
      assert.deepEqual(others, []);
    }
  });

  it('may be left out where that comes to nothing, by several', () => {
    const less = secret('paris').replace(/ {4}topology.*\n/, '');
    assert.deepEqual(told({ [SET]: indexed, [secretOf('tokyo')]: without, [secretOf('paris')]: less }), []);
  });
});

describe('a label by which the generator `clusters` picks', () => {
  const NETWORK = '{{ .metadata.labels.network }}';
  const sound = set(NETWORK);

  it('is misspelt in the selector: it picks no cluster', () => {
    for (const [selector, name] of [
      ['{ msh: ambient }', 'msh: ambient'],
      ['{ mesh: ambeint }', 'mesh: ambeint'],
    ] as const)
      assert.deepEqual(told({ [SET]: set(NETWORK, { selector }) }), [
        [
          `${SET}:9 warning No Secret of a cluster has the label ${name}, by which the generator picks clusters: Argo CD makes no application. Perhaps mesh: ambient is meant.`,
          [sound],
        ],
      ]);
  });

  it('is misspelt in one Secret', () => {
    for (const label of ['msh: ambient', 'mesh: ambeint'])
      assert.deepEqual(told({ [SET]: sound, [secretOf('tokyo')]: secret('tokyo', label) }), [
        [
          `clusters/tokyo.yaml:8 warning The Secret of this cluster lacks the label mesh: ambient, by which the generator picks others: Argo CD makes no application for it. Perhaps ${label} is meant to be it.`,
          [secret('tokyo')],
        ],
      ]);
  });

  it('is another one', () => {
    assert.deepEqual(told({ [SET]: set(NETWORK, { selector: '{ team: edge }' }) }), []);
    assert.deepEqual(told({ [SET]: sound, [secretOf('tokyo')]: secret('tokyo', 'mesh: sidecar') }), []);
    assert.deepEqual(told({ [SET]: sound, [secretOf('tokyo')]: secret('tokyo', 'team: edge') }), []);
    assert.deepEqual(told({ [SET]: set(NETWORK, { selector: '{ mesh: ambient, team: edge }' }) }), []);
  });

  it('is told apart from another one by a letter', () => {
    for (const [label, other] of [
      ['enable_ebs: on', 'enable_efs: on'],
      ['ring-a: ambient', 'ring-b: ambient'],
    ] as const) {
      const files = Object.fromEntries(NAMES.map((name) => [secretOf(name), secret(name, label)]));
      const world = { ...files, [SET]: set(NETWORK, { selector: `{ ${label} }` }) };
      assert.deepEqual(told({ ...world, [secretOf('tokyo')]: secret('tokyo', other) }), []);
    }
  });

  it('is called nearly so in several Secrets', () => {
    const others = Object.fromEntries(['tokyo', 'paris'].map((name) => [secretOf(name), secret(name, 'msh: ambient')]));
    assert.deepEqual(told({ [SET]: sound, ...others }), []);
  });
});
