/** What rules say about themselves is true: the kinds that they read, the versions that they hold for, the pages that they cite. */
import assert from 'node:assert/strict';
import { Engine } from '../../server/src/engine/engine.ts';
import type { Snapshot } from '../../server/src/engine/snapshot.ts';
import { extractFacts } from '../../server/src/facts/extract.ts';
import type { ObjectFact, ObjectKind, ObjectOf } from '../../server/src/facts/objects.ts';
import type { Cluster, ClusterId, MeshGroup } from '../../server/src/layout/layout.ts';
import { ClusterStore } from '../../server/src/mesh/cluster-store.ts';
import { createMesh } from '../../server/src/mesh/mesh-model.ts';
import type { Mesh } from '../../server/src/mesh/model.ts';
import { ObjectStore } from '../../server/src/mesh/object-store.ts';
import { RULES } from '../../server/src/rules/registry.ts';
import type { Rule, SubjectOf } from '../../server/src/rules/rule.ts';
import { DocumentTable } from '../../server/src/yaml/documents.ts';
import { FIXTURES, type Files, workspace } from './workspace.ts';

/** Tells which kinds are asked for. */
class RecordingStore extends ObjectStore {
  readonly asked = new Set<string>();

  override get<K extends ObjectKind>(
    cluster: ClusterId,
    kind: K,
    namespace: string,
    name: string,
  ): ObjectOf<K> | undefined {
    this.asked.add(kind);
    return super.get(cluster, kind, namespace, name);
  }

  override namesIn(cluster: ClusterId, kind: ObjectKind, namespace: string): readonly string[] {
    this.asked.add(kind);
    return super.namesIn(cluster, kind, namespace);
  }

  override namespacesOf(cluster: ClusterId, kind: ObjectKind): readonly string[] {
    this.asked.add(kind);
    return super.namespacesOf(cluster, kind);
  }
}

function snapshotOf(files: Files, version: string | undefined): Snapshot {
  const engine = new Engine({
    configFile: '.ambient-multicluster.yaml',
    today: '2026-11-24',
    ...(version === undefined ? {} : { assumeIstioVersion: version }),
  });
  return engine.apply([...files].map(([file, text]) => ({ file, text })));
}

/** A store that holds what the files state, placed as the layout says. */
function recordingStore(files: Files, { layout }: Snapshot): RecordingStore {
  const store = new RecordingStore();
  const documents = new DocumentTable();
  for (const [file, text] of files) {
    const objects: ObjectFact[] = [];
    for (const { id } of documents.update(file, text).documents) {
      const root = documents.parsed(id)?.root;
      if (root !== undefined) objects.push(...extractFacts(id, root, file).objects);
    }
    const clusters = layout.placement.get(file) ?? [];
    store.replace(
      file,
      clusters.flatMap((cluster) => objects.map((object) => ({ cluster, object }))),
    );
  }
  return store;
}

/** Tells when the settings of an installation are looked at. */
class RecordingClusters extends ClusterStore {
  constructor(private readonly asked: Set<string>) {
    super();
  }

  override get(id: ClusterId): Cluster | undefined {
    const cluster = super.get(id);
    if (cluster === undefined) return undefined;
    const asked = this.asked;
    return new Proxy(cluster, {
      get(target, key, receiver) {
        if (key === 'install') asked.add('Install');
        return Reflect.get(target, key, receiver);
      },
    });
  }
}

/** The mesh anew, nothing remembered, so that every read reaches the store. */
function freshMesh(group: MeshGroup, snapshot: Snapshot, store: RecordingStore, version: string | undefined): Mesh {
  const clusters = new RecordingClusters(store.asked);
  clusters.replace(snapshot.layout.clusters);
  return createMesh(group, clusters, store, {
    boundaries: () => snapshot.configs.map(({ area: { file }, boundaries }) => ({ file, boundaries })),
    ...(version === undefined ? {} : { assumeIstioVersion: version }),
  });
}

