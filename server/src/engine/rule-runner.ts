/** Runs the rules over one mesh, subject by subject, and again only those over the subjects whose inputs changed. */

import type { Failure } from '../base/failure.ts';
import { type Watched, watched } from '../base/incremental.ts';
import { compareMinors } from '../base/istio-version.ts';
import { sameData } from '../base/same-data.ts';
import { inSteps } from '../base/steps.ts';
import type { ClusterId } from '../layout/layout.ts';
import type { Mesh } from '../mesh/model.ts';
import type { Finding, Rule, Subject, SubjectKind, SubjectOf } from '../rules/rule.ts';
import { SubjectGroups } from './subject-groups.ts';

/** A finding with the rule that made it. */
export interface RuleFinding {
  readonly rule: Rule;
  /** Replaced by what its rule says the next time, if that is the same but for the fixes: these are of their time. */
  finding: Finding;
  /** Of a tie: what the rule says where the others are measured against this cluster; undefined if that is nothing. */
  readonly retold?: (reference: ClusterId) => Finding | undefined;
}

/** One or several rules over one subject. */
interface Unit {
  readonly evaluation: Watched<readonly RuleFinding[]>;
  /** What the evaluation gave last. */
  evaluated: readonly RuleFinding[];
  /** The same, with those in the place of which an earlier one says the same still. */
  findings: readonly RuleFinding[];
}

/** There are so many of them that all rules over one are a single unit; over others, each rule runs again only if what it read changed. */
const MANY: ReadonlySet<SubjectKind> = new Set(['service', 'gateway']);

/** Most units find nothing. */
const NONE: readonly RuleFinding[] = [];

export class RuleRunner {
  private readonly units = new Map<string, readonly Unit[]>();
  /** Those to be evaluated, in order of discovery. */
  private readonly due = new Set<Unit>();
  private readonly subjects: SubjectGroups;
  private readonly rulesAhead: readonly Rule[];
  /** Rules that are evaluated together, by the kind of their subject. */
  private readonly rulesBySubject: ReadonlyMap<SubjectKind, readonly (readonly Rule[])[]>;
  /** Number of evaluations so far: the deterministic measure of work. */
  evaluations = 0;

  constructor(
    readonly mesh: Mesh,
    rules: readonly Rule[],
    private readonly onFailure: Failure,
  ) {
    const bySubject = new Map<SubjectKind, Rule[]>();
    for (const rule of rules) bySubject.set(rule.per, [...(bySubject.get(rule.per) ?? []), rule]);
    this.rulesBySubject = new Map(
      [...bySubject].map(([per, own]) => [per, MANY.has(per) ? [own] : own.map((rule) => [rule])]),
    );
    this.rulesAhead = rules.filter(({ ahead }) => ahead !== undefined);
    this.subjects = new SubjectGroups(mesh);
  }

  /** True if something must be evaluated before `findings` is up to date. */
  get pending(): boolean {
    return this.subjects.pending || this.due.size > 0;
  }

  /** Evaluates what is due until nothing is, or `pause`, asked after each step, says to stop. Gives the findings that went and came. */
  run(pause: () => boolean): { readonly removed: readonly RuleFinding[]; readonly added: readonly RuleFinding[] } {
    const removed: RuleFinding[] = [];
    const added: RuleFinding[] = [];
    for (const _ of this.steps(removed, added)) if (pause()) break;
    this.mesh.lifetime.letGo();
    return { removed, added };
  }

  private *steps(removed: RuleFinding[], added: RuleFinding[]): Generator<void, void> {
    while (this.subjects.pending) {
      this.updateUnits(removed);
      yield;
    }
    for (const unit of this.due) {
      this.due.delete(unit);
      const next = unit.evaluation.get();
      if (next !== unit.evaluated) {
        unit.evaluated = next;
        unit.findings = renew(unit.findings, next, removed, added);
      }
      yield;
    }
  }

  *findings(): Iterable<RuleFinding> {
    for (const units of this.units.values()) for (const { findings } of units) yield* findings;
  }

  /** Lets go of everything, in steps. */
  *disposal(): Generator<void, void> {
    yield* inSteps(this.units.values(), (units) => {
      for (const { evaluation } of units) evaluation.dispose();
    });
    this.subjects.dispose();
    yield;
    yield* this.mesh.lifetime.ending();
  }

