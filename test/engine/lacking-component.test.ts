/** A component that needs what each overlay says of its cluster, and one overlay that does not say it, or does not include it. */
import assert from 'node:assert/strict';
import { readLayout } from '../layouts/workspaces.ts';
import { engineOf, type Files } from './import-world.ts';

const BASE = Object.fromEntries(
  [...readLayout('kustomize-lacking-component').sound.files].filter(([file]) => file.startsWith('base/')),
);
const NAMES = ['east', 'north', 'west'];
const WEST = 'overlays/west/kustomization.yaml';

describe('a component that fills in what each overlay says of its cluster', () => {
  const target = (from: string, kind: string, to: string): string =>
    `  - source: { kind: ConfigMap, name: facts, fieldPath: data.${from} }\n    targets:\n      - select: { kind: ${kind} }\n        fieldPaths: ["${to}"]\n        options: { create: true }\n`;
  const REPLACEMENTS = `replacements:\n${target('name', 'IstioOperator', 'spec.values.global.multiCluster.clusterName')}${target('network', 'Namespace', 'metadata.labels.[topology.istio.io/network]')}`;
  const facts = (...literals: readonly string[]): string =>
    `configMapGenerator:\n  - name: facts\n    literals: [${literals.join(', ')}]\n`;
  const including = 'components:\n  - ../../components/facts\n';
  const world = (west: (own: string) => string, more = including, component = REPLACEMENTS): Files => ({
    ...BASE,
    'components/facts/kustomization.yaml': `apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n${component}`,
    ...Object.fromEntries(
      NAMES.map((name, i) => {
        const own = `resources: [../../base]\n${facts(`name=${name}`, `network=network${i}`)}${more}`;
        return [`overlays/${name}/kustomization.yaml`, name === 'west' ? west(own) : own];
      }),
    ),
  });
  const own = (files: Files): readonly string[] =>
    engineOf(files)
      .snapshot.findings.filter(({ rule }) => rule.id === 'invalid-kustomization')
      .map(
        ({ location: { file, range }, message, severity }) => `${file}:${range.start.line + 1} ${severity} ${message}`,
      );

  it('is told to be refused where one overlay does not say it', () => {
    assert.deepEqual(own(world((text) => text)), []);
    assert.deepEqual(own(world((text) => text.replace(/, network=\w+/, ''))), [
      `${WEST}:6 error kustomize refuses ${WEST} for what is in components/facts, which others include as well: the source has no field data.network.`,
    ]);
    // Where it is so for all, it is the component.
    const wrong = REPLACEMENTS.replace('data.network', 'data.net');
    assert.match(
      own(world((text) => text, including, wrong)).join('\n'),
      /^components\/facts\/kustomization.yaml:\d+ error [^\n]*$/,
    );
  });

  for (const [how, more, lacks] of [
    ['include it', including, 'does not list components/facts'],
    ['write it', REPLACEMENTS, 'lacks an entry of replacements'],
  ] as const) {
    it(`is told where one overlay does not ${how}, of which no cluster is seen then`, () => {
      const told = own(world((text) => text.replace(more, ''), more));
      const rest = `is without what it ${how === 'write it' ? 'states' : 'brings'} here`;
      assert.deepEqual(told, [
        `${WEST}:1 warning ${WEST} ${lacks}, unlike those of overlays/east and overlays/north. So IstioOperator istio-system/istio ${rest}.`,
      ]);
      // What is like none of the others in more than this is meant to be so.
      assert.deepEqual(own(world(() => 'resources: [../../base]\n', more)), []);
      const comment = `# ${more.replace(/\n(?=.)/g, '\n# ')}`;
      assert.deepEqual(own(world((text) => text.replace(more, comment), more)), how === 'write it' ? told : []);
    });
  }
});
