/** `initialize`: what the server offers, and that it starts without everything an editor may lack. */
import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import {
  type ClientCapabilities,
  createConnection,
  createProtocolConnection,
  ErrorCodes,
  type ProtocolConnection,
  type ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
  TextDocumentSyncKind,
} from 'vscode-languageserver/node';
import { METHODS } from '../../server/src/lsp/protocol.ts';
import { serve } from '../../server/src/lsp/serve.ts';
import { nodePlatform } from '../../server/src/lsp/start-server.ts';
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

  it('reads the folders that are there, and says once which are not', async () => {
    const missing = 'file:///not/there';
    const others = ['vscode-vfs://github/org/repo', missing, 'file:///%00'].map((uri) => ({ uri, name: '' }));
    const editor = await openEditor(clusters({ east: 'waypoint', west: 'wp' }), {
      others: [...others, { uri: 5 }, null, 'x'],
    });
    editor.only(sampleFile('west'), RULE);
    assert.deepEqual(editor.shown, [
      'Ambient Multicluster reads nothing of these, which are no folders on this machine: ' +
        `vscode-vfs://github/org/repo, ${missing}, file:///%00, 5, null, x`,
    ]);
    assert.deepEqual(editor.log, []);
  });

  it('begins a session once, and none is served before', async () => {
    const { connection } = await openEditor({});
    const refused = async (to: ProtocolConnection, method: string): Promise<number> => {
      const answer = to.sendRequest(method, { processId: null, rootUri: null, capabilities: {} });
      return answer.then(
        () => 0,
        ({ code }: ResponseError<unknown>) => code,
      );
    };
    assert.equal(await refused(connection, 'initialize'), ErrorCodes.InvalidRequest);
    assert.equal(await refused(connection, 'workspace/nothing'), ErrorCodes.MethodNotFound);
    const [toServer, toClient] = [new PassThrough(), new PassThrough()];
    const server = createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient));
    serve(server, nodePlatform);
    const early = createProtocolConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer));
    early.listen();
    assert.equal(await refused(early, 'textDocument/hover'), ErrorCodes.ServerNotInitialized);
    early.dispose();
    server.dispose();
  });

  it('refuses every request after shutdown', async () => {
    const { connection } = await openEditor({});
    await connection.sendRequest('shutdown');
    for (const method of [METHODS.report, METHODS.reindex, 'workspace/nothing', 'initialize', 'shutdown'])
      await assert.rejects(
        connection.sendRequest(method, { processId: null, rootUri: null, capabilities: {} }),
        ({ code }: ResponseError<unknown>) => code === ErrorCodes.InvalidRequest,
        method,
      );
  });

  it('takes abilities of any shape', async () => {
    for (const capabilities of [null, 'x', { workspace: { workspaceEdit: { resourceOperations: 5 } } }]) {
      const files = clusters({ east: 'waypoint', west: 'wp' });
      const editor = await openEditor(files, { capabilities: capabilities as ClientCapabilities });
      editor.only(sampleFile('west'), RULE);
      assert.deepEqual(editor.shown, []);
    }
  });

  it('takes initialization options of any shape', async () => {
    for (const initializationOptions of [null, 1, 'x', [], { ignoreCommand: 'yes' }]) {
      const editor = await openEditor({}, { initializationOptions });
      assert.ok(editor.result);
    }
  });
});
