/** Scalars mean what they mean to Go; placeholders and templates are told from values. */
import assert from 'node:assert/strict';
import { LENDERS } from '../../server/src/facts/extract.ts';
import { classifyText, mayConcernMesh } from '../../server/src/yaml/classify.ts';
import type { ScalarNode } from '../../server/src/yaml/node.ts';
import { isPlaceholder } from '../../server/src/yaml/placeholder.ts';
import { goParseBool, resolveYaml11 } from '../../server/src/yaml/scalar.ts';

const plain = (text: string): ScalarNode => ({ type: 'scalar', text, style: 'plain', start: 0, end: text.length });

describe('scalars in YAML 1.1', () => {
  const values: readonly (readonly [string, string | number | boolean | null])[] = [
    ['yes', true],
    ['On', true],
    ['y', true],
    ['NO', false],
    ['off', false],
    ['tRue', 'tRue'],
    ['~', null],
    ['', null],
    ['null', null],
    ['0012', 10],
    ['0o17', 15],
    ['0x1F', 31],
    ['1_000', 1000],
    ['-1.5', -1.5],
    ['1e3', 1000],
    ['1.30', 1.3],
    ['1.30.2', '1.30.2'],
    ['20260101', 20260101],
    ['network1', 'network1'],
    ['-', '-'],
    ['.', '.'],
  ];
  for (const [text, value] of values) {
    it(`${JSON.stringify(text)} is ${JSON.stringify(value)}`, () => assert.equal(resolveYaml11(plain(text)), value));
  }
  it('are text in quotes and with !!str', () => {
    assert.equal(resolveYaml11({ ...plain('yes'), style: 'double' }), 'yes');
    assert.equal(resolveYaml11({ ...plain('12'), tag: '!!str' }), '12');
  });
  it('are booleans to Go only in some spellings', () => {
    for (const text of ['1', 't', 'T', 'true', 'TRUE', 'True']) assert.equal(goParseBool(text), true);
    for (const text of ['0', 'f', 'F', 'false', 'FALSE', 'False']) assert.equal(goParseBool(text), false);
    for (const text of ['yes', 'on', 'tRue', '']) assert.equal(goParseBool(text), undefined);
  });
});

const DOLLAR = '$';

describe('placeholders', () => {
  const yes = [
    'CLUSTER_NAME',
    'CLUSTER-NETWORK',
    'PATCHED-PER-CLUSTER',
    'PATCHED-BY-APPSET',
    'placeholder',
    'default-cluster-name',
    'change-me-please',
    '<network>',
    `${DOLLAR}{X}`,
    '$X',
    `a-${DOLLAR}{b:=c}`,
    'network{i}',
    '{{ .Values.x }}',
    '{{name}}',
    '{{hub .ManagedClusterName hub}}',
  ];
  const no = ['EU', 'US-EAST', 'network1', 'cluster-east', 'mesh', '', 'istio.io/global', 'Kubernetes', 'a$b'];
  for (const text of yes) it(`${text} is one`, () => assert.ok(isPlaceholder(text)));
  for (const text of no) it(`${JSON.stringify(text)} is none`, () => assert.ok(!isPlaceholder(text)));
});

describe('what a text is', () => {
  const cases: readonly (readonly [string, string, string | undefined])[] = [
    ['charts/a/templates/x.yaml', '{{- if .Values.x }}\na: 1\n{{- end }}\n', 'helm-template'],
    ['x.yaml', 'a: {{ .Values.b }}\n', 'helm-template'],
    ['x.yaml', '{% if x %}\na: 1\n{% endif %}\n', 'template'],
    ['x.yaml', "a: '{{name}}'\nb: x-{{values.y}}\n", undefined],
    ['x.yaml', '- {{ item }}\n', 'template'],
    ['x.yaml', 'kind: ConfigMap\ndata:\n  config: |-\n    {{- $x := 1 }}\n\n    {{ $x }}\nb: 1\n', undefined],
    ['x.yaml', '- name: |\n    {{ x }}\n  value: {{ y }}\n', 'template'],
    ['x.yaml', 'a: |\n  b\n{{- toYaml . }}\n', 'template'],
    ['x.json', JSON.stringify({ legend: '{{instance}} '.repeat(50_000) }), undefined],
    ['x.yaml', 'a: \u0000\n', 'binary'],
    ['x.yaml', 'a: ENC[AES256_GCM,data:x]\nsops:\n  mac: ENC[x]\n', 'encrypted'],
    ['x.yaml', `a: ${'x'.repeat(5_000_001)}`, 'too-large'],
    ['x.yaml', 'a: 1\n', undefined],
  ];
  for (const [file, text, expected] of cases) {
    it(`${JSON.stringify(text.slice(0, 60))} is ${expected ?? 'YAML'}`, () =>
      assert.equal(classifyText(text, file), expected));
  }
  it('concerns a mesh where deployments may refer to what is in it', () => {
    for (const kind of LENDERS) assert.ok(mayConcernMesh(`apiVersion: a/v1\nkind: ${kind}\n`, 'a.yaml'), kind);
  });
  it('concerns a mesh unless it cannot', () => {
    assert.ok(mayConcernMesh('kind: Service\n', 'a.yaml'));
    assert.ok(mayConcernMesh('network: a\n', 'a.yaml'));
    for (const written of [
      "'kind': Service",
      '"kind" : Foo',
      "{kind: 'Service'}",
      'kind: &k Service',
      'kind: !!str Service',
      '? kind\n: Service',
    ])
      assert.ok(mayConcernMesh(`${written}\n`, 'a.yaml'), written);
    for (const written of ["'network': a", '"profile" : ambient', '{ global: {} }', '{\n  "pilot": {} }'])
      assert.ok(mayConcernMesh(`${written}\n`, 'a.yaml'), written);
    assert.ok(!mayConcernMesh('spec:\n  env: []\n', 'a.yaml'));
    assert.ok(mayConcernMesh('logLevel: debug\n', 'east/ztunnel.yaml'));
    assert.ok(!mayConcernMesh('apiVersion: batch.example.com/v1\nkind: Foo\n', 'a.yaml'));
  });
});
