/** Whatever a Secret holds, no message of the server has a part of it: not unasked, and not as an answer to anything. */
import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import {
  createConnection,
  createProtocolConnection,
  InitializeRequest,
  type InitializeResult,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { serve } from '../../server/src/lsp/serve.ts';
import { nodePlatform } from '../../server/src/lsp/start-server.ts';
import { CommandLine } from '../cli/command-line.ts';
import { assertNone, manifests, secretOverlay, secrets, shape } from '../cli/secret-manifests.ts';
import { CORRECT } from '../report/two-clusters.ts';

const FILE = 'clusters/west/secrets.yaml';

/** What clients ask of a place in a document, whether the server knows it or not. */
const AT_A_PLACE =
  'hover definition references completion documentHighlight signatureHelp prepareRename typeDefinition implementation'.split(
    ' ',
  );
const OF_A_DOCUMENT = 'documentSymbol codeLens documentLink foldingRange documentColor diagnostic'.split(' ');

/** All that the server says about a folder in which a document is open, as it goes over the wire. */
async function wire(root: string, text: string): Promise<string> {
  const [toServer, toClient] = [new PassThrough(), new PassThrough()];
  const chunks: Buffer[] = [];
  toClient.on('data', (chunk: Buffer) => chunks.push(chunk));
  const server = createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient));
  serve(server, nodePlatform);
  const client = createProtocolConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer));
  client.listen();
  const ask = (method: string, params: unknown): Promise<unknown> => client.sendRequest(method, params).catch(String);
  const uri = `file://${root}/${FILE}`;
  const textDocument = { uri };
  const folders = [{ uri: `file://${root}`, name: 'a' }];
  const begun: InitializeResult = await client.sendRequest(InitializeRequest.type, {
    processId: null,
    rootUri: null,
    workspaceFolders: folders,
    capabilities: { workspace: { workspaceFolders: true, workspaceEdit: { documentChanges: true } } },
    initializationOptions: { ignoreCommand: true, topologyChanged: true },
  });
  assert.ok(begun.capabilities.codeActionProvider);
  await client.sendNotification('initialized', {});
  await client.sendNotification('textDocument/didOpen', {
    textDocument: { uri, languageId: 'yaml', version: 1, text },
  });
  for (const format of ['json', 'markdown']) await ask('ambientMulticluster/report', { format });
  await ask('ambientMulticluster/initConfig', null);
  for (const method of OF_A_DOCUMENT) await ask(`textDocument/${method}`, { textDocument });
  for (const [line, content] of text.split('\n').entries()) {
    const position = { line, character: Math.max(0, content.length - 3) };
    const range = { start: { line, character: 0 }, end: position };
    const context = { includeDeclaration: true, diagnostics: [] };
    for (const method of AT_A_PLACE) await ask(`textDocument/${method}`, { textDocument, position, context });
    await ask('textDocument/codeAction', { textDocument, range, context });
    await ask('textDocument/inlayHint', { textDocument, range });
    await ask('ambientMulticluster/topologyAt', { grouping: 'cluster', uri, position });
  }
  client.dispose();
  server.dispose();
  return Buffer.concat(chunks).toString('utf8');
}

describe('secrecy of the server', () => {
  const line = new CommandLine();
  after(() => line.dispose());

  it('holds in every message', async () => {
    for (const [values, form] of fc.sample(fc.tuple(secrets, shape), { seed: 7, numRuns: 3 })) {
      const text = manifests(values, form);
      const overlay = Object.entries(secretOverlay(values)).map(([file, made]) => [
        `clusters/west/overlay/${file}`,
        made,
      ]);
      line.write({ ...CORRECT, ...Object.fromEntries(overlay), [FILE]: text });
      const said = await wire(line.folder, text);
      assert.ok(said.includes('\\"clusters\\"'), 'there is a report');
      assert.ok(said.includes('textDocument/publishDiagnostics'), 'there are diagnostics');
      assertNone(values, text, 'a message', said);
    }
  });
});