  private updateUnits(removed: RuleFinding[]): void {
    const { gone, come } = this.subjects.update();
    for (const key of gone) {
      for (const unit of this.units.get(key) ?? []) {
        unit.evaluation.dispose();
        removed.push(...unit.findings);
        this.due.delete(unit);
      }
      this.units.delete(key);
    }
    for (const [key, subject] of come) {
      const units = [
        ...(subject.per === 'namespace'
          ? this.rulesAhead.map((rule) => this.unit(() => this.lookAhead(rule, subject)))
          : []),
        ...(this.rulesBySubject.get(subject.per) ?? []).map((rules) => this.unit(() => this.evaluate(rules, subject))),
      ];
      if (units.length === 0) continue;
      this.units.set(key, units);
      for (const unit of units) this.due.add(unit);
    }
  }

  private unit(evaluate: () => readonly RuleFinding[]): Unit {
    const unit: Unit = {
      evaluation: watched(evaluate, () => this.due.add(unit)),
      evaluated: NONE,
      findings: NONE,
    };
    return unit;
  }

  /** What a rule of clusters rests on in a namespace. */
  private lookAhead(rule: Rule, { cluster, name }: SubjectOf<'namespace'>): readonly RuleFinding[] {
    this.guarded(rule, () => rule.ahead?.(this.mesh, cluster, name));
    return NONE;
  }

  private evaluate(rules: readonly Rule[], subject: Subject): readonly RuleFinding[] {
    this.evaluations++;
    const findings: RuleFinding[] = [];
    for (const rule of rules) {
      this.guarded(rule, () => {
        for (const finding of rule.check(this.mesh, subject))
          if (appliesTo(rule, finding, this.mesh)) findings.push(this.found(rule, subject, finding));
      });
    }
    return findings.length === 0 ? NONE : findings;
  }

  private found(rule: Rule, subject: Subject, finding: Finding): RuleFinding {
    if (finding.tie !== true) return { rule, finding };
    const retold = (reference: ClusterId): Finding | undefined => {
      const mesh: Mesh = Object.create(this.mesh, { reference: { value: reference, enumerable: true } });
      let same: Finding | undefined;
      this.guarded(rule, () => {
        same = [...rule.check(mesh, subject)].find(({ object }) => sameData(object, finding.object));
      });
      return same;
    };
    return { rule, finding, retold };
  }

  /** A rule that throws ends alone. */
  private guarded(rule: Rule, run: () => void): void {
    try {
      run();
    } catch (error) {
      this.onFailure(`rule ${rule.id}`, error);
    }
  }
}

/** The next findings of a unit. Those that it had before stay what they are, with their places. */
function renew(
  before: readonly RuleFinding[],
  next: readonly RuleFinding[],
  removed: RuleFinding[],
  added: RuleFinding[],
): readonly RuleFinding[] {
  const kept = new Set<RuleFinding>();
  const findings = next.map((found, i) => {
    const old = before[i];
    if (old === undefined || old.rule !== found.rule || !saysTheSame(old.finding, found.finding)) {
      added.push(found);
      return found;
    }
    old.finding = found.finding;
    kept.add(old);
    return old;
  });
  for (const old of before) if (!kept.has(old)) removed.push(old);
  return findings;
}

function saysTheSame(before: Finding, after: Finding): boolean {
  const keys = Object.keys(after) as (keyof Finding)[];
  return (
    keys.length === Object.keys(before).length &&
    keys.every((key) => (key === 'fixes' ? key in before : sameData(before[key], after[key])))
  );
}

/**
 * A finding holds if the rule holds for the Istio version of the cluster that it is about; one about several, if it does for at least one
 * of those involved.
 */
function appliesTo(rule: Rule, finding: Finding, mesh: Mesh): boolean {
  if (rule.since === undefined && rule.until === undefined) return true;
  const { ofCluster, clusters } = finding;
  return (ofCluster === undefined ? clusters : [ofCluster]).some((cluster) => {
    const { minor } = mesh.version(cluster);
    return (
      (rule.since === undefined || compareMinors(minor, rule.since) >= 0) &&
      (rule.until === undefined || compareMinors(minor, rule.until) <= 0)
    );
  });
}
