/** `textDocument/didOpen`, `didChange`, `didClose`: what is typed counts before it is saved. */
import assert from 'node:assert/strict';
import { METHODS } from '../../server/src/lsp/protocol.ts';
import { clusters, RULE, sample, sampleFile } from './clusters.ts';
import { closeEditors, HURRIED, openEditor } from './editor.ts';

const [east, west] = ['east', 'west'].map(sampleFile) as [string, string];
const agreeing = clusters({ east: 'waypoint', west: 'waypoint' });

describe('textDocument/didChange', () => {
  afterEach(closeEditors);

  for (const [edited, other] of [
    [east, west],
    [west, east],
  ] as const) {
    it(`marks the file being edited, whichever it is: ${edited}`, async () => {
      const editor = await openEditor(agreeing);
      await editor.open(edited, sample('waypoint'));
      await editor.settle();
      assert.deepEqual(editor.found(edited, RULE), []);
      await editor.type(edited, 'waypoint #', 'wp #');
      await editor.settle();
      assert.equal(editor.found(edited, RULE).length, 1);
      assert.equal(editor.found(other, RULE).length, 1);
    });
  }

  it('takes a finding away before anything is saved', async () => {
    const editor = await openEditor(clusters({ east: 'waypoint', west: 'wp' }));
    editor.only(west, RULE);
    await editor.open(west, sample('wp'));
    await editor.type(west, 'wp', 'waypoint');
    await editor.settle();
    assert.deepEqual(editor.found(west, RULE), []);
    assert.deepEqual(editor.found(east, RULE), []);
  });

  it('moves a squiggle with its line', async () => {
    const editor = await openEditor(clusters({ east: 'waypoint', west: 'wp' }));
    const { start } = editor.only(west, RULE).range;
    await editor.open(west, sample('wp'));
    await editor.type(west, 'apiVersion: v1\nkind: Namespace', '# one\n# two\napiVersion: v1\nkind: Namespace');
    await editor.settle();
    assert.deepEqual(editor.only(west, RULE).range.start, { ...start, line: start.line + 2 });
  });

  for (const [pauses, platform] of [
    ['', {}],
    [', whenever it must pause', HURRIED],
  ] as const) {
    it(`publishes only what changed${pauses}`, async () => {
      const editor = await openEditor(clusters({ east: 'waypoint', north: 'waypoint', west: 'wp' }), { platform });
      await editor.open(west, sample('wp'));
      await editor.settle();
      const published = async (before: string, after: string): Promise<readonly string[]> => {
        editor.publications.length = 0;
        await editor.type(west, before, after);
        await editor.settle();
        return [...editor.publications].sort();
      };
      const all = ['east', 'north', 'west'].map(sampleFile);
      assert.deepEqual(await published('name: mesh', 'name: hbone'), [], 'the same findings from other facts');
      assert.deepEqual(await published('port: 5000', 'port: 5001'), all, 'another finding in each');
      assert.deepEqual(await published('wp', 'waypoint'), all, 'a finding less in each');
      assert.deepEqual(await published('port: 5001', 'port: 5000'), all, 'none any more');
    });

    it(`publishes nothing when it reads the same again${pauses}`, async () => {
      const editor = await openEditor(clusters({ east: 'waypoint', west: 'wp' }), { platform });
      editor.publications.length = 0;
      await editor.connection.sendRequest(METHODS.reindex);
      await editor.settle();
      assert.deepEqual(editor.publications, []);
      editor.only(west, RULE);
    });
  }

  it('lives through half-typed documents', async () => {
    const editor = await openEditor(agreeing);
    const text = sample('wp');
    let typed = text.slice(0, 40);
    await editor.open(west, typed);
    while (typed.length < text.length) {
      const longer = text.slice(0, typed.length + 40);
      await editor.type(west, typed, longer);
      typed = longer;
      await editor.settle();
    }
    editor.only(west, RULE);
    assert.deepEqual(editor.log, []);
  });

  it('reads a document that is on no disk yet', async () => {
    const { [west]: text = '', ...others } = clusters({ east: 'waypoint', west: 'wp' });
    const editor = await openEditor(others);
    await editor.open(west, text);
    await editor.settle();
    editor.only(west, RULE);
  });

  it('goes back to the file on disk when the document is closed unsaved', async () => {
    const editor = await openEditor(agreeing);
    await editor.open(west, sample('wp'));
    await editor.settle();
    editor.only(west, RULE);
    await editor.closeDocument(west);
    await editor.settle();
    assert.deepEqual(editor.found(west, RULE), []);
  });

  it('leaves documents alone that git ignores', async () => {
    const editor = await openEditor({ ...agreeing, '.gitignore': 'clusters/draft\n' });
    await editor.open('clusters/draft/sample.yaml', sample('wp'));
    await editor.settle();
    assert.deepEqual(
      [...editor.diagnostics].filter(([, found]) => found.length > 0),
      [],
    );
  });
});
