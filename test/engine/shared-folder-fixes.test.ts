/** Fixes in a folder that a tool deploys to several clusters: what is right for one of them only is written for none. */
import assert from 'node:assert/strict';
import { readLayout } from '../layouts/workspaces.ts';
import { engineOf } from './import-world.ts';

const ZTUNNEL = 'infrastructure/mesh/releases.yaml';

describe('fixes in a folder that several clusters have from a tool', () => {
  it('write no cluster’s own value for all', () => {
    const files = Object.fromEntries(readLayout('flux-substitution').sound.files);
    const name = /(chart: ztunnel\n[\s\S]*?) {4}multiCluster:\n {6}clusterName: [^\n]*\n/;
    assert.match(files[ZTUNNEL] ?? '', name);
    files[ZTUNNEL] = files[ZTUNNEL]?.replace(name, '$1') ?? '';
    const { findings } = engineOf(files).snapshot;
    const [found, ...more] = findings.filter(({ rule }) => rule.id === 'ztunnel-cluster-name-mismatch');
    assert.ok(found);
    assert.deepEqual(more, []);
    assert.match(found.message, /the same in par/);
    assert.deepEqual(
      found.fixes().filter((fix) => fix.edits().length > 0),
      [],
    );
  });
});
