/** Go templates and globs as ApplicationSets use them: what they come to, what stays unresolved, and that none of them explodes. */
import assert from 'node:assert/strict';
import { templateAllowance } from '../../server/src/deploy/bounded-text.ts';
import { goGlob } from '../../server/src/deploy/go-glob.ts';
import { parseName } from '../../server/src/deploy/helm/set-value.ts';
import { renderFastTemplate } from '../../server/src/deploy/templates/fast-template.ts';
import { renderGoTemplate } from '../../server/src/deploy/templates/go-template.ts';
import { segmentText } from '../../server/src/deploy/templates/segment.ts';
import type { Cursor } from '../../server/src/yaml/read.ts';
import { DeployTree } from './deploy-tree.ts';

const PARAMS = `
name: east
count: 3
on: true
labels: {a.b/c: net1, tier: prod}
list: [x, z]
empty: ''
unknown: '{{somewhere}}'
`;

const params = new DeployTree({ 'params.yaml': PARAMS }).all()[0]?.object;
assert.ok(params !== undefined);

function go(template: string, open = false): string | undefined {
  assert.ok(params !== undefined);
  const segments = renderGoTemplate(template, params, open, templateAllowance());
  return segments === undefined ? undefined : segmentText(segments);
}

describe('Go templates', () => {
  for (const [template, text] of [
    ['{{ .name }}-{{ .count }}', 'east-3'],
    ['{{.labels.tier}}', 'prod'],
    ['{{ index .labels "a.b/c" }}', 'net1'],
    ['{{ index .list 1 }}', 'z'],
    ['{{ .name | upper | quote }}', '"EAST"'],
    ['{{ default "x" .missing }}{{ .missing | default "y" }}', 'xy'],
    ['{{ printf "%s-%v" .name .count }}', 'east-3'],
    ['{{ replace "e" "E" .name }}', 'East'],
    ['{{ trimPrefix "ea" .name }}', 'st'],
    ['{{ if eq .labels.tier "prod" }}P{{ else }}D{{ end }}', 'P'],
    ['{{- if and .on (not .empty) -}} a {{- end -}}', 'a'],
    ['{{ if .empty }}a{{ else if .missing }}b{{ else }}c{{ end }}', 'c'],
    ['{{ range $i, $x := .list }}{{ $i }}{{ $x }},{{ end }}', '0x,1z,'],
    ['{{ range $k, $v := .labels }}{{ $k }}={{ $v }};{{ end }}', 'a.b/c=net1;tier=prod;'],
    ['{{ range .none }}x{{ else }}none{{ end }}', 'none'],
    ['{{ with .labels }}{{ .tier }}{{ $.name }}{{ end }}', 'prodeast'],
    ['{{ $x := .name }}{{ $x }}{{/* a comment */}}', 'east'],
    ['{{ (index .labels "tier") | upper }}{{ (dict "a" 1).a }}', 'PROD1'],
    ['{{ ternary "a" "b" .on }}{{ dig "none" "d" .labels }}', 'ad'],
    ['{{ join "-" .list }}{{ len .list }}{{ add .count 1 }}', 'x-z24'],
    ['{{ normalize "A_b.C" }}', 'a-b.c'],
    ['{{ `{{name}}` }}', '{{name}}'],
    // What is not known, or not worked out, stays as it is written.
    ['a-{{ .missing }}', 'a-{{ .missing }}'],
    ['{{ .unknown }}{{ .unknown | upper }}', '{{ .unknown }}{{ .unknown | upper }}'],
    ['{{ .unknown.inner | default "x" }}', '{{ .unknown.inner | default "x" }}'],
    ['{{ lookup "v1" .name }}', '{{ lookup "v1" .name }}'],
    ['{{ .labels }}', '{{ .labels }}'],
  ] as const) {
    it(template, () => assert.equal(go(template), text));
  }

  it('cannot tell what depends on the unknown, or is no template', () => {
    const templates = [
      '{{ if .unknown }}a{{ end }}',
      '{{ range .unknown }}a{{ end }}',
      '{{ template "x" }}',
      '{{ if }}',
      '{{ .a',
      '{{ end }}',
    ];
    assert.deepEqual(
      templates.map((template) => go(template)),
      templates.map(() => undefined),
    );
    assert.equal(go('{{ default "x" .missing }}', true), '{{ default "x" .missing }}');
  });

  it('end, however they nest and repeat', () => {
    const loop = '{{ range .list }}'.repeat(30) + 'a'.repeat(50) + '{{ end }}'.repeat(30);
    assert.equal(go(loop), undefined);
    assert.equal(go(`${'{{ if .on }}'.repeat(500)}a${'{{ end }}'.repeat(500)}`), undefined);
    assert.equal(go(`{{ ${'('.repeat(5000)} .name ${')'.repeat(5000)} }}`), undefined);
    assert.equal(go('{{ "'.repeat(20_000)), undefined);
    assert.equal(go(`{{ replace "" .name .name }}`), '{{ replace "" .name .name }}');
  });

  describe('that ask for more than fits are not filled in', () => {
    const long = JSON.stringify('a'.repeat(50_000));
    const doubled = (set: string) => `{{ $a := list "x" }}${`{{ $a = ${set} }}`.repeat(60)}`;
    for (const [what, template] of [
      ['replace', `{{ replace "a" ${long} ${long} }}`],
      ['join', `{{ join ${long} (list ${'"" '.repeat(20_000)}) }}`],
      ['join of long texts', `{{ $t := ${long} }}{{ join "" (list ${'$t '.repeat(20_000)}) }}`],
      ['printf', `{{ $t := ${long} }}{{ printf "${'%s'.repeat(20_000)}" ${'$t '.repeat(20_000)} }}`],
      ['quote', `{{ $t := ${long} }}{{ quote ${'$t '.repeat(20_000)} }}`],
      ['squote', `{{ $t := ${long} }}{{ squote ${'$t '.repeat(20_000)} }}`],
      ['lists that double', `${doubled('list $a $a')}{{ if eq $a $a }}x{{ end }}`],
      ['maps that double', `${doubled('dict "a" $a "b" $a')}{{ if eq $a $a }}x{{ end }}`],
      ['lists in lists in lists', `${`{{ $a = list $a }}`.repeat(8000)}{{ if eq $a $a }}x{{ end }}`],
      ['splitList', `{{ $t := ${JSON.stringify(','.repeat(60_000))} }}{{ splitList "," $t | len }}`],
      ['trimAll, again and again', `{{ $t := ${long} }}${'{{ $x := trimAll $t $t }}'.repeat(5000)}`],
    ] as const) {
      it(what, () => assert.ok((go(template) ?? template).length <= template.length));
    }

    it('what is read counts, written or made', () => {
      const written = `list: [${'a, '.repeat(60_000)}]\ntext: ${'a'.repeat(60_000)}\n`;
      const [read] = new DeployTree({ 'params.yaml': written }).all();
      assert.ok(read !== undefined);
      const rendered = (template: string) => renderGoTemplate(template, read.object, false, templateAllowance());
      for (const use of ['len .list', 'len .text', '.list | len', 'index .list 3']) {
        assert.ok(rendered(`{{ $x := ${use} }}x`) !== undefined, use);
        assert.equal(rendered(`${`{{ $x := ${use} }}`.repeat(3000)}x`), undefined, use);
      }
    });

    it('all templates of an object share what they may cost', () => {
      const shared = templateAllowance();
      const template = `{{range .list}}${'a'.repeat(40_000)}{{end}}`;
      const rendered = () => renderGoTemplate(template, params as Cursor, false, shared);
      assert.ok(rendered() !== undefined);
      for (let i = 0; i < 1000; i++) rendered();
      assert.equal(rendered(), undefined);
      assert.equal(renderFastTemplate('{{name}}', params as Cursor, shared), undefined);
    });
  });
});

