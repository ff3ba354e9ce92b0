/** `crds`: fields that custom resources name others in, against what kustomize 5.8.1 printed. */
import assert from 'node:assert/strict';
import { kustomizeBuilds } from '../../../server/src/deploy/kustomize/kustomize-builds.ts';
import { MemoryFiles } from '../memory-files.ts';
import { builtObjects, printedObjects } from './object-data.ts';

const FILES = {
  'kustomization.yaml': `namePrefix: p-
commonLabels: { team: a }
crds: [crds.yaml]
resources: [objects.yaml]
`,
  'crds.yaml': `com.example.v1.Widget:
  Schema:
    properties:
      apiVersion: { type: string }
      kind: { type: string }
      metadata: { type: object }
      spec: { $ref: com.example.v1.WidgetSpec }
com.example.v1.WidgetSpec:
  Schema:
    properties:
      config: { x-kubernetes-object-ref-api-version: v1, x-kubernetes-object-ref-kind: ConfigMap }
      service:
        x-kubernetes-object-ref-api-version: v1
        x-kubernetes-object-ref-kind: Service
        x-kubernetes-object-ref-name-key: called
      selector: { x-kubernetes-label-selector: '' }
      title: { x-kubernetes-identity: '' }
`,
  'objects.yaml': `apiVersion: example.com/v1
kind: Widget
metadata: { name: one }
spec:
  config: { name: settings }
  service: { called: web, name: web }
  selector: { app: web }
  title: first
---
apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
---
apiVersion: v1
kind: Service
metadata: { name: web }
`,
};

const PRINTED = `apiVersion: v1
kind: ConfigMap
metadata:
  labels:
    team: a
  name: p-settings
---
apiVersion: v1
kind: Service
metadata:
  labels:
    team: a
  name: p-web
spec:
  selector:
    team: a
---
apiVersion: example.com/v1
kind: Widget
metadata:
  labels:
    team: a
  name: p-one
spec:
  config:
    name: p-settings
  selector:
    app: web
    team: a
  service:
    called: p-web
    name: web
  title: p-first
`;

describe('crds of a kustomization', () => {
  it('tell of names, labels and titles in custom resources', () => {
    const build = kustomizeBuilds(new MemoryFiles(FILES))('');
    assert.deepEqual(build.problems, []);
    assert.deepEqual(builtObjects(build), printedObjects(PRINTED));
  });

  it('are refused where they are CustomResourceDefinitions, at the place', () => {
    const files = new MemoryFiles({
      ...FILES,
      'crds.yaml': 'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n',
    });
    const { problems } = kustomizeBuilds(files)('');
    assert.deepEqual(
      problems.map((problem) => [problem.class, files.line(problem.at)]),
      [['invalid-kustomization', 'crds.yaml: apiVersion: apiextensions.k8s.io/v1']],
    );
  });

  it('may lead in a circle', () => {
    const round = FILES['crds.yaml'].replace(
      "title: { x-kubernetes-identity: '' }",
      'title: { $ref: com.example.v1.WidgetSpec }',
    );
    assert.deepEqual(kustomizeBuilds(new MemoryFiles({ ...FILES, 'crds.yaml': round }))('').problems, []);
  });

  it('may lead from type to type without end', () => {
    const types = Array.from({ length: 9000 }, (_, i) => {
      const own = `kind: {}, apiVersion: {}, metadata: {}, p: { $ref: a.T${i + 1}, x-kubernetes-identity: x }`;
      return `a.T${i}: { schema: { properties: { ${own} } } }\n`;
    });
    const build = kustomizeBuilds(new MemoryFiles({ ...FILES, 'crds.yaml': types.join('') }))('');
    assert.deepEqual(build.problems, []);
  });
});