/** The subjects of a rule in a mesh. */
function* subjectsFor({ per }: Rule, mesh: Mesh): Iterable<SubjectOf<Rule['per']>> {
  if (per === 'mesh') yield { per };
  if (per === 'service') {
    for (const key of mesh.serviceKeys()) {
      const [namespace, name] = key.split('/') as [string, string];
      yield { per, namespace, name };
    }
  }
  for (const { id: cluster } of mesh.clusters) {
    if (per === 'cluster') yield { per, cluster };
    if (per === 'namespace') for (const name of mesh.namespaces(cluster)) yield { per, cluster, name };
    if (per !== 'gateway') continue;
    for (const { namespace, name } of mesh.objects(cluster, 'Gateway')) {
      if (namespace !== undefined && 'value' in namespace) {
        yield { per, cluster, namespace: namespace.value, name: name.value };
      }
    }
  }
}

/** What only rules about boundaries look at. */
const BOUNDARY = ['.ambient-multicluster.yaml', 'boundaries: [{ namespaces: [shop], scope: LOCAL }]\n'] as const;

/** A cluster without install settings of ambient mode: the other signs are looked for, that of the Pods last. */
function lateSign(cluster: string, className = 'istio-remote'): readonly (readonly [string, string])[] {
  return [
    [
      `clusters/${cluster}/istiod-values.yaml`,
      `global: { meshID: mesh1, multiCluster: { clusterName: ${cluster} } }\n`,
    ],
    [
      `clusters/${cluster}/app.yaml`,
      `apiVersion: v1
kind: Namespace
metadata: { name: shop }
---
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop, labels: { istio.io/global: "true" } }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: gateway, namespace: shop }
spec: { gatewayClassName: ${className}, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: cart, namespace: shop }
spec: { template: { metadata: { labels: { istio.io/dataplane-mode: ambient } } } }
`,
    ],
  ];
}

describe('metadata of rules', () => {
  const workspaces = [...FIXTURES.values()]
    .flat()
    .map((test) => ({ files: workspace(test).files, version: test.version }));
  const { files: both } = workspace({
    title: '',
    prose: [],
    files: [],
    fixes: [],
    includes: ['two-clusters'],
    without: [],
    version: undefined,
    defects: 1,
  });
  const west = [...both].filter(([file]) => file.startsWith('clusters/west/'));
  const late = [
    [...lateSign('east'), ...lateSign('west')],
    [...lateSign('east'), ...west],
    [...lateSign('east', 'istio-east-west'), ...lateSign('west', 'istio-east-west')],
  ].map((files) => ({ files: new Map([...files, BOUNDARY]), version: undefined }));
  const worlds = [...workspaces, ...late].map(({ files, version }) => {
    const snapshot = snapshotOf(files, version);
    return { snapshot, store: recordingStore(files, snapshot), version };
  });

  for (const rule of RULES) {
    it(`${rule.id} reads what it says`, () => {
      const read = new Set<string>();
      for (const { snapshot, store, version } of worlds) {
        for (const group of snapshot.layout.meshes) {
          const subjects = [...subjectsFor(rule, freshMesh(group, snapshot, store, version))];
          const mesh = freshMesh(group, snapshot, store, version);
          store.asked.clear();
          for (const subject of subjects) for (const _ of rule.check(mesh, subject));
          for (const kind of store.asked) read.add(kind);
        }
      }
      assert.deepEqual([...read].sort(), [...rule.reads].sort());
    });
  }

  it('holds for the versions that they say: nothing is reported for the minor before', () => {
    for (const [id, tests] of FIXTURES) {
      const { since } = RULES.find((rule) => rule.id === id) ?? {};
      if (since !== '1.27') continue;
      for (const test of tests) {
        const early = snapshotOf(workspace(test).files, '1.26').findings.filter(({ rule }) => rule.id === id);
        assert.deepEqual(early, [], `${id}: ${test.title}`);
      }
    }
  });

  it('cites pages of Istio that exist', () => {
    const pages = new Set(RULES.map(({ docs }) => docs.replace(/#.*$/, '')));
    const root = 'https://istio.io/latest/docs/ambient/';
    const known = [
      'install/multicluster/',
      'install/multicluster/multi-primary_multi-network/',
      'install/multicluster/failover/',
      'upgrade/helm/',
      'usage/waypoint/',
    ];
    for (const page of pages) assert.ok(known.includes(page.slice(root.length)) && page.startsWith(root), page);
  });
});
