import assert from 'node:assert/strict';
import { showPath } from '../../server/src/base/path.ts';
import { isKnown, isUnknown } from '../../server/src/facts/field.ts';
import { factsOf, objectOf } from './read-facts.ts';

describe('objects', () => {
  describe('metadata', () => {
    it('is read with an anchor for every label', () => {
      const namespace = objectOf(
        'Namespace',
        `apiVersion: v1
kind: Namespace
metadata:
  name: istio-system
  labels: {topology.istio.io/network: east}
  annotations: {a: b}
`,
      );
      assert.equal(namespace.name.value, 'istio-system');
      assert.equal(namespace.namespace, undefined);
      const label = namespace.labels.entries.get('topology.istio.io/network');
      assert.ok(label !== undefined && 'value' in label);
      assert.equal(label.value, 'east');
      assert.equal(showPath(label.at.path), '/metadata/labels/topology.istio.io~1network');
      assert.equal(namespace.annotations.entries.size, 1);
    });

    it('notices label values that YAML made something else than strings', () => {
      const { labels } = objectOf(
        'Namespace',
        `apiVersion: v1
kind: Namespace
metadata:
  name: a
  labels: {bool: true, yes: yes, number: 12, nothing: , quoted: "true", list: [x]}
`,
      );
      const notString = [...labels.entries].map(([key, value]) => [key, value.notString]);
      assert.deepEqual(notString, [
        ['bool', 'boolean'],
        ['yes', 'boolean'],
        ['number', 'number'],
        ['nothing', 'null'],
        ['quoted', undefined],
        ['list', 'other'],
      ]);
    });

    it('calls placeholders and templates unknown, and templated maps open', () => {
      const values = objectOf(
        'Namespace',
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: a, labels: {x: $NETWORK, y: '{{ y }}'}}\n",
      );
      const reasons = [...values.labels.entries.values()].map((value) => 'unknown' in value && value.unknown);
      assert.deepEqual(reasons, ['placeholder', 'template']);
      assert.equal(values.labels.open, false);
      const map = objectOf(
        'Namespace',
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: a, labels: '{{ item.labels }}'}\n",
      );
      assert.equal(map.labels.open, true);
      const key = objectOf(
        'Namespace',
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: a, labels: {'{{ key }}': x}}\n",
      );
      assert.equal(key.labels.open, true);
      assert.equal(key.labels.entries.size, 0);
    });

    it('without a literal name gives no object', () => {
      for (const name of ["'{{ .Values.name }}'", '', '12', '$NAME', '[a]']) {
        assert.deepEqual(factsOf(`apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\n`).objects, [], name);
      }
    });

    it('takes hostile keys for ordinary ones', () => {
      const { labels } = objectOf(
        'Namespace',
        'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: constructor\n  labels: {__proto__: x, constructor: y, toString: z}\n',
      );
      assert.deepEqual([...labels.entries.keys()], ['__proto__', 'constructor', 'toString']);
      assert.deepEqual(factsOf('apiVersion: v1\nkind: constructor\nmetadata: {name: a}\n').objects, []);
      assert.deepEqual(factsOf('__proto__: {apiVersion: v1, kind: Service}\nconstructor: 1\n').objects, []);
    });
  });

  it('reads a Service', () => {
    const service = objectOf(
      'Service',
      `apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  type: ExternalName
  externalName: web.example.com
  clusterIP: None
  internalTrafficPolicy: Local
  selector: {app: web}
  ports:
    - {name: http, port: 80, targetPort: web, protocol: TCP, appProtocol: http2}
    - {port: "{{ port }}", targetPort: 8080}
    - {port: "80"}
`,
    );
    assert.deepEqual(service.namespace && 'value' in service.namespace && service.namespace.value, 'shop');
    assert.ok(service.ports !== undefined && 'value' in service.ports);
    const [first, second, third] = service.ports.value;
    assert.ok(first?.port && 'value' in first.port && first.port.value === 80);
    assert.ok(first.targetPort && 'value' in first.targetPort && first.targetPort.value === 'web');
    assert.ok(second?.port && 'unknown' in second.port && second.port.unknown === 'template');
    assert.ok(third?.port && 'unknown' in third.port && third.port.unknown === 'wrong-type');
    assert.equal(showPath(first.at.path), '/spec/ports/0');
    assert.ok(service.selector && 'value' in service.selector && service.selector.value.entries.has('app'));
  });

  it('tells wrong types and missing sections apart', () => {
    const wrong = objectOf(
      'Service',
      'apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {type: [x], ports: 80, selector: x}\n',
    );
    for (const field of [wrong.type, wrong.ports, wrong.selector]) {
      assert.ok(field !== undefined && 'unknown' in field);
      assert.equal(field.unknown, 'wrong-type');
    }
    const noMap = objectOf('Service', 'apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: [not, a, map]\n');
    for (const field of [noMap.type, noMap.ports, noMap.selector]) {
      assert.ok(field !== undefined && 'unknown' in field);
      assert.equal(field.unknown, 'wrong-type');
    }
    const missing = objectOf('Service', 'apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: null\n');
    assert.deepEqual([missing.type, missing.ports, missing.selector], [undefined, undefined, undefined]);
    const template = objectOf('Service', "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: '{{ spec }}'\n");
    assert.ok(template.ports && 'unknown' in template.ports && template.ports.unknown === 'template');
  });

  describe('Gateway', () => {
    const gateway = `kind: Gateway
metadata: {name: eastwest, namespace: istio-system}
spec:
  gatewayClassName: istio-east-west
  infrastructure: {labels: {}, parametersRef: {name: options}}
  addresses: [{type: IPAddress, value: 10.0.0.1}]
  listeners:
    - name: mesh
      port: 15008
      protocol: HBONE
      tls: {mode: Terminate, options: {gateway.istio.io/tls-terminate-mode: ISTIO_MUTUAL}, certificateRefs: []}
      allowedRoutes:
        namespaces:
          from: Selector
          selector: {matchExpressions: [{key: env, operator: In, values: [prod]}], matchlabels: {}}
`;

    it('is read with listeners, TLS and allowed routes', () => {
      const read = objectOf('Gateway', `apiVersion: gateway.networking.k8s.io/v1\n${gateway}`);
      assert.ok(read.className && 'value' in read.className && read.className.value === 'istio-east-west');
      assert.ok(read.infrastructureLabels && 'value' in read.infrastructureLabels);
      assert.equal(read.infrastructureLabels.value.entries.size, 0);
      assert.equal(read.infrastructureAnnotations, undefined);
      assert.ok(read.listeners && 'value' in read.listeners);
      const listener = read.listeners.value[0];
      assert.ok(listener?.tls?.certificateRefs && 'value' in listener.tls.certificateRefs);
      assert.equal(listener.tls.certificateRefs.value, 0);
      assert.equal(listener.tls.options?.entries.size, 1);
      const selector = listener.allowedRoutes?.selector;
      assert.deepEqual(
        selector?.matchExpressions[0]?.values?.map((value) => 'value' in value && value.value),
        ['prod'],
      );
      assert.deepEqual(
        selector?.unknownFields.map(({ value }) => value),
        ['matchlabels'],
      );
    });

    it('of networking.istio.io is another kind', () => {
      const { objects } = factsOf(`apiVersion: networking.istio.io/v1\n${gateway}`);
      assert.deepEqual(
        objects.map(({ kind }) => kind),
        ['IstioGateway'],
      );
    });

    it('has a class of its own kind', () => {
      const gatewayClass = objectOf(
        'GatewayClass',
        'apiVersion: gateway.networking.k8s.io/v1beta1\nkind: GatewayClass\nmetadata: {name: w}\nspec: {controllerName: istio.io/mesh-controller}\n',
      );
      assert.ok(gatewayClass.controllerName && 'value' in gatewayClass.controllerName);
    });
  });

  it('reads workloads of every kind by their pods', () => {
    const pod = 'metadata: {labels: {app: x}}, spec: {hostNetwork: true, serviceAccountName: sa}';
    const specs: [string, string, string][] = [
      ['apps/v1', 'Deployment', `spec: {replicas: 0, template: {${pod}}}`],
      ['apps/v1', 'StatefulSet', `spec: {template: {${pod}}}`],
      ['apps/v1', 'DaemonSet', `spec: {template: {${pod}}}`],
      ['batch/v1', 'Job', `spec: {template: {${pod}}}`],
      ['batch/v1', 'CronJob', `spec: {jobTemplate: {spec: {template: {${pod}}}}}`],
    ];
    for (const [apiVersion, kind, spec] of specs) {
      const workload = objectOf('Workload', `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: a}\n${spec}\n`);
      assert.equal(workload.workloadKind, kind);
      assert.ok(workload.podLabels.entries.has('app'), kind);
      assert.ok(workload.hostNetwork && 'value' in workload.hostNetwork && workload.hostNetwork.value, kind);
      assert.ok(workload.serviceAccountName, kind);
    }
    const single = objectOf(
      'Workload',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: {app: y}}\nspec: {hostNetwork: false}\n',
    );
    assert.ok(single.podLabels.entries.has('app'));
  });

  it('reads ServiceEntries and AuthorizationPolicies of every version', () => {
    const entry = objectOf(
      'ServiceEntry',
      `apiVersion: networking.istio.io/v1beta1
kind: ServiceEntry
metadata: {name: a}
spec: {hosts: [a.example, "{{ x }}"], location: MESH_INTERNAL, resolution: DNS, workloadSelector: {labels: {a: b}}, endpoints: [{address: 1.2.3.4, network: n}]}
`,
    );
    assert.ok(entry.hosts && 'value' in entry.hosts);
    assert.deepEqual(
      entry.hosts.value.map((host) => 'value' in host),
      [true, false],
    );
    assert.ok(entry.workloadSelector && 'value' in entry.workloadSelector);
    assert.deepEqual([...entry.workloadSelector.value.entries.keys()], ['a']);
    assert.ok(entry.location && 'value' in entry.location);
    const policy = objectOf(
      'AuthorizationPolicy',
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: a}
spec: {action: DENY, targetRef: {kind: Service, group: "", name: web}}
`,
    );
    assert.ok(policy.targetRefs && 'value' in policy.targetRefs && policy.targetRefs.value.length === 1);
  });

  it('reads policies with what they are attached to and their whole text', () => {
    const policy = objectOf(
      'RequestAuthentication',
      `apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: a}
spec: {targetRefs: [{kind: Gateway, name: w}], jwtRules: [{issuer: x, "__proto__": z}]}
`,
    );
    assert.ok(policy.spec && 'value' in policy.spec);
    assert.equal(
      JSON.stringify(policy.spec.value),
      '{"targetRefs":[{"kind":"Gateway","name":"w"}],"jwtRules":[{"issuer":"x","__proto__":"z"}]}',
    );
    const filter = objectOf(
      'EnvoyFilter',
      'apiVersion: networking.istio.io/v1alpha3\nkind: EnvoyFilter\nmetadata: {name: a}\nspec: {workloadSelector: {labels: {a: "$X"}}}\n',
    );
    assert.ok(filter.selector && 'value' in filter.selector);
    assert.ok(filter.spec && 'unknown' in filter.spec && filter.spec.unknown === 'placeholder');
  });

  it('reads routes of every kind', () => {
    const route = objectOf(
      'Route',
      `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: a}
