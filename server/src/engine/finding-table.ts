/** What stands of the findings of all meshes: one of each, without what another one or a suppression makes superfluous. */
import { positionAt } from '../base/range.ts';
import { withSorted } from '../base/sorted.ts';
import { type ConfigProblem, type Configs, isWeighed, severityOf } from '../config/config.ts';
import type { DocumentFacts } from '../facts/extract.ts';
import type { ClusterId, Layout } from '../layout/layout.ts';
import { sameItems } from '../mesh/context.ts';
import type { Mesh } from '../mesh/model.ts';
import { meshIdMismatch } from '../rules/mesh-id-mismatch.ts';
import type { Rule, Severity } from '../rules/rule.ts';
import type { DocumentTable } from '../yaml/documents.ts';
import type { Suppression } from '../yaml/suppressions.ts';
import type { Configurations } from './configuration/configurations.ts';
import { type JudgedBuilds, kustomizationFindings } from './faults/kustomization-findings.ts';
import { misspeltDestinationFindings } from './faults/misspelt-destinations.ts';
import { withRenamings } from './faults/renamed-apart.ts';
import { ReplacedFields } from './faults/replaced-fields.ts';
import { withStrayNames } from './faults/stray-names.ts';
import { withUnlistedFiles } from './faults/unlisted-files.ts';
import { withWrongReferences } from './faults/wrong-references.ts';
import { annotationSilencers } from './findings/annotations.ts';
import { oneOfEachEntry } from './findings/one-of-each-entry.ts';
import { oneOfEachPlace } from './findings/one-of-each-place.ts';
import { configurationFindings, ignoreEntryFindings, unusedSuppressionFindings } from './findings/own-findings.ts';
import { INVALID_KUSTOMIZATION } from './findings/own-rules.ts';
import { compareFindings, type FindingWorld, mergeShared, placeFinding } from './findings/place-finding.ts';
import { type Place, PlacedFindings } from './findings/placed-findings.ts';
import { splitMeshFindings } from './findings/split-meshes.ts';
import { StandingFindings } from './findings/standing-findings.ts';
import { commentSilencers, inMeshOf, type Silencer, silence } from './findings/suppress.ts';
import type { RuleFinding } from './rule-runner.ts';
import type { PlacedFinding, Snapshot } from './snapshot.ts';

export class FindingTable {
  private readonly placed = new PlacedFindings();
  private readonly silencers = new Map<string, readonly Silencer[]>();
  private readonly replaced = new ReplacedFields();
  /** What stands of the findings of rules; undefined until it is asked for. */
  private stand: StandingFindings | undefined;
  /** Set while it follows a change. */
  private weighing: Generator<void, void> | undefined;
  /** What stood last of the findings of rules, and what that was judged by. */
  private judged: { readonly by: readonly unknown[]; readonly silenced: ReturnType<typeof silence> } | undefined;

  constructor(
    private readonly documents: DocumentTable,
    private readonly overlays: Omit<FindingWorld, 'documents'>,
    private readonly today: string,
    /** Ids of rules that are reported although they are off by default. */
    private readonly askedFor: ReadonlySet<string> = new Set(),
    private readonly isTold: (rule: string) => boolean = () => true,
  ) {}

  /**
   * A file's text changed, or what it states, or the file went: places in it are resolved again.
   * @param suppressions its comments that silence
   * @param facts what counts of it: nothing of a file that goes into a build
   */
  fileChanged(file: string, suppressions: readonly Suppression[], facts: readonly DocumentFacts[]): void {
    this.placed.fileChanged(file);
    const silencers = this.silencersOf(file, suppressions, facts);
    if (silencers.length > 0 || this.silencers.has(file)) this.judged = undefined;
    if (silencers.length === 0) this.silencers.delete(file);
    else this.silencers.set(file, silencers);
  }

  /** Severities or exclusions changed, names of clusters, or what is shared: every finding is placed again. */
  replaceAll(): void {
    this.placed.allChanged();
    this.placed.tellAgain();
    this.stand = undefined;
    this.weighing = undefined;
  }

  /** What is built of a file changed: findings in it may be another file's now. */
  replaceIn(file: string): void {
    this.placed.usesChanged(file);
  }

  replace(removed: readonly RuleFinding[], added: readonly RuleFinding[], mesh: Mesh): void {
    this.placed.replace(removed, added, mesh);
  }

  /** True if findings must be placed, or weighed against each other. */
  get pending(): boolean {
    return this.placed.pending || this.placed.isChanged || this.weighing !== undefined;
  }

  /** Places findings and weighs them against each other until all is done, or `pause`, asked after each step, says to stop. */
  place(configs: Configs, clusterName: (id: ClusterId) => string, pause: () => boolean): void {
    this.placed.place(this.placeIn(configs, clusterName), pause);
    if (!this.placed.pending) this.weigh(configs, clusterName, pause);
  }

  private placeIn(configs: Configs, clusterName: (id: ClusterId) => string): Place {
    const world: FindingWorld = { ...this.overlays, documents: this.documents };
    const severity = (rule: Rule) => (stated: Severity, file: string) =>
      severityOf(configs, this.askedFor.has(rule.id) ? { id: rule.id } : rule, stated, file);
    return (found, mesh, before) => {
      try {
        return placeFinding(found, mesh, world, clusterName, severity(found.rule), before);
      } catch (error) {
        world.onFailure(`placing a finding of ${found.rule.id}`, error);
        return undefined;
      }
    };
  }

