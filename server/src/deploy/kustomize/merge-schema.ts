/** Which lists of Kubernetes' own kinds a strategic merge joins item by item, and by which keys. */

/** What is known of a field. Fields without any list to join in them are left out. */
export interface MergeSchema {
  /** The field of a map; undefined if nothing is known of it. */
  field(key: string): MergeSchema | undefined;
  /** The items of a list. */
  readonly items: MergeSchema | undefined;
  /** For a list that is joined: its merge keys; none if its items are plain values. */
  readonly mergeKeys: readonly string[] | undefined;
}

/** Finds the schema of a kind; undefined for a kind that is not known, such as every custom resource. */
export type SchemaOf = (apiVersion: string, kind: string) => MergeSchema | undefined;

class KnownSchema implements MergeSchema {
  constructor(
    private readonly fields: Readonly<Record<string, MergeSchema>> = {},
    readonly items: MergeSchema | undefined = undefined,
    readonly mergeKeys: readonly string[] | undefined = undefined,
  ) {}

  field(key: string): MergeSchema | undefined {
    return Object.hasOwn(this.fields, key) ? this.fields[key] : undefined;
  }
}

function map(fields: Readonly<Record<string, MergeSchema>>): MergeSchema {
  return new KnownSchema(fields);
}

function listOf(items: MergeSchema): MergeSchema {
  return new KnownSchema({}, items);
}

/** A list that is joined by keys. */
function joined(keys: string, items: MergeSchema = new KnownSchema()): MergeSchema {
  return new KnownSchema({}, items, keys === '' ? [] : keys.split(' '));
}

// kyaml's OpenAPI data, Kubernetes v1.21.2: `x-kubernetes-patch-strategy: merge` with `x-kubernetes-list-map-keys`,
// else `x-kubernetes-patch-merge-key`. Of `status` only what people might write is of interest: nothing.
const METADATA = map({ finalizers: joined(''), ownerReferences: joined('uid') });
const CONTAINER = map({
  env: joined('name'),
  ports: joined('containerPort protocol'),
  volumeDevices: joined('devicePath'),
  volumeMounts: joined('mountPath'),
});
const EPHEMERAL_CONTAINER = map({
  env: joined('name'),
  volumeDevices: joined('devicePath'),
  volumeMounts: joined('mountPath'),
});
const VOLUME = map({ ephemeral: map({ volumeClaimTemplate: map({ metadata: METADATA }) }) });
const POD_SPEC = map({
  containers: joined('name', CONTAINER),
  ephemeralContainers: joined('name', EPHEMERAL_CONTAINER),
  hostAliases: joined('ip'),
  imagePullSecrets: joined('name'),
  initContainers: joined('name', CONTAINER),
  topologySpreadConstraints: joined('topologyKey whenUnsatisfiable'),
  volumes: joined('name', VOLUME),
});
const TEMPLATE = map({ metadata: METADATA, spec: POD_SPEC });
const WITH_TEMPLATE = { spec: map({ template: TEMPLATE }) };
const CRON_JOB = { spec: map({ jobTemplate: map({ metadata: METADATA, ...WITH_TEMPLATE }) }) };
const WEBHOOKS = { webhooks: joined('name') };
const CSI_NODE = { spec: map({ drivers: joined('name') }) };

/** What a kind has besides `metadata`. */
const CONTENT: Readonly<Record<string, Readonly<Record<string, MergeSchema>>>> = {
  'admissionregistration.k8s.io/v1 MutatingWebhookConfiguration': WEBHOOKS,
  'admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration': WEBHOOKS,
  'admissionregistration.k8s.io/v1beta1 MutatingWebhookConfiguration': WEBHOOKS,
  'admissionregistration.k8s.io/v1beta1 ValidatingWebhookConfiguration': WEBHOOKS,
  'apps/v1 DaemonSet': WITH_TEMPLATE,
  'apps/v1 Deployment': WITH_TEMPLATE,
  'apps/v1 ReplicaSet': WITH_TEMPLATE,
  'apps/v1 StatefulSet': {
    spec: map({ template: TEMPLATE, volumeClaimTemplates: listOf(map({ metadata: METADATA })) }),
  },
  'batch/v1 CronJob': CRON_JOB,
  'batch/v1 Job': WITH_TEMPLATE,
  'batch/v1beta1 CronJob': CRON_JOB,
  'storage.k8s.io/v1 CSINode': CSI_NODE,
  'storage.k8s.io/v1beta1 CSINode': CSI_NODE,
  'v1 Node': { spec: map({ podCIDRs: joined('') }) },
  'v1 Pod': { spec: POD_SPEC },
  'v1 PodTemplate': { template: TEMPLATE },
  'v1 ReplicationController': WITH_TEMPLATE,
  'v1 Service': { spec: map({ ports: joined('port protocol') }) },
  'v1 ServiceAccount': { imagePullSecrets: listOf(map({})), secrets: joined('name') },
};

