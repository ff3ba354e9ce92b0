/** Edits that only chance finds: what they changed so little that nothing was concluded anew. */
import assert from 'node:assert/strict';
import type { Engine } from '../../server/src/engine/engine.ts';
import { topologyJson } from '../../server/src/report/topology-json.ts';
import { readLayout } from '../layouts/workspaces.ts';
import { changeIn, engineOf, type Files, giveWanted } from './import-world.ts';

function layout(name: string): Files {
  return Object.fromEntries(readLayout(name).sound.files);
}

/** Gives one file as it is now, or tells that it is gone, and answers what the engine asks for then. */
function edit(engine: Engine, files: Files, file: string): void {
  const changeOf = changeIn(files);
  engine.update([changeOf(file)]);
  giveWanted(engine, changeOf);
  engine.settle();
}

const said = ({ snapshot }: Engine): readonly string[] =>
  snapshot.findings.map(({ message, related }) => [message, ...related.map((side) => side.message)].join(' | '));

describe('what is edited', () => {
  it('may be a file that could not be read, and is gone now', () => {
    const files = layout('kustomize-broken');
    const file = 'overlays/east/gateway.yaml';
    const engine = engineOf(files);
    edit(engine, { ...files, [file]: `{{- if .Values.gateway }}\n${files[file]}` }, file);
    const { [file]: _, ...left } = files;
    edit(engine, left, file);
    assert.deepEqual(said(engine), said(engineOf(left)));
    assert.match(said(engine).join('\n'), /there is no file or folder overlays\/east\/gateway.yaml/);
  });

  it('may take the name away that remote secrets of other clusters have', () => {
    const files = layout('encrypted');
    const file = 'clusters/east/istio.yaml';
    const engine = engineOf(files);
    const after = { ...files, [file]: (files[file] as string).replace('    global:\n', '') };
    edit(engine, after, file);
    assert.deepEqual(said(engine), said(engineOf(after)));
    assert.match(said(engine).join('\n'), /has the key east, but istiod in east has the cluster name Kubernetes/);
  });

  it('may change which of two objects of one name without a namespace was read first', () => {
    const files = layout('no-namespace-written');
    const service = (file: string): Files => ({
      [file]: 'apiVersion: v1\nkind: Service\nmetadata: { name: twin, labels: { istio.io/global: "true" } }\n',
    });
    const [a, b] = ['clusters/east/a.yaml', 'clusters/east/b.yaml'];
    const engine = engineOf({ ...files, ...service(b) });
    edit(engine, { ...files, ...service(a), ...service(b) }, a);
    const rows = ({ snapshot }: Engine): unknown => topologyJson(snapshot).clusters;
    assert.deepEqual(rows(engine), rows(engineOf({ ...files, ...service(a), ...service(b) })));
  });

  it('may be what a build reads no more, which states what it states by itself', () => {
    const file = 'fleet/repository.yaml';
    const repository = 'apiVersion: fleet.cattle.io/v1alpha1\nkind: GitRepo\nmetadata: { name: mesh }\n';
    const ignoring = `# ambient-multicluster-ignore-file shared-network: one day\n${repository}`;
    for (const text of [repository, ignoring]) {
      const files = { [file]: text, 'fleet/kustomization.yaml': 'resources: []\n' };
      const engine = engineOf({ ...files, 'fleet/kustomization.yaml': 'resources: [repository.yaml]\n' });
      edit(engine, files, 'fleet/kustomization.yaml');
      edit(engine, files, file);
      const { skipped, findings } = engine.snapshot;
      const afresh = engineOf(files).snapshot;
      assert.deepEqual(skipped, afresh.skipped);
      assert.equal(findings.length, text === ignoring ? 1 : 0);
      assert.equal(afresh.findings.length, findings.length);
    }
  });

  it('may be moved into the build that it has deployed', () => {
    const [from, to] = ['clusters/east/istio.yaml', 'infrastructure/east/values.yaml'];
    const flux = `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: istio, namespace: flux-system }
spec: { path: ./infrastructure/east }
`;
    const kustomization = 'resources: [away]\nconfigMapGenerator: [{ name: values, files: [values.yaml] }]\n';
    const files = { 'infrastructure/east/kustomization.yaml': kustomization };
    const engine = engineOf({ ...files, [from]: flux });
    const after = { ...files, [to]: flux };
    engine.update([{ file: from, gone: true }]);
    edit(engine, after, to);
    assert.deepEqual(engine.snapshot.skipped, engineOf(after).snapshot.skipped);
  });

  it('may leave one of two fields that come from one place as it was', () => {
    const west = (tag: string, label: string): Files => ({ 'clusters/west/istio.yaml': operator('west', tag, label) });
    const east = { 'clusters/east/istio.yaml': operator('east', '1.30.1', 'east-network') };
    const engine = engineOf({ ...east, ...west('1.30.1', 'other') });
    const after = { ...east, ...west('1.30.2', 'another') };
    edit(engine, after, 'clusters/west/istio.yaml');
    assert.deepEqual(said(engine), said(engineOf(after)));
    const [told = ''] = said(engine).filter((text) => text.includes('labelled with network another'));
    assert.match(told, / \| istiod was installed with network west-network$/);
  });
});

function operator(cluster: string, tag: string, label: string): string {
  return `apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata: { name: istio, namespace: istio-system }
spec:
  profile: ambient
  tag: ${tag}
  values:
    global: { meshID: mesh1, network: ${cluster}-network, multiCluster: { clusterName: ${cluster} } }
    pilot: { env: { AMBIENT_ENABLE_MULTI_NETWORK: "true" } }
---
apiVersion: v1
kind: Namespace
metadata: { name: istio-system, labels: { topology.istio.io/network: ${label} } }
`;
}
