/** Which finding makes which others superfluous: one cause, one finding. */
import { DATAPLANE_MODE } from '../mesh/ambient.ts';

export interface Subsumption {
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
