/**
 * The engine: takes file changes, gives immutable snapshots. A change is followed through documents, facts, layout, mesh
 * and rules, and stops wherever the result is what it was before.
 */
import { sameData } from '../base/incremental.ts';
import type { Config, Settings } from '../config/config.ts';
import { computeLayout, layoutRelevant } from '../layout/compute-layout.ts';
import type { ClusterId, Layout } from '../layout/layout.ts';
import { ClusterStore } from '../mesh/cluster-store.ts';
import { ObjectStore } from '../mesh/object-store.ts';
import { RULES } from '../rules/registry.ts';
import type { Rule } from '../rules/rule.ts';
import { DocumentTable } from '../yaml/documents.ts';
import { Configuration } from './configuration.ts';
import { type FileChange, type FileRecord, readFile } from './file-facts.ts';
import { FindingTable } from './finding-table.ts';
import { MeshTable } from './mesh-table.ts';
import type { RuleFailure } from './rule-runner.ts';
import type { Snapshot } from './snapshot.ts';

export type { FileChange } from './file-facts.ts';

export interface EngineOptions {
  /** The editor's settings or the command line's options; the configuration file wins over them. */
  readonly settings?: Settings;
  /** Path of the configuration file, relative to the root of the world; its content comes as a file change. */
  readonly configFile?: string;
  /** The root as the configuration file's globs see it: '' or such as `clusters/east/` if the file is two folders up. */
  readonly globBase?: string;
  /** `--cluster NAME=PATH`. */
  readonly declaredClusters?: readonly { readonly name: string; readonly path: string }[];
  /** For clusters that do not say. */
  readonly istioVersion?: string;
  /** What if all clusters had it. */
  readonly assumeIstioVersion?: string;
  /** ISO date of today, for entries of `ignore` with an end. */
  readonly today?: string;
  readonly rules?: readonly Rule[];
  /** Ids of rules to report although they are off by default; the configuration can still turn them off. */
  readonly askedFor?: readonly string[];
  readonly onRuleFailure?: RuleFailure;
}

export class Engine {
  private readonly documents = new DocumentTable();
  private readonly records = new Map<string, FileRecord>();
  private readonly configuration: Configuration;
  private readonly objects = new ObjectStore();
  private readonly clusters = new ClusterStore();
  private readonly meshes: MeshTable;
  private readonly findings: FindingTable;
  private layout: Layout | undefined;
  /** Files whose objects, or their placement, may have changed since the last settling. */
  private readonly changed = new Set<string>();
  private revision = 0;
  private current: Snapshot | undefined;

  constructor(private readonly options: EngineOptions = {}) {
    const rules = options.rules ?? RULES;
    const ruleIds = new Set(rules.map(({ id }) => id));
    this.configuration = new Configuration(this.documents, options, ruleIds);
    this.meshes = new MeshTable(this.clusters, this.objects, rules, options, options.onRuleFailure ?? (() => {}));
    this.findings = new FindingTable(this.documents, options.today ?? '1970-01-01', new Set(options.askedFor));
  }

  /** Number of times that rules ran over a subject: the deterministic measure of work. */
  get evaluations(): number {
    return this.meshes.evaluations;
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
    if (this.configuration.configure(settings)) this.configurationChanged();
  }

  /** Reads changed files; nothing is concluded from them until `settle`. */
  update(changes: readonly FileChange[]): void {
    for (const change of changes) {
      const { file } = change;
      if (file === this.options.configFile) {
        if (this.configuration.update(change)) this.configurationChanged();
        this.findings.fileChanged(file, undefined);
        continue;
      }
      const before = this.records.get(file);
      if ('gone' in change) {
        if (before === undefined) continue;
        this.records.delete(file);
        this.documents.remove(file);
      } else this.records.set(file, readFile(this.documents, change, before));
      const after = this.records.get(file);
      this.changed.add(file);
      this.findings.fileChanged(file, after);
      if (!sameData(relevant(before), relevant(after))) this.layout = undefined;
    }
  }

  /** True if changes have not been followed to the end yet. */
  get pending(): boolean {
    return this.changed.size > 0 || this.layout === undefined || this.meshes.pending;
  }

  /** Follows all changes to the end. */
  settle(): Snapshot {
    return this.conclude(this.follow(() => false));
  }

  /**
   * Follows the changes until `pause`, which is asked after every step, says so; the next call goes on from there.
   * @returns undefined if something is left: what is found so far may be made superfluous by what is yet to be found
   */
  settleUntil(pause: () => boolean): Snapshot | undefined {
    const layout = this.follow(pause);
    return this.pending ? undefined : this.conclude(layout);
  }

  private follow(pause: () => boolean): Layout {
    const layout = this.layout ?? this.placeAll(this.configuration.config);
    for (const file of this.changed) {
      this.changed.delete(file);
      this.placeObjects(file, layout);
      if (pause()) break;
    }
    // Rules run over a whole world only: half of it would look as if something were missing.
    if (this.changed.size === 0)
      this.meshes.run(pause, (removed, added, mesh) => this.findings.replace(removed, added, mesh));
    return layout;
  }

  private conclude(layout: Layout): Snapshot {
    const clusterName = (id: ClusterId): string => layout.clusters.get(id)?.name ?? id;
    const judged = this.findings.judge(this.configuration, clusterName);
    let documentCount = 0;
    for (const record of this.records.values()) documentCount += record.documents;
    this.revision++;
    this.current = {
      revision: this.revision,
      config: this.configuration.config,
      documents: this.documents,
      layout,
      meshes: this.meshes.all,
      ...judged,
      skipped: layout.skipped,
      files: this.records.size,
      documentCount,
      clusterName,
    };
    return this.current;
  }

  private configurationChanged(): void {
    this.layout = undefined;
    this.findings.configurationChanged();
  }

  private placeAll(config: Config): Layout {
    const facts = [...this.records.values()].map((record) => record.facts);
    const layout = computeLayout(facts, config, this.options.declaredClusters ?? [], this.options);
    const before = this.previousPlacement;
    for (const file of new Set([...before.keys(), ...layout.placement.keys()])) {
      if (!sameData(before.get(file), layout.placement.get(file))) this.changed.add(file);
    }
    this.previousPlacement = layout.placement;
    this.clusters.replace(layout.clusters);
    this.meshes.configure(config);
    this.meshes.regroup(layout.meshes);
    this.layout = layout;
    return layout;
  }

  private previousPlacement: Layout['placement'] = new Map();

  private placeObjects(file: string, layout: Layout): void {
    const clusters = layout.placement.get(file) ?? [];
    const documents = this.records.get(file)?.facts.documents ?? [];
    this.objects.replace(
      file,
      clusters.flatMap((cluster) => documents.flatMap(({ objects }) => objects.map((object) => ({ cluster, object })))),
    );
  }
}

function relevant(record: FileRecord | undefined): unknown {
  return record === undefined ? undefined : layoutRelevant(record.facts);
}
