/** A file of values that may be missing, and is where one lies that is called nearly so and that nothing takes. */
import assert from 'node:assert/strict';
import { editedTexts } from '../../server/src/yaml/text-edits.ts';
import { CHART } from './argo-world.ts';
import { engineOf } from './import-world.ts';

const values = (name: string): string =>
  `profile: ambient\nenv: { AMBIENT_ENABLE_MULTI_NETWORK: "true" }\nglobal:\n  meshID: mesh1\n  multiCluster: { clusterName: ${name} }\n  network: network-${name}\n`;
const REF = "{ ref: values, repoURL: 'https://git.example.com/acme/mesh.git', targetRevision: main }";

function application(name: string, ...paths: readonly string[]): string {
  const files = paths.map((path) => `'$values/${path}'`).join(', ');
  return `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: istiod-${name} }
spec:
  destination: { name: ${name}, namespace: istio-system }
  sources:
    - ${CHART}, helm: { ignoreMissingValueFiles: true, valueFiles: [${files}] } }
    - ${REF}
`;
}

/** @param west the file of values that west is told to take, beside the one of all */
function told(west: string, more: Readonly<Record<string, string>> = {}): readonly string[] {
  const files: Record<string, string> = { 'values/common.yaml': 'pilot: { replicaCount: 2 }\n' };
  for (const name of ['north', 'south', 'west']) {
    files[`values/${name}/istiod.yaml`] = values(name);
    const path = name === 'west' ? west : `values/${name}/istiod.yaml`;
    files[`argocd/${name}.yaml`] = application(name, 'values/common.yaml', path);
  }
  const { findings, documents } = engineOf({ ...files, ...more }).snapshot;
  return findings
    .filter(({ rule, severity }) => rule.id === 'invalid-kustomization' && severity !== 'hint')
    .flatMap(({ location, message, fixes }) => {
      const edited = fixes().flatMap(({ edits }) => [...(editedTexts(documents, edits())?.values() ?? [])]);
      const isMended = edited.some(
        (text) => text === files['argocd/west.yaml']?.replace(west, 'values/west/istiod.yaml'),
      );
      return `${location.file}:${location.range.start.line + 1} ${message}${isMended ? ' FIX' : ''}`;
    });
}

const missed = (path: string): string =>
  `argocd/west.yaml:7 Argo CD is told to take the values in $values/${path} where they are there, and they are not. Perhaps '$values/values/west/istiod.yaml' is meant, which nothing takes. FIX`;

describe('values that need not be there', () => {
  it('are meant to be those of a file that nothing takes', () => {
    for (const path of [
      'values/wset/istiod.yaml',
      'values/west/istoid.yaml',
      'values/west/istiod.yml',
      'valeus/west/istiod.yaml',
      'valuse/west/istiod.yaml',
    ])
      assert.deepEqual(told(path), [missed(path)], path);
  });

  it('are not written where they are misspelt', () => {
    const files: Record<string, string> = {};
    for (const name of ['north', 'south', 'west']) {
      files[`values/${name}/istiod.yaml`] = values(name);
      files[`argocd/${name}.yaml`] = application(name, `values/${name}/istiod.yaml`);
      files[`values/${name}/ztunnel.yaml`] = `network: network-${name}\nmultiCluster: { clusterName: ${name} }\n`;
    }
    const written = (...names: readonly string[]): readonly string[] => {
      for (const [i, name] of ['north', 'south', 'west'].entries())
        files[`argocd/ztunnel-${name}.yaml`] = application(name, `values/${name}/${names[i]}.yaml`).replaceAll(
          'istiod',
          'ztunnel',
        );
      const edits = engineOf(files).snapshot.findings.flatMap((one) => one.fixes().flatMap((fix) => fix.edits()));
      return edits.flatMap((edit) => ('file' in edit ? edit.file : []));
    };
    assert.deepEqual(written('ztunnel', 'ztunnel', 'ztunel'), []);
    assert.deepEqual([...new Set(written('ztunnel', 'ztunnel', 'facts'))], ['values/west/facts.yaml']);
  });

  it('are not told to be those with which Istio is installed twice', () => {
    const address = (name: string) => (text: string) =>
      text.replace(/name: \w+, namespace/, `server: 'https://${name}.example.com', namespace`);
    const inline = (name: string, text: string): string =>
      text.replace('valueFiles', `valuesObject: { global: { multiCluster: { clusterName: ${name} } } }, valueFiles`);
    const files: Record<string, string> = { 'values/north/istiod.yaml': 'pilot: { replicaCount: 2 }\n' };
    for (const name of ['north', 'south'])
      files[`argocd/${name}.yaml`] = address('north')(inline(name, application(name, `values/${name}/istiod.yaml`)));
    const messages = engineOf(files).snapshot.findings.map(({ message }) => message);
    assert.deepEqual(messages, [
      'Argo CD installs Istio in https://north.example.com with the values of istiod-south, as it does with those of istiod-north. Nothing that is read installs it with them in south.',
    ]);
  });

  it('are left out where no other file is called nearly so', () => {
    assert.deepEqual(told('values/west/istiod.yaml'), []);
    assert.deepEqual(told('values/west/overrides.yaml'), []);
    assert.deepEqual(told('values/nowhere/istiod.yaml'), []);
    assert.deepEqual(told('values/west/istiod2.yaml', { 'values/west/istiod1.yaml': 'a: 1\n' }), []);
  });

  it('are left out where another one takes the file', () => {
    const other = { 'argocd/other.yaml': application('other', 'values/west/istiod.yaml') };
    assert.deepEqual(told('values/west/istoid.yaml', other), []);
  });

  it('are left out where two files may be meant', () => {
    assert.deepEqual(
      told('values/west/istoid.yaml', { 'values/west/istiodd.yaml': 'a: 1\n', 'values/west/isttoid.yaml': 'a: 1\n' }),
      [],
    );
  });
});
