/** What the installation of Istio in one cluster amounts to, whichever form states it (semantics.md A.0.1-A.0.4). */
import type { Anchor } from '../base/anchor.ts';
import type { Node } from '../yaml/node.ts';
import type { Field, Known, Stated, Unknown } from './field.ts';
import type { Labels, Selector, ServiceOverlay } from './objects.ts';

/** `helm-chart` is the `Chart.yaml` of an umbrella chart: which of Istio's charts it installs, and their versions. */
export type InstallForm =
  | 'istio-operator'
  | 'helm-values'
  | 'helm-chart'
  | 'sail-istio'
  | 'sail-cni'
  | 'sail-ztunnel'
  | 'mesh-configmap'
  | 'istiod-deployment'
  | 'ztunnel-daemonset';

/** The Helm chart that a values file is for. `umbrella`: values nested below the names of dependencies. */
export type Chart = 'istiod' | 'ztunnel' | 'cni' | 'base' | 'gateway' | 'umbrella';

/** One document that states install settings. Its tree is kept: layers are merged before they are read. */
export interface InstallStatement {
  readonly form: InstallForm;
  /** For `helm-values`: the chart, if the content tells. Undefined: the file's path decides (layout). */
  readonly chart: Chart | undefined;
  /** The file that holds it, relative to the root of the world. */
  readonly file: string;
  readonly at: Anchor;
  /** The object (or the values) as parsed. */
  readonly root: Node;
  /** As it is written; undefined for values. */
  readonly apiVersion: Known<string> | undefined;
  readonly name: string | undefined;
  readonly namespace: string | undefined;
  /** Set where an installer in sight (Argo CD, Flux, helmfile) hands over the values: its layers are merged into `root`. */
  readonly installer?: Installer;
  /** Set where the folder tells it: the `Chart.yaml` of the umbrella chart that the values are for. */
  readonly chartFile?: InstallStatement;
  /** Set where more may be stated than is in sight: a patch of a kustomization was refused, or is not known. */
  readonly isOpen?: true;
}

/** What an installer tells of the values that it hands to Helm. */
export interface Installer {
  /** True if layers are not in sight. */
  readonly layersOpen: boolean;
  readonly chartVersion: Known<string> | undefined;
  /** True if the chart is of Solo's distribution of Istio. */
  readonly ofSolo: boolean;
  /** The `Chart.yaml` of the umbrella chart that the values are for. */
  readonly chartFile: InstallStatement | undefined;
}

/** One entry of `meshConfig.serviceScopeConfigs`. */
export interface ScopeEntry {
  readonly at: Anchor;
  /** Omitted means LOCAL (istio/api mesh/v1alpha1/config.proto, enum value 0). */
  readonly scope: Field<string>;
  readonly namespaceSelector: Selector | undefined;
  readonly servicesSelector: Selector | undefined;
  /** Keys that an entry does not have; istiod ignores them. */
  readonly unknownFields: readonly Known<string>[];
}

/** The list as it reaches istiod; `at` of a default is where the profile is chosen. */
export interface ScopeConfigs {
  readonly entries: readonly ScopeEntry[];
  readonly at: Anchor;
  /** True if it is the default of profile `ambient`, written nowhere. */
  readonly fromProfile: boolean;
}

/** One entry of `meshConfig.serviceSettings`. */
export interface ServiceSetting {
  readonly at: Anchor;
  /** `settings.clusterLocal`; omitted means false. */
  readonly clusterLocal: Field<boolean>;
  /** Hosts, exact or beginning with `*.`; the most specific one counts. */
  readonly hosts: readonly Stated<string>[];
}

/** A sign that a cluster is a remote, or a primary that serves remotes (A.2). */
export interface ControlPlaneSign {
  readonly at: Anchor;
  readonly role: 'remote' | 'external';
  /** Such as `profile: remote` or `global.remotePilotAddress`. */
  readonly what: string;
}

export interface ZtunnelSettings {
  readonly at: Anchor;
  readonly clusterName: Field<string>;
  /** env `NETWORK`: undefined if nothing sets it (""). */
  readonly network: Field<string>;
  readonly namespace: Field<string>;
  /** What its image, its chart or its installer says. */
  readonly istioVersion: Field<string>;
  /** True if it inherits `global` (IstioOperator, Sail with targetRef): an unset value is never its own fault. */
  readonly inheritsGlobal: boolean;
  /** A map at the key `ztunnel` in the values of the chart itself, which reads nothing there. */
  readonly idle?: Anchor;
  /** `network` in the values of a chart of a version that reads only `global.network`. */
  readonly idleNetwork?: Anchor;
  readonly misspelt: readonly MisspeltValue[];
}

/** A key of the chart's values that nothing reads, and the key that it is nearly. */
export interface MisspeltValue {
  readonly chart: 'istiod' | 'ztunnel';
  /** As it is written, from the root of the values: `global.netwrok`. */
  readonly path: string;
  readonly meant: string;
  /** Where the key is written, whatever place its value comes from. */
  readonly at: Anchor;
  /** The mesh that is named where nothing reads it. */
  readonly meshID?: string;
}

/** Why an installer refuses what is written, and where: nothing of the subject is installed. */
export interface Refusal extends Known<string> {
  /** Such as `istiod`. */
  readonly subject: string;
  /** The profile that there is not, with the one that is likely meant, which counts for all that follows from it. */
  readonly profile?: { readonly said: string; readonly meant?: string; readonly knows: readonly string[] };
  /** The x of a `compatibilityVersion` 1.x, which only the charts of some versions refuse. */
  readonly compatible?: number;
}

