/** What one Kubernetes object in a document states, as far as any rule reads it. */
import { type Anchor, keyOf } from '../base/anchor.ts';
import type { Path } from '../base/path.ts';
import type { YamlValue } from '../yaml/edit.ts';
import type { Field, Known, Stated } from './field.ts';

/**
 * A label or annotation value. `notString`: YAML made it another type, so the API server refuses the object. `keyAt`: where its key is
 * written, if the value comes from elsewhere.
 */
export type LabelValue = Stated<string> & {
  readonly notString?: 'boolean' | 'number' | 'null' | 'other';
  readonly keyAt?: Anchor;
};

/** Where the key of a label is written. */
export function keyOfLabel({ at, keyAt }: Pick<LabelValue, 'at' | 'keyAt'>): Anchor {
  return keyAt ?? keyOf(at);
}

/** A map of labels or annotations as written. */
export interface Labels {
  readonly entries: ReadonlyMap<string, LabelValue>;
  /** Where the map is written; undefined if it is not. */
  readonly at: Anchor | undefined;
  /** True if the map, or a part of it, is templated: keys that are not in `entries` may exist. */
  readonly open: boolean;
}

/** A field, or an item of a list, that a patch took away. */
export interface Removal {
  /** From the root of the object, as it was then. */
  readonly path: Path;
  /** What did it: a null, a directive, an operation. */
  readonly at: Anchor;
  /** Of a named item of a list. */
  readonly name?: string;
}

/** What every object has. */
export interface ObjectBase {
  readonly apiVersion: string;
  /** A literal name; an object without one yields no fact. */
  readonly name: Known<string>;
  /** Undefined where `metadata.namespace` is not written. */
  readonly namespace: Field<string>;
  /** The object's root node (inside `List` kinds not the document's root). */
  readonly at: Anchor;
  readonly labels: Labels;
  readonly annotations: Labels;
  /** What patches took away, in order: that is where it is decided that it is not there. */
  readonly removals?: readonly Removal[];
}

export interface NamespaceObject extends ObjectBase {
  readonly kind: 'Namespace';
}

export interface ServicePort {
  readonly at: Anchor;
  readonly name: Field<string>;
  readonly port: Field<number>;
  readonly targetPort: Field<string | number>;
  readonly protocol: Field<string>;
  readonly appProtocol: Field<string>;
}

export interface ServiceObject extends ObjectBase {
  readonly kind: 'Service';
  /** `spec.type`; the default is ClusterIP. */
  readonly type: Field<string>;
  readonly clusterIP: Field<string>;
  readonly externalName: Field<string>;
  /** `spec.selector`; undefined where there is none. */
  readonly selector: Field<Labels>;
  readonly ports: Field<readonly ServicePort[]>;
  readonly internalTrafficPolicy: Field<string>;
}

/** A Kubernetes LabelSelector. */
export interface Selector {
  readonly at: Anchor;
  readonly matchLabels: Labels;
  readonly matchExpressions: readonly SelectorExpression[];
  /** Keys that a LabelSelector does not have. */
  readonly unknownFields: readonly Known<string>[];
}

export interface SelectorExpression {
  readonly at: Anchor;
  readonly key: Field<string>;
  readonly operator: Field<string>;
  /** Undefined where `values` is not written. */
  readonly values: readonly Stated<string>[] | undefined;
  /** Those of `values` that YAML makes another type. */
  readonly notStrings?: readonly LabelValue[];
  /** What stands in place of the list of values. */
  readonly notList?: LabelValue;
}

export interface Listener {
  readonly at: Anchor;
  readonly name: Field<string>;
  readonly port: Field<number>;
  readonly protocol: Field<string>;
  readonly tls: ListenerTls | undefined;
  readonly allowedRoutes:
    | { readonly at: Anchor; readonly from: Field<string>; readonly selector: Selector | undefined }
    | undefined;
}

export interface ListenerTls {
  readonly at: Anchor;
  /** `tls.mode`; the CRD's default is Terminate. */
  readonly mode: Field<string>;
  readonly options: Labels | undefined;
  /** Undefined where the list is not written. */
  readonly certificateRefs: Field<number>;
}

export interface GatewayAddress {
  readonly at: Anchor;
  /** The CRD's default is IPAddress; Istio asks for an explicit one. */
  readonly type: Field<string>;
  readonly value: Field<string>;
}

/** A `gateway.networking.k8s.io` Gateway. */
export interface GatewayObject extends ObjectBase {
  readonly kind: 'Gateway';
  readonly className: Field<string>;
  readonly listeners: Field<readonly Listener[]>;
  readonly addresses: Field<readonly GatewayAddress[]>;
  /** `spec.infrastructure.labels`; undefined where the map is not written. An empty map `{}` is written. */
  readonly infrastructureLabels: Field<Labels>;
  readonly infrastructureAnnotations: Field<Labels>;
  readonly parametersRef: Field<string>;
  /** The whole `spec`, to be compared or copied; unknown if any value in it is. */
  readonly spec: Field<YamlValue>;
}

