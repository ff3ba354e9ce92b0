/** Secrets in all the forms in which manifests hold them, and the test that no part of one is in a text. */
import assert from 'node:assert/strict';
import fc from 'fast-check';

/** Text that occurs nowhere by chance. */
const secret = fc.stringMatching(/^[A-Za-z0-9]{20,40}$/);

export interface Secrets {
  readonly host: string;
  readonly token: string;
  readonly user: string;
  readonly privateKey: string;
  readonly certificate: string;
  readonly other: string;
}
export const secrets: fc.Arbitrary<Secrets> = fc.record({
  host: secret,
  token: secret,
  user: secret,
  privateKey: secret,
  certificate: secret,
  other: secret,
});

export interface Shape {
  readonly base64: boolean;
  readonly label: string;
  readonly namespace: string;
  readonly key: string;
  readonly server: string;
  readonly provider: boolean;
}
export const shape: fc.Arbitrary<Shape> = fc.record({
  base64: fc.boolean(),
  label: fc.constantFrom('"true"', 'true', '"yes"'),
  namespace: fc.constantFrom('istio-system', 'default'),
  key: fc.constantFrom('east', 'west', 'south'),
  server: fc.constantFrom('https://127.0.0.1/', 'https://kubernetes.default.svc/', 'https://', 'https://api.svc/'),
  provider: fc.boolean(),
});

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

function kubeconfig({ host, token, user }: Secrets, { server, provider }: Shape): string {
  const auth = provider
    ? `auth-provider: { name: ${user}, config: { token: ${token} } }\n    exec: { command: ${user} }`
    : `token: ${token}\n    client-key: /${user}`;
  return `apiVersion: v1
kind: Config
current-context: ${user}
clusters:
- name: ${host}
  cluster: { server: '${server}${host}' }
contexts:
- name: ${user}
  context: { cluster: ${host}, user: ${user} }
users:
- name: ${user}
  user:
    ${auth}
`;
}

function pem(kind: string, body: string): string {
  return `-----BEGIN ${kind}-----\n${base64(body)}\n-----END ${kind}-----\n`;
}

function section(values: Readonly<Record<string, string>>, asBase64: boolean): string {
  const lines = Object.entries(values).map(
    ([key, text]) => `  ${key}: ${JSON.stringify(asBase64 ? base64(text) : text)}`,
  );
  return `${asBase64 ? 'data' : 'stringData'}:\n${lines.join('\n')}\n`;
}

/** @param sealed whether there is a SealedSecret too: what is in it is encrypted, and shown where an object is shown as it is */
export function manifests(values: Secrets, form: Shape, sealed = true): string {
  const remote = `apiVersion: v1
kind: Secret
metadata:
  name: istio-remote-secret-east
  namespace: ${form.namespace}
  labels: { istio/multiCluster: ${form.label} }
  annotations: { networking.istio.io/cluster: east }
${section({ [form.key]: kubeconfig(values, form) }, form.base64)}`;
  const ca = `apiVersion: v1
kind: Secret
metadata: { name: cacerts, namespace: istio-system }
${section(
  {
    'ca-key.pem': pem('PRIVATE KEY', values.privateKey),
    'root-cert.pem': pem('CERTIFICATE', values.certificate),
    'cert-chain.pem': values.certificate,
  },
  form.base64,
)}`;
  const other = `apiVersion: v1\nkind: Secret\nmetadata: { name: other, namespace: shop }\n${section({ key: values.other }, form.base64)}`;
  const sealedSecret = `apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata: { name: sealed, namespace: istio-system }
spec: { encryptedData: { west: ${values.other} }, template: { metadata: { labels: { istio/multiCluster: "true" } } } }
`;
  return [remote, ca, other, ...(sealed ? [sealedSecret] : [])].join('---\n');
}

/** The values of a text's base64 lines, in pieces: a part of one is as bad as the whole. */
function encodedPieces(manifest: string): readonly string[] {
  return [...manifest.matchAll(/"([A-Za-z0-9+/=]{24,})"/g)].flatMap(([, value = '']) => value.match(/.{16}/g) ?? []);
}

function around(text: string, piece: string): string {
  const at = text.indexOf(piece);
  return text.slice(Math.max(0, at - 120), at + 40);
}

export function assertNone(values: Secrets, manifest: string, where: string, text: string): void {
  for (const piece of encodedPieces(manifest))
    assert.ok(!text.includes(piece), `${where} holds base64 of a value: ${around(text, piece)}`);
  for (const [name, value] of Object.entries(values) as [string, string][]) {
    const [all, part] = [text.toLowerCase(), value.toLowerCase()];
    assert.ok(!all.includes(part), `${where} holds ${name}: ${around(all, part)}`);
  }
}

