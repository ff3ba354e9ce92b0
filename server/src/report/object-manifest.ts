/**
 * Objects as saved reports hold them: manifests again, with what is read of an object and nothing else. A value that is there but cannot be
 * read is a placeholder there, too. What people hide in is left out: Secrets, ConfigMaps, filters and plugins.
 */
import type { Field, Stated } from '../facts/field.ts';
import type {
  Labels,
  ObjectFact,
  ObjectKind,
  ObjectReference,
  Selector,
  TargetRef,
  WorkloadObject,
} from '../facts/objects.ts';
import type { YamlValue } from '../yaml/edit.ts';

/** Stands for what cannot be read; to every reader it is a placeholder. */
export const UNREADABLE = '<unknown>';

/** A label of which only a template knows the key. */
const OPEN_KEY = '{{unknown}}';

/** The kinds of objects that reports hold, in order. */
export const REPORTED_KINDS = [
  'Namespace',
  'Service',
  'Gateway',
  'GatewayClass',
  'Workload',
  'ServiceEntry',
  'WorkloadEntry',
  'AuthorizationPolicy',
  'RequestAuthentication',
  'PeerAuthentication',
  'Telemetry',
  'WasmPlugin',
  'EnvoyFilter',
  'Route',
  'IstioGateway',
  'VirtualService',
  'DestinationRule',
] as const satisfies readonly ObjectKind[];

type ReportedObject = Extract<ObjectFact, { readonly kind: (typeof REPORTED_KINDS)[number] }>;
type Value = YamlValue | undefined;
interface Map {
  readonly [key: string]: Value;
}

