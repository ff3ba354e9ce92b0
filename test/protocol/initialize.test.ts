/** `initialize`: what the server offers, and that it starts without everything an editor may lack. */
import assert from 'node:assert/strict';
import { TextDocumentSyncKind } from 'vscode-languageserver';
import { clusters, RULE, sampleFile } from './clusters.ts';
import { closeEditors, openEditor } from './editor.ts';

describe('initialize', () => {
  afterEach(closeEditors);

  it('offers incremental synchronisation and quick fixes', async () => {
    const { result } = await openEditor({});
    assert.equal(result?.serverInfo?.name, 'ambient-multicluster');
    assert.deepEqual(result?.capabilities.textDocumentSync, {
      openClose: true,
      change: TextDocumentSyncKind.Incremental,
    });
    assert.deepEqual(result?.capabilities.codeActionProvider, {
      codeActionKinds: ['quickfix', 'refactor.rewrite', 'source.fixAll.ambientMulticluster'],
    });
  });

  it('serves a client that can do nothing but show diagnostics', async () => {
    const editor = await openEditor(clusters({ east: 'waypoint', west: 'wp' }), { capabilities: {} });
    editor.only(sampleFile('west'), RULE);
    assert.deepEqual(editor.registrations, []);
  });

  it('asks clients that can to watch files and to tell of changed settings', async () => {
    const { registrations } = await openEditor({});
    assert.deepEqual(registrations.map(({ method }) => method).sort(), [
      'workspace/didChangeConfiguration',
      'workspace/didChangeWatchedFiles',
    ]);
  });

  it('takes initialization options of any shape', async () => {
    for (const initializationOptions of [null, 1, 'x', [], { ignoreCommand: 'yes' }]) {
      const editor = await openEditor({}, { initializationOptions });
      assert.ok(editor.result);
    }
  });
});