const KINDS: Readonly<Record<string, string>> = {
  'admissionregistration.k8s.io/v1': 'MutatingWebhookConfiguration ValidatingWebhookConfiguration',
  'admissionregistration.k8s.io/v1beta1': 'MutatingWebhookConfiguration ValidatingWebhookConfiguration',
  'apiextensions.k8s.io/v1': 'CustomResourceDefinition',
  'apiextensions.k8s.io/v1beta1': 'CustomResourceDefinition',
  'apiregistration.k8s.io/v1': 'APIService',
  'apiregistration.k8s.io/v1beta1': 'APIService',
  'apps/v1': 'ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet',
  'authentication.k8s.io/v1': 'TokenRequest TokenReview',
  'authentication.k8s.io/v1beta1': 'TokenReview',
  'authorization.k8s.io/v1':
    'LocalSubjectAccessReview SelfSubjectAccessReview SelfSubjectRulesReview SubjectAccessReview',
  'authorization.k8s.io/v1beta1':
    'LocalSubjectAccessReview SelfSubjectAccessReview SelfSubjectRulesReview SubjectAccessReview',
  'autoscaling/v1': 'HorizontalPodAutoscaler Scale',
  'autoscaling/v2beta1': 'HorizontalPodAutoscaler',
  'autoscaling/v2beta2': 'HorizontalPodAutoscaler',
  'batch/v1': 'CronJob Job',
  'batch/v1beta1': 'CronJob',
  'certificates.k8s.io/v1': 'CertificateSigningRequest',
  'certificates.k8s.io/v1beta1': 'CertificateSigningRequest',
  'coordination.k8s.io/v1': 'Lease',
  'coordination.k8s.io/v1beta1': 'Lease',
  'discovery.k8s.io/v1': 'EndpointSlice',
  'discovery.k8s.io/v1beta1': 'EndpointSlice',
  'events.k8s.io/v1': 'Event',
  'events.k8s.io/v1beta1': 'Event',
  'extensions/v1beta1': 'Ingress',
  'flowcontrol.apiserver.k8s.io/v1beta1': 'FlowSchema PriorityLevelConfiguration',
  'networking.k8s.io/v1': 'Ingress IngressClass NetworkPolicy',
  'networking.k8s.io/v1beta1': 'Ingress IngressClass',
  'node.k8s.io/v1': 'RuntimeClass',
  'node.k8s.io/v1beta1': 'RuntimeClass',
  'policy/v1': 'PodDisruptionBudget',
  'policy/v1beta1': 'Eviction PodDisruptionBudget PodSecurityPolicy',
  'rbac.authorization.k8s.io/v1': 'ClusterRole ClusterRoleBinding Role RoleBinding',
  'rbac.authorization.k8s.io/v1beta1': 'ClusterRole ClusterRoleBinding Role RoleBinding',
  'scheduling.k8s.io/v1': 'PriorityClass',
  'scheduling.k8s.io/v1beta1': 'PriorityClass',
  'storage.k8s.io/v1': 'CSIDriver CSINode StorageClass VolumeAttachment',
  'storage.k8s.io/v1beta1': 'CSIDriver CSINode CSIStorageCapacity StorageClass VolumeAttachment',
  v1: 'Binding ComponentStatus ConfigMap Endpoints Event LimitRange Namespace Node PersistentVolume PersistentVolumeClaim Pod PodTemplate ReplicationController ResourceQuota Secret Service ServiceAccount',
};

const SCHEMAS: ReadonlyMap<string, MergeSchema> = new Map(
  Object.entries(KINDS).flatMap(([apiVersion, kinds]) =>
    kinds.split(' ').map((kind): [string, MergeSchema] => {
      const key = `${apiVersion} ${kind}`;
      return [key, map({ metadata: METADATA, ...CONTENT[key] })];
    }),
  ),
);

/** The schemas that are built into kustomize. */
export const builtInSchema: SchemaOf = (apiVersion, kind) => SCHEMAS.get(`${apiVersion} ${kind}`);
