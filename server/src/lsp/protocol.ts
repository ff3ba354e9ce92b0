/** What the language server speaks beyond the Language Server Protocol: names and types, all that a client imports. */
import type { Position, Range } from '../base/range.ts';

/** Methods. Each request has a command-line twin, so that no editor needs them. */
export const METHODS = {
  topology: 'ambientMulticluster/topology',
  topologyAt: 'ambientMulticluster/topologyAt',
  topologyChanged: 'ambientMulticluster/topologyChanged',
  whyCluster: 'ambientMulticluster/whyCluster',
  report: 'ambientMulticluster/report',
  rules: 'ambientMulticluster/rules',
  explain: 'ambientMulticluster/explain',
  initConfig: 'ambientMulticluster/initConfig',
  reindex: 'ambientMulticluster/reindex',
  ignoreEdit: 'ambientMulticluster/ignoreEdit',
} as const;

/** The command that an "Ignore ..." action names; the client asks for the reason, then sends `ignoreEdit`. */
export const IGNORE_COMMAND = 'ambientMulticluster.ignore';

/** The section of the settings. */
export const SETTINGS_SECTION = 'ambientMulticluster';

/** What a client announces in `initializationOptions`. */
export interface InitializationOptions {
  /** It has the command `IGNORE_COMMAND`. Without it, "Ignore ..." actions are edits with a reason to be filled in. */
  readonly ignoreCommand?: boolean;
  /** It wants `topologyChanged`. */
  readonly topologyChanged?: boolean;
}

/** A place in a document. */
export interface Place {
  readonly uri: string;
  readonly range: Range;
}

export type TopologyGrouping = 'cluster' | 'service';

/** `topology`: one level of the tree. Without `parent`: the roots. */
export interface TopologyParams {
  readonly grouping: TopologyGrouping;
  /** Id of the node whose children are wanted. */
  readonly parent?: string;
}

/** A node of the tree. Its id is the same in every revision; its parent's is what stands before the last `/`. */
export interface TopologyItem {
  readonly id: string;
  readonly kind: string;
  readonly label: string;
  readonly description: string;
  /** Plain text with `\n`. */
  readonly tooltip: string;
  /** `mesh`, `network`, `cluster`, `incomplete` (a cluster of which something could not be read), `gateway`, `namespace`, `waypoint`, `global`, `local`, `unknown` or `folder`. */
  readonly icon: string;
  readonly expandable: boolean;
  /** The same thing is not the same in all clusters. */
  readonly differs: boolean;
  /** The worst finding at the node or below it. */
  readonly problem?: 'error' | 'warning';
  /** The line that says so. */
  readonly place?: Place;
}

/** `topologyAt`: gives the nodes from a root down to the one for the object at a place; none if there is none. */
export interface TopologyAtParams {
  readonly grouping: TopologyGrouping;
  readonly uri: string;
  readonly position: Position;
}

/** `whyCluster`: takes the id of a cluster's node. */
export interface WhyClusterParams {
  readonly node: string;
}

/** What told something of a cluster. */
export interface ClusterEvidence {
  /** Such as `name`, `network`, `istioVersion`. */
  readonly field: string;
  readonly why: string;
  /** It says something else than what was concluded. */
  readonly contradicts: boolean;
  /** It would tell it, but cannot be known. */
  readonly unknown?: boolean;
  readonly file: string;
  readonly place?: Place;
}

/** `topologyChanged`: sent a moment after the last of some changes. */
export interface TopologyChanged {
  /** `stopped`: the user cancelled the indexing, so nothing is concluded. */
  readonly state: 'indexing' | 'ready' | 'stopped';
  /** Whether the workspace holds Kubernetes manifests at all. */
  readonly kubernetes: boolean;
  readonly files: number;
  readonly clusters: number;
  readonly errors: number;
  readonly warnings: number;
}

/** `report`: gives text. */
export interface ReportParams {
  readonly format: 'markdown' | 'json';
}

/** `rules`: gives one of these for each rule. */
export interface RuleSummary {
  readonly id: string;
  readonly summary: string;
  readonly severity: string;
  readonly limitation: number | null;
}

/** `explain`: gives the rule's page as Markdown; null if there is none. */
export interface ExplainParams {
  readonly rule: string;
}

/** `initConfig`: takes the URI of a document in the folder that is meant, if there are several. */
export interface InitConfigParams {
  readonly uri?: string;
}

/** The configuration file that says what is inferred now; null without a folder. */
export interface InitConfigResult {
  readonly uri: string;
  readonly text: string;
}

/** Where a finding is silenced: on the line, in the whole file, or on the object. */
export type IgnoreTarget = 'line' | 'file' | 'object';

/** `ignoreEdit`: gives a WorkspaceEdit, or null if the finding is no more. Also the argument of `IGNORE_COMMAND`. */
export interface IgnoreParams {
  /** Id of the finding, and the line of the document at which it was asked for. */
  readonly id: string;
  readonly uri: string;
  readonly line: number;
  readonly rule: string;
  readonly target: IgnoreTarget;
  /** Missing in the argument of the command. */
  readonly reason?: string;
}
