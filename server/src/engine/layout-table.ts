/** The layout of the world: followed from the files that changed where that is possible, else computed as a whole, in steps. */
import { isPage } from '../base/other-sources.ts';
import { folderOf } from '../base/relative-path.ts';
import { sameData } from '../base/same-data.ts';
import { inSteps } from '../base/steps.ts';
import { type Config, type Configs, configOf } from '../config/config.ts';
import { concernsMesh } from '../deploy/built-facts.ts';
import type { ClusterKey } from '../deploy/deployment.ts';
import { type LayoutState, layoutRelevant, layoutSteps, placeSkipped } from '../layout/compute-layout.ts';
import type { ClusterOption } from '../layout/declared-clusters.ts';
import type { FileFacts } from '../layout/file-facts.ts';
import { fileTraits } from '../layout/file-traits.ts';
import { followLayout } from '../layout/follow-layout.ts';
import { type ImportedCluster, withImports } from '../layout/imported-clusters.ts';
import type { Layout } from '../layout/layout.ts';
import { type PlacelessFile, placelessFiles } from '../layout/placeless-files.ts';
import type { Placement } from '../layout/placement.ts';
import { sameItems } from '../mesh/context.ts';
import type { Whereabouts } from '../mesh/unread-store.ts';
import { Destinations } from './deployed/destinations.ts';
import { Neighbourhood } from './neighbourhood.ts';

/** What files state now. */
export interface StatedFacts {
  /** By the path, or by the id of a unit. */
  of(id: string): FileFacts | undefined;
  all(): Iterable<FileFacts>;
  imported(): readonly ImportedCluster[];
}

export interface LayoutOptions {
  readonly declaredClusters?: readonly ClusterOption[];
  readonly istioVersion?: string;
  readonly assumeIstioVersion?: string;
}

/** More changed files than this are not followed one by one. */
const MOST_FOLLOWED = 1000;

export class LayoutTable {
  /** Number of times that the layout was computed as a whole, and that it was followed: measures of work. */
  placings = 0;
  followings = 0;
  /** Undefined: nothing stands that changes could be followed from. */
  private state: LayoutState | undefined;
  private steps: Generator<void, { readonly state: LayoutState; readonly moved: readonly string[] }> | undefined;
  private readonly due = new Set<string>();
  /** Files for which there was no room in memory. */
  private readonly unfitted = new Set<string>();
  /** What is imported is something else now. */
  private importsChanged = false;
  private readonly neighbourhood = new Neighbourhood(() => this.layout);
  private readonly destinations = new Destinations(
    () => this.layout,
    () => this.facts.all(),
  );
  /** The last one that was computed to the end. */
  layout: Layout | undefined;

  constructor(
    private readonly facts: StatedFacts,
    private readonly options: LayoutOptions,
  ) {}

  /** True if the layout may be another one than was concluded last. */
  get pending(): boolean {
    return this.state === undefined || this.due.size > 0 || this.importsChanged;
  }

  /** A file states something else that layout looks at. */
  changed(id: string): void {
    this.due.add(id);
    const didFit = this.unfitted.size === 0;
    if (this.facts.of(id)?.skipped === 'memory') this.unfitted.add(id);
    else this.unfitted.delete(id);
    if (this.steps !== undefined || didFit !== (this.unfitted.size === 0)) this.allChanged();
  }

  /** Reports that are imported state something else, or they are imported no more, or only now. */
  changedImports(files: Iterable<string>): void {
    for (const file of files) if (this.facts.of(file) !== undefined) this.changed(file);
    this.importsChanged = true;
  }

  /** The configuration is another one. */
  allChanged(): void {
    this.state = undefined;
    this.steps = undefined;
  }

  /**
   * Brings the layout up to date.
   * @param pause asked after every step; if it says so, the next call goes on from there
   * @returns the ids of the files that belong to other clusters now; undefined if something is left
   */
  update(configs: Configs, pause: () => boolean): Iterable<string> | undefined {
    return this.follow() ?? this.compute(configs, pause);
  }

