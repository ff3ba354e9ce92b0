/** What a rule is. */
import type { Anchor } from '../base/anchor.ts';
import type { IstioMinor } from '../base/istio-version.ts';
import type { Severity } from '../base/severity.ts';
import type { ObjectKind } from '../facts/objects.ts';
import type { ClusterId } from '../layout/layout.ts';
import type { Mesh } from '../mesh/model.ts';
import type { NodeEdit } from '../yaml/edit.ts';

export type { Severity } from '../base/severity.ts';
export type RuleGroup = 'network' | 'control-plane' | 'waypoint' | 'scope' | 'gateway' | 'foundations';
/** Number of the limitation in Istio's documentation (1-6), or null. */
export type Limitation = 1 | 2 | 3 | 4 | 5 | 6 | null;

/**
 * What a rule is run for, one at a time; it runs again only when something that it read has changed.
 * `mesh`: once. `cluster`: each cluster. `service`: each Service over all clusters. `gateway`: each Gateway of a cluster.
 * `namespace`: each namespace of a cluster that is written or holds something.
 */
export type Subject =
  | { readonly per: 'mesh' }
  | { readonly per: 'cluster'; readonly cluster: ClusterId }
  | { readonly per: 'service'; readonly namespace: string; readonly name: string }
  | { readonly per: 'gateway'; readonly cluster: ClusterId; readonly namespace: string; readonly name: string }
  | { readonly per: 'namespace'; readonly cluster: ClusterId; readonly name: string };
export type SubjectKind = Subject['per'];
export type SubjectOf<P extends SubjectKind> = Extract<Subject, { readonly per: P }>;

export interface RuleMeta {
  /** Equal to the file's name. Never renamed or reused. */
  readonly id: string;
  /** One sentence: what must hold. */
  readonly summary: string;
  /** What happens at run time and which component does it, two to five sentences of Markdown. */
  readonly why: string;
  /** Of most findings. */
  readonly severity: Severity;
  /** The other severities that findings have, each with when: a phrase that begins with `if`, `for`, `while` or the like. */
  readonly otherwise?: Readonly<Partial<Record<Severity, string>>>;
  /** Set: nothing is reported unless the configuration gives the rule a severity, or it is asked for by name. */
  readonly offByDefault?: true;
  readonly group: RuleGroup;
  readonly limitation: Limitation;
  /** First and last Istio minor for which the rule holds. */
  readonly since?: IstioMinor;
  readonly until?: IstioMinor;
  /** Kinds of objects that it reads; `Install` means install settings. */
  readonly reads: readonly (ObjectKind | 'Install')[];
  /** Whether some finding has a fix, and of which kind. */
  readonly fix: 'safe' | 'unsafe' | 'both' | 'none';
  /** How to fix it and when to silence it: Markdown for the page. */
  readonly howToFix: string;
  readonly whenToSilence: string;
  /** The page of Istio's documentation that states the behaviour. */
  readonly docs: string;
  /** Istio source or issues. */
  readonly references: readonly string[];
  /** Equivalent checks elsewhere, such as `IST0170`. */
  readonly kin?: readonly string[];
}

export interface Rule<P extends SubjectKind = SubjectKind> extends RuleMeta {
  readonly per: P;
  check(mesh: Mesh, subject: SubjectOf<P>): Iterable<Finding>;
  /**
   * Draws the conclusions about one namespace of a cluster that `check` rests on and that are remembered. It is called for each namespace
   * before, so that `check` need not draw them for all in one go, and requests wait for no single check.
   */
  ahead?(mesh: Mesh, cluster: ClusterId, namespace: string): void;
}

/** Gives the rule its subject's type; the value is returned unchanged. */
export function rule<P extends SubjectKind>(definition: Rule<P>): Rule<P> {
  return definition;
}

export interface FindingObject {
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string;
}

/** Another side of a finding. */
export interface Related {
  readonly at: Anchor;
  readonly cluster: ClusterId | undefined;
  /** Such as `east uses sample/waypoint`. */
  readonly message: string;
  /** Set if it stands for the finding where clusters share the place of that, but not this one: what is then told of that place. */
  readonly instead?: string;
  /** The finding's message worded from this side. If set, the place is marked in the editor too (contract, "mirrors"). */
  readonly mirror?: string;
}

/** An edit of a fix. */
export type FixEdit = NodeEdit & {
  /** The clusters that it is for, where that are not those of the finding, the first of them first. */
  readonly for?: readonly ClusterId[];
};

export interface Fix {
  readonly title: string;
  /** Safe as the contract defines it. */
  readonly safe: boolean;
  readonly preferred?: boolean;
  /** True if what is written can mean nothing else, so that editors may fix it unasked (`source.fixAll`), in each file by itself. */
  readonly onlyMeaning?: boolean;
  /** True if it corrects what tells which findings are told, so that all others are judged again after it. */
  readonly corrects?: boolean;
  /** Computed when asked for. */
  edits(): readonly FixEdit[];
}

/** What a finding misses. */
export interface Lacked {
  readonly kind: ObjectKind;
  /** Undefined: any. */
  readonly namespace?: string;
  readonly name?: string;
  /** The classes of Gateways that would do. */
  readonly classes?: ReadonlySet<string>;
}

export interface Finding {
  /** Absent: the rule's own. Any other one is among its `otherwise`. */
  readonly severity?: Severity;
  /** Distinguishes several findings of one rule about one object; part of the identity. Not a cluster that is merely blamed. */
  readonly check?: string;
  /** What it is told apart by where another finding stands for it, or it for another one, if not by its `check`; no part of the identity. */
  readonly cause?: string;
  /** What it was meant for beside its object: what follows for that is superfluous too. */
  readonly meant?: readonly FindingObject[];
  /** Set if the finding is about one cluster by nature (its identity then includes it), not merely blamed on it. */
  readonly ofCluster?: ClusterId;
  readonly message: string;
  readonly at: Anchor;
  /** The clusters involved, the blamed one first. */
  readonly clusters: readonly ClusterId[];
  readonly object: FindingObject | undefined;
  readonly related: readonly Related[];
  /** The object that is missing, in the clusters that are blamed: a file that states it may have been forgotten. */
  readonly lacks?: Lacked;
  /** True where an overlay lacks what each cluster is to have for itself: all that follows is mended there. */
  readonly lacksOwn?: true;
  /** True in a tie of two sides: all places get the full severity in the editor. */
  readonly tie?: boolean;
  readonly fixes?: () => readonly Fix[];
}
