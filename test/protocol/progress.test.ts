/** `window/workDoneProgress`: reading a folder is shown, and can be cancelled. */
import assert from 'node:assert/strict';
import {
  type ClientCapabilities,
  WorkDoneProgress,
  WorkDoneProgressCancelNotification,
  WorkDoneProgressCreateRequest,
} from 'vscode-languageserver';
import { nodeHost } from '../../server/src/host/node/node-host.ts';
import type { Files } from '../../server/src/host/ports.ts';
import { METHODS } from '../../server/src/lsp/protocol.ts';
import { clusters, RULE, sampleFile } from './clusters.ts';
import { closeEditors, type Editor, openEditor } from './editor.ts';

const capabilities: ClientCapabilities = { window: { workDoneProgress: true } };
const west = sampleFile('west');

/** Files whose first reading does not end before `release` is called. */
function slowFiles(): { readonly files: Files; readonly release: () => void } {
  let release = (): void => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const files: Files = {
    ...nodeHost.files,
    async *workspace(root, options) {
      yield* nodeHost.files.workspace(root, options);
      await held;
    },
  };
  return { files, release };
}

/** Opens a folder that is read slowly; the kinds of progress come into the list. */
async function openSlowly(files: Files): Promise<{ editor: Editor; kinds: string[]; cancel: () => Promise<void> }> {
  const platform = { host: { ...nodeHost, files } };
  const editor = await openEditor(clusters({ east: 'waypoint', west: 'wp' }), { capabilities, platform }, false);
  const kinds: string[] = [];
  let token: string | number = '';
  const begun = new Promise<void>((resolve) => {
    editor.connection.onRequest(WorkDoneProgressCreateRequest.type, (params) => {
      ({ token } = params);
      editor.connection.onProgress(WorkDoneProgress.type, token, (value) => {
        kinds.push(value.kind);
        resolve();
      });
    });
  });
  await begun;
  const cancel = (): Promise<void> =>
    editor.connection.sendNotification(WorkDoneProgressCancelNotification.type, { token });
  return { editor, kinds, cancel };
}

describe('window/workDoneProgress', () => {
  afterEach(closeEditors);

  it('begins and ends with the reading', async () => {
    const { files, release } = slowFiles();
    const { editor, kinds } = await openSlowly(files);
    assert.deepEqual(kinds, ['begin']);
    release();
    await editor.settle();
    assert.deepEqual([kinds[0], kinds.at(-1)], ['begin', 'end']);
    editor.only(west, RULE);
  });

  it('concludes nothing from half a world once it is cancelled, until it is read anew', async () => {
    const { files, release } = slowFiles();
    const { editor, cancel } = await openSlowly(files);
    await cancel();
    await editor.connection.sendRequest(METHODS.rules);
    release();
    await editor.settle();
    assert.deepEqual(editor.found(west, RULE), []);
    await editor.connection.sendRequest(METHODS.reindex);
    editor.only(west, RULE);
  });
});
