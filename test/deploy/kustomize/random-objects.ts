/** Random Kubernetes objects: few names and values, so that they meet each other. */

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonMap = { [key: string]: Json };

/** A source of chance that a seed repeats (mulberry32). */
export class Chance {
  constructor(private state: number) {}

  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  maybe(probability = 0.5): boolean {
    return this.next() < probability;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T;
  }

  some<T>(from: readonly T[], probability = 0.5): T[] {
    return from.filter(() => this.maybe(probability));
  }
}

const NAMES = ['web', 'api', 'db'];
const NAMESPACES = [undefined, undefined, 'shop', 'default'];
const KEYS = ['app', 'tier', 'istio.io/global', 'team'];
const VALUES = ['web', 'true', '1', 'x-y', '', 'null'];

export function pairs(chance: Chance): JsonMap {
  return Object.fromEntries(chance.some(KEYS).map((key) => [key, chance.pick(VALUES)]));
}

function metadata(chance: Chance, name: string, cluster = false): JsonMap {
  const namespace = cluster ? undefined : chance.pick(NAMESPACES);
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(chance.maybe() ? { labels: pairs(chance) } : {}),
    ...(chance.maybe(0.4) ? { annotations: pairs(chance) } : {}),
    ...(chance.maybe(0.05) ? { finalizers: chance.some(['a', 'b', 'c']) } : {}),
  };
}

function container(chance: Chance, name: string): JsonMap {
  const env = chance.some(['A', 'B', 'C']).map((key): JsonMap => {
    if (chance.maybe(0.3)) {
      return {
        name: key,
        valueFrom: { configMapKeyRef: { name: chance.pick([...NAMES, 'settings', 'g0', 'g1', 'h0']), key: 'k' } },
      };
    }
    return { name: key, value: chance.pick([...VALUES, '$(VAR)', 'x-$(VAR)-$$', '$(OTHER)']) };
  });
  return {
    name,
    image: chance.pick(['nginx', 'nginx:1.2', 'reg.io:5000/nginx@sha256:abc', 'reg.io/app/api:v1', 'busybox']),
    ...(chance.maybe() ? { env } : {}),
    ...(chance.maybe() ? { args: chance.some(['--a', '--b=$(VAR)', '5']) } : {}),
    ...(chance.maybe() ? { ports: containerPorts(chance) } : {}),
    ...(chance.maybe(0.3)
      ? { volumeMounts: chance.some(['/a', '/b']).map((mountPath) => ({ mountPath, name: chance.pick(['v', 'w']) })) }
      : {}),
    ...(chance.maybe(0.3) ? { resources: { limits: { cpu: chance.pick([1, '100m', 0.5]) } } } : {}),
  };
}

function containerPorts(chance: Chance): JsonMap[] {
  return chance.some([80, 8080, 15008]).map((containerPort) => ({
    containerPort,
    ...(chance.maybe(0.3) ? { protocol: chance.pick(['TCP', 'UDP']) } : {}),
    ...(chance.maybe() ? { name: `p${containerPort}` } : {}),
  }));
}

