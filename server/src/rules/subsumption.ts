/** Which finding makes which others superfluous: one cause, one finding. */
import { addTo, remember } from '../base/remember.ts';
import { atLeast, gravest } from '../base/severity.ts';
import { atOnce, inSteps } from '../base/steps.ts';
import type { ClusterId } from '../layout/layout.ts';
import { DATAPLANE_MODE } from '../mesh/ambient.ts';
import type { Finding, FindingObject, Severity } from './rule.ts';

interface Subsumption {
  readonly winner: string;
  /** The first words of the causes of the winner, or of its checks, that stand for these losers; all if it is left out. */
  readonly of?: readonly string[];
  readonly losers: readonly string[];
  /**
   * `cluster`: both stand at the same cluster. `side`: the loser stands at any cluster of the winner. `member`: the winner stands at any
   * cluster of the loser. `object`: both are about the same object. `namespace`: the winner is about the Namespace of the loser's object
   * in the same cluster; `member-namespace`: in any cluster of the loser.
   */
  readonly by: 'cluster' | 'side' | 'member' | 'object' | 'namespace' | 'member-namespace';
  /** Causes, or checks, of the losers that are their own. */
  readonly but?: readonly string[];
}

export const SUBSUMPTIONS: readonly Subsumption[] = [
  // What is told of a version says how far it is behind, too; one without ambient multicluster reads no list.
  { winner: 'istio-version-unsupported', losers: ['istio-version-skew'], by: 'cluster' },
  { winner: 'istio-version-unsupported', of: ['minor'], losers: ['scope-config-not-uniform'], by: 'cluster' },
  // A remote cluster has no settings of its own that could be right.
  {
    winner: 'primary-remote-unsupported',
    losers: [
      'multi-network-flag-missing',
      'istiod-namespace-network-mismatch',
      'ztunnel-network-mismatch',
      'ztunnel-cluster-name-mismatch',
      'scope-config-not-uniform',
      'ambient-profile-missing',
      'eastwest-gateway-missing',
    ],
    by: 'cluster',
  },
  // The label on istiod's namespace is the network: what is measured against it waits until it is right.
  {
    winner: 'istiod-namespace-network-mismatch',
    losers: [
      'ztunnel-network-mismatch',
      'eastwest-network-mismatch',
      'waypoint-network-mismatch',
      'mesh-networks-ineffective',
    ],
    by: 'cluster',
  },
  // A cluster whose label is wrong may not share the network that the label says.
  { winner: 'istiod-namespace-network-mismatch', losers: ['shared-network'], by: 'member' },
  // What a label was to say is not said: what follows from that is gone with it.
  {
    winner: 'label-key-misspelt',
    of: ['istio.io/global'],
    losers: [
      'local-service-behind-global-waypoint',
      'scope-not-uniform',
      'waypoint-config-not-uniform',
      'waypoint-not-global',
    ],
    by: 'object',
  },
  {
    winner: 'label-key-misspelt',
    of: ['istio.io/use-waypoint', 'istio.io/use-waypoint-namespace'],
    losers: [
      'local-service-behind-global-waypoint',
      'use-waypoint-unresolved',
      'waypoint-not-global',
      'waypoint-not-uniform',
      'waypoint-traffic-type-mismatch',
    ],
    by: 'object',
  },
  {
    winner: 'label-key-misspelt',
    of: ['istio.io/ingress-use-waypoint'],
    losers: ['waypoint-not-uniform'],
    by: 'object',
  },
  {
    winner: 'label-key-misspelt',
    of: ['istio.io/waypoint-for'],
    losers: ['waypoint-config-not-uniform', 'waypoint-traffic-type-mismatch'],
    by: 'object',
  },
  {
    winner: 'label-key-misspelt',
    of: [DATAPLANE_MODE],
    losers: ['global-service-not-ambient'],
    by: 'object',
  },
  {
    winner: 'label-key-misspelt',
    of: ['topology.istio.io/network'],
    losers: ['eastwest-network-mismatch', 'istiod-namespace-network-mismatch'],
    by: 'object',
  },
  {
    winner: 'label-value-ineffective',
    of: [DATAPLANE_MODE],
    losers: ['global-service-not-ambient'],
    by: 'object',
  },
  {
    winner: 'label-value-ineffective',
    of: ['topology.istio.io/network'],
    losers: ['eastwest-network-mismatch', 'istiod-namespace-network-mismatch', 'waypoint-network-mismatch'],
    by: 'object',
  },
  // Clusters on one network have a gateway each.
  { winner: 'shared-network', losers: ['eastwest-gateway-duplicate'], by: 'cluster' },
  // The network of another cluster was copied: ztunnel and gateways have the right one.
  {
    winner: 'shared-network',
    of: ['copied'],
    losers: ['eastwest-network-mismatch', 'ztunnel-network-mismatch'],
    by: 'cluster',
  },
  { winner: 'remote-secret-invalid', losers: ['remote-secret-missing'], by: 'cluster' },
  { winner: 'cluster-name-duplicate', losers: ['ztunnel-cluster-name-mismatch'], by: 'cluster' },
  { winner: 'multi-network-flag-missing', losers: ['ztunnel-network-mismatch'], by: 'cluster' },
  // What follows from a name, a network or a list that is not read is no cause of its own, on whichever side it is told.
  {
    winner: 'values-key-misspelt',
    of: ['clusterName', 'multiCluster', 'global'],
    losers: ['cluster-name-duplicate', 'ztunnel-cluster-name-mismatch'],
    by: 'member',
  },
  {
    winner: 'values-key-misspelt',
    of: ['network ztunnel', 'network both', 'global ztunnel', 'global both'],
    losers: ['ztunnel-network-mismatch'],
    by: 'side',
  },
  {
    winner: 'values-key-misspelt',
    of: ['network istiod', 'network both', 'global istiod', 'global both'],
    losers: ['istiod-namespace-network-mismatch'],
    by: 'side',
  },
  {
    winner: 'values-key-misspelt',
    of: ['serviceScopeConfigs', 'meshConfig', 'profile'],
    losers: ['scope-config-not-uniform', 'scope-label-ineffective', 'scope-not-uniform'],
    by: 'member',
  },
  {
    winner: 'values-key-misspelt',
    of: ['discoverySelectors', 'meshConfig'],
    losers: ['discovery-selectors-mismatch'],
    by: 'member',
  },
  {
    winner: 'values-key-misspelt',
    of: ['pilot', 'env', 'profile'],
    losers: ['multi-network-flag-missing', 'ambient-profile-missing'],
    by: 'side',
  },
  {
    winner: 'values-key-misspelt',
    of: ['trustedZtunnelNamespace', 'pilot'],
    losers: ['ztunnel-namespace-untrusted'],
    by: 'side',
  },
  {
    winner: 'values-key-misspelt',
    of: ['trustDomain', 'meshConfig'],
    losers: ['trust-domain-mismatch'],
    by: 'member',
  },
  { winner: 'values-key-misspelt', of: ['meshID', 'global'], losers: ['mesh-id-mismatch'], by: 'member' },
  // Where neither the name nor the network gets to ztunnel, one of them tells of both.
  { winner: 'ztunnel-cluster-name-mismatch', of: ['unset'], losers: ['ztunnel-network-mismatch'], by: 'cluster' },
  // Where istiod reads a list otherwise than it is meant, what follows from it is no cause of its own.
  { winner: 'scope-selector-invalid', losers: ['scope-config-not-uniform', 'waypoint-not-global'], by: 'side' },
  // Nor where an entry has no effect that others have with scope GLOBAL, or that alone reads the label.
  {
    winner: 'scope-local-entry-ineffective',
    of: ['elsewhere'],
    losers: ['scope-config-not-uniform'],
    by: 'member',
    but: ['entries'],
  },
  {
    winner: 'scope-local-entry-ineffective',
    of: ['elsewhere label', 'label'],
    losers: ['scope-label-ineffective'],
    by: 'side',
    but: ['not-a-string', 'not-read', 'not-selected', 'on-namespace', 'on-other', 'value'],
  },
  // Another list of scopes changes what labels mean, on whichever side it is the wrong one.
  {
    winner: 'scope-config-not-uniform',
    losers: ['scope-label-ineffective'],
    by: 'side',
    but: ['not-a-string', 'on-other'],
  },
  { winner: 'scope-config-not-uniform', losers: ['local-service-behind-global-waypoint'], by: 'object' },
  {
    winner: 'scope-label-ineffective',
    losers: ['scope-not-uniform', 'local-service-behind-global-waypoint'],
    by: 'object',
  },
  // A label on the Namespace was meant for its Services, and one that no list reads for all that have it.
  {
    winner: 'scope-label-ineffective',
    of: ['on-namespace'],
    losers: ['scope-not-uniform'],
    by: 'namespace',
  },
  {
    winner: 'scope-label-ineffective',
    of: ['on-namespace'],
    losers: ['local-service-behind-global-waypoint'],
    by: 'member-namespace',
  },
  {
    winner: 'scope-label-ineffective',
    of: ['not-read', 'not-global', 'not-selected'],
    losers: ['scope-not-uniform', 'local-service-behind-global-waypoint'],
    by: 'side',
  },
  {
    winner: 'scope-not-uniform',
    losers: ['local-service-behind-global-waypoint', 'waypoint-not-uniform'],
    by: 'object',
  },
  {
    winner: 'scope-not-uniform',
    of: ['namespace'],
    losers: ['local-service-behind-global-waypoint', 'waypoint-not-uniform'],
    by: 'member-namespace',
  },
  // Where the configuration says which scope is right, that is the finding.
  {
    winner: 'scope-boundary-crossed',
    losers: ['scope-not-uniform', 'local-service-behind-global-waypoint'],
    by: 'object',
  },
  { winner: 'waypoint-attachment-denied', losers: ['waypoint-not-uniform'], by: 'object' },
  { winner: 'waypoint-traffic-type-mismatch', losers: ['waypoint-not-uniform'], by: 'object' },
  { winner: 'waypoint-not-uniform', losers: ['use-waypoint-unresolved'], by: 'object' },
  { winner: 'outlier-detection-missing', losers: ['policy-not-uniform'], by: 'object' },
  {
    winner: 'eastwest-class-invalid',
    losers: ['use-waypoint-unresolved'],
    by: 'object',
    but: ['empty', 'missing', 'namespace-alone'],
  },
  {
    winner: 'eastwest-class-invalid',
    losers: ['eastwest-listener-invalid', 'eastwest-network-mismatch'],
    by: 'object',
  },
];

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
