/** Takes out the findings that others make superfluous, and makes each cause as grave as what follows from it. */
import { addTo, remember } from '../base/remember.ts';
import { atLeast, gravest } from '../base/severity.ts';
import { atOnce, inSteps } from '../base/steps.ts';
import type { ClusterId } from '../layout/layout.ts';
import type { Finding, FindingObject, Severity } from './rule.ts';
import { SUBSUMPTIONS, type Subsumption } from './subsumptions.ts';

/** A finding as far as subsumption looks at it. */
export interface Subsumable {
  readonly rule: { readonly id: string };
  readonly severity: Severity;
  readonly mesh: string;
  /** The blamed one first. */
  readonly clusters: readonly ClusterId[];
  /** Of one that tells the same of several clusters: the others that are blamed. */
  readonly alsoBlamed?: readonly ClusterId[];
  readonly object: FindingObject | undefined;
  readonly finding: Pick<Finding, 'check' | 'cause' | 'meant'>;
}

/** By the rule of a finding: what it makes superfluous, and what makes it so. */
const byWinner = new Map<string, Subsumption[]>();
const byLoser = new Map<string, Subsumption[]>();
for (const subsumption of SUBSUMPTIONS) {
  remember(byWinner, subsumption.winner, () => []).push(subsumption);
  for (const loser of subsumption.losers) remember(byLoser, loser, () => []).push(subsumption);
}

/** What is known of rules beside their findings. */
export interface Standing<F> {
  /** False for a rule whose findings nobody gets to see: they stand for no others. */
  isTold(rule: string): boolean;
  /** True if the configuration says how grave a finding is: then it stands for nothing graver. */
  isWeighed(finding: F): boolean;
}

/**
 * The findings that no other one makes superfluous, in their order. Each is as grave as what it stands for: a cause is not milder than
 * what follows from it.
 */
export function withoutSubsumed<F extends Subsumable>(
  findings: readonly F[],
  by: Standing<F> = { isTold: () => true, isWeighed: () => false },
): readonly F[] {
  return atOnce(standingSteps(findings, by));
}

/** The same in steps. */
export function* standingSteps<F extends Subsumable>(
  findings: readonly F[],
  { isTold, isWeighed }: Standing<F>,
): Generator<void, readonly F[]> {
  const told = findings.filter(({ rule }) => isTold(rule.id));
  const winners = new Map<string, F[]>();
  yield* inSteps(told, (finding) => {
    for (const key of keysOf(finding).wins) addTo(winners, key, finding);
  });
  if (winners.size === 0) return findings;
  const losers = new Map<string, F[]>();
  yield* inSteps(told, (finding) => {
    for (const key of keysOf(finding).loses) if (winners.has(key)) addTo(losers, key, finding);
  });

  const ofLosers = new Map<string, Severity | undefined>();
  const ofWinners = new Map<string, Severity | undefined>();
  const gravity = (finding: F): Severity =>
    keysOf(finding).wins.length === 0 || isWeighed(finding)
      ? finding.severity
      : (gravest([finding.severity, ...keysOf(finding).wins.map(gravityOfLosers)]) as Severity);
  const gravityOfLosers = (key: string): Severity | undefined =>
    remember(ofLosers, key, () => gravest((losers.get(key) ?? []).map(gravity)));
  const gravityOfWinners = (key: string): Severity | undefined =>
    remember(ofWinners, key, () => gravest((winners.get(key) ?? []).map(gravity)));

  const standing: F[] = [];
  yield* inSteps(findings, (finding) => {
    const counts = isTold(finding.rule.id);
    const severity = counts ? gravity(finding) : finding.severity;
    const causes = keysOf(finding).loses.flatMap((key) => gravityOfWinners(key) ?? []);
    if (causes.some((cause) => !counts || atLeast(cause, severity))) return;
    standing.push(severity === finding.severity ? finding : graver(finding, severity));
  });
  return standing;
}

/** What a finding makes superfluous, and what makes it so, by the keys on which they agree. */
interface Keys {
  readonly wins: readonly string[];
  readonly loses: readonly string[];
}

/** Most findings are the same after an edit, and so is what is made of them. */
const knownKeys = new WeakMap<Subsumable, Keys>();
const knownGraver = new WeakMap<Subsumable, Subsumable>();

function graver<F extends Subsumable>(finding: F, severity: Severity): F {
  const before = knownGraver.get(finding);
  if (before?.severity === severity) return before as F;
  const now = { ...finding, severity };
  knownGraver.set(finding, now);
  return now;
}

/** On what a finding agrees with those that it makes superfluous, and with those that make it so; the same as long as it is the same. */
export function keysOf(finding: Subsumable): Keys {
  const before = knownKeys.get(finding);
  if (before !== undefined) return before;
  const { rule, clusters, alsoBlamed = [] } = finding;
  const { check, cause = check, meant = [] } = finding.finding;
  const keys: Keys = {
    wins: (byWinner.get(rule.id) ?? [])
      .filter(({ of }) => of === undefined || of.some((key) => `${cause} `.startsWith(`${key} `)))
      .flatMap((subsumption) =>
        subsumption.by === 'object'
          ? [finding.object, ...meant].map((object) => keyOf(subsumption, { ...finding, object }, undefined, undefined))
          : sidesOf(subsumption).map((side) => keyOf(subsumption, finding, side, finding.object?.name)),
      ),
    loses: (byLoser.get(rule.id) ?? [])
      .filter(({ but }) => cause === undefined || but?.includes(cause) !== true)
      .flatMap((subsumption) =>
        (ofAnyMember(subsumption) ? clusters : [clusters[0]]).map((side) =>
          keyOf(subsumption, finding, side, finding.object?.namespace),
        ),
      ),
  };
  knownKeys.set(finding, keys);
  return keys;

  function sidesOf({ by }: Subsumption): readonly (ClusterId | undefined)[] {
    return by === 'side' ? clusters : [clusters[0], ...alsoBlamed];
  }
}

function ofAnyMember({ by }: Subsumption): boolean {
  return by === 'member' || by === 'member-namespace';
}

function keyOf(
  { winner, of = [], by }: Subsumption,
  { mesh, object }: Subsumable,
  cluster: ClusterId | undefined,
  namespace: string | null | undefined,
): string {
  const ofObject = object && `${object.kind}\n${object.namespace}\n${object.name}`;
  const isOfNamespace = by === 'namespace' || by === 'member-namespace';
  const subject = by === 'object' ? ofObject : isOfNamespace ? `${cluster}\n${namespace}` : cluster;
  return [winner, ...of, mesh, by, subject].join('\n');
}
