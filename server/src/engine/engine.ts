/**
 * The engine: takes file changes, gives immutable snapshots. A change is followed through documents, facts, layout, mesh
 * and rules, and stops wherever the result is what it was before.
 */

import { endsAll, type Failure } from '../base/failure.ts';
import { forGood } from '../base/incremental.ts';
import { sameData } from '../base/same-data.ts';
import { type Configs, placesAlike, type Settings, weighsAlike } from '../config/config.ts';
import type { ChartRequest } from '../deploy/helm/rendered-chart.ts';
import { kustomizeBuilds } from '../deploy/kustomize/kustomize-builds.ts';
import type { FileFacts } from '../layout/file-facts.ts';
import type { ClusterId, Layout } from '../layout/layout.ts';
import { ClusterStore } from '../mesh/cluster-store.ts';
import { RULES } from '../rules/registry.ts';
import { DocumentTable } from '../yaml/documents.ts';
import { findSuppressions } from '../yaml/suppressions.ts';
import { clusterObjects } from './cluster-objects.ts';
import { ConfigurationChecks } from './configuration/configuration-checks.ts';
import { Configurations } from './configuration/configurations.ts';
import { type BeyondRoot, beyondRoot } from './deployed/beyond-root.ts';
import { Builds } from './deployed/builds.ts';
import { Deployments } from './deployed/deployments.ts';
import { FileTree } from './deployed/file-tree.ts';
import { FileUses } from './deployed/file-uses.ts';
import { RenderedCharts } from './deployed/rendered-charts.ts';
import type { EngineOptions } from './engine-options.ts';
import { judgedBuilds } from './faults/cluster-builds.ts';
import { isToldElsewhere } from './faults/misspelt-destinations.ts';
import { MisspeltUnits } from './faults/misspelt-units.ts';
import { withBrokenParts, withParts } from './faults/unread-parts.ts';
import { type FileChange, FileCounts, type FileRecord, kustomizationOf, readFile } from './file-facts.ts';
import { FindingTable } from './finding-table.ts';
import { findingWorld } from './finding-world.ts';
import { Imports } from './imports.ts';
import { LayoutTable, sameRelevant } from './layout-table.ts';
import { MeshTable } from './mesh-table.ts';
import { PlacedObjects } from './placed-objects.ts';
import type { Snapshot } from './snapshot.ts';
import { type Installer, signsOfPart } from './unplaced.ts';

export type { EngineOptions } from './engine-options.ts';
export type { FileChange } from './file-facts.ts';

export class Engine {
  private readonly documents = new DocumentTable();
  private readonly records = new Map<string, FileRecord>();
  private readonly tree = new FileTree(
    this.documents,
    (what, error) => this.onFailure(what, error),
    (file) => this.checks.came(file),
  );
  private readonly checks: ConfigurationChecks;
  private readonly onFailure: Failure;
  private readonly kustomize = kustomizeBuilds(this.tree);
  private readonly builds = new Builds(this.kustomize);
  private readonly charts = new RenderedCharts();
  private readonly deployments = new Deployments(
    this.tree,
    this.builds,
    this.kustomize,
    (file) => this.records.get(file)?.facts,
    this.charts,
    (doc) => this.documents.document(doc)?.file,
  );
  private readonly misspelt = new MisspeltUnits(
    this.deployments,
    (one) => !isToldElsewhere(one, this.configurations.configs, this.tree.files, this.records, this.documents),
  );
  private readonly configurations: Configurations;
  private readonly imports: Imports;
  private readonly placed = new PlacedObjects(
    {
      record: (file) => this.records.get(file),
      isUsed: (file) => this.uses.isUsed(file),
      installersOf: (file) => this.uses.unitsOfChart(file)?.flatMap((id) => this.installer(id)),
      whereabouts: (file, keys) => this.layouts.whereabouts(file, keys),
    },
    (file) => this.imports.has(file),
  );
  private readonly clusters = new ClusterStore();
  private readonly meshes: MeshTable;
  private readonly findings: FindingTable;
  private readonly layouts: LayoutTable;
  /** Files whose objects, or their placement, may have changed since the last settling. */
  private readonly changed = new Set<string>();
  private readonly counts = new FileCounts();
  private revision = 0;
  private current: Snapshot | undefined;