export interface GatewayClassObject extends ObjectBase {
  readonly kind: 'GatewayClass';
  readonly controllerName: Field<string>;
}

/** A Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, CronJob or Pod. */
export interface WorkloadObject extends ObjectBase {
  readonly kind: 'Workload';
  /** The Kubernetes kind. */
  readonly workloadKind: string;
  readonly podLabels: Labels;
  readonly podAnnotations: Labels;
  readonly replicas: Field<number>;
  readonly hostNetwork: Field<boolean>;
  readonly serviceAccountName: Field<string>;
}

export interface ServiceEntryObject extends ObjectBase {
  readonly kind: 'ServiceEntry';
  readonly hosts: Field<readonly Stated<string>[]>;
  readonly location: Field<string>;
  readonly resolution: Field<string>;
  readonly endpoints: Field<
    readonly { readonly at: Anchor; readonly address: Field<string>; readonly network: Field<string> }[]
  >;
  /** The labels of `workloadSelector`: of the Pods and WorkloadEntries of its namespace that are its endpoints. */
  readonly workloadSelector: Field<Labels>;
}

/** An endpoint that is no Pod. */
export interface WorkloadEntryObject extends ObjectBase {
  readonly kind: 'WorkloadEntry';
  /** By which it is selected: the labels of its `spec`, and those of the object, which win (serviceentry/conversion.go:170-181). */
  readonly endpointLabels: Labels;
  readonly network: Field<string>;
}

/**
 * Where the API server that a kubeconfig names is: on the machine itself, `kubernetes.default.svc` (whoever asks, its own cluster),
 * behind another Service of the cluster that asks, or elsewhere. The address itself is not kept.
 */
export type ApiServerKind = 'loopback' | 'own-cluster' | 'service' | 'other' | 'unknown';

/** Ways of authentication that istiod refuses in a kubeconfig unless they are allowed (pkg/kube/util.go:438-500). */
export type InsecureAuth = 'exec' | 'auth-provider' | 'clientKey' | 'clientCertificate' | 'tokenFile';

/** What makes a kubeconfig one that client-go's `clientcmd.Validate` refuses, and istiod with it (pkg/kube/util.go:102). */
export type KubeconfigFlaw =
  | 'unknown-current-context'
  | 'context-without-user'
  | 'context-with-unknown-user'
  | 'context-without-cluster'
  | 'context-with-unknown-cluster'
  | 'cluster-without-server'
  | 'authority-in-home-folder'
  | 'authority-written-twice'
  | 'certificate-without-key'
  | 'several-ways-to-log-in';

/** What a kubeconfig in a remote secret says of its use; never what is in it. */
export interface Kubeconfig {
  readonly server: ApiServerKind;
  readonly insecureAuth: readonly InsecureAuth[];
  readonly flaws: readonly KubeconfigFlaw[];
  /** Where the address is known: digests by which two are compared; never shown, never saved. */
  readonly address?: {
    readonly digest: string;
    /** Of the user: a proxy for several clusters may go by the certificate. */
    readonly userDigest: string;
    /** True if the host has the key of the Secret among its words. */
    readonly namesKey: boolean;
  };
}

/** A Secret, or what becomes one (SealedSecret, ExternalSecret): its metadata and the names of its keys, never a value. */
export interface SecretObject extends ObjectBase {
  readonly kind: 'Secret';
  readonly keys: readonly Known<string>[];
  /** True if its values cannot be read. */
  readonly encrypted: boolean;
  /** By key; undefined without the label `istio/multiCluster`, unknown if not all keys are in sight. */
  readonly kubeconfigs: Field<ReadonlyMap<string, Kubeconfig>>;
  /** Of the Secret `cacerts`: the digests of its root certificates, sorted. */
  readonly rootCertificates: Field<readonly string[]>;
  /** Further manifests of this name in the cluster that hold other keys: one replaces the other. */
  readonly copies?: readonly SecretObject[];
}

/** What Istio lays over the Service that it generates for a Gateway. */
export interface ServiceOverlay {
  readonly type: Field<string>;
  /** True if `externalIPs` are written. */
  readonly externalIPs: boolean;
}

export interface ConfigMapObject extends ObjectBase {
  readonly kind: 'ConfigMap';
  readonly keys: readonly Known<string>[];
  /** The key `service`, which counts where a Gateway refers to the ConfigMap, or the ConfigMap names its class. */
  readonly serviceOverlay: Field<ServiceOverlay>;
}

