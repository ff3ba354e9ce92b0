/** What a deployment tool is told to put into a cluster: one shape for Argo CD, Flux, helmfile, kustomize's charts and OCM. */
import type { Anchor } from '../base/anchor.ts';
import type { Field, Known } from '../facts/field.ts';
import type { InstallStatement } from '../facts/install.ts';
import type { Labels } from '../facts/objects.ts';
import type { AnchoredEdit } from '../yaml/edit.ts';
import type { Cursor } from '../yaml/read.ts';
import type { DeployFiles } from './deploy-files.ts';
import type { BlankFile } from './helm/values-stack.ts';
import type { OpenValues } from './open-values.ts';
import type { Conclusion } from './remembered.ts';
import type { NamedPath } from './unit.ts';

export type DeployTool = 'argo-cd' | 'flux' | 'helmfile' | 'kustomize' | 'open-cluster-management';

/** One Application, Kustomization, HelmRelease or release, after generators were expanded and values were filled in. */
export interface Deployment {
  readonly tool: DeployTool;
  /** The file that tells of it, relative to the root of the world; several deployments may come from one ApplicationSet. */
  readonly file: string;
  /** The object, as it is written. */
  readonly at: Anchor;
  readonly name: string | undefined;
  readonly cluster: Destination;
  /** Where objects without a namespace go (`overridesNamespace`: all of them), and the release of a chart. */
  readonly namespace: Field<string>;
  /** True if the namespace replaces the one that objects state (Flux' `targetNamespace`). */
  readonly overridesNamespace: boolean;
  /** Labels that the tool gives to that namespace (Argo CD's `managedNamespaceMetadata`). */
  readonly namespaceLabels: Labels | undefined;
  readonly sources: readonly DeploySource[];
  /** What of it could not be read. */
  readonly unknown: readonly UnknownPart[];
  /** True if nothing of what it deploys is known. */
  readonly isLost?: true;
  /** True if the tool leaves what it deploys as it is: that may be what was applied before, or nothing. */
  readonly isSuspended?: boolean;
  /** What a generator fills into the template that it is made from. */
  readonly filled?: FilledIn;
  /** What that template names and elements do not have, told with the first of an ApplicationSet's. */
  readonly lacksParameters?: readonly LackedParameter[];
}

/** A parameter that the template of an ApplicationSet names and an element does not have. */
export interface LackedParameter {
  /** In the element if others have it, else in the template. */
  readonly at: Anchor;
  readonly name: string;
  /**
   * What Argo CD does: `refused`, it makes and changes no application; `no-value`, it writes that; `empty`, it writes nothing; `left`, it leaves
   * the reference; `unmerged`, it leaves out the element. Of a label that a selector wants: `none`, no cluster has it; `left-out`, this one
   * does not.
   */
  readonly effect: 'refused' | 'no-value' | 'empty' | 'left' | 'unmerged' | 'none' | 'left-out';
  /** Where another element has it. */
  readonly had: Anchor | undefined;
  /** What is called alike: in the element, or what the template may mean. */
  readonly meant?: string;
  /** Set for a value of an environment of helmfile. */
  readonly environment?: string;
  /** What the element is to have, where the others tell. */
  readonly given?: string;
  readonly edit?: AnchoredEdit;
}

/** What a tool fills in for a cluster. */
export interface FilledIn {
  /** The templates that it is filled into; none where it is all that is built. */
  readonly templates: readonly Anchor[];
  /** What is written for each value, such as `${network}` or `{{.network}}`. */
  readonly references: ReadonlyMap<string, Known<string>>;
}

/** How it is known to which cluster something goes. */
export interface Destination {
  /** `own`: the cluster that the tool itself runs in, so that of the file's; `unknown`: nothing in sight tells. */
  readonly kind: 'named' | 'own' | 'unknown';
  /** What addresses the cluster: two deployments that share one go to the same cluster. */
  readonly keys: readonly ClusterKey[];
  /** Other values of the generator's element, any of which may be a name of the cluster. */
  readonly words: readonly Known<string>[];
  /** True if an unknown number of clusters get it, or it is not known which ones do. */
  readonly several: boolean;
}

export interface ClusterKey {
  readonly from: 'name' | 'server' | 'selector' | 'kubeconfig' | 'context' | 'element';
  /** Comparable with other keys of the same origin. */
  readonly value: string;
  readonly at: Anchor;
}

export type DeploySource = ChartSource | FolderSource | ObjectsSource;

/** A Helm chart with the values that reach it. */
export interface ChartSource {
  readonly kind: 'chart';
  readonly at: Anchor;
  readonly chart: string;
  /** The chart's folder, if it lies in this world. */
  readonly folder: string | undefined;
  /** That folder, and those of the charts of this world that are installed with it. */
  readonly folders: readonly string[];
  readonly release: string | undefined;
  /** What it states of Istio's installation; undefined for other charts. */
  readonly install: InstallStatement | undefined;
  /** Files that were merged into the values: layers of this installation and no statements of their own. */
  readonly valueFiles: readonly string[];
  /** Files that may be among them, as far as a path tells that is known in part. */
  readonly candidates: readonly string[];
  /** How its folder and the files of its values were found, where that tells of a repository. */
  readonly found?: readonly FoundPath[];
  /** Those of them that it names itself, each where it does. */
  readonly names: readonly NamedPath[];
  /** Files among them that hold no values. */
  readonly blanks: readonly BlankFile[];
  /** All values that reach the chart, as far as they are in sight. */
  readonly values: Cursor;
  /** Where values are written in what tells of the chart, or would be: whatever else is made of it gets them too. */
  readonly inline: Anchor;
  /** True if some are not. */
  readonly open: boolean;
}