describe('fast templates', () => {
  it('are keys and nothing more', () => {
    assert.ok(params !== undefined);
    const text = renderFastTemplate(
      '{{name}}.{{ labels.tier }}.{{labels.a.b/c}}.{{count}}.{{.name}}.{{unknown}}.{{',
      params,
      templateAllowance(),
    );
    assert.equal(text === undefined ? undefined : segmentText(text), 'east.prod.net1.3.{{.name}}.{{unknown}}.{{');
  });
});

describe('globs', () => {
  for (const [pattern, path, inStep, across] of [
    ['apps/*', 'apps/east', true, true],
    ['apps/*', 'apps/east/web', false, true],
    ['apps/*/web', 'apps/east/web', true, true],
    ['apps/**', 'apps/east/web', true, true],
    ['apps/**/x.json', 'apps/x.json', true, true],
    ['apps/e?st', 'apps/east', true, true],
    ['apps/[a-f]ast', 'apps/east', true, true],
    ['apps/[!e]ast', 'apps/east', false, false],
    ['apps/\\*', 'apps/*', true, true],
    ['apps', 'apps/east', false, false],
  ] as const) {
    it(`${pattern} and ${path}`, () => {
      assert.equal(goGlob(pattern, { crossSlashes: false })(path), inStep);
      assert.equal(goGlob(pattern, { crossSlashes: true })(path), across);
    });
  }

  it('have alternatives where they may', () => {
    assert.equal(goGlob('{a,b}.yaml', { crossSlashes: true, braces: true })('b.yaml'), true);
    assert.equal(goGlob('{a,b}.yaml', { crossSlashes: true })('b.yaml'), false);
    assert.equal(goGlob('{a,b}'.repeat(40), { crossSlashes: true, braces: true })('a'.repeat(40)), false);
  });

  it('end, however many stars they have', () => {
    assert.equal(goGlob(`${'*a'.repeat(900)}b`, { crossSlashes: true })('a'.repeat(1900)), false);
  });
});

describe('names of single values', () => {
  it('have steps, indices and escaped dots', () => {
    assert.deepEqual(parseName('a.b[0].c\\.d'), ['a', 'b', 0, 'c.d']);
    assert.deepEqual(['a..b', 'a[x]', 'a[100000]', 'a[0', 'a[0]b', ''].map(parseName), Array(6).fill(undefined));
  });
});