  constructor(options: EngineOptions = {}) {
    this.onFailure = options.onFailure ?? endsAll;
    const rules = options.rules ?? RULES;
    const ruleIds = new Set(rules.map(({ id }) => id));
    this.configurations = new Configurations(this.documents, options, ruleIds);
    this.imports = new Imports(this.tree, (file) => this.records.get(file)?.facts.skipped);
    this.imports.configure(this.configurations.imports);
    this.checks = new ConfigurationChecks(this.tree, this.configurations, (file) =>
      this.uses.isUsed(file) ? undefined : this.factsOf(file),
    );
    const facts = {
      of: (id: string) => this.factsOf(id),
      all: () => this.allFacts(),
      imported: () => this.imports.clusters,
    };
    this.layouts = new LayoutTable(facts, options);
    this.meshes = new MeshTable(this.clusters, this.placed, rules, options, this.onFailure);
    this.findings = new FindingTable(
      this.documents,
      this.overlays,
      options.today ?? '1970-01-01',
      new Set(options.askedFor),
      options.isTold,
    );
  }

  /** Number of times that rules ran over a subject: the deterministic measure of work. */
  get evaluations(): number {
    return this.meshes.evaluations;
  }

  /** Number of documents parsed, and of times that all files were placed in clusters: measures of work as well. */
  get parsings(): number {
    return this.documents.parsings;
  }
  get placings(): number {
    return this.layouts.placings;
  }

  get beyond(): readonly BeyondRoot[] {
    return beyondRoot(this.builds.ofDeployed(), this.documents);
  }

  /** The last settled state. */
  get snapshot(): Snapshot {
    return this.current ?? this.settle();
  }

  /** Takes changes and follows them to the end. */
  apply(changes: readonly FileChange[]): Snapshot {
    this.update(changes);
    return this.settle();
  }

  /** Replaces the editor's settings; nothing is concluded from them until `settle`. */
  configure(settings: Settings): void {
    const { configs } = this.configurations;
    const isAnother = this.configurations.configure(settings);
    this.imports.configure(this.configurations.imports);
    if (isAnother) this.configurationChanged(configs);
  }

  /** Reads changed files; nothing is concluded from them until `settle`. */
  update(changes: readonly FileChange[]): void {
    for (const change of changes) {
      const { file } = change;
      if (this.configurations.has(file)) {
        const { configs } = this.configurations;
        const isAnother = this.configurations.update(change);
        this.imports.configure(this.configurations.imports);
        if (isAnother) this.configurationChanged(configs);
        const source = this.documents.file(file);
        this.findings.fileChanged(file, source === undefined ? [] : findSuppressions(source, this.documents), []);
        continue;
      }
      if ('listed' in change) {
        this.tree.list(file);
        continue;
      }
      const before = this.records.get(file);
      if ('gone' in change) {
        this.tree.remove(file, change.isMissed);
        if (before === undefined) continue;
        this.deployments.update(file, undefined);
        this.records.delete(file);
        this.documents.remove(file);
      } else {
        const record = readFile(this.documents, change, before, this.tree.wants(file), this.onFailure);
        this.records.set(file, record);
        this.tree.update(file, this.documents.file(file));
      }
      const after = this.records.get(file);
      this.counts.follow(before, after);
      this.builds.update(file, after && kustomizationOf(after.facts));
      this.deployments.update(file, after?.facts);
      this.changed.add(file);
      if (!sameData(signsOfPart(before), signsOfPart(after)))
        for (const id of this.uses.idsOf(file)) this.changed.add(id);
      this.tellFindings(file);
      if (!sameRelevant(before?.facts, after?.facts)) this.layouts.changed(file);
    }
  }