/** One network of `meshNetworks`. */
export interface MeshNetwork {
  readonly name: string;
  readonly at: Anchor;
  /** `endpoints[].fromRegistry`: the names of the clusters that are on it. */
  readonly registries: readonly Known<string>[];
  /** True if `endpoints` or `gateways` say anything. */
  readonly hasEntries: boolean;
}

/** Where variables of istiod are written: a map of names, or a list of `{name, value}`. It need not exist yet. */
export interface EnvPlace {
  readonly at: Anchor;
  readonly isList: boolean;
}

/** A way to write a setting: which node a fix adds or changes. */
export interface SettingPlace {
  /** The setting's anchor, existing or not; setting a value there has the effect. */
  readonly at: Anchor;
  /** For a list of `{name, value}` (`k8s.env`): the list; the fix appends an entry named `name`. */
  readonly envList?: { readonly at: Anchor; readonly name: string };
}

/** A way to turn ambient mode on: the switch itself where it is written, else the profile that sets it. */
export interface SwitchPlace extends SettingPlace {
  readonly value: string | boolean;
}

/**
 * The settings of the control plane in one cluster. `undefined` fields: nothing in sight states them *and* no default is certain;
 * values that are certain defaults are known with `at` at the statement that leaves them out, and named in `defaulted`.
 */
export interface InstallSettings {
  /** The statements that were read, for evidence. Empty: no control plane in sight. */
  readonly statements: readonly InstallStatement[];
  readonly hasIstiod: boolean;
  readonly forms: ReadonlySet<InstallForm>;
  readonly clusterName: Field<string>;
  /** `global.network` as istiod's injector gets it. */
  readonly network: Field<string>;
  readonly meshID: Field<string>;
  readonly trustDomain: Field<string>;
  readonly profile: Field<string>;
  readonly revision: Field<string>;
  /** `revisionTags`: further names of the revision. */
  readonly revisionTags: Field<readonly Stated<string>[]>;
  /** The revision that the chart base makes the default one (`defaultRevision`), as far as it is written. */
  readonly defaultRevision: Field<string>;
  readonly istioNamespace: Field<string>;
  /** istiod's; where nothing says it, ztunnel's. */
  readonly istioVersion: Field<string>;
  /** PILOT_ENABLE_AMBIENT as Go reads it. */
  readonly ambient: Field<boolean>;
  /** AMBIENT_ENABLE_MULTI_NETWORK as Go reads it, whether or not PILOT_ENABLE_AMBIENT is on. */
  readonly multiNetworkFlag: Field<boolean>;
  readonly cniAmbient: Field<boolean>;
  /** Where `ambient.enablementSelectors` of istio-cni replaces the label `istio.io/dataplane-mode`; undefined if nothing does. */
  readonly enablementSelectors: Anchor | undefined;
  readonly scopeConfigs: Field<ScopeConfigs>;
  readonly discoverySelectors: Field<readonly Selector[]>;
  readonly serviceSettings: Field<readonly ServiceSetting[]>;
  readonly meshNetworks: Field<readonly MeshNetwork[]>;
  /** `gatewayClasses.istio-east-west.service`: what is laid over the Services of east-west gateways. */
  readonly eastWestService: Field<ServiceOverlay>;
  /** Where it is said that workloads get certificates from another CA than istiod, or trust more roots than its own. */
  readonly otherCa: Anchor | undefined;
  readonly misspeltValues: readonly MisspeltValue[];
  /** Where istiod is told to go by other names as well (`--clusterAliases`). */
  readonly clusterAliases: Anchor | undefined;
  /** True if it is Solo's distribution of Istio, which links clusters in ways of its own. */
  readonly ofSolo: boolean;
  readonly controlPlaneSigns: readonly ControlPlaneSign[];
  readonly controlPlane: 'primary' | 'remote' | 'external' | 'none';
  readonly ztunnel: ZtunnelSettings | undefined;
  /** `trustedZtunnelNamespace`, or what the platform brings; where nothing states it istiod trusts its own namespace. */
  readonly trustedZtunnelNamespace: Field<string>;
  /** Pilot's other environment variables, by name. */
  readonly pilotEnv: ReadonlyMap<string, Stated<string>>;
  /** Why variables that are not in `pilotEnv` may be set all the same; undefined: they are not. */
  readonly pilotEnvOpen: Unknown | undefined;
  /**
   * Fields whose value is Istio's default because the sole statement leaves them out; `meshID` and `ztunnel.network` are
   * undefined then, and that is certain.
   */
  readonly defaulted: ReadonlySet<
    | 'clusterName'
    | 'trustDomain'
    | 'meshID'
    | 'scopeConfigs'
    | 'ambient'
    | 'multiNetworkFlag'
    | 'ztunnel.clusterName'
    | 'ztunnel.network'
  >;
  /** Where a fix writes each setting. */
  readonly places: {
    readonly clusterName: SettingPlace | undefined;
    readonly network: SettingPlace | undefined;
    readonly meshID: SettingPlace | undefined;
    readonly multiNetworkFlag: SettingPlace | undefined;
    readonly pilotEnv: EnvPlace | undefined;
    readonly scopeConfigs: SettingPlace | undefined;
    readonly ambient: SwitchPlace | undefined;
    readonly cniAmbient: SwitchPlace | undefined;
    readonly revisionTags: SettingPlace | undefined;
    readonly trustedZtunnelNamespace: SettingPlace | undefined;
    readonly ztunnelClusterName: SettingPlace | undefined;
    readonly ztunnelNetwork: SettingPlace | undefined;
  };
  /** Labels of a Namespace that an installer writes (Argo CD `managedNamespaceMetadata`), if any. */
  readonly namespaceLabels: Labels | undefined;
  /** Why the real tools refuse the input (unknown key in an IstioOperator, ...): one for each place. */
  readonly refusals: readonly Refusal[];
}
