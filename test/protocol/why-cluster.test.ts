/** `ambientMulticluster/whyCluster`: what told something of a cluster, with the line. */
import assert from 'node:assert/strict';
import { type ClusterEvidence, METHODS, type TopologyItem } from '../../server/src/lsp/protocol.ts';
import { clusters } from './clusters.ts';
import { closeEditors, openEditor } from './editor.ts';

describe('ambientMulticluster/whyCluster', () => {
  afterEach(closeEditors);

  it('gives the lines that name a cluster, its network and its version', async () => {
    const { connection } = await openEditor(clusters({ east: 'waypoint', west: 'waypoint' }));
    let level: readonly TopologyItem[] = await connection.sendRequest(METHODS.topology, { grouping: 'cluster' });
    while (!level.some(({ kind }) => kind === 'cluster')) {
      level = await connection.sendRequest(METHODS.topology, { grouping: 'cluster', parent: level[0]?.id });
    }
    const node = level.find(({ kind }) => kind === 'cluster');
    const evidence: readonly ClusterEvidence[] = await connection.sendRequest(METHODS.whyCluster, { node: node?.id });
    assert.deepEqual([...new Set(evidence.map(({ field }) => field))].sort(), [
      'controlPlane',
      'istioVersion',
      'member',
      'mesh',
      'name',
      'network',
    ]);
    const name = evidence.find(({ field }) => field === 'name');
    assert.match(name?.place?.uri ?? '', /clusters\/east\/istio\.yaml$/);
    assert.equal(name?.place?.range.start.line, 18);
  });

  it('gives nothing for what is no cluster', async () => {
    const { connection } = await openEditor(clusters({ east: 'waypoint', west: 'waypoint' }));
    for (const params of [{ node: '' }, { node: 'nonsense' }]) {
      assert.deepEqual(await connection.sendRequest(METHODS.whyCluster, params), []);
    }
  });
});
