/** What is told of files that deployment tools know more of than is in sight. */
import assert from 'node:assert/strict';
import { readLayout } from '../layouts/workspaces.ts';
import { engineOf } from './import-world.ts';

/** The files that are not read, each with what is not known of it, in a layout of which some files are changed. */
function unread(layout: string, changes: Readonly<Record<string, (text: string) => string>>): readonly string[] {
  const files = new Map(readLayout(layout).sound.files);
  for (const [file, change] of Object.entries(changes)) {
    const text = files.get(file);
    assert.ok(text !== undefined && change(text) !== text, file);
    files.set(file, change(text));
  }
  const { skipped } = engineOf(Object.fromEntries(files)).snapshot;
  return skipped.map(({ file, reason, parts = [] }) => [file, reason, ...parts.map(({ what }) => what)].join(': '));
}

describe('what is told of files that are not read', () => {
  it('names policies of which nothing tells which clusters get them', () => {
    const layout = 'open-cluster-management-placements';
    assert.deepEqual(unread(layout, {}), []);
    const one = (text: string): string => text.replace('predicates:', 'numberOfClusters: 1\n  predicates:');
    assert.deepEqual(unread(layout, { 'hub/placements.yaml': one }), [
      'policies/orders.yaml: other-tool: which clusters get orders',
    ]);
    const templated = (text: string): string => text.replace('namespace: berlin', 'namespace: "{{ cluster }}"');
    assert.deepEqual(unread(layout, { 'works/berlin.yaml': templated }), [
      'works/berlin.yaml: other-tool: which clusters get ztunnel',
    ]);
  });

  it('leaves out patches of releases where Flux is told to apply a folder that is not there', () => {
    const lost = (text: string): string => text.replace('./infrastructure/green-2', './infrastructure/grren-2');
    assert.deepEqual(unread('flux-overlays', { 'clusters/green-2/infra.yaml': lost }), [
      'clusters/green-2/infra.yaml: flux: the folder ./infrastructure/grren-2',
    ]);
  });
});
