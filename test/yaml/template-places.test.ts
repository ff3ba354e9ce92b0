/** Where in a template as a whole, and in a file of environment variables, an entry stands of what it comes to. */
import assert from 'node:assert/strict';
import { below, documentAnchor } from '../../server/src/base/anchor.ts';
import { EMBEDDED, type PathKey } from '../../server/src/base/path.ts';
import { DocumentTable } from '../../server/src/yaml/documents.ts';

const TEMPLATE = `{{- $all := .Values }}
global:
  network: {{ $all.network }}
  proxy:
    image: {{ requiredEnv "IMAGE" | quote }} # comment
{{- if .Values.more }}
env:
  A: {{ .Values.a }}
{{- end }}
plain:
  - {{ .Values.one }}
  - two
releases:
{{- range list "a" "b" }}
  - name: {{ . }}
{{- end }}
labels:
  {{- toYaml .Values.labels | nindent 2 }}
`;

function placeOf(text: string, file: string, keys: readonly PathKey[]): string {
  const table = new DocumentTable();
  const [document] = table.update(file, text).documents;
  assert.ok(document);
  const { start, end } = table.locate(below(documentAnchor(document.id), ...keys))?.range ?? assert.fail();
  const line = text.split('\n')[start.line] ?? '';
  return `${start.line + 1} ${line.slice(start.character, end.character)}`;
}

describe('a place in a template as a whole', () => {
  const at = (...keys: readonly PathKey[]): string => placeOf(TEMPLATE, 'a.yaml.gotmpl', [EMBEDDED, ...keys]);

  it('is that of its value, or of its key', () => {
    assert.equal(at('global', 'network'), '3 {{ $all.network }}');
    assert.equal(at('global', 'proxy', 'image'), '5 {{ requiredEnv "IMAGE" | quote }}');
    assert.equal(at('global', 'proxy'), '4 proxy');
    assert.equal(at('env', 'A'), '8 {{ .Values.a }}');
    assert.equal(at('plain', 1), '12 two');
  });

  it('is the nearest one above it where it is made by an action', () => {
    assert.equal(at('labels', 'app'), '17 labels');
    assert.equal(at('releases', 1, 'name'), '13 releases');
  });

  it('is the first line where nothing of it is in sight', () => {
    assert.match(at('none'), /^1 /);
    assert.match(placeOf('{{ if }}: {{ end\n', 'a.yaml.gotmpl', [EMBEDDED, 'a']), /^1 /);
  });
});

describe('a place in a file of environment variables', () => {
  it('is that of the value', () => {
    const text = '\ufeff# what is own\nname=west\n\n  network=network1 \nempty=\n';
    assert.equal(placeOf(text, 'facts.env', ['network']), '4 network1 ');
    assert.equal(placeOf(text, 'facts.env', ['name']), '2 west');
    assert.equal(placeOf(text, 'facts.env', ['empty']), '5 ');
  });
});
