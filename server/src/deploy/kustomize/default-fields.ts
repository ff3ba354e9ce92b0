/** The fields that kustomize's settings change without being told: names, labels, images, replicas of Kubernetes' own kinds. */
import type { FieldSpec } from './field-spec.ts';

/** Objects of a kind, and the fields in which others name them. */
export interface NameReference {
  readonly group?: string;
  readonly version?: string;
  readonly kind?: string;
  readonly fieldSpecs: readonly FieldSpec[];
}

/** Fields by what changes them (kustomize `TransformerConfig`). */
export interface FieldConfiguration {
  readonly namePrefix: readonly FieldSpec[];
  readonly nameSuffix: readonly FieldSpec[];
  readonly namespace: readonly FieldSpec[];
  readonly commonLabels: readonly FieldSpec[];
  readonly labels: readonly FieldSpec[];
  readonly templateLabels: readonly FieldSpec[];
  readonly commonAnnotations: readonly FieldSpec[];
  readonly nameReference: readonly NameReference[];
  readonly varReference: readonly FieldSpec[];
  readonly images: readonly FieldSpec[];
  readonly replicas: readonly FieldSpec[];
}

type Kind = Omit<FieldSpec, 'path'>;

function at(kind: string | Kind, ...paths: readonly string[]): FieldSpec[] {
  const of = typeof kind === 'string' ? { kind } : kind;
  return paths.map((path) => ({ ...of, path }));
}

function created(specs: readonly FieldSpec[]): FieldSpec[] {
  return specs.map((spec) => ({ ...spec, create: true }));
}

const CRON_POD = 'spec/jobTemplate/spec/template/spec';
const TEMPLATE_POD = 'spec/template/spec';
/** Where the kinds that run pods hold the pod's spec. */
const PODS: ReadonlyMap<string, string> = new Map([
  ['Pod', 'spec'],
  ['PodTemplate', 'template/spec'],
  ['Deployment', TEMPLATE_POD],
  ['ReplicaSet', TEMPLATE_POD],
  ['DaemonSet', TEMPLATE_POD],
  ['StatefulSet', TEMPLATE_POD],
  ['Job', TEMPLATE_POD],
  ['CronJob', CRON_POD],
  ['ReplicationController', TEMPLATE_POD],
]);

function inPods(kinds: string, ...paths: readonly string[]): FieldSpec[] {
  return kinds.split(' ').flatMap((kind) => at(kind, ...paths.map((path) => `${PODS.get(kind)}/${path}`)));
}

const REFERRING_PODS = 'Pod PodTemplate Deployment ReplicaSet DaemonSet StatefulSet Job CronJob';
const NAMING_PODS = 'Pod StatefulSet Deployment ReplicationController CronJob Job DaemonSet';

// The tables are those of kustomize 5.8 (`internal/konfig/builtinpluginconsts`).
const METADATA_LABELS: readonly FieldSpec[] = created([
  { path: 'metadata/labels' },
  ...at({ kind: 'ReplicationController', version: 'v1' }, 'spec/template/metadata/labels'),
  ...['Deployment', 'ReplicaSet', 'DaemonSet'].flatMap((kind) => at(kind, 'spec/template/metadata/labels')),
  ...at(
    { kind: 'StatefulSet', group: 'apps' },
    'spec/template/metadata/labels',
    'spec/volumeClaimTemplates[]/metadata/labels',
  ),
  ...at({ kind: 'Job', group: 'batch' }, 'spec/template/metadata/labels'),
  ...at(
    { kind: 'CronJob', group: 'batch' },
    'spec/jobTemplate/metadata/labels',
    'spec/jobTemplate/spec/template/metadata/labels',
  ),
]);

const AFFINITY = 'spec/template/spec/affinity';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels';
const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels';
const SCHEDULING_LABELS = [
  `${AFFINITY}/podAffinity/${PREFERRED}`,
  `${AFFINITY}/podAffinity/${REQUIRED}`,
  `${AFFINITY}/podAntiAffinity/${PREFERRED}`,
  `${AFFINITY}/podAntiAffinity/${REQUIRED}`,
  'spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels',
];

const SELECTORS: readonly FieldSpec[] = [
  ...created([
    ...at({ kind: 'Service', version: 'v1' }, 'spec/selector'),
    ...at({ kind: 'ReplicationController', version: 'v1' }, 'spec/selector'),
    ...['Deployment', 'ReplicaSet', 'DaemonSet'].flatMap((kind) => at(kind, 'spec/selector/matchLabels')),
    ...at({ kind: 'StatefulSet', group: 'apps' }, 'spec/selector/matchLabels'),
  ]),
  ...at({ kind: 'Deployment', group: 'apps' }, ...SCHEDULING_LABELS),
  ...at({ kind: 'StatefulSet', group: 'apps' }, ...SCHEDULING_LABELS),
  ...at({ kind: 'Job', group: 'batch' }, 'spec/selector/matchLabels'),
  ...at({ kind: 'CronJob', group: 'batch' }, 'spec/jobTemplate/spec/selector/matchLabels'),
  ...at({ kind: 'PodDisruptionBudget', group: 'policy' }, 'spec/selector/matchLabels'),
  ...at(
    { kind: 'NetworkPolicy', group: 'networking.k8s.io' },
    'spec/podSelector/matchLabels',
    'spec/ingress/from/podSelector/matchLabels',
    'spec/egress/to/podSelector/matchLabels',
  ),
];

