/** `buildMetadata`, against what kustomize 5.8.1 printed. */
import assert from 'node:assert/strict';
import { kustomizeBuilds } from '../../../server/src/deploy/kustomize/kustomize-builds.ts';
import { MemoryFiles } from '../memory-files.ts';
import { builtObjects, printedObjects } from './object-data.ts';

const FILES = {
  'base/kustomization.yaml': `resources: [service.yaml]
configMapGenerator:
  - name: settings
    literals: [a=1]
namePrefix: p-
`,
  'base/service.yaml': `apiVersion: v1
kind: Service
metadata: { name: web }
`,
  'overlay/part/kustomization.yaml': `apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
commonAnnotations: { team: a }
`,
  'overlay/kustomization.yaml': `resources: [../base]
components: [part]
namespace: shop
labels: [{ pairs: { app: web } }]
secretGenerator:
  - { name: key, literals: [k=v] }
buildMetadata: [originAnnotations, transformerAnnotations, managedByLabel]
transformers:
  - |-
    apiVersion: builtin
    kind: AnnotationsTransformer
    metadata: { name: notes }
    annotations: { b: c }
    fieldSpecs: [{ path: metadata/annotations, create: true }]
`,
};

const PRINTED = `apiVersion: v1
data:
  a: "1"
kind: ConfigMap
metadata:
  annotations:
    alpha.config.kubernetes.io/transformations: |
      - configuredIn: ../base/kustomization.yaml
        configuredBy:
          apiVersion: builtin
          kind: PrefixTransformer
      - configuredIn: part/kustomization.yaml
        configuredBy:
          apiVersion: builtin
          kind: AnnotationsTransformer
      - configuredIn: kustomization.yaml
        configuredBy:
          apiVersion: builtin
          kind: NamespaceTransformer
      - configuredIn: kustomization.yaml
        configuredBy:
          apiVersion: builtin
          kind: LabelTransformer
      - configuredIn: kustomization.yaml
        configuredBy:
          apiVersion: builtin
          kind: LabelTransformer
      - configuredIn: kustomization.yaml
        configuredBy:
          apiVersion: builtin
          kind: AnnotationsTransformer
          name: notes
    b: c
    config.kubernetes.io/origin: |
      configuredIn: ../base/kustomization.yaml
      configuredBy:
        apiVersion: builtin
        kind: ConfigMapGenerator
    team: a
  labels:
    app: web
    app.kubernetes.io/managed-by: kustomize-v5.8.1
  name: p-settings-h29d89cmmt
  namespace: shop
---
apiVersion: v1
data:
  k: dg==
kind: Secret
metadata:
  annotations:
    alpha.config.kubernetes.io/transformations: |
      - configuredIn: part/kustomization.yaml
        configuredBy:
          apiVersion: builtin
          kind: AnnotationsTransformer
      - configuredIn: kustomization.yaml
        configuredBy:
          apiVersion: builtin
          kind: NamespaceTransformer
      - configuredIn: kustomization.yaml
        configuredBy:
          apiVersion: builtin
          kind: LabelTransformer
      - configuredIn: kustomization.yaml
        configuredBy:
          apiVersion: builtin
          kind: LabelTransformer
      - configuredIn: kustomization.yaml
        configuredBy:
          apiVersion: builtin
          kind: AnnotationsTransformer
          name: notes
    b: c
    config.kubernetes.io/origin: |
      configuredIn: kustomization.yaml
      configuredBy:
        apiVersion: builtin
        kind: SecretGenerator
    team: a
  labels:
    app: web
    app.kubernetes.io/managed-by: kustomize-v5.8.1
  name: key-ftgtgc4t9f
  namespace: shop
type: Opaque
---
apiVersion: v1
kind: Service
metadata:
  annotations:
    alpha.config.kubernetes.io/transformations: |
      - configuredIn: ../base/kustomization.yaml
        configuredBy:
          apiVersion: builtin
          kind: PrefixTransformer
      - configuredIn: part/kustomization.yaml
        configuredBy:
          apiVersion: builtin
          kind: AnnotationsTransformer
      - configuredIn: kustomization.yaml
        configuredBy:
          apiVersion: builtin
          kind: NamespaceTransformer
      - configuredIn: kustomization.yaml
        configuredBy:
          apiVersion: builtin
          kind: LabelTransformer
      - configuredIn: kustomization.yaml
        configuredBy:
          apiVersion: builtin
          kind: LabelTransformer
      - configuredIn: kustomization.yaml
        configuredBy:
          apiVersion: builtin
          kind: AnnotationsTransformer
          name: notes
    b: c
    config.kubernetes.io/origin: |
      path: ../base/service.yaml
    team: a
  labels:
    app: web
    app.kubernetes.io/managed-by: kustomize-v5.8.1
  name: p-web
  namespace: shop
`;

describe('buildMetadata', () => {
  it('notes the origin and the transformers of every object, seen from the folder that is built', () => {
    const build = kustomizeBuilds(new MemoryFiles(FILES))('overlay');
    assert.deepEqual(build.problems, []);
    assert.deepEqual(builtObjects(build), printedObjects(PRINTED));
  });

  it('counts in the outermost kustomization only', () => {
    const above = { ...FILES, 'top/kustomization.yaml': 'resources: [../overlay]\n' };
    const build = kustomizeBuilds(new MemoryFiles(above))('top');
    for (const object of builtObjects(build).values()) {
      const { annotations } = (object as { metadata: { annotations: Record<string, unknown> } }).metadata;
      assert.deepEqual(Object.keys(annotations).sort(), ['b', 'team']);
    }
  });
});
