/** Meshes and clusters as the json formats show them. */
import type { Range } from '../base/range.ts';
import type { Snapshot } from '../engine/snapshot.ts';
import { isKnown, knownValue, type UnknownReason } from '../facts/field.ts';
import type { Cluster, Evidence, PlacedCluster } from '../layout/layout.ts';
import type { Mesh } from '../mesh/model.ts';
import { type ClusterFactsJson, clusterFacts } from './cluster-facts.ts';
import { Fields } from './json-pieces.ts';

export interface MeshJson {
  readonly id: string;
  readonly clusters: readonly string[];
  readonly why: string;
}

export interface EvidenceJson {
  readonly file: string;
  readonly range: Range | null;
  readonly field: Evidence['field'];
  readonly why: string;
  readonly contradicts?: true;
  readonly unknown?: UnknownReason;
}

export interface ClusterJson {
  readonly name: string;
  readonly mesh: string;
  readonly network: string | null;
  readonly controlPlane: 'primary' | 'remote' | 'external' | 'none';
  readonly istioVersion: string | null;
  readonly multiNetwork: boolean | null;
  readonly files: number;
  /** True, false, or the kinds of which the workspace holds everything. */
  readonly complete: boolean | readonly string[];
  readonly evidence: readonly EvidenceJson[];
  /** The imported report that tells of the cluster; absent for clusters of the workspace. */
  readonly imported?: string;
}

/** A cluster in a report that may be saved, and imported elsewhere. */
export interface ReportedClusterJson extends ClusterJson {
  /** Absent for imported clusters: their own report tells of them. */
  readonly facts?: ClusterFactsJson;
}

export function meshesJson({ layout, clusterName }: Snapshot): readonly MeshJson[] {
  return layout.meshes.map(({ id, clusters, why }) => ({ id, clusters: clusters.map(clusterName), why }));
}

/** Every cluster of every mesh, in the order of the meshes, each made when it is its turn. */
export function* clusterRows(snapshot: Snapshot): Generator<Fields, void> {
  for (const mesh of snapshot.meshes) {
    for (const cluster of mesh.placedClusters) {
      const facts = cluster.imported === undefined ? { facts: clusterFacts(snapshot, mesh, cluster) } : {};
      yield new Fields(Object.entries({ ...clusterJson(snapshot, mesh, cluster), ...facts }));
    }
  }
}

export function clusterJson(snapshot: Snapshot, mesh: Mesh, cluster: PlacedCluster): ClusterJson {
  const version = mesh.version(cluster.id);
  return {
    name: cluster.name,
    mesh: mesh.id,
    network: knownValue(mesh.network(cluster.id).effective) ?? null,
    controlPlane: cluster.install.controlPlane,
    istioVersion: version.text ?? null,
    multiNetwork: multiNetwork(mesh, cluster),
    files: cluster.files.length,
    complete: typeof cluster.complete === 'boolean' ? cluster.complete : [...cluster.complete].sort(),
    evidence: cluster.evidence.map((evidence) => evidenceJson(snapshot, evidence)),
    ...(cluster.imported === undefined ? {} : { imported: cluster.imported }),
  };
}

/** Whether ambient multi-network is on, which both flags decide (semantics.md A.0.1); null if it is not known. */
function multiNetwork(mesh: Mesh, { id, install }: Cluster): boolean | null {
  if (mesh.flagKnownOff(id)) return false;
  return isKnown(install.multiNetworkFlag) ? install.multiNetworkFlag.value : null;
}

function evidenceJson({ documents }: Snapshot, { file, at, field, why, contradicts, unknown }: Evidence): EvidenceJson {
  const place = at === undefined ? undefined : documents.locate(at);
  return {
    file: place?.file ?? file,
    range: place?.range ?? null,
    field,
    why,
    ...(contradicts === undefined ? {} : { contradicts }),
    ...(unknown === undefined ? {} : { unknown }),
  };
}