  /**
   * Files that builds read and that have not been given: below the root of the world, not always YAML. Give them to `update` (or that
   * they are gone) and settle again, until there are none.
   */
  wanted(): readonly string[] {
    this.buildAll();
    return this.tree.wanted;
  }

  /** True if the configuration names a file as a report: it is read wherever it lies below the root. */
  imported(file: string): boolean {
    return this.imports.has(file);
  }

  /** Charts of the world that Helm could render. Whoever may start it gives what it makes of them, again whenever a file of one changed. */
  chartsToRender(): readonly ChartRequest[] {
    this.buildAll();
    return this.charts.keep(this.deployments.chartsToRender());
  }

  /** @param text what Helm gives; undefined for nothing */
  chartRendered(request: ChartRequest, text: string | undefined): void {
    this.charts.give(request, text);
  }

  /** True if a build reads, or asks for, a file. */
  reads(file: string): boolean {
    return this.tree.wants(file);
  }

  /** True if changes have not been followed to the end yet. */
  get pending(): boolean {
    return (
      this.changed.size > 0 ||
      this.deployments.pending ||
      this.imports.pending ||
      this.layouts.pending ||
      this.meshes.pending ||
      this.findings.pending
    );
  }

  /** Follows all changes to the end. */
  settle(): Snapshot {
    this.follow(() => false);
    return this.conclude();
  }

  /**
   * Follows the changes until `pause`, which is asked after every step, says so; the next call goes on from there.
   * @returns undefined if something is left: what is found so far may be made superfluous by what is yet to be found
   */
  settleUntil(pause: () => boolean): Snapshot | undefined {
    this.follow(pause);
    return this.pending ? undefined : this.conclude();
  }

  /** The same for the last time: changes that come later are not followed. */
  settleForGood(pause: () => boolean): Snapshot | undefined {
    return forGood(() => this.settleUntil(pause));
  }

  private follow(pause: () => boolean): void {
    this.buildAll();
    if (this.layouts.pending && !this.placeAll(pause)) return;
    const layout = this.layouts.layout as Layout;
    for (const file of this.changed) {
      this.changed.delete(file);
      this.placed.place(file, this.factsOf(file), layout);
      if (pause()) break;
    }
    // Rules run over a whole world only: half of it would look as if something were missing.
    if (this.changed.size === 0)
      this.meshes.run(pause, (removed, added, mesh) => this.findings.replace(removed, added, mesh));
    if (this.changed.size === 0 && !this.meshes.pending)
      this.findings.place(this.configurations.configs, namesIn(layout), pause);
  }

  private conclude(): Snapshot {
    this.placed.letGo();
    this.clusters.letGo();
    const layout = this.layouts.layout as Layout;
    const clusterName = namesIn(layout);
    const { builds, deployments, uses, tree, misspelt } = this;
    const judged = this.findings.judge(
      this.configurations,
      judgedBuilds(builds, deployments, uses, layout, tree, this.placed.objects, misspelt.found),
      clusterName,
      [...this.imports.problems(layout), ...this.checks.problems(layout, this.meshes.all)],
      layout,
    );
    this.current = {
      revision: ++this.revision,
      configs: this.configurations.configs,
      documents: this.documents,
      layout,
      meshes: this.meshes.all,
      ...judged,
      skipped: this.skippedOf(layout),
      files: this.counts.files,
      documentCount: this.counts.documents,
      clusterName,
      placeless: () => this.layouts.placeless(),
      objectsOf: (cluster) => clusterObjects(cluster, layout, this.deployments, this.builds, this.documents),
    };
    return this.current;
  }

  private skippedOf({ skipped }: Layout): Snapshot['skipped'] {
    return withParts(withBrokenParts(skipped, this.builds, this.documents), this.deployments, this.uses);
  }

