/** `ambientMulticluster/topologyAt`: from a place in a document to the node of the tree. */
import assert from 'node:assert/strict';
import { METHODS, type TopologyGrouping, type TopologyItem } from '../../server/src/lsp/protocol.ts';
import { clusters, sample, sampleFile } from './clusters.ts';
import { closeEditors, type Editor, openEditor } from './editor.ts';

const text = sample('wp');

/** The labels on the way to the node for the line that holds `word`. */
async function wayTo(editor: Editor, grouping: TopologyGrouping, word: string): Promise<readonly string[]> {
  const line = text.slice(0, text.indexOf(word)).split('\n').length - 1;
  const params = { grouping, uri: editor.uri(sampleFile('west')), position: { line, character: 0 } };
  const way: readonly TopologyItem[] = await editor.connection.sendRequest(METHODS.topologyAt, params);
  for (const [index, item] of way.entries()) {
    assert.ok(index === 0 || item.id.startsWith(`${way[index - 1]?.id}/`), 'a node that is not below the one before');
  }
  return way.map(({ label }) => label);
}

describe('ambientMulticluster/topologyAt', () => {
  afterEach(closeEditors);

  it('finds the node of the object that a line belongs to', async () => {
    const editor = await openEditor(clusters({ east: 'waypoint', west: 'wp' }));
    const west = ['network-west', 'west', 'sample'];
    assert.deepEqual(await wayTo(editor, 'cluster', 'kind: Namespace'), west);
    assert.deepEqual(await wayTo(editor, 'cluster', 'gatewayClassName'), [...west, 'wp']);
    assert.deepEqual(await wayTo(editor, 'cluster', 'port: 5000'), [...west, 'helloworld']);
    assert.deepEqual(await wayTo(editor, 'service', 'port: 5000'), ['sample/helloworld', 'west']);
  });

  it('finds nothing where the tree shows nothing', async () => {
    const editor = await openEditor({ ...clusters({ east: 'waypoint' }), 'notes.yaml': 'a: 1\n' });
    const position = { line: 99, character: 99 };
    for (const uri of [editor.uri('notes.yaml'), 'file:///elsewhere.yaml', 'untitled:Untitled-1', '%']) {
      const params = { grouping: 'cluster', uri, position };
      assert.deepEqual(await editor.connection.sendRequest(METHODS.topologyAt, params), []);
    }
  });
});
