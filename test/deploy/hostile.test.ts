/** User text never throws: arbitrary objects made of the words that the readers of deployments look for. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DeployTree } from './deploy-tree.ts';

const WORDS = (
  'metadata name namespace labels spec source sources path chart ref repoURL targetRevision helm values valuesObject valueFiles ' +
  'parameters fileParameters value forceString kustomize patches images commonLabels directory recurse exclude include destination ' +
  'server syncPolicy managedNamespaceMetadata generators list elements elementsYaml clusters selector matchLabels matchExpressions ' +
  'git directories files matrix merge mergeKeys template templatePatch goTemplate postBuild substitute substituteFrom kind ' +
  'valuesFrom valuesKey targetPath targetNamespace chartRef url data __proto__ constructor'
).split(' ');
const TEXTS = [
  '',
  '{{name}}',
  '{{ .name | upper }}',
  '{{ if .x }}a{{ end }}',
  `\${a:-b}`,
  'apps/*',
  '**',
  '../..',
  '/',
  '$ref/values.yaml',
  'values.yaml',
  'a.b[3].c',
  'a: {b: c}',
  'istiod',
  'true',
  '__proto__',
  'ConfigMap',
];
const HEADS = [
  'apiVersion: argoproj.io/v1alpha1\nkind: Application',
  'apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet',
  'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization',
  'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease',
  'apiVersion: v1\nkind: ConfigMap',
  'apiVersion: v1\nkind: Secret',
];

const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 7, withCrossShrink: true },
    fc.constantFrom(...TEXTS),
    fc.constantFrom(null, true, 3, 1e9),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.array(fc.tuple(fc.constantFrom(...WORDS), tie('value')), { maxLength: 6 }).map((pairs) => new Map(pairs)),
  ),
}));

function toText(node: unknown): string {
  if (node instanceof Map)
    return `{${[...node].map(([key, inner]) => `${JSON.stringify(key)}: ${toText(inner)}`).join(', ')}}`;
  return Array.isArray(node) ? `[${node.map(toText).join(', ')}]` : JSON.stringify(node);
}

describe('hostile deployments', () => {
  it('never throw', () => {
    const object = fc
      .tuple(fc.constantFrom(...HEADS), value, value)
      .map(([head, spec, metadata]) => `${head}\nspec: ${toText(spec)}\nmetadata: ${toText(metadata)}\n`);
    fc.assert(
      fc.property(fc.array(object, { minLength: 1, maxLength: 4 }), value, (objects, values) => {
        const tree = new DeployTree({
          'apps/set.yaml': objects.join('---\n'),
          'apps/values.yaml': toText(values),
          'charts/mesh/Chart.yaml': `{apiVersion: v2, name: istiod, dependencies: ${toText(values)}}`,
          'charts/mesh/values.yaml': null,
        });
        for (const deployment of tree.deployments()) assert.ok(deployment.sources.length < 100);
      }),
      { numRuns: 400 },
    );
  });
});
