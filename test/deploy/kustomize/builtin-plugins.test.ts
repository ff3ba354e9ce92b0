/** Transformers and generators of kustomize's own, written as objects, against what kustomize 5.8.1 printed. */
import assert from 'node:assert/strict';
import { kustomizeBuilds } from '../../../server/src/deploy/kustomize/kustomize-builds.ts';
import { MemoryFiles } from '../memory-files.ts';
import { builtObjects, printedObjects } from './object-data.ts';

const FILES = {
  'kustomization.yaml': `
resources: [all.yaml]
generatorOptions: {labels: {go: x}}
generators:
- |-
  apiVersion: builtin
  kind: ConfigMapGenerator
  metadata: {name: gen}
  literals: [a=1]
transformers:
- |-
  apiVersion: builtin
  kind: NamespaceTransformer
  metadata: {name: n, namespace: new}
  unsetOnly: true
  setRoleBindingSubjects: allServiceAccounts
  fieldSpecs:
  - path: metadata/name
    kind: Namespace
    create: true
- t.yaml
- |-
  apiVersion: builtin
  kind: PrefixSuffixTransformer
  metadata: {name: ps}
  prefix: p-
  suffix: -s
  fieldSpecs: [{path: metadata/name}]
`,
  'all.yaml': `
apiVersion: apps/v1
kind: Deployment
metadata: {name: d, namespace: keep}
spec: {replicas: 1, template: {spec: {containers: [{name: a, image: nginx:1}]}}}
---
apiVersion: v1
kind: Service
metadata: {name: s}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: rb}
subjects: [{kind: ServiceAccount, name: x, namespace: y},{kind: User, name: u}]
`,
  't.yaml': `
apiVersion: builtin
kind: LabelTransformer
metadata: {name: l}
labels: {team: a}
fieldSpecs: [{path: metadata/labels, create: true}]
---
apiVersion: builtin
kind: PatchTransformer
metadata: {name: pt}
patch: '[{"op": "replace", "path": "/spec/replicas", "value": 4}]'
target: {kind: Deployment}
---
apiVersion: builtin
kind: ImageTagTransformer
metadata: {name: i}
imageTag: {name: nginx, newTag: "9"}
---
apiVersion: builtin
kind: ReplacementTransformer
metadata: {name: r}
replacements:
- source: {kind: Deployment, fieldPath: spec.replicas}
  targets: [{select: {kind: Service}, fieldPaths: [spec.x], options: {create: true}}]
`,
};

const PRINTED = `
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  labels:
    team: a
  name: p-rb-s
  namespace: new
subjects:
- kind: ServiceAccount
  name: x
  namespace: "y"
- kind: User
  name: u
---
apiVersion: v1
data:
  a: "1"
kind: ConfigMap
metadata:
  labels:
    team: a
  name: p-gen-s-h29d89cmmt
  namespace: new
---
apiVersion: v1
kind: Service
metadata:
  labels:
    team: a
  name: p-s-s
  namespace: new
spec:
  x: 4
---
apiVersion: apps/v1
kind: Deployment
metadata:
  labels:
    team: a
  name: p-d-s
  namespace: keep
spec:
  replicas: 4
  template:
    spec:
      containers:
      - image: nginx:9
        name: a
`;

describe('builtin plugins of kustomize', () => {
  it('do what kustomize does', () => {
    const { problems, unknown, ...build } = kustomizeBuilds(new MemoryFiles(FILES))('');
    assert.deepEqual([problems, unknown], [[], []]);
    assert.deepEqual(builtObjects({ ...build, problems, unknown }), printedObjects(PRINTED));
  });

  it('are not known if they are programs', () => {
    const files = new MemoryFiles({
      'kustomization.yaml': [
        'resources: [a.yaml]',
        'transformers:',
        '- |-',
        '  apiVersion: example.com/v1',
        '  kind: Sorter',
        '  metadata: {name: s}',
        'generators: [https://example.com/generator.yaml]',
        '',
      ].join('\n'),
      'a.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n',
    });
    const { problems, unknown, objects } = kustomizeBuilds(files)('');
    assert.deepEqual(problems, []);
    assert.deepEqual(
      unknown.map(({ what, why }) => [what, why]),
      [
        ['https://example.com/generator.yaml', 'remote'],
        ['Sorter', 'plugin'],
      ],
    );
    assert.equal(objects.length, 1);
  });
});