  /**
   * The clusters that a file which says nothing, or nothing that is placed, may be of; none if it does not count.
   * @param keys of the destinations to which it has something deployed
   */
  whereabouts(file: string, keys: readonly ClusterKey[] = []): Whereabouts {
    const known = this.destinations.clustersAt(keys);
    if (known.length > 0) return known;
    if (this.state === undefined) return 'anywhere';
    const { sorted, grouping, taken, built } = this.state;
    // Documentation is of what lies beside its folder.
    const at = isPage(file) ? file.replace(/(^|\/)(?:docs?|documentation)\/(?:[^/]+\/)*/i, '$1') : file;
    if (sorted.isLeftOut(folderOf(at))) return [];
    const { cluster } = placeSkipped({ file: at, reason: 'template' }, grouping, taken, built);
    if (cluster !== undefined) return [cluster];
    return grouping.isBeside(at) ? [] : this.neighbourhood.clustersNear(at);
  }

  /** The files of no cluster that state objects or settings of a mesh. */
  placeless(): readonly PlacelessFile[] {
    if (this.state === undefined) return [];
    return placelessFiles(this.state, (id) => {
      const documents = this.facts.of(id)?.documents ?? [];
      return documents.some((document) => concernsMesh({ objects: document.objects, install: document.install }));
    });
  }

  private follow(): Iterable<string> | undefined {
    if (this.state === undefined || this.due.size > MOST_FOLLOWED) return undefined;
    const { state } = this;
    if (this.due.size === 0) {
      this.conclude(state);
      return [];
    }
    this.state = undefined;
    const files = [...this.due].map((id) => [id, this.facts.of(id)] as const);
    const followed = followLayout(state, new Map(files.map(([id, facts]) => [id, facts && fileTraits(facts)])));
    if (followed === undefined) return undefined;
    this.conclude(followed.state);
    this.followings++;
    return followed.moved;
  }

  private compute(configs: Configs, pause: () => boolean): Iterable<string> | undefined {
    this.steps ??= this.computing(configs);
    for (;;) {
      const step = this.steps.next();
      if (step.done === true) {
        this.conclude(step.value.state);
        this.placings++;
        return step.value.moved;
      }
      if (pause()) return undefined;
    }
  }

  private *computing(
    configs: Configs,
  ): Generator<void, { readonly state: LayoutState; readonly moved: readonly string[] }> {
    const [first, ...others] = configs;
    const holding: Configs =
      this.unfitted.size === 0 ? configs : [withoutCompleteness(first), ...others.map(withoutCompleteness)];
    const state = yield* layoutSteps(this.facts.all(), holding, this.options.declaredClusters ?? [], this.options);
    yield;
    return { state, moved: yield* movedFiles(this.layout?.placement ?? new Map(), state.layout.placement) };
  }

  private conclude(state: LayoutState): void {
    this.state = state;
    const { layout, candidates, versions, configs } = state;
    const version = (file: string) => versions.istioVersion ?? configOf(configs, file).istioVersion;
    const imported = withImports(layout, candidates.values(), this.facts.imported(), version);
    this.layout = this.unfitted.size === 0 ? imported : allPartial(imported);
    this.importsChanged = false;
    this.steps = undefined;
    this.due.clear();
  }
}

/** What was left out, whatever it is, may belong to any cluster: nothing is known to be missing. */
function withoutCompleteness(config: Config): Config {
  return { ...config, complete: false, meshes: config.meshes.map((mesh) => ({ ...mesh, complete: false })) };
}

function allPartial(layout: Layout): Layout {
  const clusters = [...layout.clusters].map(
    ([id, cluster]) => [id, { ...cluster, partial: 'memory' as const }] as const,
  );
  return { ...layout, clusters: new Map(clusters) };
}

function* movedFiles(before: Placement, after: Placement): Generator<void, readonly string[]> {
  const moved: string[] = [];
  yield* inSteps(after, ([id, clusters]) => {
    if (!sameItems(before.get(id) ?? [], clusters)) moved.push(id);
  });
  yield* inSteps(before, ([id]) => {
    if (after.get(id) === undefined) moved.push(id);
  });
  return moved;
}

/** True if a file states the same as far as a layout looks at it. */
export function sameRelevant(before: FileFacts | undefined, after: FileFacts | undefined): boolean {
  return sameData(before && layoutRelevant(before), after && layoutRelevant(after));
}
