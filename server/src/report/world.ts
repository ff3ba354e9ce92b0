/** What a report is made of: a snapshot, and the choice of its findings that is to be shown. */
import type { PlacedFinding, Snapshot, SuppressedFinding } from '../engine/snapshot.ts';

export interface World {
  readonly snapshot: Snapshot;
  readonly findings: readonly PlacedFinding[];
  readonly suppressed: readonly SuppressedFinding[];
  /** So many entries of a baseline match nothing. */
  readonly unmatched?: number;
}

export interface RuleChoice {
  /** Only these rules; empty: all. */
  readonly only: readonly string[];
  readonly skip: readonly string[];
}

export function takesRule({ only, skip }: RuleChoice, rule: string): boolean {
  return (only.length === 0 || only.includes(rule)) && !skip.includes(rule);
}

/** The findings of a snapshot that a choice of rules leaves. */
export function chooseFindings(snapshot: Snapshot, choice: RuleChoice): World {
  return {
    snapshot,
    findings: snapshot.findings.filter(({ rule }) => takesRule(choice, rule.id)),
    suppressed: snapshot.suppressed.filter(({ rule }) => takesRule(choice, rule)),
  };
}