function podSpec(chance: Chance): JsonMap {
  const configMap = () => chance.pick([...NAMES, 'settings', 'g0', 'g1', 'h0']);
  return {
    containers: chance.some(['main', 'side', 'proxy'], 0.6).map((name) => container(chance, name)),
    ...(chance.maybe(0.2) ? { initContainers: [container(chance, 'init')] } : {}),
    ...(chance.maybe(0.4) ? { serviceAccountName: chance.pick(NAMES) } : {}),
    ...(chance.maybe(0.4)
      ? { volumes: chance.some(['v', 'w']).map((name) => ({ name, configMap: { name: configMap() } })) }
      : {}),
    ...(chance.maybe(0.2) ? { imagePullSecrets: chance.some(NAMES).map((name) => ({ name })) } : {}),
    ...(chance.maybe(0.2) ? { tolerations: [{ key: 'a', operator: 'Exists' }] } : {}),
    ...(chance.maybe(0.1) ? { hostAliases: [{ ip: '1.1.1.1', hostnames: ['a'] }] } : {}),
    ...(chance.maybe(0.1)
      ? { topologySpreadConstraints: [{ topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', maxSkew: 1 }] }
      : {}),
  };
}

function template(chance: Chance): JsonMap {
  return { ...(chance.maybe(0.8) ? { metadata: { labels: pairs(chance) } } : {}), spec: podSpec(chance) };
}

function workload(chance: Chance, apiVersion: string, kind: string, name: string): JsonMap {
  return {
    apiVersion,
    kind,
    metadata: metadata(chance, name),
    spec: {
      ...(chance.maybe(0.3) ? { replicas: chance.below(3) } : {}),
      ...(chance.maybe(0.8) ? { selector: { matchLabels: pairs(chance) } } : {}),
      ...(kind === 'StatefulSet' && chance.maybe() ? { serviceName: chance.pick(NAMES) } : {}),
      template: template(chance),
    },
  };
}

type Maker = (chance: Chance, name: string) => JsonMap;

const MAKERS: readonly Maker[] = [
  (chance, name) => workload(chance, 'apps/v1', 'Deployment', name),
  (chance, name) => workload(chance, 'apps/v1', 'Deployment', name),
  (chance, name) => workload(chance, 'apps/v1', 'StatefulSet', name),
  (chance, name) => ({ apiVersion: 'v1', kind: 'Pod', metadata: metadata(chance, name), spec: podSpec(chance) }),
  (chance, name) => ({
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: metadata(chance, name),
    spec: { schedule: '* * * * *', jobTemplate: { spec: { template: template(chance) } } },
  }),
  (chance, name) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadata(chance, name),
    spec: {
      ...(chance.maybe(0.8) ? { selector: pairs(chance) } : {}),
      ports: chance.some([80, 443, 15008], 0.6).map((port) => ({
        port,
        ...(chance.maybe(0.4) ? { protocol: chance.pick(['TCP', 'UDP']) } : {}),
        ...(chance.maybe() ? { name: `p${port}` } : {}),
        ...(chance.maybe(0.4) ? { targetPort: chance.pick([8080, 'http']) } : {}),
      })),
    },
  }),
  (chance, name) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: metadata(chance, chance.maybe(0.1) ? 'settings' : name),
    data: {
      network: chance.pick(['network1', 'n-2', '5']),
      ...(chance.maybe() ? { list: 'a,b,c' } : {}),
      ...(chance.maybe(0.3) ? { json: '{"a": {"b": 1}, "list": ["x"]}' } : {}),
    },
  }),
  (chance, name) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: metadata(chance, chance.maybe(0.2) ? 'shop' : name, true),
  }),
  (chance, name) => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: metadata(chance, name) }),
  (chance, name) => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: chance.pick(['RoleBinding', 'ClusterRoleBinding']),
    metadata: metadata(chance, name),
    roleRef: {
      apiGroup: 'rbac.authorization.k8s.io',
      kind: chance.pick(['Role', 'ClusterRole']),
      name: chance.pick(NAMES),
    },
    subjects: chance.some(['default', ...NAMES]).map((subject) => ({
      kind: 'ServiceAccount',
      name: subject,
      ...(chance.maybe() ? { namespace: chance.pick(['shop', 'default', 'other']) } : {}),
    })),
  }),
  (chance, name) => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: chance.pick(['Role', 'ClusterRole']),
    metadata: metadata(chance, name),
    rules: [{ apiGroups: ['apps'], resources: ['configmaps'], verbs: ['get'], resourceNames: chance.some(NAMES) }],
  }),
  (chance, name) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: metadata(chance, name),
    spec: {
      tls: [{ hosts: ['h'], secretName: chance.pick(NAMES) }],
      rules: [
        { http: { paths: [{ path: '/', backend: { service: { name: chance.pick(NAMES), port: { number: 80 } } } }] } },
      ],
    },
  }),
  (chance, name) => ({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: metadata(chance, name),
    spec: {
      gatewayClassName: chance.pick(['istio-waypoint', 'istio-east-west']),
      listeners: chance
        .some(['mesh', 'http'], 0.7)
        .map((listener) => ({ name: listener, port: chance.pick([80, 15008]), protocol: 'HBONE' })),
      ...(chance.maybe(0.3) ? { infrastructure: { labels: pairs(chance), parametersRef: null } } : {}),
    },
  }),
  (chance, name) => ({
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: metadata(chance, name),
    spec: {
      hosts: chance.some(['a.example', 'b.example'], 0.7),
      endpoints: [{ address: '1.1.1.1', network: 'n1', labels: pairs(chance) }],
      template: { apiVersion: 'v1', kind: 'Pod', spec: { containers: [container(chance, 'main')] } },
    },
  }),
  (chance, name) => ({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: chance.pick(['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration']),
    metadata: metadata(chance, name, true),
    webhooks: chance.some(['a.example', 'b.example'], 0.7).map((webhook) => ({
      name: webhook,
      clientConfig: { service: { name: chance.pick(NAMES), namespace: chance.pick(['shop', 'default']), path: '/x' } },
    })),
  }),
  (chance, name) => ({
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: metadata(chance, name),
    spec: {
      scaleTargetRef: {
        apiVersion: 'apps/v1',
        kind: chance.pick(['Deployment', 'StatefulSet']),
        name: chance.pick(NAMES),
      },
      maxReplicas: 3,
    },
  }),
  (chance, name) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: metadata(chance, name),
    spec: {
      podSelector: { matchLabels: pairs(chance) },
      ingress: [{ from: [{ podSelector: { matchLabels: pairs(chance) } }] }],
    },
  }),
  (chance, name) => ({
    apiVersion: 'example.com/v1',
    kind: 'Widget',
    metadata: metadata(chance, name),
    spec: {
      config: { name: chance.pick([...NAMES, 'settings', 'g0', 'g1']) },
      parts: { service: { called: chance.pick(NAMES) }, labels: pairs(chance) },
      ...(chance.maybe(0.3) ? { title: 'a' } : {}),
    },
  }),
];

/** A few objects, most of them of different ids. */
export function randomObjects(chance: Chance, most: number, suffix = ''): JsonMap[] {
  const objects: JsonMap[] = [];
  const count = 1 + chance.below(most);
  for (let i = 0; i < count; i++)
    objects.push(chance.pick(MAKERS)(chance, chance.pick(NAMES) + (chance.maybe(0.9) ? suffix : '')));
  const seen = new Set<string>();
  return objects.filter((object) => {
    const { name, namespace = 'default' } = object.metadata as JsonMap;
    const id = [object.apiVersion, object.kind, name, namespace].join(' ');
    const isNew = !seen.has(id);
    seen.add(id);
    return isNew || chance.maybe(0.02);
  });
}
