/**
 * What manifests cannot tell, and therefore no rule reports. `scripts/generate.mjs` writes it into the index of the rules' pages, so that
 * nobody takes silence for a promise.
 */

/** A question that only the running clusters answer. */
export interface Undecidable {
  /** What cannot be told, as a question. */
  readonly question: string;
  /** Why manifests do not answer it, with Istio's source or issue. */
  readonly why: string;
  /** Where the answer is. */
  readonly look: string;
  /** The rules that come nearest to it. */
  readonly rules: readonly string[];
}

export const UNDECIDABLE: readonly Undecidable[] = [
  {
    question: 'Does an east-west gateway have an address, and can the other clusters reach port 15008 there?',
    why: 'The address is in the status of the Gateway, and the way to it in load balancers, DNS and firewalls. Every Gateway that Istio manages is taken to have one.',
    look: '`kubectl get gateways -A`, `istioctl ztunnel-config workloads`',
    rules: ['eastwest-gateway-missing', 'eastwest-listener-invalid', 'eastwest-service-type-invalid'],
  },
  {
    question: 'Are two networks really apart, and one network really flat?',
    why: '`topology.istio.io/network` is a name. Which addresses can be reached from where, and whether they overlap, is a matter of routes and peerings.',
    look: 'A request from Pod to Pod across clusters',
    rules: ['shared-network', 'ztunnel-network-mismatch'],
  },
  {
    question: 'Which of several gateways of one network is used?',
    why: 'istiod takes the first of a list that comes out of a Go map (`ambientindex.go:831-837`, istio/istio#56960): another one after a restart. That there are several is reported.',
    look: '`istioctl ztunnel-config workloads -o yaml`: networkGateway',
    rules: ['eastwest-gateway-duplicate'],
  },
  {
    question: 'How evenly are requests spread over the Pods of another network?',
    why: 'ztunnel sends many requests through one HBONE connection, which ends at one Pod (istio/istio#58039). It depends on connections that are open, not on settings.',
    look: 'Metrics of requests by Pod',
    rules: ['outlier-detection-missing'],
  },
  {
    question: 'Will failover happen when it is wanted?',
    why: 'Region and zone are labels of Nodes, which are seldom in git, and whether the limits of `outlierDetection` are ever reached depends on what fails and how.',
    look: 'A test in which the Pods of one cluster are scaled to 0',
    rules: ['outlier-detection-missing', 'topology-label-ineffective'],
  },
  {
    question: 'Does a remote secret work?',
    why: 'Its token may be expired or without rights, its API server out of reach. Until 1.28.2 istiod does not always recover when that server was away (istio/istio#58047), and until 1.30.3 endpoints can be lost when the secret is rotated (istio/istio#61043). For ambient mode istiod may go on with what it had read with the old secret, at least up to 1.31.0-rc.0 (istio/istio#61339): until it is restarted. These are events, not settings.',
    look: '`istioctl remote-clusters`',
    rules: ['remote-secret-invalid', 'remote-secret-missing'],
  },
  {
    question: 'Are the certificates of the CAs valid, and signed by the root beside them?',
    why: 'Of a Secret only digests of root certificates are kept, and nothing of encrypted ones. Time plays no part in what is reported.',
    look: '`istioctl ztunnel-config certificates`, `openssl verify`',
    rules: ['root-ca-not-shared'],
  },
  {
    question: 'Which versions do proxies run?',
    why: 'A sidecar keeps the version with which its Pod was made. Sidecars older than 1.29.2 break with control planes 1.29.2 to 1.29.4, 1.30.0 and 1.30.1 (istio/istio#60486); of the versions only that of the control plane is in manifests.',
    look: '`istioctl proxy-status`',
    rules: ['istio-version-skew', 'mixed-dataplane'],
  },
  {
    question: 'Does a build of Istio hold the fixes of later releases?',
    why: 'Distributions bring fixes to older versions under names such as `1.29.2-solo`, and an image may be named by its digest alone. A version counts as the one of its number.',
    look: 'The release notes of the distribution',
    rules: ['istio-version-unsupported'],
  },
  {
    question: 'Does an ingress gateway use the waypoint of another cluster?',
    why: 'Until 1.29.3 and 1.30.0 it does not (istio/istio#60162), but only for requests that it sends to another network, which depends on the Pods that are healthy at the time.',
    look: 'Access logs of both waypoints',
    rules: ['istio-version-unsupported', 'multi-network-ingress-missing'],
  },
  {
    question: 'What do labels, tags and variables say that no manifest sets?',
    why: '`istioctl waypoint apply --enroll-namespace`, `istioctl tag set`, `kubectl label`, `helm --set` and admission webhooks change what is applied. What is missing is therefore reported weakly, until the configuration says that the workspace is complete.',
    look: '`kubectl get -o yaml` of the object; its output can be checked with `--cluster NAME=-`',
    rules: ['use-waypoint-unresolved', 'waypoint-not-global', 'multi-network-flag-missing', 'gateway-revision-missing'],
  },
  {
    question: 'Is a Pod of an ambient namespace in the mesh?',
    why: 'istio-cni redirects a Pod when it starts or when its labels change, and says so in the annotation `ambient.istio.io/redirection` of the running Pod.',
    look: '`istioctl ztunnel-config workloads`: protocol HBONE',
    rules: ['global-service-not-ambient'],
  },
  {
    question: 'Does the API server take a Gateway?',
    why: 'The rules of the Gateway API differ with the version of its CRDs that is installed: newer ones refuse `protocol: TLS` without `tls`, which Istio itself would read.',
    look: '`kubectl apply --dry-run=server`',
    rules: ['eastwest-listener-invalid', 'waypoint-listener-invalid'],
  },
  {
    question: 'Do EnvoyFilters and Wasm plugins of two clusters do the same?',
    why: 'Their settings are compared field by field; what they make of a request is code.',
    look: 'The same request to both clusters',
    rules: ['policy-not-uniform'],
  },
  {
    question: 'Are machines outside of Kubernetes seen by the other clusters?',
    why: 'They register themselves while they run, and istiod reads WorkloadEntries of its own cluster only (istio/istio#46779, istio/istio#45718).',
    look: '`kubectl get workloadentries -A`',
    rules: ['serviceentry-shadows-global-service'],
  },
  {
    question:
      'Why do some requests to another network fail with `peer did not present the expected SAN`, and others not?',
    why: 'Until 1.29.1 the Envoy of an east-west gateway may send requests for several Services through one connection, and so some of them to another Service than the one that was called (istio/istio#58630): which ones depends on the connections that are open. Where every request fails, look at the waypoints.',
    look: '`istioctl ztunnel-config services -o yaml`: subjectAltNames; `istioctl proxy-status`: the versions of the gateways',
    rules: ['waypoint-not-uniform', 'istio-version-unsupported'],
  },
];