const ANNOTATIONS: readonly FieldSpec[] = created([
  { path: 'metadata/annotations' },
  ...at({ kind: 'ReplicationController', version: 'v1' }, 'spec/template/metadata/annotations'),
  ...['Deployment', 'ReplicaSet', 'DaemonSet', 'StatefulSet'].flatMap((kind) =>
    at(kind, 'spec/template/metadata/annotations'),
  ),
  ...at({ kind: 'Job', group: 'batch' }, 'spec/template/metadata/annotations'),
  ...at(
    { kind: 'CronJob', group: 'batch' },
    'spec/jobTemplate/metadata/annotations',
    'spec/jobTemplate/spec/template/metadata/annotations',
  ),
]);

const RBAC = { group: 'rbac.authorization.k8s.io' };
const WEBHOOKS = { group: 'admissionregistration.k8s.io' };
const SCALED = at('HorizontalPodAutoscaler', 'spec/scaleTargetRef/name');
const RESOURCE_NAMES = [...at('Role', 'rules/resourceNames'), ...at('ClusterRole', 'rules/resourceNames')];

/** In the order in which kustomize follows them: its own order of kinds. */
const NAME_REFERENCES: readonly NameReference[] = [
  {
    kind: 'StorageClass',
    version: 'v1',
    group: 'storage.k8s.io',
    fieldSpecs: [
      ...at('PersistentVolume', 'spec/storageClassName'),
      ...at('PersistentVolumeClaim', 'spec/storageClassName'),
      ...at('StatefulSet', 'spec/volumeClaimTemplates/spec/storageClassName'),
    ],
  },
  {
    kind: 'ServiceAccount',
    version: 'v1',
    fieldSpecs: [
      ...at({ ...RBAC, kind: 'RoleBinding' }, 'subjects'),
      ...at({ ...RBAC, kind: 'ClusterRoleBinding' }, 'subjects'),
      ...inPods(NAMING_PODS, 'serviceAccountName'),
    ],
  },
  { ...RBAC, kind: 'Role', fieldSpecs: at({ ...RBAC, kind: 'RoleBinding' }, 'roleRef/name') },
  {
    ...RBAC,
    kind: 'ClusterRole',
    fieldSpecs: [
      ...at({ ...RBAC, kind: 'RoleBinding' }, 'roleRef/name'),
      ...at({ ...RBAC, kind: 'ClusterRoleBinding' }, 'roleRef/name'),
    ],
  },
  {
    kind: 'ConfigMap',
    version: 'v1',
    fieldSpecs: [
      ...inPods(
        REFERRING_PODS,
        'volumes/configMap/name',
        'containers/env/valueFrom/configMapKeyRef/name',
        'initContainers/env/valueFrom/configMapKeyRef/name',
        'containers/envFrom/configMapRef/name',
        'initContainers/envFrom/configMapRef/name',
        'volumes/projected/sources/configMap/name',
      ),
      ...at('Node', 'spec/configSource/configMap'),
      ...RESOURCE_NAMES,
      ...at('Ingress', 'metadata/annotations/nginx.ingress.kubernetes.io\\/fastcgi-params-configmap'),
    ],
  },
  {
    kind: 'Secret',
    version: 'v1',
    fieldSpecs: [
      ...inPods(
        REFERRING_PODS,
        'volumes/secret/secretName',
        'containers/env/valueFrom/secretKeyRef/name',
        'initContainers/env/valueFrom/secretKeyRef/name',
        'containers/envFrom/secretRef/name',
        'initContainers/envFrom/secretRef/name',
        'imagePullSecrets/name',
        'volumes/projected/sources/secret/name',
      ),
      ...at(
        'Ingress',
        'spec/tls/secretName',
        'metadata/annotations/ingress.kubernetes.io\\/auth-secret',
        'metadata/annotations/nginx.ingress.kubernetes.io\\/auth-secret',
        'metadata/annotations/nginx.ingress.kubernetes.io\\/auth-tls-secret',
      ),
      ...at('ServiceAccount', 'imagePullSecrets/name'),
      ...at(
        'StorageClass',
        'parameters/secretName',
        'parameters/adminSecretName',
        'parameters/userSecretName',
        'parameters/secretRef',
      ),
      ...RESOURCE_NAMES,
      ...at(
        { kind: 'Service', group: 'serving.knative.dev', version: 'v1' },
        'spec/template/spec/containers/env/valueFrom/secretKeyRef/name',
      ),
      ...at('PersistentVolume', 'spec/azureFile/secretName'),
    ],
  },
  {
    kind: 'Service',
    version: 'v1',
    fieldSpecs: [
      ...at({ kind: 'StatefulSet', group: 'apps' }, 'spec/serviceName'),
      ...at(
        'Ingress',
        'spec/rules/http/paths/backend/serviceName',
        'spec/backend/serviceName',
        'spec/rules/http/paths/backend/service/name',
        'spec/defaultBackend/service/name',
      ),
      ...at({ kind: 'APIService', group: 'apiregistration.k8s.io' }, 'spec/service/name'),
      ...at({ ...WEBHOOKS, kind: 'ValidatingWebhookConfiguration' }, 'webhooks/clientConfig/service'),
      ...at({ ...WEBHOOKS, kind: 'MutatingWebhookConfiguration' }, 'webhooks/clientConfig/service'),
    ],
  },
  {
    kind: 'PriorityClass',
    version: 'v1',
    group: 'scheduling.k8s.io',
    fieldSpecs: inPods(NAMING_PODS, 'priorityClassName'),
  },
  {
    kind: 'PersistentVolume',
    version: 'v1',
    fieldSpecs: [...at('PersistentVolumeClaim', 'spec/volumeName'), ...at('ClusterRole', 'rules/resourceNames')],
  },
  {
    kind: 'PersistentVolumeClaim',
    version: 'v1',
    fieldSpecs: inPods(NAMING_PODS, 'volumes/persistentVolumeClaim/claimName'),
  },
  { kind: 'Deployment', fieldSpecs: SCALED },
  { kind: 'StatefulSet', fieldSpecs: SCALED },
  {
    kind: 'ValidatingAdmissionPolicy',
    group: 'admissionregistration.k8s.io',
    fieldSpecs: at({ ...WEBHOOKS, kind: 'ValidatingAdmissionPolicyBinding' }, 'spec/policyName'),
  },
  // Its group is written like this, and so it names nothing.
  {
    kind: 'IngressClass',
    version: 'v1',
    group: 'networking.k8s.io/v1',
    fieldSpecs: at('Ingress', 'spec/ingressClassName'),
  },
  { kind: 'ReplicaSet', fieldSpecs: SCALED },
  { kind: 'ReplicationController', fieldSpecs: SCALED },
];

