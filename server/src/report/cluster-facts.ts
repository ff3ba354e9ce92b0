/** What a saved report lets another repository know of a cluster, when it imports the report: its installation and its objects. */
import type { Snapshot } from '../engine/snapshot.ts';
import type { PlacedCluster } from '../layout/layout.ts';
import type { Mesh } from '../mesh/model.ts';
import type { YamlValue } from '../yaml/edit.ts';
import type { Documents } from '../yaml/source.ts';
import { installationJson } from './installation-json.ts';
import { Fields, Rows } from './json-pieces.ts';
import { map, objectManifest, REPORTED_KINDS } from './object-manifest.ts';

export interface ClusterFactsJson {
  /** What the configuration declares of the cluster. */
  readonly declared?: { readonly network?: string; readonly istioVersion?: string };
  readonly installation: YamlValue;
  /** Manifests, with what is read of them; none of a Secret. */
  readonly objects: readonly { readonly file: string | null; readonly object: YamlValue }[];
  /** A file of the cluster was not read. */
  readonly partial?: true;
}

/** As `ClusterFactsJson`, object by object. */
export function clusterFacts({ documents }: Snapshot, mesh: Mesh, cluster: PlacedCluster): Fields {
  const { declaredNetwork, declaredIstioVersion } = cluster;
  const declared = map({ network: declaredNetwork?.value, istioVersion: declaredIstioVersion?.value });
  return new Fields(
    Object.entries({
      ...(Object.keys(declared).length === 0 ? {} : { declared }),
      installation: installationJson(mesh, cluster),
      objects: new Rows(objectRows(documents, mesh, cluster)),
      ...(mesh.partial(cluster.id) ? { partial: true as const } : {}),
    }),
  );
}

function* objectRows(documents: Documents, mesh: Mesh, { id }: PlacedCluster): Generator<unknown, void> {
  for (const kind of REPORTED_KINDS) {
    for (const object of mesh.objects(id, kind))
      yield { file: documents.document(object.at.doc)?.file ?? null, object: objectManifest(object) };
  }
}
