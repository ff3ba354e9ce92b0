/** What a `namePrefix` of one overlay makes of the objects of a base: one finding, and the fix that takes it away. */
import assert from 'node:assert/strict';
import type { PlacedFinding } from '../../server/src/engine/snapshot.ts';
import { editedTexts } from '../../server/src/yaml/text-edits.ts';
import { readLayout } from '../layouts/workspaces.ts';
import { engineOf } from './import-world.ts';

const EAST = 'overlays/east/kustomization.yaml';
const WEST = 'overlays/west/kustomization.yaml';
const PREFIX = 'resources: [../../base, istio.yaml, jobs]\nnamePrefix: west-\n';

function found(changes: Readonly<Record<string, string>>): {
  readonly told: readonly PlacedFinding[];
  readonly fixed: readonly (readonly [string, readonly (readonly [string, string])[]])[];
} {
  const files = Object.fromEntries([...readLayout('kustomize-renamed').sound.files, ...Object.entries(changes)]);
  const { findings, documents } = engineOf(files).snapshot;
  const told = findings.filter(({ severity }) => severity !== 'hint');
  const fixes = told.flatMap((finding) => finding.fixes());
  return { told, fixed: fixes.map(({ title, edits }) => [title, [...(editedTexts(documents, edits()) ?? [])]]) };
}

/** What is west's as that of another cluster. */
function north(west: string): string {
  return west.replaceAll(/(?<!east)west/g, 'north').replaceAll('network2', 'network3');
}

describe('a prefix that renames objects in one cluster', () => {
  it('is told with what follows from it, and removed', () => {
    const { told, fixed } = found({ [WEST]: PREFIX });
    assert.deepEqual(
      told.map(({ message, severity, clusters }) => [message, severity, clusters.length]),
      [
        [
          'By this namePrefix, Gateway sample/waypoint is called west-waypoint and Service sample/helloworld is called west-helloworld in west, but not in east. Istio knows objects of several clusters as the same by their names.',
          'error',
          2,
        ],
      ],
    );
    assert.deepEqual(
      told[0]?.related.map(({ message }) => message.replace(/[,.].*/, '')),
      ['Namespace sample in west uses waypoint sample/waypoint', 'Service sample/helloworld is global in east'],
    );
    assert.deepEqual(fixed, [['Remove namePrefix', [[WEST, 'resources: [../../base, istio.yaml, jobs]\n']]]]);
  });

  it('is removed together with the suffix beside it', () => {
    for (const both of [`${PREFIX}nameSuffix: -b\n`, PREFIX.replace('name', 'nameSuffix: -b\nname')]) {
      const { told, fixed } = found({ [WEST]: both });
      assert.deepEqual(
        told.map(({ message }) => message.split(/,| and Service/)[0]),
        ['By this namePrefix and nameSuffix'],
      );
      assert.match(told[0]?.message ?? '', /Service sample\/helloworld is called west-helloworld-b in west/);
      assert.deepEqual(fixed, [
        ['Remove namePrefix and nameSuffix', [[WEST, 'resources: [../../base, istio.yaml, jobs]\n']]],
      ]);
    }
  });

  it('is not removed where it is not all that renames them', () => {
    const { told, fixed } = found({
      [WEST]: PREFIX.replace('../../base', '../../named'),
      'named/kustomization.yaml': 'resources: [../base]\nnameSuffix: -b\n',
    });
    assert.deepEqual(
      told.map(({ rule }) => rule.id),
      ['invalid-kustomization'],
    );
    assert.deepEqual(fixed, []);
  });

  it('is not blamed where it is in all clusters', () => {
    const other = PREFIX.replace('jobs', '../../jobs').replace('west-', 'east-');
    const { told } = found({ [WEST]: PREFIX, [EAST]: other });
    assert.ok(told.every(({ rule }) => rule.id !== 'invalid-kustomization'));
  });

  it('is told once where several clusters have it from one component, and removed for all of them', () => {
    const west = readLayout('kustomize-renamed').sound.files.get('overlays/west/istio.yaml') ?? '';
    const included = 'resources: [../../base, istio.yaml]\ncomponents: [../../prefixed]\n';
    const component = 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nlabels: [{ pairs: { a: b } }]\n';
    const { told, fixed } = found({
      [WEST]: included,
      'overlays/north/kustomization.yaml': included,
      'overlays/north/istio.yaml': north(west),
      'prefixed/kustomization.yaml': `${component}namePrefix: own-\n`,
    });
    assert.deepEqual(
      told.map(({ location, clusters }) => [location.file, clusters.length]),
      [['prefixed/kustomization.yaml', 3]],
    );
    assert.match(told[0]?.message ?? '', / is called own-helloworld in north and west, but not in east\./);
    assert.deepEqual(fixed, [['Remove namePrefix', [['prefixed/kustomization.yaml', component]]]]);
  });

  it('leaves what a cluster lacks altogether to the rules', () => {
    const none = 'resources: [istio.yaml, namespace.yaml]\n';
    const labels = 'labels: { istio.io/dataplane-mode: ambient }';
    const { told } = found({
      [WEST]: PREFIX,
      'overlays/north/kustomization.yaml': none,
      'overlays/north/namespace.yaml': `apiVersion: v1\nkind: Namespace\nmetadata: { name: sample, ${labels} }\n`,
      'overlays/north/istio.yaml': north(
        readLayout('kustomize-renamed').sound.files.get('overlays/west/istio.yaml') ?? '',
      ),
    });
    const missing = told.filter(({ rule }) => rule.id === 'global-service-missing-in-cluster');
    assert.ok(missing.some(({ message }) => message.includes('north')));
  });
});