spec:
  parentRefs: [{group: "", kind: Service, name: web, port: 80}]
  rules: [{backendRefs: [{name: web-v1, port: 80}]}, {}, {backendRefs: [{name: web-v2, namespace: other}]}]
`,
    );
    assert.equal(route.routeKind, 'HTTPRoute');
    assert.ok(route.parentRefs && 'value' in route.parentRefs && route.parentRefs.value.length === 1);
    assert.deepEqual(
      route.backendRefs.map(({ name }) => name && 'value' in name && name.value),
      ['web-v1', 'web-v2'],
    );
  });

  it("tells Istio's Gateway from that of the Gateway API", () => {
    const gateway = objectOf(
      'IstioGateway',
      `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: a}
spec: {selector: {istio: ew}, servers: [{port: {number: 15443, protocol: TLS}, tls: {mode: AUTO_PASSTHROUGH}, hosts: ["*.local"]}]}
`,
    );
    assert.ok(gateway.servers && 'value' in gateway.servers);
    const [server] = gateway.servers.value;
    assert.ok(server?.tlsMode && 'value' in server.tlsMode && server.tlsMode.value === 'AUTO_PASSTHROUGH');
    const rule = objectOf(
      'DestinationRule',
      'apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: a}\nspec: {host: a, trafficPolicy: {outlierDetection: {}, loadBalancer: {localityLbSetting: {enabled: true}}}}\n',
    );
    assert.ok(rule.outlierDetection && rule.localityLbSetting !== undefined);
  });

  describe('Secret', () => {
    it('gives its key names and nothing of its values', () => {
      const text = `apiVersion: v1
