/** Fixes for one cluster leave what others have too alone: values that lie below those of several clusters. */
import assert from 'node:assert/strict';
import { Engine } from '../../server/src/engine/engine.ts';
import { textEdits } from '../../server/src/yaml/text-edits.ts';

const namespace = (network: string): string =>
  `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: istio-system\n  labels:\n    topology.istio.io/network: ${network}\n`;

const istiod = (cluster: string, network: string): string =>
  `profile: ambient\nglobal:\n  meshID: mesh1\n  network: ${network}\n  multiCluster:\n    clusterName: ${cluster}\nenv:\n  AMBIENT_ENABLE_MULTI_NETWORK: "true"\n`;

/** Two clusters whose ztunnels take their network from one file. */
function files(east: string, west: string): Readonly<Record<string, string>> {
  return {
    'istiod/values-east.yaml': istiod('east', east),
    'istiod/values-west.yaml': istiod('west', west),
    'ztunnel/values.yaml': 'network: network1\n',
    'ztunnel/values-east.yaml': 'multiCluster:\n  clusterName: east\n',
    'ztunnel/values-west.yaml': 'multiCluster:\n  clusterName: west\n',
    'manifests/east/namespace.yaml': namespace(east),
    'manifests/west/namespace.yaml': namespace(west),
  };
}

/** What the first fix of the finding about a cluster changes: `file: text`. */
function fixFor(cluster: string, world: Readonly<Record<string, string>>): readonly string[] {
  const engine = new Engine();
  const { findings, documents } = engine.apply(Object.entries(world).map(([file, text]) => ({ file, text })));
  const found = findings.find(
    ({ rule, message }) => rule.id === 'ztunnel-network-mismatch' && message.includes(cluster),
  );
  const edits = found?.fixes()[0]?.edits() ?? [];
  return (textEdits(documents, edits) ?? []).flatMap((change) =>
    'edits' in change ? change.edits.map(({ newText }) => `${change.file}: ${newText.trim()}`) : [],
  );
}

describe('a fix in values', () => {
  it('goes to the values of the cluster, over a layer that others have too', () => {
    assert.deepEqual(fixFor('west', files('network1', 'network2')), ['ztunnel/values-west.yaml: network: network2']);
  });

  it('stays in a layer of no other cluster', () => {
    const { 'ztunnel/values-east.yaml': _, ...others } = files('network1', 'network2');
    assert.deepEqual(fixFor('west', others), ['ztunnel/values.yaml: network2']);
  });
});
