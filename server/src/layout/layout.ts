/** Which cluster and mesh everything belongs to, and how that was recognised. */
import type { Anchor } from '../base/anchor.ts';
import type { Known, UnknownReason } from '../facts/field.ts';
import type { InstallSettings } from '../facts/install.ts';
import type { ObjectFact } from '../facts/objects.ts';
import type { Placement } from './placement.ts';

/** Identifies a cluster in the world: its grouping key (such as `clusters/east`), never shown where a name will do. */
export type ClusterId = string;

/** Something that told a property of a cluster. */
export interface Evidence {
  readonly field: 'name' | 'network' | 'mesh' | 'istioVersion' | 'member' | 'controlPlane';
  /** The file, and the place in it where there is one. */
  readonly file: string;
  readonly at: Anchor | undefined;
  /** Such as `global.multiCluster.clusterName`, `folder clusters/east`, `.ambient-multicluster.yaml`. */
  readonly why: string;
  /** True if it contradicts what was concluded. */
  readonly contradicts?: true;
  /** Set where it would say the property, but cannot be known. */
  readonly unknown?: UnknownReason;
}

/** An Istio version, and where a configuration file says it. */
export interface DefaultVersion {
  readonly value: string;
  readonly at: Anchor | undefined;
}

/** A cluster as the mesh and the rules look at it. */
export interface Cluster {
  readonly id: ClusterId;
  /** The name shown: the configuration's, else istiod's clusterName if it is known and not merely defaulted, else the folder's or file's. */
  readonly name: string;
  readonly mesh: string;
  readonly install: InstallSettings;
  /** Network that the configuration file declares: it holds where the manifests do not say, or cannot be told what they say. */
  readonly declaredNetwork: Known<string> | undefined;
  /** Istio version that the configuration file declares for this cluster: it wins over the manifests. */
  readonly declaredIstioVersion: Known<string> | undefined;
  /** The version of clusters that do not say (`--istio-version`, the configuration's `istioVersion`). */
  readonly defaultIstioVersion: DefaultVersion | undefined;
  /** The configuration files, whether or not they exist, that hold for files of it; none for what is imported. */
  readonly configFiles: readonly string[];
  /** Kinds that the workspace is declared to hold completely. */
  readonly complete: boolean | ReadonlySet<string>;
  /** The saved report that tells of it; undefined for the clusters of the workspace. It is known, never blamed and never edited. */
  readonly imported?: string;
}

/** A cluster with its files, and how it was recognised. */
/** A layer of values that lies below a cluster's own. */
export interface ValueLayer {
  readonly file: string;
  /** Where its values begin, and where those over it do. */
  readonly root: Anchor;
  readonly over: Anchor;
}

export interface PlacedCluster extends Cluster {
  readonly files: readonly string[];
  /** Files of this cluster that were not read, with the reason. */
  readonly skipped: readonly SkippedFile[];
  readonly evidence: readonly Evidence[];
  readonly layers?: readonly ValueLayer[];
  /** Set where a report says that files of it, which are not in the workspace, were not read, or where memory did not suffice for all files. */
  readonly partial?: 'import' | 'memory';
}

export type SkipReason =
  | 'helm-template'
  | 'kustomization'
  | 'argo-cd'
  | 'flux'
  | 'ansible'
  | 'crossplane'
  | 'template' // other templated text
  | 'encrypted'
  | 'broken-yaml'
  | 'too-large'
  | 'binary'
  | 'unreadable'
  | 'failed' // a bug of this program
  | 'memory' // it would not have fitted beside what was read before
  | 'left-over' // values that no deployment names, beside ones that name all of theirs
  | 'set-apart' // archives, examples, tests and rendered copies beside a live tree
  | 'commands' // of scripts, pipelines and pages, which hand settings to an installer
  | 'other-tool';

export interface SkippedFile {
  readonly file: string;
  readonly reason: SkipReason;
  readonly cluster: ClusterId | undefined;
  /** What of it is not known, where that can be said; `what` completes "not known: ...". */
  readonly parts?: readonly { readonly what: string; readonly at: Anchor }[];
}

export interface MeshGroup {
  readonly id: string;
  readonly clusters: readonly ClusterId[];
  /** Why these are one mesh: `declared`, `same meshID`, `sibling folders of clusters/`, ... */
  readonly why: string;
  readonly reference: ClusterId | undefined;
  /** Set for a cluster on its own that its siblings, all of one other meshID, may have been meant to be with: these. */
  readonly besides?: readonly ClusterId[];
  /** True if more than their being siblings tells so. */
  readonly isPlain?: boolean;
}

export interface ImportedObjects {
  readonly cluster: ClusterId;
  readonly objects: readonly ObjectFact[];
}

export interface Layout {
  readonly clusters: ReadonlyMap<ClusterId, PlacedCluster>;
  /** In order of id. Clusters of a mesh in code-unit order of their names. */
  readonly meshes: readonly MeshGroup[];
  /** Clusters to which a file's objects belong. */
  readonly placement: Placement;
  /** The imported reports, with the objects that they state for which clusters. */
  readonly imports: ReadonlyMap<string, readonly ImportedObjects[]>;
  readonly skipped: readonly SkippedFile[];
}