/**
 * A kustomization that makes Secrets in every way, and copies what they hold to where it would be told: labels, JSON in texts, parts of
 * texts, variables; and a policy and a ManifestWork that carry a Secret.
 */
export function secretOverlay({ other, token, user, host }: Secrets): Readonly<Record<string, string>> {
  const copy = (name: string, field: string, targets: string, kind = 'Secret'): string =>
    `  - { source: { kind: ${kind}, name: ${name}, fieldPath: ${field} }, targets: [${targets}] }\n`;
  const into = (kind: string, name: string, field: string, options: string): string =>
    `{ select: { kind: ${kind}, name: ${name} }, fieldPaths: ['${field}'], options: { ${options} } }`;
  return {
    'kustomization.yaml': `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [plain.yaml, shop.yaml, carried.yaml]
generators: [generator.yaml]
secretGenerator:
  - name: made
    namespace: shop
    literals: ["password=${other}"]
patches:
  - patch: |-
      apiVersion: v1
      kind: Secret
      metadata: { name: plain, namespace: shop }
      stringData: { token: "${token}" }
vars:
  - { name: VALUE, objref: { apiVersion: v1, kind: Secret, name: plain, namespace: shop }, fieldref: { fieldPath: stringData.a } }
  - name: CARRIED
    objref: { apiVersion: work.open-cluster-management.io/v1, kind: ManifestWork, name: work, namespace: west }
    fieldref: { fieldPath: "spec.workload.manifests[0].stringData.x" }
configurations: [variables.yaml]
replacements:
${copy('plain', 'stringData.token', into('Namespace', 'shop', 'metadata.labels.[istio.io/use-waypoint]', 'create: true'))}\
${copy('plain', 'stringData.token', into('Service', 'web', 'metadata.name', ''))}\
${copy('plain', 'stringData.a', into('Namespace', 'istio-system', 'metadata.labels.[topology.istio.io/network]', 'create: true'))}\
${copy('plain', 'stringData.a', into('ConfigMap', 'settings', 'data.json.a.b', ''))}\
${copy('plain', 'stringData.token', into('ConfigMap', 'settings', 'data.parts', 'delimiter: ":", index: 0'))}\
${copy('plain', 'stringData.mesh', into('ConfigMap', 'istio', 'data.mesh', ''))}\
${copy('work', 'spec.workload.manifests.0.stringData.x', into('Service', 'web', 'metadata.labels.[istio.io/use-waypoint]', 'create: true'), 'ManifestWork')}\
${copy('generated', 'data.key', into('ConfigMap', 'settings', 'data.generated', 'create: true'))}\
  - source: { kind: ConfigMap, name: settings, fieldPath: data.public }
    targets: [${into('ConfigMap', 'settings', 'data.parts', 'delimiter: ":", index: 1')}]
  - source: { kind: ConfigMap, name: settings, fieldPath: data.parts }
    targets: [${into('Namespace', 'shop', 'metadata.labels.[istio.io/global]', 'create: true')}]
`,
    'plain.yaml': `apiVersion: v1\nkind: Secret\nmetadata: { name: plain, namespace: shop }\nstringData: { a: "${other}", mesh: "trustDomain: ${user}" }\n`,
    'shop.yaml': `apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio.io/dataplane-mode: ambient } }
---
apiVersion: v1
kind: Namespace
metadata: { name: istio-system }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: settings, namespace: shop }
data: { json: '{"a":{"b":"x"}}', parts: "x:y", public: z, variable: "$(VALUE) $(CARRIED)" }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: istio, namespace: istio-system }
data: { mesh: x }
`,
    'variables.yaml': 'varReference: [{ path: data/variable, kind: ConfigMap }]\n',
    'generator.yaml': `apiVersion: builtin
kind: SecretGenerator
metadata: { name: generated, namespace: shop }
literals: ["key=${user}"]
options: { disableNameSuffixHash: true }
`,
    'carried.yaml': `apiVersion: policy.open-cluster-management.io/v1
kind: Policy
metadata: { name: carrier, namespace: shop }
spec:
  policy-templates:
    - objectDefinition:
        apiVersion: policy.open-cluster-management.io/v1
        kind: ConfigurationPolicy
        metadata: { name: inner }
        spec:
          object-templates:
            - complianceType: musthave
              objectDefinition: { apiVersion: v1, kind: Secret, metadata: { name: s }, stringData: { x: "${host}" } }
---
apiVersion: work.open-cluster-management.io/v1
kind: ManifestWork
metadata: { name: work, namespace: west }
spec: { workload: { manifests: [{ apiVersion: v1, kind: Secret, metadata: { name: t }, stringData: { x: "${host}" } }] } }
`,
  };
}
