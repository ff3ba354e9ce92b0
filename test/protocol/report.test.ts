/** `ambientMulticluster/report`: the report as text. */
import assert from 'node:assert/strict';
import { METHODS } from '../../server/src/lsp/protocol.ts';
import { clusters, sample, sampleFile } from './clusters.ts';
import { closeEditors, openEditor } from './editor.ts';

describe('ambientMulticluster/report', () => {
  afterEach(closeEditors);

  it('is Markdown that counts what is typed', async () => {
    const editor = await openEditor(clusters({ east: 'waypoint', west: 'wp' }));
    const before: string = await editor.connection.sendRequest(METHODS.report, { format: 'markdown' });
    assert.match(before, /^# mesh1: 2 clusters/);
    assert.match(before, /waypoint-not-uniform/);
    await editor.open(sampleFile('west'), sample('waypoint'));
    const after: string = await editor.connection.sendRequest(METHODS.report, { format: 'markdown' });
    assert.doesNotMatch(after, /waypoint-not-uniform/);
  });

  it('is JSON if that is asked for', async () => {
    const editor = await openEditor(clusters({ east: 'waypoint', west: 'wp' }));
    const json: string = await editor.connection.sendRequest(METHODS.report, { format: 'json' });
    assert.ok(JSON.parse(json));
  });

  it('refuses a format that it does not have', async () => {
    const editor = await openEditor({});
    await assert.rejects(editor.connection.sendRequest(METHODS.report, { format: 'pdf' }), /no format pdf/);
  });

  it('says so where there is no cluster', async () => {
    const editor = await openEditor({});
    assert.match(await editor.connection.sendRequest(METHODS.report), /No cluster/);
  });
});
