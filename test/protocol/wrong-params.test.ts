/** Parameters of the wrong type: requests are refused with InvalidParams, notifications are ignored with a line in the log. */
import assert from 'node:assert/strict';
import { ErrorCodes, type ResponseError } from 'vscode-languageserver';
import { METHODS } from '../../server/src/lsp/protocol.ts';
import { clusters, RULE } from './clusters.ts';
import { closeEditors, type Editor, openEditor } from './editor.ts';

const FILE = 'clusters/east/sample.yaml';

/** What a request is answered with. */
async function refusal({ connection }: Editor, method: string, params: unknown): Promise<string> {
  try {
    const result = await connection.sendRequest(method, params);
    return `answered: ${JSON.stringify(result)}`;
  } catch (error) {
    const { code, message } = error as ResponseError<unknown>;
    return code === ErrorCodes.InvalidParams ? message : `${code}: ${message}`;
  }
}

describe('parameters of the wrong type', () => {
  afterEach(closeEditors);

  it('are refused in requests, with what is wrong', async () => {
    const editor = await openEditor(clusters({ east: 'waypoint', west: 'wp' }));
    const uri = editor.uri(FILE);
    const start = { line: 0, character: 0 };
    const range = { start, end: start };
    const textDocument = { uri };
    const cases: readonly (readonly [method: string, params: unknown, message: string])[] = [
      [METHODS.report, 'markdown', 'params must be an object, and is a text'],
      [METHODS.report, { format: 1 }, 'format must be a text, and is a number'],
      [METHODS.topology, { grouping: 'cluster', parent: ['a'] }, 'parent must be a text, and is a list'],
      [METHODS.topology, { grouping: 'network' }, 'grouping must be one of cluster, service'],
      [METHODS.topologyAt, { grouping: 'cluster', uri }, 'position must be an object, and is missing'],
      [METHODS.topologyAt, null, 'params must be an object, and is null'],
      [
        METHODS.topologyAt,
        { grouping: 'cluster', uri, position: { line: '1', character: 0 } },
        'position.line must be a number, and is a text',
      ],
      [METHODS.topologyAt, { grouping: 'cluster', uri: {}, position: start }, 'uri must be a text, and is an object'],
      [METHODS.whyCluster, { node: 7 }, 'node must be a text, and is a number'],
      [METHODS.explain, { rule: null }, 'rule must be a text, and is null'],
      [METHODS.explain, [], 'params must be an object, and is a list'],
      [METHODS.initConfig, { uri: [] }, 'uri must be a text, and is a list'],
      [
        METHODS.ignoreEdit,
        { id: 'a', uri, line: 1.5, rule: 'b', target: 'line' },
        'line must be a whole number, and is 1.5',
      ],
      [
        METHODS.ignoreEdit,
        { id: 'a', uri, line: 1, rule: 'b', target: 'all' },
        'target must be one of line, file, object',
      ],
      ['textDocument/codeAction', { textDocument, range, context: null }, 'context must be an object, and is null'],
      ['textDocument/codeAction', null, 'params must be an object, and is null'],
      [
        'textDocument/codeAction',
        { textDocument, range, context: { diagnostics: [], only: [3] } },
        'context.only[0] must be a text, and is a number',
      ],
      [
        'textDocument/completion',
        { textDocument: uri, position: start },
        'textDocument must be an object, and is a text',
      ],
      ['textDocument/hover', { textDocument }, 'position must be an object, and is missing'],
      ['textDocument/documentLink', {}, 'textDocument must be an object, and is missing'],
      ['textDocument/willSaveWaitUntil', null, 'params must be an object, and is null'],
      ['textDocument/willSaveWaitUntil', { textDocument: {} }, 'textDocument.uri must be a text, and is missing'],
    ];
    for (const [method, params, message] of cases)
      assert.equal(await refusal(editor, method, params), `${method}: ${message}`);
    assert.deepEqual(editor.log, []);
  });

  it('may be left out where there is a default', async () => {
    const editor = await openEditor(clusters({ east: 'waypoint', west: 'wp' }));
    assert.match(await editor.connection.sendRequest<string>(METHODS.report), /^# /);
    assert.match(await editor.connection.sendRequest<string>(METHODS.report, {}), /^# /);
    assert.equal((await editor.connection.sendRequest<unknown[]>(METHODS.topology)).length > 0, true);
    const made = await editor.connection.sendRequest<{ readonly uri: string }>(METHODS.initConfig, null);
    assert.match(made.uri, /\.ambient-multicluster\.yaml$/);
  });

  it('may be null where they may be left out: the range of a change of the whole text', async () => {
    const editor = await openEditor(clusters({ east: 'waypoint', west: 'waypoint' }));
    await editor.open(FILE, clusters({ east: 'waypoint' })[FILE] ?? '');
    await editor.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri: editor.uri(FILE), version: 2 },
      contentChanges: [{ range: null, text: clusters({ east: 'wp' })[FILE] }],
    });
    await editor.settle();
    editor.only(FILE, RULE);
    assert.deepEqual(editor.log, []);
  });

  it('are ignored in notifications, with one line in the log', async () => {
    const editor = await openEditor(clusters({ east: 'waypoint', west: 'wp' }));
    const uri = editor.uri(FILE);
    const before = JSON.stringify([...editor.diagnostics]);
    const cases: readonly (readonly [method: string, params: unknown, message: string])[] = [
      [
        'textDocument/didOpen',
        { textDocument: { uri, languageId: 'yaml', version: 1, text: null } },
        'textDocument.text must be a text, and is null',
      ],
      [
        'textDocument/didChange',
        { textDocument: { uri, version: 2 }, contentChanges: {} },
        'contentChanges must be a list, and is an object',
      ],
      [
        'textDocument/didChange',
        { textDocument: { uri, version: null }, contentChanges: [] },
        'textDocument.version must be a number, and is null',
      ],
      ['textDocument/didClose', { textDocument: null }, 'textDocument must be an object, and is null'],
      ['workspace/didChangeWatchedFiles', { changes: [null] }, 'changes[0] must be an object, and is null'],
      ['workspace/didChangeWorkspaceFolders', { event: null }, 'event must be an object, and is null'],
      [
        'workspace/didChangeWorkspaceFolders',
        { event: { added: 'x', removed: [] } },
        'event.added must be a list, and is a text',
      ],
    ];
    for (const [method, params] of cases) await editor.connection.sendNotification(method, params);
    await editor.settle();
    assert.deepEqual(
      editor.log,
      cases.map(([method, , message]) => `${method} is ignored: ${message}`),
    );
    assert.equal(JSON.stringify([...editor.diagnostics]), before);
  });
});
