/** Templates that are filled in as text, before anything reads it as YAML: quotes that come with a value are no part of it. */
import assert from 'node:assert/strict';
import { documentAnchor } from '../../server/src/base/anchor.ts';
import { templateAllowance } from '../../server/src/deploy/bounded-text.ts';
import { filledValue, fillTree } from '../../server/src/deploy/templates/fill.ts';
import { filledDocuments } from '../../server/src/deploy/templates/filled-file.ts';
import { renderGoTemplate } from '../../server/src/deploy/templates/go-template.ts';
import type { Cursor } from '../../server/src/yaml/read.ts';
import { DeployTree } from './deploy-tree.ts';

const PARAMS = `name: east
on: "true"
word: it's
list: '[x, "y"]'
items: '- x'
pair: 'a: b'
ports: '{http: 80}'
comment: x # y
octal: "012"
lines: "a\\nb"
`;

/** What a text comes to as a template, each value with its type, where its quotes tell it, and its line. */
function filled(text: string): readonly string[] {
  const tree = new DeployTree({ 'params.yaml': PARAMS, 'a.yaml.gotmpl': text });
  const [params] = tree.all();
  const file = tree.file('a.yaml.gotmpl');
  assert.ok(params !== undefined && typeof file === 'object');
  const allowance = templateAllowance();
  const [root] = filledDocuments(file, (one) => renderGoTemplate(one, params.object, false, allowance), allowance);
  return tree.lines(root);
}

describe('files that are templates', () => {
  for (const [value, shown] of [
    ['{{ .name | quote }}', 'east (params.yaml:1)'],
    ['{{ quote .name }}', 'east (params.yaml:1)'],
    ['{{ squote .name }}', 'east (params.yaml:1)'],
    ['{{ .name | toString | quote }}', 'east (params.yaml:1)'],
    ['{{ printf "%q" .name }}', 'east (a.yaml.gotmpl:1)'],
    ['{{ default "west" .name | quote }}', 'east (params.yaml:1)'],
    ['{{ .none | default "west" | quote }}', 'west (a.yaml.gotmpl:1)'],
    ["'{{ .name }}'", 'east (params.yaml:1)'],
    ['"net-{{ .name }}"', 'net-east (a.yaml.gotmpl:1)'],
    ['net-{{ .name | quote }}', 'net-"east" (a.yaml.gotmpl:1)'],
    ['"{{ .word }}"', "it's (a.yaml.gotmpl:1)"],
    // No YAML: helmfile refuses it, and nobody knows what was meant.
    ['"{{ .name | quote }}"', '{{ .name | quote }} (a.yaml.gotmpl:1)'],
    ["'{{ .word }}'", '{{ .word }} (a.yaml.gotmpl:1)'],
    ['{{ .pair }}', '{{ .pair }} (a.yaml.gotmpl:1)'],
    ['{{ .items }}', '{{ .items }} (a.yaml.gotmpl:1)'],
    ['{{ .lines }}', '{{ .lines }} (a.yaml.gotmpl:1)'],
    ['{{ .lines | quote }}', 'a\nb (params.yaml:10)'],
    ['{{ .comment }}', 'x (params.yaml:8)'],
    ['"{{ .unknown.inner }}"', '{{ .unknown.inner }} (a.yaml.gotmpl:1)'],
    ['|\n  x: {{ .name | quote }}', 'x: "east"\n (a.yaml.gotmpl:1)'],
  ] as const) {
    it(`a: ${value}`, () => assert.deepEqual(filled(`a: ${value}\n`), [`/a: ${shown}`]));
  }

  it('have the lists and maps that a value is as YAML', () => {
    assert.deepEqual(filled('a: {{ .list }}\nb: {{ .ports }}\n'), [
      '/a/0: x (params.yaml:4)',
      '/a/1: y (params.yaml:4)',
      '/b/http: 80 (params.yaml:7)',
    ]);
  });

  it('have what stands in blocks with the places of what is in quotes', () => {
    assert.deepEqual(filled('{{ if .on }}\na: {{ .name | quote }}\n{{ end }}\n'), ['/a: east (params.yaml:1)']);
  });

  it('have the type that YAML gives the text', () => {
    const kinds = (text: string): unknown => {
      const node = filledValue([{ kind: 'value', text, at: undefined }], documentAnchor(1 as never));
      return node?.type === 'scalar' ? [node.text, node.style] : node?.type;
    };
    assert.deepEqual(['true', '"true"', "'012'", '012', '"a" b', '', 'a:'].map(kinds), [
      ['true', 'plain'],
      ['true', 'double'],
      ['012', 'single'],
      ['012', 'plain'],
      undefined,
      ['', 'plain'],
      undefined,
    ]);
  });
});

describe('templates of objects', () => {
  it('are filled in as values: quotes are a part of them, and stand nowhere else', () => {
    const tree = new DeployTree({ 'params.yaml': PARAMS, 'a.yaml': `a: '{{ .name | quote }}'\nb: '{{ .on }}'\n` });
    const [params, template] = tree.all();
    assert.ok(params !== undefined && template !== undefined);
    const allowance = templateAllowance();
    const render = (text: string) => renderGoTemplate(text, params.object, false, allowance);
    const result: Cursor = fillTree(template.object, render, () => false, allowance);
    assert.deepEqual(tree.lines(result), ['/a: "east" (a.yaml:1)', '/b: true (params.yaml:2)']);
  });

  it('have the place of what a function gives as it is, of several only of the one that it picks', () => {
    const tree = new DeployTree({ 'params.yaml': 'name: east\noff: "false"\nsame: east\n', 'a.yaml': 'a: 1\n' });
    const [params] = tree.all();
    assert.ok(params !== undefined);
    const placeOf = (template: string): string | undefined => {
      const segments = renderGoTemplate(template, params.object, false, templateAllowance()) ?? [];
      const segment = segments.find(({ kind }) => kind === 'value');
      const at = segment?.kind === 'value' ? segment.at : undefined;
      return at === undefined ? undefined : tree.place({ node: params.object.node, at });
    };
    assert.deepEqual(
      [
        '{{ default "true" .off }}',
        '{{ default "true" .none }}',
        '{{ coalesce .none .name }}',
        '{{ or .none .name "x" }}',
        '{{ and .off .name }}',
        '{{ ternary "east" .name true }}',
        '{{ ternary "east" .name false }}',
        '{{ .name | upper }}',
      ].map(placeOf),
      [
        'params.yaml:2 /off',
        undefined,
        'params.yaml:1 /name',
        'params.yaml:1 /name',
        'params.yaml:1 /name',
        undefined,
        'params.yaml:1 /name',
        undefined,
      ],
    );
  });
});
