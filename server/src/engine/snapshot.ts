/** The immutable result of one revision of the world: what handlers, reports and the command line read. */
import type { Location } from '../base/range.ts';
import type { Configs } from '../config/config.ts';
import type { ClusterId, Layout, SkippedFile } from '../layout/layout.ts';
import type { PlacelessFile } from '../layout/placeless-files.ts';
import type { Mesh } from '../mesh/model.ts';
import type { Finding, Fix, Related, Rule, Severity } from '../rules/rule.ts';
import type { Documents } from '../yaml/source.ts';
import type { ClusterObjects } from './cluster-objects.ts';

/** A finding with its place, after severities and suppressions of the configuration. */
export interface PlacedFinding {
  /** Stable: mesh, rule, object, sub-check (and cluster for a finding of one cluster); never file, line or the blamed side. */
  readonly id: string;
  readonly rule: Pick<Rule, 'id' | 'docs' | 'limitation' | 'group' | 'summary'>;
  readonly severity: Severity;
  readonly mesh: string;
  readonly message: string;
  readonly location: Location;
  readonly clusters: readonly ClusterId[];
  /** Of one that tells the same of several clusters: the others that are blamed. */
  readonly alsoBlamed?: readonly ClusterId[];
  /** What else it tells the same of, by name: clusters, and other meshes. */
  readonly alsoIn?: readonly string[];
  /** Those of which it is one, the first of them first. */
  readonly joins?: readonly PlacedFinding[];
  readonly object: Finding['object'];
  readonly tie: boolean;
  /** True if it is about one cluster by nature, but stands in a place that others share: those of all clusters are one finding. */
  readonly isShared: boolean;
  /** Set while it is weighed against others: only what is imported is to blame, so that it is not told. */
  readonly isBlameless?: true;
  /** True if a comment or an annotation that is misspelt was to silence it: nothing mends it unasked. */
  readonly isMeantSilent?: true;
  readonly related: readonly (Related & { readonly location: Location })[];
  /** Computed when asked for. */
  fixes(): readonly Fix[];
  /** Its fixes together with those of others of its place, each made for the cluster of its finding. @param names of the others' clusters */
  fixesWith?(others: readonly PlacedFinding[], names: readonly string[]): readonly Fix[];
  readonly finding: Finding;
  /** What its rule said last, where that is not what is placed. */
  latest?(): Finding;
}

export interface SuppressedFinding {
  readonly id: string;
  readonly rule: string;
  readonly reason: string;
  readonly by: 'comment' | 'annotation' | 'file' | 'configuration' | 'baseline';
  /** What would be reported. */
  readonly finding: PlacedFinding;
  /** Where the manifests themselves silence it. */
  readonly where?: Location;
}

export interface Snapshot {
  readonly revision: number;
  readonly configs: Configs;
  readonly documents: Documents;
  readonly layout: Layout;
  readonly meshes: readonly Mesh[];
  /** In order of file, position, rule. */
  readonly findings: readonly PlacedFinding[];
  readonly suppressed: readonly SuppressedFinding[];
  readonly skipped: readonly SkippedFile[];
  readonly files: number;
  readonly documentCount: number;
  clusterName(id: ClusterId): string;
  /** The files of no cluster that state objects or settings of a mesh. Computed when asked for, from the latest state. */
  placeless(): readonly PlacelessFile[];
  /** Computed when asked for, from the latest state. */
  objectsOf(cluster: ClusterId): ClusterObjects;
}