describe('a namespace that is misspelt in one cluster', () => {
  const { files: layout } = readLayout('kustomize-renamed').sound;
  const west = layout.get('overlays/west/istio.yaml') ?? '';
  const sample = layout.get('base/sample.yaml') ?? '';

  /** Overlays that set the namespace of what a base has, which has the Namespace itself or not. */
  function setting(
    namespaces: Readonly<Record<string, string>>,
    hasNamespace: boolean,
  ): Readonly<Record<string, string>> {
    const [namespace = '', ...others] = sample.split('---\n');
    const files: Record<string, string> = {
      'base/kustomization.yaml': 'resources: [sample.yaml]\n',
      'base/sample.yaml': hasNamespace ? sample : others.join('---\n'),
    };
    for (const [name, set] of Object.entries(namespaces)) {
      files[`clusters/${name}/istio.yaml`] = west
        .replaceAll(/(?<!east-?)west/g, name)
        .replaceAll('network2', `network-${name}`);
      if (!hasNamespace) files[`clusters/${name}/namespace.yaml`] = namespace;
      files[`apps/${name}/kustomization.yaml`] = `namespace: ${set}\nresources: [../../base]\n`;
    }
    return files;
  }

  function told(files: Readonly<Record<string, string>>): readonly unknown[] {
    const { findings, documents } = engineOf(files).snapshot;
    return findings
      .filter(({ severity }) => severity !== 'hint')
      .map(({ location: { file, range }, severity, message, fixes }) => [
        `${file}:${range.start.line + 1} ${severity} ${message}`,
        fixes().flatMap(({ edits }) => [...(editedTexts(documents, edits()) ?? [])]),
      ]);
  }

  const three = { east: 'sample', west: 'sampel', north: 'sample' };
  const what =
    'By this namespace, Gateway sample/waypoint and Service sample/helloworld are in namespace sampel in west, but in sample in east and north. Istio knows objects of several clusters as the same by their names and namespaces.';
  const fix = [['apps/west/kustomization.yaml', 'namespace: sample\nresources: [../../base]\n']];

  for (const [hasNamespace, severity] of [
    [true, 'warning'],
    [false, 'error'],
  ] as const) {
    it(`is told once and corrected, ${hasNamespace ? 'where the Namespace has that name too' : 'where it has not'}`, () => {
      assert.deepEqual(told(setting({ ...three, west: 'sample' }, hasNamespace)), []);
      assert.deepEqual(told(setting(three, hasNamespace)), [
        [`apps/west/kustomization.yaml:1 ${severity} ${what}`, fix],
      ]);
    });
  }

  it('is another one where a number tells it apart, where that cluster has both, or where each has its own', () => {
    const { north, ...two } = three;
    const both = { ...setting({ ...three, west: 'sample' }, true), 'apps/other/kustomization.yaml': '' };
    both['apps/other/kustomization.yaml'] = 'namespace: sampel\nresources: [../../base]\n';
    for (const files of [
      setting({ ...three, west: 'sample2' }, true),
      setting({ ...three, north: 'samplr' }, true),
      setting({ ...two, east: north }, true),
      both,
    ])
      assert.ok(
        told(files).every((one) => !/By this namespace/.test(String(one))),
        JSON.stringify(told(files)),
      );
  });
});