/** A folder of this world whose manifests are applied. */
export interface FolderSource {
  readonly kind: 'folder';
  /** Where the path is written. */
  readonly at: Anchor;
  /** Relative to the root of the world; '' is the root. */
  readonly path: string;
  /** `kustomize`: what is built from the kustomization there, or from one made of all that `takes`; `files`: the manifests that it takes. */
  readonly build: 'kustomize' | 'files';
  readonly takes: (file: string) => boolean;
  /**
   * A kustomization, as `kustomization.yaml` would state it but without `resources`, that the tool lays upon what is in the folder:
   * patches, components, images, namespace. Undefined where it lays nothing.
   */
  readonly overlay: Cursor | undefined;
  /** What the tool would lay upon it if another object told of it; undefined where that is not known. */
  readonly overlayOf?: (object: Cursor) => Pick<FolderSource, 'overlay'> | undefined;
  /** Flux' `postBuild`: variables that are filled into the objects; undefined where it is not used. */
  readonly substitute: Substitution | undefined;
  /** Where Flux' `postBuild` would be written, if Flux fills in nothing. */
  readonly unfilled?: Anchor;
  /** How it was found, where that tells of a repository. */
  readonly found?: readonly FoundPath[];
  /** True if its kustomizations may name files outside of their folders. */
  readonly readsOutside?: true;
  /** True if a plugin of the tool makes what is applied, in a way that is not known. */
  readonly plugin?: true;
}

/** Objects that are written in the deployment itself. */
export interface ObjectsSource {
  readonly kind: 'objects';
  readonly at: Anchor;
  /** Each with its place. */
  readonly objects: readonly Cursor[];
}

/** Variables by name. */
export interface Substitution {
  readonly variables: ReadonlyMap<string, Known<string>>;
  /** Those that are set to what is not known, such as a text with a variable that something out of sight fills in. */
  readonly unknown?: ReadonlySet<string>;
  /** Where those that a source in sight has are written, whatever sets them in the end. */
  readonly written?: ReadonlyMap<string, Anchor>;
  /** True if variables may come from a place that is not in sight. */
  readonly open: boolean;
  /** Where the Kustomization tells of them. */
  readonly postBuild?: Anchor;
  /** Where more variables would be written; left out if an optional source of them is not in sight. */
  readonly place?: Anchor;
}

/** True if a variable is set, or may be in a place that is not in sight. */
export function maySet({ variables, unknown, open }: Substitution, variable: string): boolean {
  return open || variables.has(variable) || unknown?.has(variable) === true;
}

/** A folder into whose objects Flux fills variables, or would if it were told to. */
export interface FilledFolder {
  /** The name of the object that tells of it. */
  readonly name: string | undefined;
  readonly substitution: Substitution;
  /** True if it is not told to: the objects are applied as they are written. */
  readonly isUnfilled?: true;
  readonly uses: readonly VariableUse[];
}

/** A variable in a value or a key, such as `${network}`. */
export interface VariableUse {
  readonly variable: string;
  readonly at: Anchor;
  /** The text of which it is a part; undefined where it is the whole value. */
  readonly within?: string;
  /** True for one with a default, such as `${network:=network1}`. */
  readonly hasDefault?: true;
}

/** Something that could not be read. `what` completes the sentence "could not be read: ...". */
export interface UnknownPart {
  readonly at: Anchor;
  readonly what: string;
  /** Set for a folder or a file that is not there. */
  readonly lacks?: LackedPath;
  /** Set for an object that is not there. */
  readonly lacksObject?: LackedObject;
  /** Set where the tool certainly refuses it: what it says, as a sentence. */
  readonly refused?: string;
  /** What is probably meant in place of what is written there. */
  readonly meant?: string;
  /** The values files of the world that it may concern; any where it is left out. */
  readonly opens?: readonly OpenValues[];
}

/** An object by its name that is certainly not in sight for what refers to it. */
export interface LackedObject {
  /** Where it is named. */
  readonly at: Anchor;
  readonly kind: string;
  readonly name: string;
  /** The file of another cluster's object of that name. */
  readonly elsewhere: string | undefined;
  /** One that is in sight, and called alike. */
  readonly meant: string | undefined;
  /** Set if it is there, and lacks this key. */
  readonly key?: string;
  /** Set if kustomize makes it, under this name. */
  readonly hashed?: string;
}

export interface LackedPath {
  readonly kind: 'folder' | 'values';
  readonly tool: DeployTool;
  /** As it is written. */
  readonly written: string;
  /** From the root of its repository. */
  readonly path: string;
  /** What the tool calls that; undefined where the path is known from the root of the world. */
  readonly repository: string | undefined;
}

/** A folder or a file that is there. */
export interface FoundPath {
  /** From the root of its repository. */
  readonly path: string;
  /** What the tool calls the repository that it is of, and where that begins in the world. */
  readonly repository: string;
  readonly root: string;
}

/** An object of the world, and the file that tells of it. */
export interface DeployObject {
  readonly file: string;
  readonly object: Cursor;
}

/** What deployments are read from, besides the object itself. */
export interface DeployWorld {
  readonly files: DeployFiles;
  /** Objects of a kind (ConfigMap, Secret, OCIRepository, ...), for references by name. Never leaves the world. */
  objects(kind: string): readonly DeployObject[];
  /** A conclusion from the world alone, not from `beside`, which all that rest on it share. */
  remembered<T>(conclude: Conclusion<T>, key: string): T;
  /** What is applied together with the object that is read, as it is applied: of a name it is meant before all others. */
  readonly beside?: readonly Cursor[];
}
