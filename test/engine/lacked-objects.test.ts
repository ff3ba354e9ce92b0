/** ConfigMaps that Flux is told to read and that are nowhere: likely a slip where one is called alike, certain where all is in sight. */
import assert from 'node:assert/strict';
import { applyTextEdits, textEdits } from '../../server/src/yaml/text-edits.ts';
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
