/** Builds the model of a mesh from files in memory, one folder per cluster, without the layout layer. */
import { extractFacts } from '../../server/src/facts/extract.ts';
import { installSettings } from '../../server/src/facts/install/install-settings.ts';
import type { InstallStatement } from '../../server/src/facts/install.ts';
import type { ObjectFact } from '../../server/src/facts/objects.ts';
import type { PlacedCluster } from '../../server/src/layout/layout.ts';
import { ClusterStore } from '../../server/src/mesh/cluster-store.ts';
import { createMesh } from '../../server/src/mesh/mesh-model.ts';
import type { Mesh } from '../../server/src/mesh/model.ts';
import { ObjectStore } from '../../server/src/mesh/object-store.ts';
import { DocumentTable } from '../../server/src/yaml/documents.ts';

export class World {
  readonly documents = new DocumentTable();
  readonly objects = new ObjectStore();
  private readonly clusters = new ClusterStore();
  private readonly install = new Map<string, readonly InstallStatement[]>();

  /** Sets the text of a file such as `east/sample.yaml`; undefined removes it. Install settings are read by `mesh`. */
  set(file: string, text: string | undefined): void {
    const cluster = file.slice(0, file.indexOf('/'));
    const objects: ObjectFact[] = [];
    const install: InstallStatement[] = [];
    if (text === undefined) this.documents.remove(file);
    else {
      for (const { id } of this.documents.update(file, text).documents) {
        const root = this.documents.parsed(id)?.root;
        if (root === undefined) continue;
        const facts = extractFacts(id, root, file);
        objects.push(...facts.objects);
        install.push(...facts.install);
      }
    }
    this.install.set(file, install);
    this.objects.replace(
      file,
      objects.map((object) => ({ cluster, object })),
    );
  }

  mesh(istioVersion: string | undefined): Mesh {
    const byCluster = new Map<string, InstallStatement[]>();
    for (const [file, statements] of [...this.install].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const cluster = file.slice(0, file.indexOf('/'));
      byCluster.set(cluster, [...(byCluster.get(cluster) ?? []), ...statements]);
    }
    const names = [...byCluster.keys()].sort();
    this.clusters.replace(
      new Map(names.map((name) => [name, clusterOf(name, byCluster.get(name) ?? [], istioVersion)])),
    );
    return createMesh(
      { id: 'mesh', clusters: names, why: 'test', reference: undefined },
      this.clusters,
      this.objects,
      {},
    );
  }
}

function clusterOf(
  name: string,
  statements: readonly InstallStatement[],
  istioVersion: string | undefined,
): PlacedCluster {
  return {
    id: name,
    name,
    mesh: 'mesh',
    install: installSettings({
      statements: statements.map((statement) => ({ statement })),
      istioVersion,
      complete: false,
    }),
    declaredNetwork: undefined,
    declaredIstioVersion: undefined,
    defaultIstioVersion: istioVersion === undefined ? undefined : { value: istioVersion, at: undefined },
    complete: false,
    configFiles: [],
    files: [],
    skipped: [],
    evidence: [],
  };
}