kind: Secret
metadata: {name: istio-remote-secret-west, labels: {istio/multiCluster: "true"}}
stringData:
  west: c2VjcmV0LXZhbHVl
`;
      const secret = objectOf('Secret', text);
      assert.deepEqual(
        secret.keys.map(({ value }) => value),
        ['west'],
      );
      assert.equal(secret.encrypted, false);
      assert.ok(!JSON.stringify(secret.keys.map(({ value }) => value)).includes('c2VjcmV0'));
      assert.equal(secret.keys[0]?.at.part, 'key');
    });

    it('encrypted by SOPS is encrypted; other encrypted objects are no facts', () => {
      const sops = 'sops: {version: 3.8.1}\n';
      assert.equal(
        objectOf('Secret', `apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {k: 'ENC[AES]'}\n${sops}`)
          .encrypted,
        true,
      );
      const service = factsOf(`apiVersion: v1\nkind: Service\nmetadata: {name: a}\n${sops}`);
      assert.deepEqual([service.objects, service.encrypted], [[], true]);
    });
  });

  it('reads what a ConfigMap lays over the Service of a Gateway', () => {
    const overlayOf = (data: string) =>
      objectOf('ConfigMap', `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: ${data}\n`).serviceOverlay;
    const overlay = overlayOf("{service: '{spec: {type: NodePort, externalIPs: [203.0.113.7]}}'}");
    assert.ok(isKnown(overlay) && isKnown(overlay.value.type));
    assert.deepEqual([overlay.value.type.value, overlay.value.externalIPs], ['NodePort', true]);
    assert.equal(showPath(overlay.value.type.at.path), '/data/service//spec/type');
    assert.equal(overlayOf('{deployment: x}'), undefined);
    assert.ok(isUnknown(overlayOf("{service: '{{ service }}'}")));
    assert.ok(isUnknown(overlayOf("{service: '[]'}")));
  });

  describe('lists', () => {
    it('are unfolded, with anchors inside', () => {
      const { objects } = factsOf(`apiVersion: v1
