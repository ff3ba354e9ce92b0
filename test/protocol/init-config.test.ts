/** `ambientMulticluster/initConfig`: the configuration file that says what is inferred. */
import assert from 'node:assert/strict';
import { type InitConfigResult, METHODS } from '../../server/src/lsp/protocol.ts';
import { clusters, sampleFile } from './clusters.ts';
import { closeEditors, openEditor } from './editor.ts';

describe('ambientMulticluster/initConfig', () => {
  afterEach(closeEditors);

  it('names the clusters and their paths, and writes nothing', async () => {
    const editor = await openEditor(clusters({ east: 'waypoint', west: 'wp' }));
    const params = { uri: editor.uri(sampleFile('east')) };
    const { uri, text }: InitConfigResult = await editor.connection.sendRequest(METHODS.initConfig, params);
    assert.equal(uri, editor.uri('.ambient-multicluster.yaml'));
    assert.match(text, /name: "east"[\s\S]*clusters\/east\/\*\*/);
  });
});