export interface TargetRef {
  readonly at: Anchor;
  readonly group: Field<string>;
  readonly kind: Field<string>;
  readonly name: Field<string>;
  readonly namespace: Field<string>;
}

/** What policies have. With neither `selector` nor `targetRefs` a policy holds for its namespace. */
export interface PolicyBase extends ObjectBase {
  readonly selector: Field<Labels>;
  readonly targetRefs: Field<readonly TargetRef[]>;
  /** The whole `spec`, to be compared; unknown if any value in it is. */
  readonly spec: Field<YamlValue>;
}

export interface AuthorizationPolicyObject extends PolicyBase {
  readonly kind: 'AuthorizationPolicy';
  /** The default is ALLOW. */
  readonly action: Field<string>;
  /** `rules[].from[].source.principals`, of all rules. */
  readonly principals: readonly Stated<string>[];
}

export interface RequestAuthenticationObject extends PolicyBase {
  readonly kind: 'RequestAuthentication';
}

export interface PeerAuthenticationObject extends PolicyBase {
  readonly kind: 'PeerAuthentication';
  /** `mtls.mode`. */
  readonly mode: Field<string>;
}

export interface TelemetryObject extends PolicyBase {
  readonly kind: 'Telemetry';
}

export interface WasmPluginObject extends PolicyBase {
  readonly kind: 'WasmPlugin';
}

/** Its `selector` is `workloadSelector`. */
export interface EnvoyFilterObject extends PolicyBase {
  readonly kind: 'EnvoyFilter';
}

/** A `parentRef` or `backendRef` of a route. */
export interface ObjectReference extends TargetRef {
  readonly port: Field<number>;
  readonly sectionName: Field<string>;
}

/** An HTTPRoute, GRPCRoute, TCPRoute or TLSRoute. */
export interface RouteObject extends ObjectBase {
  readonly kind: 'Route';
  /** The Kubernetes kind. */
  readonly routeKind: string;
  readonly parentRefs: Field<readonly ObjectReference[]>;
  readonly hostnames: Field<readonly Stated<string>[]>;
  /** Those of all rules. */
  readonly backendRefs: readonly ObjectReference[];
  readonly spec: Field<YamlValue>;
}

export interface GatewayServer {
  readonly at: Anchor;
  readonly port: Field<number>;
  readonly protocol: Field<string>;
  readonly tlsMode: Field<string>;
  readonly hosts: Field<readonly Stated<string>[]>;
}

/** A Gateway of `networking.istio.io`: configuration of a gateway that something else deploys. */
export interface IstioGatewayObject extends ObjectBase {
  readonly kind: 'IstioGateway';
  readonly selector: Field<Labels>;
  readonly servers: Field<readonly GatewayServer[]>;
}

export interface VirtualServiceObject extends ObjectBase {
  readonly kind: 'VirtualService';
  readonly hosts: Field<readonly Stated<string>[]>;
  readonly gateways: Field<readonly Stated<string>[]>;
  readonly spec: Field<YamlValue>;
}

export interface DestinationRuleObject extends ObjectBase {
  readonly kind: 'DestinationRule';
  readonly host: Field<string>;
  /** True if `trafficPolicy.outlierDetection` is written. */
  readonly outlierDetection: boolean;
  /** `trafficPolicy.loadBalancer.localityLbSetting`, if it says anything. */
  readonly localityLbSetting: Anchor | undefined;
  readonly spec: Field<YamlValue>;
}

/** What gives an istiod a further name: Sail's `IstioRevisionTag`, or the webhook that `istioctl tag generate` writes. */
export interface RevisionTagObject extends ObjectBase {
  readonly kind: 'RevisionTag';
  /** Undefined for a webhook that is none of a tag. */
  readonly tag: Field<string>;
}

export type PolicyObject =
  | AuthorizationPolicyObject
  | RequestAuthenticationObject
  | PeerAuthenticationObject
  | TelemetryObject
  | WasmPluginObject
  | EnvoyFilterObject;

export type ObjectFact =
  | NamespaceObject
  | ServiceObject
  | GatewayObject
  | GatewayClassObject
  | WorkloadObject
  | ServiceEntryObject
  | WorkloadEntryObject
  | SecretObject
  | ConfigMapObject
  | PolicyObject
  | RouteObject
  | IstioGatewayObject
  | VirtualServiceObject
  | DestinationRuleObject
  | RevisionTagObject;

export type ObjectKind = ObjectFact['kind'];
export type ObjectOf<K extends ObjectKind> = Extract<ObjectFact, { readonly kind: K }>;

/** Kinds without a namespace. */
export const CLUSTER_SCOPED: ReadonlySet<ObjectKind> = new Set(['Namespace', 'GatewayClass', 'RevisionTag']);
