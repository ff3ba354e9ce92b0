/** What `kustomize build` of a folder amounts to: its objects, every node with the place that it came from, and what is wrong or unknown. */
import type { Anchor, DocumentId } from '../../base/anchor.ts';
import type { Removal } from '../../facts/objects.ts';
import type { Node } from '../../yaml/node.ts';
import type { Cursor } from '../../yaml/read.ts';

/** Why kustomize refuses a build. */
export type KustomizeProblemClass =
  | 'conflicting-patch-form'
  | 'cycle'
  | 'duplicate-id'
  | 'empty-kustomization'
  | 'generator-behavior'
  | 'invalid-kustomization'
  | 'invalid-object'
  | 'invalid-yaml'
  | 'json-patch-path-missing'
  | 'json-patch-test-failed'
  | 'missing-file'
  | 'no-kustomization'
  | 'not-a-component'
  | 'outside-root'
  | 'patch-target-missing'
  | 'patch-unparsable'
  | 'replacement-index'
  | 'replacement-source-missing'
  | 'replacement-target-missing'
  | 'unknown-field';

export interface KustomizeProblem {
  readonly class: KustomizeProblemClass;
  /** One sentence for people. */
  readonly message: string;
  /**
   * The entry of the kustomization file that causes it, or the place inside the file that it names; undefined only if the
   * folder that is built has no kustomization, or an empty one.
   */
  readonly at: Anchor | undefined;
  /** The folder of the kustomization that is refused first. */
  readonly folder: string;
  /** Other places that belong to it, such as the first of two objects with one id. */
  readonly related: readonly Anchor[];
  /** For `missing-file` and `no-kustomization`: the path that is not there, relative to the root of the world. */
  readonly path?: string;
  /** For `patch-target-missing`: what the patch is for, where there is none of it. */
  readonly lacked?: ObjectId;
}

/** True for what lies outside of the folder that names it: kustomize refuses it only where it is not told to read it, and here it is read. */
export function isReadAllTheSame(problem: Pick<KustomizeProblem, 'class'>): boolean {
  return problem.class === 'outside-root';
}

/** Why a part of a build cannot be known. */
export type KustomizeUnknownReason =
  | 'remote' // a repository or an address: never fetched
  | 'outside' // above the root of the world: never read
  | 'unread' // there, but its content is not known
  | 'template' // filled in before kustomize reads it
  | 'helm' // a chart that is not rendered
  | 'istio-chart' // one of Istio's, of which only its values matter to a mesh
  | 'plugin' // made by a program
  | 'too-large' // more than anybody writes
  | 'failed'; // a bug of this program

/** A patch or a target of a replacement that selects nothing: kustomize says nothing of it. */
export interface IdlePatch {
  readonly what: 'patch' | 'replacement';
  /** The entry of the kustomization. */
  readonly at: Anchor;
  /** As it is written. */
  readonly target: Cursor;
  /** The folder of the kustomization that has it. */
  readonly folder: string;
}

/** True if objects that concern a mesh may be among what is not known. */
export function isPartly({ problems, unknown }: Pick<KustomizeBuild, 'problems' | 'unknown'>): boolean {
  return problems.length > 0 || unknown.some(({ why }) => why !== 'istio-chart');
}

export interface KustomizeUnknown {
  /** The address, path or name that is written. */
  readonly what: string;
  /** Undefined only for the kustomization of the folder that is built. */
  readonly at: Anchor | undefined;
  readonly why: KustomizeUnknownReason;
}

/** The name under which kustomize knows an object. */
export interface ObjectId {
  readonly apiVersion: string;
  readonly kind: string;
  /** '' where none is written. */
  readonly namespace: string;
  readonly name: string;
}

/** An object of a build. */
export interface BuiltObject {
  /**
   * The object as the cluster gets it. The root has an `origin`, and so has every node that does not stand in its parent's
   * text. A node that was changed by a setting of a kustomization has the place of that setting.
   */
  readonly root: Node;
  /** As it was written, before any kustomization changed it. */
  readonly original: ObjectId;
  readonly current: ObjectId;
  /** The file and document that it was written in; of a generated object the kustomization's. */
  readonly file: string;
  readonly doc: DocumentId;
  /** True if a generator made it. */
  readonly generated: boolean;
  /** The folders of the kustomizations that it went through, innermost first. */
  readonly folders: readonly string[];
  /** The patches that changed it, in order: the patch's own place, inline or in its file. */
  readonly patches: readonly Anchor[];
  readonly removals: readonly Removal[];
  /** As it would be with patches that were perhaps meant for it, and that select nothing (`meant-target.ts`). */
  readonly otherwise?: Node;
}

/** An object that a patch deletes. */
export interface DeletedObject {
  /** As it was before. */
  readonly object: BuiltObject;
  /** The directive in the patch, else the patch. */
  readonly by: Anchor;
}

/** A chart that a kustomization inflates with Helm; it is named here and not rendered. */
export interface KustomizeHelmChart {
  readonly at: Anchor;
  readonly folder: string;
  readonly name: string;
  /** The name that is written, where it misspells that one. */
  readonly misspelt?: Cursor;
  readonly version: string | undefined;
  readonly repo: string | undefined;
  readonly releaseName: string | undefined;
  readonly namespace: string | undefined;
  /** Relative to the root of the world, in the order in which Helm takes them. */
  readonly valuesFiles: readonly { readonly path: string; readonly at: Anchor }[];
  readonly valuesInline: { readonly node: Node; readonly at: Anchor } | undefined;
  /** How `valuesInline` and the values files combine. */
  readonly valuesMerge: 'override' | 'replace' | 'merge';
}

export interface KustomizeBuild {
  readonly folder: string;
  /** In the order of kustomize. What is refused or unknown is left out: with a problem or an unknown they are only a part. */
  readonly objects: readonly BuiltObject[];
  /** The first is what kustomize says. Those of an included folder are among them, the same in every build that includes it. */
  readonly problems: readonly KustomizeProblem[];
  readonly unknown: readonly KustomizeUnknown[];
  /** Those of included folders are among them, as far as all that they could select is known. */
  readonly idle: readonly IdlePatch[];
  readonly deleted: readonly DeletedObject[];
  /** True if a patch or the like of it was refused or is not known: the objects may lack what it was to give them. */
  readonly isOpen: boolean;
  /** The folders of all kustomizations that take part, without its own, sorted. */
  readonly includes: readonly string[];
  /** All files that were read, sorted. */
  readonly uses: readonly string[];
  readonly helmCharts: readonly KustomizeHelmChart[];
}