  /**
   * The findings that stand, in order, and those that are silenced.
   * @param problems what the files contradict in the configurations
   * @param layout tells apart objects of the same name in several meshes
   */
  judge(
    configurations: Configurations,
    builds: JudgedBuilds,
    clusterName: (id: ClusterId) => string,
    problems: readonly ConfigProblem[],
    layout: Layout,
  ): Pick<Snapshot, 'findings' | 'suppressed'> {
    const { configs } = configurations;
    const silenced = this.standing(configs, clusterName, layout);
    const world: FindingWorld = { ...this.overlays, documents: this.documents };
    const referred = withWrongReferences(silenced.findings, world, clusterName);
    const standing = this.isTold(INVALID_KUSTOMIZATION.id)
      ? withRenamings(
          withUnlistedFiles(
            withStrayNames(
              withOthers(referred, misspeltDestinationFindings(builds.misspeltDestinations, configs, this.documents)),
              builds.strayNames,
              configs,
              this.documents,
            ),
            builds,
            configs,
            world,
          ),
          builds.of,
          configs,
          world,
          clusterName,
        )
      : referred;
    const own = [
      ...configurationFindings(configs, [...configurations.problems, ...problems], this.documents),
      ...kustomizationFindings(configs, builds, this.replaced, this.documents),
      ...unusedSuppressionFindings(configs, silenced.unused),
      ...ignoreEntryFindings(
        configs,
        silenced.usedIgnores,
        this.today,
        this.documents,
        new Set([...layout.clusters.values()].map(({ name }) => name)),
      ),
    ];
    return {
      findings: withSorted(
        standing === silenced.findings ? standing : [...standing].sort(compareFindings),
        own.sort(compareFindings),
        compareFindings,
      ),
      suppressed: silenced.suppressed,
    };
  }

  /** The findings of rules that stand, in order, and what silences the others; the same as long as nothing changes. */
  private standing(
    configs: Configs,
    clusterName: (id: ClusterId) => string,
    layout: Layout,
  ): ReturnType<typeof silence> {
    // What comes from imports alone, or is silenced later, makes superfluous what follows from it all the same: its cause is known.
    const standing = this.unsilenced(configs, clusterName);
    const split = this.isTold(meshIdMismatch.id)
      ? [...splitMeshFindings(configs, layout, this.documents)].sort(compareFindings)
      : [];
    const { clusters, meshes, placement } = layout;
    const places = JSON.stringify(
      split.map(({ location, related }) => [location, related.map((side) => side.location)]),
    );
    const isSilenced = this.silencers.size > 0 || configs.some(({ ignore }) => ignore.length > 0);
    const hidden = isSilenced ? (this.stand?.hidden ?? []) : [];
    const by = [
      ...[standing, configs, clusters, meshes, places],
      ...(isSilenced ? [hidden] : []),
      ...(this.silencers.size > 0 ? [placement] : []),
    ];
    if (this.judged !== undefined && sameItems(this.judged.by, by)) return this.judged.silenced;
    const { told, others } = oneOfEachEntry(oneOfEachPlace(standing.filter(isBlamed), clusterName));
    const silenced = silence(
      withSorted(told, split, compareFindings),
      [...hidden.filter(isBlamed), ...others],
      [...this.silencers.values()].flat(),
      configs,
      this.today,
      clusterName,
      inMeshOf(layout),
    );
    this.judged = { by, silenced };
    return silenced;
  }

  /** What stands before anything is silenced, in order; the same as long as nothing changes. */
  private unsilenced(configs: Configs, clusterName: (id: ClusterId) => string): readonly PlacedFinding[] {
    this.place(configs, clusterName, () => false);
    return this.standIn(configs, clusterName).all;
  }

  private weigh(configs: Configs, clusterName: (id: ClusterId) => string, pause: () => boolean): void {
    while (this.weighing !== undefined || this.placed.isChanged) {
      const stand = this.standIn(configs, clusterName);
      this.weighing ??= stand.following(this.placed.takeChanges());
      if (this.weighing.next().done === true) this.weighing = undefined;
      if (pause()) return;
    }
  }

  private standIn(configs: Configs, clusterName: (id: ClusterId) => string): StandingFindings {
    this.stand ??= new StandingFindings((shared) => mergeShared(shared, clusterName), {
      isTold: this.isTold,
      isWeighed: ({ rule, location }) => isWeighed(configs, rule.id, location.file),
    });
    return this.stand;
  }

  private silencersOf(file: string, suppressions: readonly Suppression[], facts: readonly DocumentFacts[]): Silencer[] {
    const starts = suppressions.length === 0 ? [] : this.documents.lineStarts(file);
    const silencers = commentSilencers(file, suppressions, ({ start, end }) => ({
      file,
      range: { start: positionAt(starts, start), end: positionAt(starts, end) },
    }));
    for (const stated of facts)
      silencers.push(...annotationSilencers(stated, file, (anchor) => this.documents.locate(anchor)));
    return silencers;
  }
}

/** The same list if there are no others: a long one need not be put in order again. */
function withOthers<T>(list: readonly T[], others: readonly T[]): readonly T[] {
  return others.length === 0 ? list : [...list, ...others];
}

function isBlamed({ isBlameless }: PlacedFinding): boolean {
  return isBlameless !== true;
}
