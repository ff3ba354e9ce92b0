/** ConfigMaps that Flux is told to read and that are nowhere: likely a slip where one is called alike, certain where all is in sight. */
import assert from 'node:assert/strict';
import { applyTextEdits, editedTexts, textEdits } from '../../server/src/yaml/text-edits.ts';
import { readLayout } from '../layouts/workspaces.ts';
import { CONFIG, engineOf, type Files } from './import-world.ts';

const MESH = 'clusters/par/mesh.yaml';
const FACTS = 'clusters/par/facts.yaml';

const own = (files: Files) =>
  engineOf(files).snapshot.findings.filter(({ rule }) => rule.id === 'invalid-kustomization');
const told = (files: Files) =>
  own(files).map(
    ({ severity, location, message }) => `${location.file}:${location.range.start.line + 1} ${severity} ${message}`,
  );

describe('a ConfigMap that Flux is told to read', () => {
  const { [FACTS]: facts = '', ...others } = Object.fromEntries(readLayout('flux-substitution').sound.files);
  const mesh = others[MESH] ?? '';
  const named = (name: string): string => mesh.replace('name: cluster-facts', `name: ${name}`);

  it('is there', () => assert.deepEqual(told({ ...others, [FACTS]: facts }), []));

  it('is told where one that is there is called alike, and corrected', () => {
    const files = { ...others, [FACTS]: facts, [MESH]: named('cluster-fatcs') };
    const message =
      'Flux is told to read ConfigMap cluster-fatcs, which is nowhere in what is read: it applies nothing without it. Perhaps cluster-facts is meant.';
    assert.deepEqual(told(files), [`${MESH}:16 warning ${message}`]);
    const { snapshot } = engineOf(files);
    const [change] = textEdits(snapshot.documents, own(files)[0]?.fixes()[0]?.edits() ?? []) ?? [];
    assert.ok(change !== undefined && 'edits' in change);
    assert.equal(applyTextEdits(files[MESH], change.edits), mesh);
  });

  it('is not what another entry names, nor what has another number', () => {
    const both = mesh.replace(
      / {6}- kind: ConfigMap\n {8}name: cluster-facts\n/,
      (entry) => entry + entry.replace('facts', 'fact'),
    );
    assert.deepEqual(told({ ...others, [FACTS]: facts, [MESH]: both }), []);
    const numbered = { ...others, [FACTS]: facts.replace('cluster-facts', 'cluster-facts-1') };
    assert.deepEqual(told({ ...numbered, [MESH]: named('cluster-facts-2') }), []);
  });

  it('is a hint where another cluster has its own, and more where all that is applied is here', () => {
    const where = `Flux is told to read ConfigMap cluster-facts, which is only in clusters/lon/facts.yaml, for another cluster as its folder tells: it applies nothing`;
    assert.deepEqual(told(others), [`${MESH}:16 hint ${where} unless something else makes one.`]);
    const complete = { ...others, [CONFIG]: 'complete: true\n' };
    assert.deepEqual(told(complete), [`${MESH}:16 warning ${where} without it.`]);
    const optional = mesh.replace(/(name: cluster-facts\n)/, '$1        optional: true\n');
    assert.deepEqual(told({ ...complete, [MESH]: optional }), []);
    assert.deepEqual(told({ ...complete, [MESH]: mesh.replace('kind: ConfigMap', 'kind: Secret') }), []);
  });

  it('may be generated beside the HelmRelease whose values it holds', () => {
    const release = (name: string): string =>
      `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: istiod, namespace: istio-system }\nspec:\n  chart: { spec: { chart: istiod, version: 1.30.2, sourceRef: { kind: HelmRepository, name: istio } } }\n  valuesFrom:\n    - { kind: ConfigMap, name: ${name} }\n`;
    const files = (name: string): Files => ({
      'clusters/east/kustomization.yaml':
        'resources: [istiod.yaml]\nconfigurations: [names.yaml]\nconfigMapGenerator:\n  - name: istiod-values\n    namespace: istio-system\n    files: [values.yaml]\n',
      'clusters/east/names.yaml':
        'nameReference:\n  - kind: ConfigMap\n    version: v1\n    fieldSpecs:\n      - { path: spec/valuesFrom/name, kind: HelmRelease }\n',
      'clusters/east/values.yaml': 'profile: ambient\nglobal: { multiCluster: { clusterName: east }, network: net }\n',
      'clusters/east/istiod.yaml': release(name),
    });
    assert.deepEqual(told(files('istiod-values')), []);
    assert.deepEqual(told(files('istiod-value')), [
      'clusters/east/istiod.yaml:7 warning Flux is told to read ConfigMap istiod-value, which is nowhere in what is read: it applies nothing without it. Perhaps istiod-values is meant.',
    ]);
  });

  describe('that each cluster generates for a release which they share', () => {
    const NAMES = ['east', 'north', 'west'];
    const WEST = 'overlays/west/kustomization.yaml';
    const CONFIGURATIONS = 'configurations:\n  - ../../base/names.yaml\n';
    const release = (name: string): string =>
      `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: ${name}, namespace: istio-system }\nspec:\n  chart: { spec: { chart: ${name}, version: 1.30.2, sourceRef: { kind: HelmRepository, name: istio } } }\n  valuesFrom:\n    - { kind: ConfigMap, name: ${name}-values }\n`;
    const kustomization = (configurations: string): string =>
      `resources: [../../base]\n${configurations}configMapGenerator:\n${['istiod', 'ztunnel'].map((name) => `  - name: ${name}-values\n    namespace: istio-system\n    files: [values.yaml=${name}.yaml]\n`).join('')}`;
    const files = (of: (cluster: string) => string): Files => ({
      'base/kustomization.yaml': 'resources: [releases.yaml]\n',
      'base/names.yaml':
        'nameReference:\n  - kind: ConfigMap\n    version: v1\n    fieldSpecs: [{ path: spec/valuesFrom/name, kind: HelmRelease }]\n',
      'base/releases.yaml': `${release('istiod')}---\n${release('ztunnel')}`,
      ...Object.fromEntries(
        NAMES.flatMap((cluster, i) => [
          [`overlays/${cluster}/kustomization.yaml`, of(cluster)],
          [
            `overlays/${cluster}/istiod.yaml`,
            `profile: ambient\nglobal: { multiCluster: { clusterName: ${cluster} }, network: network${i} }\n`,
          ],
          [`overlays/${cluster}/ztunnel.yaml`, `multiCluster: { clusterName: ${cluster} }\nnetwork: network${i}\n`],
        ]),
      ),
    });
    const fixed = (world: Files, file: string): string => {
      const [finding] = own(world).filter(({ severity }) => severity !== 'hint');
      return editedTexts(engineOf(world).snapshot.documents, finding?.fixes()[0]?.edits() ?? [])?.get(file) ?? '';
    };
    // Only Flux takes the configurations of another folder.
    const graver = (world: Files): readonly string[] => told(world).filter((one) => !/ hint /.test(one));
    const sound = kustomization(CONFIGURATIONS);

    it('is told where the name of a generator is misspelt, and corrected there', () => {
      assert.deepEqual(graver(files(() => sound)), []);
      const wrong = sound.replace('name: ztunnel-values', 'name: zutnnel-values');
      const world = files((cluster) => (cluster === 'west' ? wrong : sound));
      assert.deepEqual(graver(world), [
        `${WEST}:8 warning Flux is told to read ConfigMap ztunnel-values, which kustomize generates for others, and here as zutnnel-values: it applies nothing without it. Perhaps ztunnel-values is meant.`,
      ]);
      assert.equal(fixed(world, WEST), sound);
      // Where all generate it so, the reference may be what is wrong.
      assert.match(
        graver(files(() => wrong)).join('\n'),
        /^base\/releases.yaml:15 warning [^\n]*zutnnel-values is meant\.$/,
      );
    });

    it('is told once where a kustomization lacks the configurations that the others have', () => {
      const makes = (name: string): string => `${name}, which kustomize makes as istiod-values-`;
      const lacking = files((cluster) => (cluster === 'west' ? kustomization('') : sound));
      const [message = '', ...more] = graver(lacking);
      assert.deepEqual(more, []);
      assert.ok(
        message.startsWith(
          `${WEST}:1 warning Flux is told to read ConfigMaps istiod-values and ${makes('ztunnel-values')}`,
        ),
      );
      assert.match(message, /\. overlays\/east and overlays\/north have configurations for that\.$/);
      assert.deepEqual(graver({ ...lacking, [WEST]: fixed(lacking, WEST) }), []);
      const [all = '', ...others] = graver(files(() => kustomization('')));
      assert.deepEqual(
        [others, /^base\/releases\.yaml:7 warning .* Set disableNameSuffixHash for them/.test(all)],
        [[], true],
      );
    });
  });

  describe('whose values a HelmRelease takes', () => {
    const release = (from: string): string =>
      `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: istiod, namespace: istio-system }\nspec:\n  chart: { spec: { chart: istiod, version: 1.30.2, sourceRef: { kind: HelmRepository, name: istio } } }\n  valuesFrom:\n    - ${from}\n`;
    const values = 'profile: ambient\nglobal: { multiCluster: { clusterName: east }, network: net }\n';
    const map = `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: istiod-values, namespace: istio-system }\ndata:\n  values.yaml: |\n${values.replace(/^(?=.)/gm, '    ')}`;
    const files = (from: string, data = map): Files => ({
      'clusters/east/istiod.yaml': release(from),
      'clusters/east/values.yaml': data,
      'clusters/west/mesh.yaml': release('{ kind: Secret, name: other }').replace('istiod,', 'x,'),
      'clusters/east/istio.yaml':
        'apiVersion: v1\nkind: Namespace\nmetadata: { name: a, labels: { istio.io/dataplane-mode: ambient } }\n',
    });
    const from = (more: string): string => `{ kind: ConfigMap, name: istiod-values${more} }`;

    it('has the key that is named, or is told to lack it, with the one that is meant', () => {
      assert.deepEqual(told(files(from(''))), []);
      assert.deepEqual(told(files(from(', valuesKey: values.yaml'))), []);
      assert.deepEqual(told(files(from(', optional: true, valuesKey: vaules.yaml'))), []);
      const network = map.replace('values.yaml: |', 'NETWORK_NAME: net\n  values.yaml: |');
      assert.deepEqual(told(files(from(', valuesKey: NETWORK_NAME, targetPath: global.network'), network)), []);
      assert.deepEqual(told(files(from(', valuesKey: "$KEY"'), network)), []);
      const wrong = files(from(', valuesKey: vaules.yaml'));
      const message =
        'Flux is told to take vaules.yaml from ConfigMap istiod-values, which has no such key: Flux applies nothing. Perhaps values.yaml is meant.';
      assert.deepEqual(told(wrong), [`clusters/east/istiod.yaml:7 warning ${message}`]);
      const { snapshot } = engineOf(wrong);
      const [change] = textEdits(snapshot.documents, own(wrong)[0]?.fixes()[0]?.edits() ?? []) ?? [];
      assert.ok(change !== undefined && 'edits' in change);
      assert.equal(
        applyTextEdits(wrong['clusters/east/istiod.yaml'] ?? '', change.edits),
        release(from(', valuesKey: values.yaml')),
      );
      const other = map.replace('values.yaml:', 'istiod.yaml:');
      assert.deepEqual(told(files(from(''), other)), [
        `clusters/east/istiod.yaml:7 warning ${message.replace('vaules', 'values').replace(/ Perhaps.*/, '')}`,
      ]);
    });

    it('is not patched, or what a patch adds is there', () => {
      const patch =
        'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: istiod-values }\ndata: { other.yaml: "a: b" }\n';
      assert.deepEqual(told({ ...files(from(', valuesKey: other.yaml')), 'clusters/east/patch/a.yaml': patch }), []);
    });

    it('is made by kustomize under another name, which is told unless kustomize writes that name or the plain one', () => {
      const generated = (options: string): Files => ({
        ...files(from(''), values),
        'clusters/east/kustomization.yaml': `resources: [istiod.yaml, istio.yaml]\n${options}configMapGenerator:\n  - name: istiod-values\n    namespace: istio-system\n    files: [values.yaml]\n`,
      });
      const [message = '', ...more] = told(generated(''));
      assert.deepEqual(more, []);
      assert.match(
        message,
        /^clusters\/east\/istiod\.yaml:7 warning Flux is told to read ConfigMap istiod-values, which kustomize makes as istiod-values-[a-z0-9]{10}, and it renames no reference to it there: Flux applies nothing\. /,
      );
      assert.deepEqual(told(generated('generatorOptions: { disableNameSuffixHash: true }\n')), []);
    });
  });
});