kind: List
items:
  - {apiVersion: v1, kind: Namespace, metadata: {name: a}}
  - {apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: Service, metadata: {name: b}}]}
  - null
`);
      assert.deepEqual(
        objects.map(({ kind, name, at }) => [kind, name.value, showPath(at.path)]),
        [
          ['Namespace', 'a', '/items/0'],
          ['Service', 'b', '/items/1/items/0'],
        ],
      );
    });

    it('of one kind need not repeat it', () => {
      const { objects } = factsOf('apiVersion: v1\nkind: ServiceList\nitems: [{metadata: {name: a}}]\n');
      assert.deepEqual(
        objects.map(({ kind }) => kind),
        ['Service'],
      );
    });
  });

  it('leaves what belongs to other tools to them', () => {
    const foreign: [string, string, string?][] = [
      ['kustomization', 'resources: [a.yaml]\n', 'base/kustomization.yaml'],
      ['kustomization', 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n'],
      ['argo-cd', 'apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: a}\n'],
      ['flux', 'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: a}\n'],
      ['crossplane', 'apiVersion: kubernetes.crossplane.io/v1alpha1\nkind: Object\n'],
      [
        'ansible',
        '- name: x\n  kubernetes.core.k8s: {definition: {apiVersion: v1, kind: Service, metadata: {name: a}}}\n',
      ],
      ['other-tool', 'releases: [{name: istiod, chart: istio/istiod}]\n', 'helmfile.yaml'],
    ];
    for (const [tool, text, file] of foreign) {
      const facts = factsOf(text, file);
      assert.equal(facts.foreign, tool, text);
      assert.deepEqual([facts.objects, facts.install], [[], []]);
    }
    assert.equal(
      factsOf('apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: {name: a}\n').foreign,
      undefined,
    );
    assert.deepEqual(factsOf('apiVersion: v1\nkind: Config\nclusters: [{name: a}]\n').objects, []);
  });
});
