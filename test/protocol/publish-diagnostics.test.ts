/** `textDocument/publishDiagnostics`: what a finding looks like, and which places it marks. */
import assert from 'node:assert/strict';
import { DiagnosticSeverity } from 'vscode-languageserver';
import { clusters, RULE, sampleFile } from './clusters.ts';
import { closeEditors, openEditor } from './editor.ts';

const [east, north, west] = ['east', 'north', 'west'].map(sampleFile) as [string, string, string];

describe('textDocument/publishDiagnostics', () => {
  afterEach(closeEditors);

  it('says where, what, which rule, and where that is documented', async () => {
    const editor = await openEditor(clusters({ east: 'waypoint', north: 'waypoint', west: 'wp' }));
    const found = editor.only(west, RULE);
    assert.equal(found.source, 'ambient-multicluster');
    assert.equal(found.severity, DiagnosticSeverity.Error);
    assert.match(String(found.message), /sample\/wp/);
    assert.match(found.codeDescription?.href ?? '', /^https:\/\/istio\.io\//);
    const line = clusters({ west: 'wp' })[west]?.split('\n')[found.range.start.line] ?? '';
    assert.equal(line.slice(found.range.start.character, found.range.end.character), 'wp');
    assert.equal(typeof found.data.id, 'string');
  });

  it('links the lines of the other clusters', async () => {
    const editor = await openEditor(clusters({ east: 'waypoint', north: 'waypoint', west: 'wp' }));
    const related = editor.only(west, RULE).relatedInformation ?? [];
    const uris = related.map(({ location }) => location.uri);
    assert.ok(uris.includes(editor.uri(east)) && uris.includes(editor.uri(north)), uris.join());
  });

  it('marks the majority as hints, as mirrors of the one finding', async () => {
    const editor = await openEditor(clusters({ east: 'waypoint', north: 'waypoint', west: 'wp' }));
    const own = editor.only(west, RULE);
    assert.deepEqual(own.data, { id: own.data.id });
    for (const file of [east, north]) {
      const mirror = editor.only(file, RULE);
      assert.equal(mirror.severity, DiagnosticSeverity.Hint);
      assert.deepEqual(mirror.data, { id: own.data.id, mirror: true });
      const related = mirror.relatedInformation ?? [];
      assert.ok(related.some(({ location }) => location.uri === editor.uri(west)));
    }
  });

  it('says at mirrors where the finding stands, and few more places, however many clusters there are', async () => {
    const others = ['a', 'b', 'c', 'd', 'e', 'f'];
    const same = Object.fromEntries(others.map((name) => [name, 'waypoint']));
    const editor = await openEditor(clusters({ ...same, west: 'wp' }));
    assert.equal(editor.only(west, RULE).relatedInformation?.length, others.length);
    for (const name of others) {
      const [own, ...more] = editor.only(sampleFile(name), RULE).relatedInformation ?? [];
      assert.equal(own?.location.uri, editor.uri(west));
      assert.equal(more.length, 2);
    }
  });

  it('marks both sides of a tie with the full severity', async () => {
    const editor = await openEditor(clusters({ east: 'waypoint', west: 'wp' }));
    const sides = [east, west].map((file) => editor.only(file, RULE));
    assert.deepEqual(
      sides.map(({ severity }) => severity),
      [DiagnosticSeverity.Error, DiagnosticSeverity.Error],
    );
    assert.equal(sides.filter(({ data }) => data.mirror === true).length, 1);
    assert.notEqual(sides[0]?.message, sides[1]?.message);
  });

  it('says nothing of clusters that agree', async () => {
    const editor = await openEditor(clusters({ east: 'waypoint', west: 'waypoint' }));
    assert.deepEqual(
      [...editor.diagnostics].filter(([, found]) => found.length > 0),
      [],
    );
  });

  it('goes on beside files that are broken, binary, templated or huge', async () => {
    const editor = await openEditor({
      ...clusters({ east: 'waypoint', west: 'wp' }),
      'clusters/east/broken.yaml': 'kind: [\n  a: {b\n\t- x: "\n',
      'clusters/east/odd.yaml': '__proto__: {constructor: 1}\n---\n- - - 1\n---\n"just text"\n',
      'clusters/west/binary.yaml': 'a\0b',
      'clusters/west/template.yaml': 'kind: Service\nmetadata:\n  name: {{ .Values.name }}\n',
      'clusters/west/deep.yaml': `${'['.repeat(5000)}`,
    });
    editor.only(west, RULE);
    assert.deepEqual(editor.log, []);
  });

  it('finds its way with names that a URI must encode', async () => {
    const moved = Object.entries(clusters({ east: 'waypoint', west: 'wp' })).map(([file, text]) => [
      file.replace('sample.yaml', 'sämple #1 (a%20b).yaml'),
      text,
    ]);
    const editor = await openEditor(Object.fromEntries(moved));
    editor.only('clusters/west/sämple #1 (a%20b).yaml', RULE);
  });
});
