/**
 * What differs from one version of Istio to the next, as plain data. When Istio is released this file changes, and no other source: a line
 * for the minor, and one for each change of behaviour that a conclusion or a rule rests on.
 */

/** What Istio says of ambient multicluster in a minor: its documentation and release notes. */
export type Maturity = 'not usable' | 'alpha' | 'beta';

/**
 * The minors that are known, oldest first, without a gap. `compatibleFrom`: the oldest minor 1.x that its charts take as
 * `compatibilityVersion`; the newest is the one before its own (manifests/helm-profiles).
 */
export const MINORS = [
  { minor: '1.26', multicluster: 'not usable', compatibleFrom: 23, released: true },
  { minor: '1.27', multicluster: 'alpha', compatibleFrom: 24, released: true },
  { minor: '1.28', multicluster: 'alpha', compatibleFrom: 25, released: true },
  { minor: '1.29', multicluster: 'beta', compatibleFrom: 25, released: true },
  { minor: '1.30', multicluster: 'beta', compatibleFrom: 25, released: true },
  { minor: '1.31', multicluster: 'beta', compatibleFrom: 25, released: true },
  { minor: '1.32', multicluster: 'beta', compatibleFrom: 25, released: false },
] as const satisfies readonly { minor: string; multicluster: Maturity; compatibleFrom: number; released: boolean }[];

export type IstioMinor = (typeof MINORS)[number]['minor'];

/** A release, such as `1.28.1`. */
export type Release = `${IstioMinor}.${number}`;

/**
 * Changes of behaviour, each with the first release that has it. Several releases: it was brought to older minors too, and each one named
 * is the first of its minor. Every minor after the last one named has it.
 */
export const CHANGES = {
  /** Class istio-east-west, `serviceScopeConfigs` in profile `ambient`, ztunnel's `NETWORK` (#55478). */
  multicluster: ['1.27.0'],
  /** The ztunnel chart reads `network`; before, `global.network` only (#57881). */
  'ztunnel-network-value': ['1.27.2'],
  /** The default revision (`defaultRevision`) deploys Gateways that name no revision; before, only the tag `default` did (#57467). */
  'default-revision-deploys-gateways': ['1.26.4', '1.27.1'],
  /** A waypoint sends requests to other networks: `AMBIENT_ENABLE_MULTI_NETWORK_WAYPOINT` (#57537). */
  'waypoint-crosses-networks': ['1.28.0'],
  /** The east-west gateway serves global Services that have no workload on its network (`AllLocalNetworkGlobalServices` is gone). */
  'serves-without-local-workloads': ['1.28.0'],
  /** A trust domain other than cluster.local works across clusters (#58427). */
  'custom-trust-domain': ['1.28.1'],
  /** Endpoints of other clusters are sent to a proxy of any kind for global Services only (#58139). */
  'endpoints-by-scope': ['1.28.1'],
  /** The endpoints of a ServiceEntry for the host of a Service of its namespace are not lent to that Service any more (#58118). */
  'service-host-deduplication': ['1.28.1'],
  /** A ServiceEntry is dropped only for a Service of its own namespace; with the deduplication of 1.28 for one of any namespace. */
  'deduplication-within-namespace': ['1.29.0'],
  /** The Envoy of an east-west gateway keeps requests to several Services apart (#58630, fixed by #59513: on no branch before 1.29). */
  'eastwest-keeps-services-apart': ['1.29.2'],
  /** The east-west gateway no longer applies AuthorizationPolicies that are meant for waypoints (#60806). */
  'eastwest-skips-http-policies': ['1.29.6', '1.30.3'],
  /** An ingress gateway keeps to the waypoint of a Service with workloads on another network (#61092: on the branches after 1.29.6 and 1.30.3). */
  'ingress-keeps-waypoint': ['1.29.7', '1.30.4', '1.31.0'],
  /** `istio.io/ingress-use-waypoint` is read with Go's ParseBool; before, compared with "true" in any case. */
  'ingress-waypoint-boolean': ['1.30.0'],
  /** `AMBIENT_ENABLE_MULTI_NETWORK_INGRESS`, off by default (features/ambient.go:80). */
  'multi-network-ingress-flag': ['1.29.0'],
  /** Sidecars are no longer sent to ambient east-west gateways (#57878). */
  'sidecars-skip-ambient-gateways': ['1.29.0'],
  /** `AMBIENT_ENABLE_BAGGAGE`, off by default. */
  'baggage-flag': ['1.29.0'],
  /** An east-west gateway may pass TLS through beside HBONE (#59223). */
  'eastwest-tls-passthrough': ['1.30.0'],
  /** Listeners of protocol TLS on class istio need no PILOT_ENABLE_ALPHA_GATEWAY_API. */
  'tls-listeners': ['1.30.0'],
  /** A waypoint has filter chains for the addresses of a global Service in other clusters of its network (#59330). */
  'waypoint-serves-remote-addresses': ['1.30.0'],
  /** `PILOT_MULTICLUSTER_KUBECONFIG_PATH` (#58927). */
  'kubeconfig-path': ['1.30.0'],
  /** Listeners of protocol TCP on class istio need no PILOT_ENABLE_ALPHA_GATEWAY_API. */
  'tcp-listeners': ['1.31.0'],
  /** Class istio-agentgateway-waypoint. */
  'agentgateway-waypoint': ['1.31.0'],
  /** Labels for a canary of a waypoint; before, they mean nothing. */
  'waypoint-canary': ['1.31.0'],
  /** Ingress gateways look at the endpoint before they use HBONE (#61548, merged after 1.31.0-rc.0). */
  'ingress-tells-sidecars': ['1.32.0'],
} as const satisfies Readonly<Record<string, readonly [Release, ...Release[]]>>;

export type IstioChange = keyof typeof CHANGES;