  private configurationChanged(before: Configs): void {
    const { configs } = this.configurations;
    if (!placesAlike(before, configs)) this.layouts.allChanged();
    this.meshes.configure(configs);
    if (!weighsAlike(before, configs)) this.findings.replaceAll();
  }

  private readonly uses = new FileUses();
  private readonly overlays = findingWorld(
    this.uses,
    this.tree,
    this.kustomize,
    () => this.layouts.layout,
    () => this.imports,
  );

  private buildAll(): void {
    const reports = this.imports.refresh();
    if (reports !== undefined) {
      this.layouts.changedImports(reports);
      this.findings.replaceAll();
    }
    if (!this.deployments.pending && !this.misspelt.isOutdated) return;
    const before = this.built;
    const changed = this.misspelt.refresh();
    const { some, otherwise, rebuilt, charts } = this.uses.refresh(this.builds, this.deployments);
    if (some) this.findings.replaceAll();
    if (charts) for (const file of this.placed.unread.files) this.changed.add(file);
    for (const file of rebuilt) this.findings.replaceIn(file);
    for (const file of changed) {
      const after = this.misspelt.factsOf(file);
      this.changed.add(file);
      if (!sameRelevant(before.get(file), after)) this.layouts.changed(file);
      if (after === undefined) before.delete(file);
      else before.set(file, after);
      this.tellFindings(file);
    }
    for (const file of otherwise) {
      this.changed.add(file);
      this.tellFindings(file);
    }
  }

  private tellFindings(file: string): void {
    const holder = this.built.get(file)?.unit?.holder;
    const record = this.records.get(holder ?? file);
    const stated = this.built.get(file) ?? (this.uses.isBuilt(file) ? undefined : record?.facts);
    const suppressions = holder === undefined ? record?.suppressions : undefined;
    this.findings.fileChanged(file, suppressions ?? [], stated?.documents ?? []);
  }

  /** What roots of builds state, as it was concluded from last. */
  private readonly built = new Map<string, FileFacts>();

  private factsOf(file: string): FileFacts | undefined {
    const facts = this.built.get(file) ?? this.records.get(file)?.facts;
    return facts !== undefined && this.imports.has(file) ? { file, documents: [] } : facts;
  }

  private installer(id: string): readonly Installer[] {
    const unit = this.built.get(id)?.unit;
    return unit === undefined ? [] : [{ unit, clusters: this.layouts.layout?.placement.get(id) ?? [] }];
  }

  private *allFacts(): Generator<FileFacts, void> {
    for (const file of this.records.keys()) yield this.factsOf(file) as FileFacts;
    for (const stated of this.built.values()) if (stated.unit !== undefined) yield stated;
  }

  /** Brings the layout up to date; false if something of that is left. */
  private placeAll(pause: () => boolean): boolean {
    const { configs } = this.configurations;
    const { layout: before, placings } = this.layouts;
    const moved = this.layouts.update(configs, pause);
    if (moved === undefined) return false;
    for (const file of moved) this.changed.add(file);
    if (this.layouts.placings > placings) for (const file of this.placed.unread.files) this.changed.add(file);
    const { clusters, meshes, imports } = this.layouts.layout as Layout;
    for (const file of [...(before?.imports.keys() ?? []), ...imports.keys()]) this.changed.add(file);
    this.clusters.replace(clusters);
    this.meshes.configure(configs);
    this.meshes.regroup(meshes);
    // Names of clusters are part of what findings are told by.
    if ([...clusters.values()].some(({ id, name }) => before?.clusters.get(id)?.name !== name))
      this.findings.replaceAll();
    return true;
  }
}

/** What clusters are called in a layout. */
function namesIn({ clusters }: Layout): (id: ClusterId) => string {
  return (id) => clusters.get(id)?.name ?? id;
}
