/** What one deployment puts into one cluster, as the facts of its manifests. */
import type { Anchor } from '../base/anchor.ts';
import type { DocumentFacts } from '../facts/extract.ts';
import type { DeployTool, Destination, FilledIn, FolderSource, Substitution } from './deployment.ts';
import type { BlankFile } from './helm/values-stack.ts';
import type { KustomizeBuild } from './kustomize/build-result.ts';

/** Values that stand in what tells of a chart. */
export interface InlineValues {
  readonly chart: string;
  readonly at: Anchor;
}

/** A file or folder that a deployment names. */
export interface NamedPath {
  readonly path: string;
  readonly at: Anchor;
  /** Set for a file that need not be there, and is not: how it is written. */
  readonly missing?: string;
}

export interface Unit {
  readonly tool: DeployTool;
  /** The file whose object starts it all: the root of an app of apps. */
  readonly holder: string;
  /** The files that tell of it: that one, and those of the deployments on the way to it. */
  readonly via: readonly string[];
  readonly name: string | undefined;
  /** That of the deployment, or where it goes to its tool's own cluster that of the one which deploys it. */
  readonly destination: Destination;
  /** The folder whose manifests it applies; undefined for charts. */
  readonly folder: string | undefined;
  /** That folder, or the files of a chart's values, each where it is named. */
  readonly names?: readonly NamedPath[];
  readonly documents: readonly DocumentFacts[];
  /** The files that went into it: they state nothing by themselves. */
  readonly uses: readonly string[];
  /** Files that may be among them. */
  readonly mayUse?: readonly string[];
  /** For a chart of the world: its folder, and those of the charts that are installed with it. */
  readonly charts?: readonly string[];
  readonly build: KustomizeBuild | undefined;
  /** What that is made of. */
  readonly source?: FolderSource;
  /** For a chart: its name, and where values of it are written in what tells of it, or would be. */
  readonly inline?: InlineValues;
  /** For a chart: where its topmost values begin, and the files among its layers that hold none. */
  readonly values?: { readonly top: Anchor; readonly blanks: readonly BlankFile[] };
  /** True if the tool fills variables into what is built. */
  readonly isFilledIn?: true;
  /** The variables, if it is Flux that does. */
  readonly substitute?: Substitution;
  /** What it fills in, as far as that is in sight. */
  readonly filled?: FilledIn;
  /** Set for a chart that is not rendered, and none of Istio: where it is told. What it makes is not known. */
  readonly opaque?: Anchor;
  /** True if its tool leaves it as it is: what is in the cluster is not known, and none of it is stated here. */
  readonly isSuspended?: true;
}