export function objectManifest(object: ReportedObject): YamlValue {
  const { apiVersion, name, namespace, labels, annotations } = object;
  const own = pairs(annotations, (key) => /(?:^|\.)istio\.io\//.test(key));
  return map({
    apiVersion,
    kind: kubernetesKind(object),
    metadata: map({ name: name.value, namespace: stated(namespace), labels: pairs(labels), annotations: own }),
    spec: specOf(object),
  });
}

function kubernetesKind(object: ReportedObject): string {
  if (object.kind === 'Workload') return object.workloadKind;
  if (object.kind === 'Route') return object.routeKind;
  return object.kind === 'IstioGateway' ? 'Gateway' : object.kind;
}

/** The whole `spec` where it may be shown, else as much as is read of it. */
function specOf(object: ReportedObject): Value {
  switch (object.kind) {
    case 'Telemetry':
    case 'WasmPlugin':
    case 'EnvoyFilter':
      return partOf(object);
    case 'Gateway':
    case 'AuthorizationPolicy':
    case 'RequestAuthentication':
    case 'PeerAuthentication':
    case 'Route':
    case 'VirtualService':
    case 'DestinationRule': {
      const { spec } = object;
      return spec === undefined ? undefined : 'value' in spec ? spec.value : partOf(object);
    }
    default:
      return partOf(object, false);
  }
}

/** @param open something in it cannot be read, or is not shown */
function partOf(object: ReportedObject, open = true): Value {
  const part = map({ ...fieldsOf(object), ...(open ? { unknown: UNREADABLE } : {}) });
  return Object.keys(part).length === 0 ? undefined : part;
}

function fieldsOf(object: ReportedObject): Map {
  switch (object.kind) {
    case 'Namespace':
      return {};
    case 'Service':
      return {
        type: stated(object.type),
        clusterIP: stated(object.clusterIP),
        externalName: stated(object.externalName),
        internalTrafficPolicy: stated(object.internalTrafficPolicy),
        selector: stated(object.selector, pairs),
        ports: stated(object.ports, (ports) =>
          ports.map(({ name, port, targetPort, protocol, appProtocol }) =>
            map({
              name: stated(name),
              port: stated(port),
              targetPort: stated(targetPort),
              protocol: stated(protocol),
              appProtocol: stated(appProtocol),
            }),
          ),
        ),
      };
    case 'Gateway':
      return {
        gatewayClassName: stated(object.className),
        infrastructure: map({
          labels: stated(object.infrastructureLabels, pairs),
          annotations: stated(object.infrastructureAnnotations, pairs),
          parametersRef: map({ name: stated(object.parametersRef) }),
        }),
        addresses: stated(object.addresses, (addresses) =>
          addresses.map(({ type, value }) => map({ type: stated(type), value: stated(value) })),
        ),
        listeners: stated(object.listeners, (listeners) =>
          listeners.map(({ name, port, protocol, tls, allowedRoutes }) =>
            map({
              name: stated(name),
              port: stated(port),
              protocol: stated(protocol),
              tls: tls && map({ mode: stated(tls.mode), options: tls.options && pairs(tls.options) }),
              allowedRoutes:
                allowedRoutes &&
                map({
                  namespaces: map({
                    from: stated(allowedRoutes.from),
                    selector: allowedRoutes.selector && selectorJson(allowedRoutes.selector),
                  }),
                }),
            }),
          ),
        ),
      };
    case 'GatewayClass':
      return { controllerName: stated(object.controllerName) };
    case 'Workload':
      return workloadFields(object);
    case 'ServiceEntry':
      return {
        hosts: stated(object.hosts, texts),
        location: stated(object.location),
        resolution: stated(object.resolution),
        workloadSelector: map({ labels: stated(object.workloadSelector, pairs) }),
        endpoints: stated(object.endpoints, (endpoints) =>
          endpoints.map(({ address, network }) => map({ address: stated(address), network: stated(network) })),
        ),
      };
    case 'WorkloadEntry':
      return { labels: pairs(object.endpointLabels), network: stated(object.network) };
    case 'AuthorizationPolicy':
      return {
        ...bindingOf(object),
        action: stated(object.action),
        rules: [{ from: [{ source: { principals: texts(object.principals) } }] }],
      };
    case 'PeerAuthentication':
      return { ...bindingOf(object), mtls: map({ mode: stated(object.mode) }) };
    case 'RequestAuthentication':
    case 'Telemetry':
    case 'WasmPlugin':
      return bindingOf(object);
    case 'EnvoyFilter':
      return {
        workloadSelector: map({ labels: stated(object.selector, pairs) }),
        targetRefs: stated(object.targetRefs, (refs) => refs.map(reference)),
      };
    case 'Route':
      return {
        parentRefs: stated(object.parentRefs, (refs) => refs.map(reference)),
        hostnames: stated(object.hostnames, texts),
        rules: [{ backendRefs: object.backendRefs.map(reference) }],
      };
    case 'IstioGateway':
      return {
        selector: stated(object.selector, pairs),
        servers: stated(object.servers, (servers) =>
          servers.map(({ port, protocol, tlsMode, hosts }) =>
            map({
              port: map({ number: stated(port), protocol: stated(protocol) }),
              tls: map({ mode: stated(tlsMode) }),
              hosts: stated(hosts, texts),
            }),
          ),
        ),
      };
    case 'VirtualService':
      return { hosts: stated(object.hosts, texts), gateways: stated(object.gateways, texts) };
    case 'DestinationRule':
      return {
        host: stated(object.host),
        trafficPolicy: map({
          outlierDetection: object.outlierDetection ? {} : undefined,
          loadBalancer: object.localityLbSetting && { localityLbSetting: { enabled: UNREADABLE } },
        }),
      };
  }
}

function workloadFields({ workloadKind, podLabels, podAnnotations, ...pod }: WorkloadObject): Map {
  const replicas = stated(pod.replicas);
  const spec = { hostNetwork: stated(pod.hostNetwork), serviceAccountName: stated(pod.serviceAccountName) };
  if (workloadKind === 'Pod') return { replicas, ...spec };
  const own = pairs(podAnnotations, (key) => /(?:^|\.)istio\.io\//.test(key));
  const template = map({ metadata: map({ labels: pairs(podLabels), annotations: own }), spec: map(spec) });
  return workloadKind === 'CronJob' ? { jobTemplate: { spec: { template } } } : { replicas, template };
}

function bindingOf({
  selector,
  targetRefs,
}: {
  selector: Field<Labels>;
  targetRefs: Field<readonly TargetRef[]>;
}): Map {
  return {
    selector: selector && map({ matchLabels: stated(selector, pairs) }),
    targetRefs: stated(targetRefs, (refs) => refs.map(reference)),
  };
}

function reference(ref: TargetRef | ObjectReference): YamlValue {
  return map({
    group: stated(ref.group),
    kind: stated(ref.kind),
    name: stated(ref.name),
    namespace: stated(ref.namespace),
    ...('port' in ref ? { port: stated(ref.port), sectionName: stated(ref.sectionName) } : {}),
  });
}

/** A Kubernetes LabelSelector. */
export function selectorJson({ matchLabels, matchExpressions, unknownFields }: Selector): YamlValue {
  return map({
    matchLabels: pairs(matchLabels),
    matchExpressions:
      matchExpressions.length === 0
        ? undefined
        : matchExpressions.map(({ key, operator, values }) =>
            map({ key: stated(key), operator: stated(operator), values: values && texts(values) }),
          ),
    ...Object.fromEntries(unknownFields.map(({ value }) => [value, {}])),
  });
}

/** A field as it is written: left out where nothing states it. */
export function stated<T extends YamlValue>(field: Field<T>): Value;
export function stated<T>(field: Field<T>, write: (value: T) => Value): Value;
export function stated<T>(field: Field<T>, write: (value: T) => Value = (value) => value as YamlValue): Value {
  if (field === undefined) return undefined;
  return 'value' in field ? write(field.value) : UNREADABLE;
}

export function texts(list: readonly Stated<string>[]): YamlValue {
  return list.map((item) => stated(item) ?? UNREADABLE);
}

/** A map of labels; left out where it is not written. */
function pairs({ entries, at, open }: Labels, wanted: (key: string) => boolean = () => true): Value {
  if (at === undefined) return undefined;
  const written = [...entries]
    .filter(([key]) => wanted(key))
    .map(([key, value]): [string, Value] => {
      if (!('value' in value)) return [key, value.notString === 'other' ? {} : UNREADABLE];
      if (value.notString === 'null') return [key, null];
      if (value.notString === 'boolean') return [key, /^(?:true|yes|on|y)$/i.test(value.value)];
      return [key, value.notString === 'number' ? Number(value.value) : value.value];
    });
  return map({ ...Object.fromEntries(written), ...(open ? { [OPEN_KEY]: '' } : {}) });
}

/** A map without what is not stated. */
export function map(fields: Map): { readonly [key: string]: YamlValue } {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}
