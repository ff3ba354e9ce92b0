/** `workspace/didChangeWorkspaceFolders`: folders with clusters of the same names are worlds of their own. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DidChangeWorkspaceFoldersNotification, PublishDiagnosticsNotification } from 'vscode-languageserver';
import { METHODS, type TopologyItem } from '../../server/src/lsp/protocol.ts';
import { clusters, RULE, sampleFile } from './clusters.ts';
import { closeEditors, openEditor } from './editor.ts';

describe('workspace/didChangeWorkspaceFolders', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ambient-multicluster-second-'));
    for (const [file, text] of Object.entries(clusters({ east: 'waypoint', west: 'wp' }))) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
  });

  afterEach(() => {
    closeEditors();
    rmSync(folder, { recursive: true, force: true });
  });

  it('reads a folder that is added, apart from the others, and forgets one that is removed', async () => {
    const editor = await openEditor(clusters({ east: 'waypoint', west: 'waypoint' }));
    const { connection } = editor;
    const second = { uri: pathToFileURL(folder).href, name: 'second' };
    const found = new Map<string, number>();
    connection.onNotification(PublishDiagnosticsNotification.type, ({ uri, diagnostics }) => {
      found.set(uri, diagnostics.filter(({ code }) => code === RULE).length);
    });
    const change = async (added: (typeof second)[], removed: (typeof second)[]): Promise<void> => {
      await connection.sendNotification(DidChangeWorkspaceFoldersNotification.type, { event: { added, removed } });
      await editor.settle();
    };
    await change([second], []);
    assert.equal(found.get(`${second.uri}/${sampleFile('west')}`), 1);
    assert.equal(found.get(editor.uri(sampleFile('west'))) ?? 0, 0);

    const folders: readonly TopologyItem[] = await connection.sendRequest(METHODS.topology, { grouping: 'cluster' });
    assert.deepEqual(
      folders.map(({ kind }) => kind),
      ['folder', 'folder'],
    );
    const parent = folders[1]?.id;
    const networks: readonly TopologyItem[] = await connection.sendRequest(METHODS.topology, {
      grouping: 'cluster',
      parent,
    });
    assert.deepEqual(
      networks.map(({ label }) => label),
      ['network-east', 'network-west'],
    );
    const deeper: readonly TopologyItem[] = await connection.sendRequest(METHODS.topology, {
      grouping: 'cluster',
      parent: networks[1]?.id,
    });
    assert.deepEqual(
      deeper.map(({ label }) => label),
      ['west'],
    );

    await change([], [second]);
    assert.equal(found.get(`${second.uri}/${sampleFile('west')}`), 0);
  });

  it('takes the folders that are written as they should be, and names the others', async () => {
    const editor = await openEditor(clusters({ east: 'waypoint', west: 'waypoint' }));
    const { connection } = editor;
    const uri = pathToFileURL(folder).href;
    const told = new Set<string>();
    connection.onNotification(PublishDiagnosticsNotification.type, (published) => {
      if (published.diagnostics.some(({ code }) => code === RULE)) told.add(published.uri);
      else told.delete(published.uri);
    });
    const change = async (event: unknown): Promise<void> => {
      await connection.sendNotification('workspace/didChangeWorkspaceFolders', { event });
      await editor.settle();
    };
    await change({ added: [null, { uri: 5 }, { uri, name: 'second' }], removed: [{ name: 'x' }] });
    assert.ok(told.has(`${uri}/${sampleFile('west')}`));
    assert.deepEqual(editor.shown, [
      'Ambient Multicluster reads nothing of these, which are no folders on this machine: null, 5',
    ]);
    await change({ removed: [7, { uri }] });
    assert.deepEqual([...told], []);
    assert.deepEqual(editor.log, []);
  });
});
