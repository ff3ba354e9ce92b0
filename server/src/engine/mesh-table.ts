/** The meshes of the world, each with the rules that run over it. */
import type { Failure } from '../base/failure.ts';
import { cell } from '../base/incremental.ts';
import { sameData } from '../base/same-data.ts';
import type { Configs } from '../config/config.ts';
import type { Sign } from '../facts/unread-signs.ts';
import type { ClusterId, MeshGroup } from '../layout/layout.ts';
import type { ClusterStore } from '../mesh/cluster-store.ts';
import { type ConfiguredBoundaries, createMesh } from '../mesh/mesh-model.ts';
import type { Mesh } from '../mesh/model.ts';
import type { ObjectStore } from '../mesh/object-store.ts';
import type { UnreadStore } from '../mesh/unread-store.ts';
import type { Rule } from '../rules/rule.ts';
import { type RuleFinding, RuleRunner } from './rule-runner.ts';

export interface VersionOptions {
  readonly assumeIstioVersion?: string;
}

/** Told what went and came in a mesh. */
export type FindingsChanged = (removed: readonly RuleFinding[], added: readonly RuleFinding[], mesh: Mesh) => void;

interface Entry {
  readonly group: MeshGroup;
  readonly runner: RuleRunner;
}

export class MeshTable {
  private entries: readonly Entry[] = [];
  /** Runners of meshes that are no more, until their findings have been reported as gone. */
  private readonly retired: RuleRunner[] = [];
  /** The first of them lets go of all that it has. */
  private disposal: Generator<void, void> | undefined;
  /** Of meshes that are no more. */
  private pastEvaluations = 0;
  private readonly boundaries = cell<readonly ConfiguredBoundaries[]>([], sameData);
  /** Made here, so that a mesh that has it holds nothing of what was around when it was made: not the meshes before it. */
  private readonly readBoundaries = (): readonly ConfiguredBoundaries[] => this.boundaries.get();
  private readonly mayStandUnread = (cluster: ClusterId, sign: Sign): boolean =>
    this.stores.unread.mayHold(cluster, sign);
  private readonly isShownUnread = (cluster: ClusterId, sign: Sign): boolean => this.stores.unread.shows(cluster, sign);

  constructor(
    private readonly clusters: ClusterStore,
    private readonly stores: {
      readonly objects: ObjectStore;
      readonly deleted: ObjectStore;
      readonly unread: UnreadStore;
    },
    private readonly rules: readonly Rule[],
    private readonly versions: VersionOptions,
    private readonly onFailure: Failure,
  ) {}

  get all(): readonly Mesh[] {
    return this.entries.map(({ runner }) => runner.mesh);
  }

  get pending(): boolean {
    return this.retired.length > 0 || this.entries.some(({ runner }) => runner.pending);
  }

  /** Number of rule evaluations so far: the deterministic measure of work. */
  get evaluations(): number {
    return this.entries.reduce((sum, { runner }) => sum + runner.evaluations, this.pastEvaluations);
  }

  /** Takes a new grouping of clusters into meshes; a mesh whose group is the same stays, with all it has computed. */
  regroup(groups: readonly MeshGroup[]): void {
    const before = new Map(this.entries.map((entry) => [entry.group.id, entry]));
    this.entries = groups.map((group) => {
      const old = before.get(group.id);
      if (old !== undefined && sameData(old.group, group)) {
        before.delete(group.id);
        return old;
      }
      const mesh = createMesh(group, this.clusters, this.stores.objects, {
        ...this.versions,
        boundaries: this.readBoundaries,
        deleted: this.stores.deleted,
        mayStandUnread: this.mayStandUnread,
        isShownUnread: this.isShownUnread,
      });
      return { group, runner: new RuleRunner(mesh, this.rules, this.onFailure) };
    });
    for (const { runner } of before.values()) this.retired.push(runner);
  }

  /** Takes what the configurations say to rules. */
  configure(configs: Configs): void {
    this.boundaries.set(configs.map(({ area: { file }, boundaries }) => ({ file, boundaries })));
  }

  /** @returns false if something is left of the meshes that are no more, or it is time for a pause */
  private letGo(pause: () => boolean, changed: FindingsChanged): boolean {
    for (let runner = this.retired[0]; runner !== undefined; runner = this.retired[0]) {
      if (this.disposal === undefined) {
        changed([...runner.findings()], [], runner.mesh);
        this.pastEvaluations += runner.evaluations;
        this.disposal = runner.disposal();
      }
      if (this.disposal.next().done === true) {
        this.retired.shift();
        this.disposal = undefined;
      }
      if (pause()) return false;
    }
    return true;
  }

  run(pause: () => boolean, changed: FindingsChanged): void {
    if (!this.letGo(pause, changed)) return;
    for (const { runner } of this.entries) {
      if (!runner.pending) continue;
      const { removed, added } = runner.run(pause);
      changed(removed, added, runner.mesh);
    }
  }
}
