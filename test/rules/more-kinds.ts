/** A correct workspace of the kinds that others lack: kustomize, Argo CD, Flux, umbrella charts, raw objects, traffic, policies. */
import type { Files } from './workspace.ts';

const POLICIES = `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: strict, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, mtls: { mode: STRICT }, portLevelMtls: { 80: { mode: STRICT } } }
---
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: { name: logs, namespace: shop }
spec: { targetRefs: [{ kind: Service, group: "", name: cart }], accessLogging: [{ providers: [{ name: envoy }] }] }
---
apiVersion: extensions.istio.io/v1alpha1
kind: WasmPlugin
metadata: { name: filter, namespace: shop }
spec: { selector: { matchLabels: { app: cart } }, url: oci://registry.example.com/filter, phase: AUTHN }
---
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: { name: tune, namespace: shop }
spec: { workloadSelector: { labels: { app: cart } }, configPatches: [{ applyTo: CLUSTER, patch: { operation: MERGE, value: {} } }] }
`;

const TRAFFIC = `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: bank, namespace: shop }
spec:
  hosts: [bank.example.com]
  location: MESH_EXTERNAL
  resolution: STATIC
  ports: [{ number: 443, name: https, protocol: TLS }]
  endpoints: [{ address: 192.0.2.1, network: other }]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: cart, namespace: shop }
spec: { host: cart.shop.svc.cluster.local, trafficPolicy: { outlierDetection: { consecutive5xxErrors: 3 } } }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: cart, namespace: shop }
spec: { hosts: [cart.shop.svc.cluster.local], gateways: [mesh], http: [{ route: [{ destination: { host: cart } }] }] }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: ingress, namespace: shop }
spec: { selector: { istio: ingressgateway }, servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: ["*"] }] }
---
apiVersion: gateway.networking.k8s.io/v1
kind: GRPCRoute
metadata: { name: cart, namespace: shop }
spec: { parentRefs: [{ kind: Service, group: "", name: cart }], rules: [{ backendRefs: [{ name: cart, port: 80 }] }] }
`;

const SHOP = `apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio.io/dataplane-mode: ambient } }
---
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop, labels: { istio.io/global: "true" } }
spec: { selector: { app: cart }, ports: [{ name: http, port: 80 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: cart, namespace: shop }
spec: { template: { metadata: { labels: { app: cart } } } }
`;

const PLAIN = `resources: [../../../base, network.yaml]
configMapGenerator: [{ name: more, namespace: shop, literals: [a=b] }]
`;

const KUSTOMIZATION = `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: shop
resources: [../../../base, network.yaml]
labels: [{ pairs: { team: shop } }]
commonAnnotations: { owner: shop }
patches:
  - target: { kind: Service, name: cart }
    patch: |
      - op: add
        path: /metadata/labels/tier
        value: gold
images: [{ name: cart, newTag: "2" }]
replicas: [{ name: cart, count: 2 }]
`;

function system(network: string): string {
  return `apiVersion: v1
kind: Namespace
metadata: { name: istio-system, labels: { topology.istio.io/network: ${network} } }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: eastwest, namespace: istio-system, labels: { topology.istio.io/network: ${network} } }
spec:
  gatewayClassName: istio-east-west
  listeners:
    - { name: mesh, port: 15008, protocol: HBONE, tls: { mode: Terminate, options: { gateway.istio.io/tls-terminate-mode: ISTIO_MUTUAL } } }
`;
}

/** The control plane as rendered objects. */
const RAW = `apiVersion: v1
kind: ConfigMap
metadata: { name: istio, namespace: istio-system }
data:
  mesh: |
    trustDomain: cluster.local
    defaultConfig: { meshId: mesh1 }
    serviceScopeConfigs: [{ servicesSelector: { matchExpressions: [{ key: istio.io/global, operator: In, values: ["true"] }] }, scope: GLOBAL }]
  meshNetworks: "networks: {}"
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: istiod, namespace: istio-system }
spec:
  template:
    spec:
      containers:
        - name: discovery
          image: docker.io/istio/pilot:1.30.2
          env:
            - { name: CLUSTER_ID, value: east }
            - { name: PILOT_ENABLE_AMBIENT, value: "true" }
            - { name: AMBIENT_ENABLE_MULTI_NETWORK, value: "true" }
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: ztunnel, namespace: istio-system }
spec:
  template:
    spec:
      containers:
        - name: istio-proxy
          image: docker.io/istio/ztunnel:1.30.2
          env:
            - { name: ISTIO_META_CLUSTER_ID, value: east }
            - { name: NETWORK, value: network1 }
`;

const UMBRELLA = `istiod:
  profile: ambient
  env: { AMBIENT_ENABLE_MULTI_NETWORK: "true" }
  meshConfig: { trustDomain: cluster.local }
ztunnel: { network: network2, multiCluster: { clusterName: west } }
cni: { profile: ambient }
global: { meshID: mesh1, network: network2, multiCluster: { clusterName: west } }
`;

const CHART = `apiVersion: v2
name: mesh
version: 0.1.0
dependencies:
  - { name: istiod, version: 1.30.2, repository: https://istio-release.storage.googleapis.com/charts }
  - { name: ztunnel, version: 1.30.2, repository: https://istio-release.storage.googleapis.com/charts }
  - { name: cni, version: 1.30.2, repository: https://istio-release.storage.googleapis.com/charts }
`;

const DEPLOYED = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: istiod-south, namespace: argocd }
spec:
  destination: { name: south, namespace: istio-system }
  source:
    repoURL: https://istio-release.storage.googleapis.com/charts
    chart: istiod
    targetRevision: 1.30.2
    helm:
      valuesObject:
        profile: ambient
        env: { AMBIENT_ENABLE_MULTI_NETWORK: "true" }
        global: { meshID: mesh1, network: network3, multiCluster: { clusterName: south } }
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: ztunnel, namespace: istio-system }
spec:
  chart: { spec: { chart: ztunnel, version: 1.30.2, sourceRef: { kind: HelmRepository, name: istio } } }
  values: { network: network1, multiCluster: { clusterName: east } }
`;

/** Every file is JSON-like YAML, whose values tests replace. */
export const MORE_KINDS: Files = new Map([
  ['base/kustomization.yaml', 'resources: [shop.yaml, traffic.yaml, policies.yaml]\n'],
  ['base/shop.yaml', SHOP],
  ['base/traffic.yaml', TRAFFIC],
  ['base/policies.yaml', POLICIES],
  ['clusters/east/apps/kustomization.yaml', KUSTOMIZATION],
  ['clusters/west/apps/kustomization.yaml', PLAIN],
  [
    'clusters/east/apps/network.yaml',
    'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata: { a: b }\n',
  ],
  [
    'clusters/west/apps/network.yaml',
    'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata: { a: b }\n',
  ],
  ['clusters/east/istio-system.yaml', system('network1')],
  ['clusters/west/istio-system.yaml', system('network2')],
  ['clusters/east/istio.yaml', RAW],
  ['clusters/west/mesh/Chart.yaml', CHART],
  ['clusters/west/mesh/values.yaml', UMBRELLA],
  ['apps/all.yaml', DEPLOYED],
]);