const VARIABLE_FIELDS = ['containers', 'initContainers'].flatMap((containers) =>
  ['args', 'command', 'env/value', 'volumeMounts/mountPath'].map((field) => `${containers}/${field}`),
);

const VARIABLES: readonly FieldSpec[] = [
  ...inPods('CronJob DaemonSet Deployment Job Pod ReplicaSet StatefulSet', ...VARIABLE_FIELDS),
  ...inPods('DaemonSet Deployment Job Pod ReplicaSet', 'volumes/nfs/server'),
  ...at('CronJob', 'spec/jobTemplate/spec/template/volumes/nfs/server'),
  ...at('Deployment', 'spec/template/metadata/annotations'),
  ...at('Ingress', 'spec/rules/host', 'spec/tls/hosts', 'spec/tls/secretName'),
  ...at('Service', 'spec/ports/port', 'spec/ports/targetPort'),
  ...at('StatefulSet', 'spec/volumeClaimTemplates/spec/nfs/server'),
  ...at('PersistentVolume', 'spec/nfs/server'),
  { path: 'metadata/labels' },
  { path: 'metadata/annotations' },
];

export const DEFAULT_FIELDS: FieldConfiguration = {
  namePrefix: [{ path: 'metadata/name' }],
  nameSuffix: [{ path: 'metadata/name' }],
  namespace: [
    { path: 'metadata/name', kind: 'Namespace', create: true },
    { path: 'spec/service/namespace', group: 'apiregistration.k8s.io', kind: 'APIService', create: true },
    {
      path: 'spec/conversion/webhook/clientConfig/service/namespace',
      group: 'apiextensions.k8s.io',
      kind: 'CustomResourceDefinition',
    },
  ],
  commonLabels: [...SELECTORS, ...METADATA_LABELS],
  labels: [],
  templateLabels: METADATA_LABELS,
  commonAnnotations: ANNOTATIONS,
  nameReference: NAME_REFERENCES,
  varReference: VARIABLES,
  images: created(
    ['spec', 'spec/template/spec'].flatMap((spec) => [
      { path: `${spec}/containers[]/image` },
      { path: `${spec}/initContainers[]/image` },
      { path: `${spec}/volumes[]/image/reference` },
    ]),
  ),
  replicas: created(
    ['Deployment', 'ReplicationController', 'ReplicaSet', 'StatefulSet'].flatMap((kind) => at(kind, 'spec/replicas')),
  ),
};
