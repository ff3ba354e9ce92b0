/** Values that templates of a helmfile name, and that one environment lacks, misspells or takes from the file of another one. */
import assert from 'node:assert/strict';
import { applyTextEdits, textEdits } from '../../server/src/yaml/text-edits.ts';
import { engineOf, type Files } from './import-world.ts';

const NAMES = ['east', 'west', 'north'] as const;

const FILES: Files = {
  'helmfile.yaml.gotmpl': `environments:
${NAMES.map((name) => `  ${name}:\n    values: [env/common.yaml, env/${name}.yaml]\n`).join('')}---
releases:
  - name: istiod
    namespace: istio-system
    chart: istio/istiod
    version: {{ .Values.version }}
    values: [values/istiod.yaml.gotmpl]
  - name: ztunnel
    namespace: istio-system
    chart: istio/ztunnel
    version: {{ .Values.version }}
    values: [values/ztunnel.yaml.gotmpl]
`,
  'env/common.yaml': 'version: 1.30.2\nmesh: mesh1\n',
  ...Object.fromEntries(
    NAMES.map((name) => [`env/${name}.yaml`, `cluster: ${name}\nistio:\n  network: network-${name}\n`]),
  ),
  'values/istiod.yaml.gotmpl': `profile: ambient
env: { AMBIENT_ENABLE_MULTI_NETWORK: "true" }
global:
  meshID: {{ .Values.mesh }}
  network: {{ .Values.istio.network | quote }}
  multiCluster: { clusterName: {{ .Values.cluster }} }
`,
  'values/ztunnel.yaml.gotmpl':
    'network: {{ .Values.istio.network }}\nmultiCluster: { clusterName: {{ .Values.cluster }} }\n',
};

const found = (files: Files) => {
  const { snapshot } = engineOf(files);
  return { snapshot, findings: snapshot.findings.filter(({ severity }) => severity !== 'hint' && severity !== 'info') };
};
const told = (changed: Files) =>
  found({ ...FILES, ...changed }).findings.map(
    ({ location: { file, range }, rule, message }) => `${file}:${range.start.line + 1} ${rule.id} ${message}`,
  );
const west = FILES['env/west.yaml'] as string;
const LACKS =
  'Environment west lacks the value istio.network, which others have and templates name: helmfile refuses to render it.';

describe('a value of an environment of helmfile', () => {
  it('is there', () => assert.deepEqual(told({}), []));

  it('is misspelt in one environment, and renamed there', () => {
    const wrong = { ...FILES, 'env/west.yaml': west.replace('network:', 'netwrok:') };
    const { snapshot, findings } = found(wrong);
    assert.deepEqual(told(wrong), [
      `env/west.yaml:3 invalid-kustomization ${LACKS} Perhaps istio.netwrok is meant to be it.`,
    ]);
    const [change] = textEdits(snapshot.documents, findings[0]?.fixes()[0]?.edits() ?? []) ?? [];
    assert.ok(change !== undefined && 'edits' in change);
    assert.equal(applyTextEdits(wrong['env/west.yaml'], change.edits), west);
  });

  it('is lacking in one environment', () => {
    const less = west.replace(/ {2}network.*\n/, '  cidr: 10.0.0.0/8\n');
    assert.deepEqual(told({ 'env/west.yaml': less }), [`helmfile.yaml.gotmpl:4 invalid-kustomization ${LACKS}`]);
  });

  it('may be lacking where it is asked for, or where values are not in sight', () => {
    const less = { 'env/west.yaml': west.replace(/ {2}network.*\n/, '  cidr: 10.0.0.0/8\n') };
    const asked = '{{ if hasKey .Values.istio "network" }}network: {{ .Values.istio.network }}{{ end }}\n';
    const secret = (FILES['helmfile.yaml.gotmpl'] as string).replace(
      'env/west.yaml]\n',
      'env/west.yaml]\n    secrets: [env/west.secret.yaml]\n',
    );
    const others = Object.fromEntries(
      Object.keys(FILES)
        .filter((file) => file.startsWith('values/'))
        .map((file) => [file, asked]),
    );
    for (const files of [
      { ...less, ...others },
      { ...less, 'helmfile.yaml.gotmpl': secret },
    ])
      assert.deepEqual(
        told(files).filter((text) => text.includes('lacks the value')),
        [],
      );
  });

  it('is told once where an environment takes the file of another one', () => {
    const right = FILES['helmfile.yaml.gotmpl'] as string;
    const wrong = { ...FILES, 'helmfile.yaml.gotmpl': right.replace('env/west.yaml', 'env/east.yaml') };
    const { snapshot, findings } = found(wrong);
    assert.deepEqual(told(wrong), [
      'helmfile.yaml.gotmpl:5 invalid-kustomization helmfile gives west the values in env/east.yaml, as it does east. Nothing that is read takes env/west.yaml.',
    ]);
    const [change] = textEdits(snapshot.documents, findings[0]?.fixes()[0]?.edits() ?? []) ?? [];
    assert.ok(change !== undefined && 'edits' in change);
    assert.equal(applyTextEdits(wrong['helmfile.yaml.gotmpl'], change.edits), right);
  });

  it('is known in a helmfile of any name that gets all values of the one above', () => {
    const [environments = '', releases = ''] = (FILES['helmfile.yaml.gotmpl'] as string).split('---\n');
    const nested = (envs: string, more: Files = {}): Files => ({
      ...FILES,
      'helmfile.yaml.gotmpl': `${envs}---\nhelmfiles:\n  - path: releases/istio.yaml.gotmpl\n    values:\n      - {{ toYaml .Values | nindent 8 }}\n`,
      'releases/istio.yaml.gotmpl': releases.replaceAll('[values/', '[../values/'),
      ...more,
    });
    const { snapshot, findings } = found(nested(environments));
    assert.deepEqual(findings, []);
    assert.deepEqual([...snapshot.layout.clusters.values()].map(({ name }) => name).sort(), [...NAMES].sort());
    const wrong = { 'env/west.yaml': west.replace('network:', 'netwrok:') };
    assert.match(
      told(nested(environments, wrong)).join(),
      /^env\/west.yaml:3 invalid-kustomization [^,]*, which[^,]*$/,
    );
    assert.match(
      told(nested(environments.replace('env/west.yaml', 'env/east.yaml'))).join(),
      /^helmfile.yaml.gotmpl:5 invalid-kustomization helmfile gives west the values in env\/east.yaml,[^,]*$/,
    );
  });
});
