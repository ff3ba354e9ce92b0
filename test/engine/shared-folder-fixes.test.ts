/** Fixes in a folder that a tool deploys to several clusters: what is right for one of them only is written for none, but as a variable. */
import assert from 'node:assert/strict';
import { applyTextEdits, textEdits } from '../../server/src/yaml/text-edits.ts';
import { readLayout } from '../layouts/workspaces.ts';
import { engineOf } from './import-world.ts';

const FOLDER = 'infrastructure/mesh';
const RELEASES = `${FOLDER}/releases.yaml`;
const GATEWAY = `${FOLDER}/gateway.yaml`;

/** Of the only finding of a rule, the line of a file that each fix changes, as it is afterwards. */
function fixed(rule: string, file: string, changes: readonly (readonly [string, RegExp, string])[]): string[] {
  const files = Object.fromEntries(readLayout('flux-substitution').sound.files);
  for (const [path, from, to] of changes) {
    assert.match(files[path] ?? '', from);
    files[path] = files[path]?.replace(from, to) ?? '';
  }
  const { findings, documents } = engineOf(files).snapshot;
  const [found, ...more] = findings.filter((one) => one.rule.id === rule);
  assert.ok(found);
  assert.deepEqual(more, []);
  const before = new Set((files[file] ?? '').split('\n'));
  return found.fixes().flatMap((fix) =>
    (textEdits(documents, fix.edits()) ?? []).flatMap((change) => {
      if (!('edits' in change)) return [];
      assert.equal(change.file, file);
      const after = applyTextEdits(files[file] ?? '', change.edits).split('\n');
      return after.filter((line) => !before.has(line)).map((line) => line.trim());
    }),
  );
}

const variable = (name: string): string => `"\${${name}}"`;

const FACTS = /cluster: par\n {2}network: network2/;
const OWN_NAME = /(chart: ztunnel\n[\s\S]*?) {4}multiCluster:\n {6}clusterName: [^\n]*\n/;

describe('fixes in a folder that several clusters have from a tool', () => {
  it('write the variable that has the own value of each', () => {
    const label = /(name: istio-system\n {2}labels:\n {4}topology.istio.io\/network: )\S+/;
    assert.deepEqual(fixed('istiod-namespace-network-mismatch', GATEWAY, [[GATEWAY, label, '$1network1']]), [
      `topology.istio.io/network: ${variable('network')}`,
    ]);
    const own = /(chart: ztunnel\n[\s\S]*? {4}network: )\S+/;
    assert.deepEqual(fixed('ztunnel-network-mismatch', RELEASES, [[RELEASES, own, '$1network2']]), [
      `network: ${variable('network')}`,
    ]);
    // Wrong for all of them, with another value for each.
    const name = `clusterName: ${variable('cluster')}`;
    assert.deepEqual(
      fixed('ztunnel-cluster-name-mismatch', RELEASES, [[RELEASES, OWN_NAME, '$1']]).filter((line) => line === name),
      [name],
    );
  });

  it('write no cluster’s own value for all where no variable has it for each', () => {
    const other: [string, RegExp, string] = ['clusters/par/facts.yaml', FACTS, 'name: par\n  network: network2'];
    const names: [string, RegExp, string] = [RELEASES, /clusterName: \$\{cluster\}/, `clusterName: \${cluster:=par}`];
    assert.deepEqual(fixed('ztunnel-cluster-name-mismatch', RELEASES, [other, names, [RELEASES, OWN_NAME, '$1']]), []);
  });

  it('write no variable into what is left as it is', () => {
    const disabled: [string, RegExp, string] = [
      GATEWAY,
      /name: istio-system\n {2}labels:\n {4}topology.istio.io\/network: \S+/,
      'name: istio-system\n  labels:\n    kustomize.toolkit.fluxcd.io/substitute: disabled\n    topology.istio.io/network: network1',
    ];
    assert.deepEqual(fixed('istiod-namespace-network-mismatch', GATEWAY, [disabled]), []);
  });
});
