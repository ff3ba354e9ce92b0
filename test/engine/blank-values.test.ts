/** Fixes write values of one cluster into the file that a tool names for it, also where that says nothing yet, or is not there and need not be. */
import assert from 'node:assert/strict';
import { applyTextEdits, textEdits } from '../../server/src/yaml/text-edits.ts';
import { readLayout } from '../layouts/workspaces.ts';
import { engineOf } from './import-world.ts';

const WEST = 'values/west-ztunnel.yaml';
const EAST = 'values/east-ztunnel.yaml';
const COMMON = 'values/common-ztunnel.yaml';
const GONE = undefined;

type Changes = Readonly<Record<string, string | undefined>>;

/** What the first fix of the only finding of a rule makes of files, where some of the sound layout are others. */
function fixed(rule: string, changes: Changes): Changes {
  const files = new Map<string, string>(readLayout('argo-cd-optional-values').sound.files);
  for (const [file, text] of Object.entries(changes)) {
    if (text === undefined) files.delete(file);
    else files.set(file, text);
  }
  const { findings, documents } = engineOf(Object.fromEntries(files)).snapshot;
  const [found, ...more] = findings.filter((one) => one.rule.id === rule);
  assert.deepEqual(more, []);
  const made = textEdits(documents, found?.fixes()[0]?.edits() ?? []) ?? [];
  return Object.fromEntries(
    made.map((change) => [
      change.file,
      'create' in change ? change.create : applyTextEdits(files.get(change.file) ?? '', change.edits),
    ]),
  );
}

const NAME = 'ztunnel-cluster-name-mismatch';
const NETWORK = 'ztunnel-network-mismatch';
const name = (cluster: string): string => `multiCluster:\n  clusterName: ${cluster}\n`;
/** Where ztunnel has neither name nor network, one finding tells of both, and its fix writes both. */
const both = (cluster: string, network: string): string =>
  `multiCluster:\n  clusterName: ${cluster}\nnetwork: ${network}\n`;

describe('a file of values that says nothing', () => {
  it('is made where it is not there', () => {
    assert.deepEqual(fixed(NAME, { [WEST]: GONE }), { [WEST]: both('west', 'network2') });
  });

  it('is made for each of the clusters', () => {
    assert.deepEqual(fixed(NAME, { [EAST]: GONE, [WEST]: GONE }), {
      [EAST]: both('east', 'network1'),
      [WEST]: both('west', 'network2'),
    });
  });

  it('is written where it is empty, or holds comments', () => {
    const west = both('west', 'network2');
    assert.deepEqual(fixed(NAME, { [WEST]: '' }), { [WEST]: west });
    const comment = '# what is own to west\r\n';
    assert.deepEqual(fixed(NAME, { [WEST]: comment }), { [WEST]: comment + west.replaceAll('\n', '\r\n') });
  });

  it('takes what one cluster is to have over the values of all', () => {
    const [east, west] = [name('east'), name('west')];
    assert.deepEqual(fixed(NETWORK, { [COMMON]: 'network: network1\n', [EAST]: east, [WEST]: west }), {
      [WEST]: `${west}network: network2\n`,
    });
    const common = 'network: network1\nmultiCluster: { clusterName: east }\n';
    assert.deepEqual(fixed(NETWORK, { [COMMON]: common, [EAST]: GONE, [WEST]: GONE }), {
      [WEST]: 'network: network2\n',
    });
  });
});
