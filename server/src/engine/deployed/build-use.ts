/** How the files of the world are used: by which builds and units, for which clusters, and what tools fill in from them. */
import type { Anchor } from '../../base/anchor.ts';
import type { FilledIn } from '../../deploy/deployment.ts';
import type { KustomizeBuild } from '../../deploy/kustomize/build-result.ts';
import type { ClusterId } from '../../layout/layout.ts';
import type { EditedSource } from './trial-builds.ts';

/** A build, or a unit that a tool deploys, that reads a file. */
export interface BuildUse {
  /** The file of the root kustomization; undefined for a unit, of which there is no file of its own. */
  readonly root: string | undefined;
  /** Undefined where the file is applied as it is. */
  readonly build: KustomizeBuild | undefined;
  /** Of a unit: what its tool edits before it is built, and the file that tells of it. */
  readonly edited?: EditedSource;
  readonly clusters: readonly ClusterId[];
  /** Of a unit: where its tool is told of it. */
  readonly named?: Anchor;
  /** What a tool fills in, by what is written for it, as far as it is in sight; undefined where it fills in nothing. */
  readonly references?: FilledIn['references'];
  /** Of a chart: where its topmost values begin. */
  readonly values?: Anchor;
  /** True if its tool leaves the cluster as it is: what that gets is not known. */
  readonly isSuspended?: true;
}

/** An entry that names a file of values which says nothing, or is not there and need not be, and who would get what it says. */
export interface BlankUse {
  readonly at: Anchor;
  readonly file: string;
  readonly chart: string;
  readonly clusters: readonly ClusterId[];
}

/** A chart, and the clusters that get it. */
export interface ChartUse {
  readonly chart: string;
  readonly clusters: readonly ClusterId[];
}

/** What a tool fills in from a place. */
export interface Filling {
  /** As it is written: `${network}` or `{{.network}}`. */
  readonly reference: string;
  /** The templates that it is filled into; none where it is filled into whole files. */
  readonly templates: readonly Anchor[];
  readonly files: readonly string[];
  /** All that is filled in together with it. */
  readonly references: FilledIn['references'];
}
