/** What Secrets give: keys, and what tells whether istiod can use them. */
import assert from 'node:assert/strict';
import type { DocumentId } from '../../server/src/base/anchor.ts';
import { extractFacts } from '../../server/src/facts/extract.ts';
import { readKubeconfig } from '../../server/src/facts/objects/kubeconfig.ts';
import { rootDigests } from '../../server/src/facts/objects/root-certificates.ts';
import type { SecretObject } from '../../server/src/facts/objects.ts';
import { parseDocument } from '../../server/src/yaml/parse.ts';

function secretOf(text: string): SecretObject {
  const { root } = parseDocument(text);
  assert.ok(root);
  const [object] = extractFacts(1 as DocumentId, root, 'a.yaml').objects;
  assert.ok(object?.kind === 'Secret');
  return object;
}

function keysOf({ keys }: SecretObject): readonly string[] {
  return keys.map(({ value }) => value);
}

describe('kubeconfigs', () => {
  const servers: readonly (readonly [string, string])[] = [
    ['https://127.0.0.1:41221', 'loopback'],
    ['https://localhost', 'loopback'],
    ['https://0.0.0.0:6443', 'loopback'],
    ['https://[::1]:6443', 'loopback'],
    ['127.0.0.1:6443', 'loopback'],
    ['https://kubernetes.default.svc', 'own-cluster'],
    ['https://kubernetes.default.svc.cluster.local:443', 'own-cluster'],
    ['https://east.vclusters.svc', 'service'],
    ['https://east.example.com', 'other'],
    ['https://svc.example.com/.svc', 'other'],
    ['https://localhost.example.com', 'other'],
    ['https://10.0.0.1', 'other'],
    [`\${SERVER}`, 'unknown'],
    ['', 'unknown'],
    ['https://CHANGE_ME:6443', 'unknown'],
    ['https://API_SERVER', 'unknown'],
    ['SERVER', 'unknown'],
    ['https://your-api-server:6443', 'unknown'],
    ['https://x.x.x.x:6443', 'unknown'],
    ['https://10.0.0.xxx', 'unknown'],
    ['https://example.com', 'unknown'],
    ['https://203.0.113.7:6443', 'unknown'],
    ['https://ranch.example.com/k8s/clusters/CLUSTER_ID', 'unknown'],
    ['https://API.EAST.EXAMPLE.COM', 'other'],
    ['https://exchange-1.example.com', 'other'],
  ];
  for (const [server, kind] of servers) {
    it(`has a server of kind ${kind} at ${server || 'no address'}`, () => {
      const text = `clusters: [{name: a, cluster: {server: "${server}"}}]\n`;
      assert.equal(readKubeconfig(text).server, kind);
    });
  }

  it('have one address however it is written, and another one by another path', () => {
    const digestOf = (server: string, user = '{token: x}') =>
      readKubeconfig(`clusters: [{name: a, cluster: {server: "${server}"}}]\nusers: [{name: a, user: ${user}}]\n`)
        .address;
    const { digest, userDigest } = digestOf('https://api.example.com/k8s/c-aB') ?? {};
    for (const same of ['https://API.example.com:443/k8s/c-aB', 'HTTPS://api.example.com./k8s/c-aB/'])
      assert.equal(digestOf(same)?.digest, digest, same);
    for (const other of ['https://api.example.com/k8s/c-ab', 'https://api.example.com:6443/k8s/c-aB'])
      assert.notEqual(digestOf(other)?.digest, digest, other);
    assert.equal(digestOf('https://other.example.com')?.userDigest, userDigest);
    assert.notEqual(digestOf('https://other.example.com', '{token: y}')?.userDigest, userDigest);
  });

  it('go by the current context', () => {
    const text = `
current-context: b
clusters:
- {name: east, cluster: {server: "https://127.0.0.1"}}
- {name: west, cluster: {server: "https://west.example.com"}}
contexts:
- {name: a, context: {cluster: east}}
- {name: b, context: {cluster: west}}
`;
    assert.equal(readKubeconfig(text).server, 'other');
    assert.equal(readKubeconfig(text.replace('context: b', 'context: a')).server, 'loopback');
    assert.equal(readKubeconfig(text.replace('context: b', 'context: c')).server, 'unknown');
  });

  it('tell what istiod refuses of any user', () => {
    const users = (user: string) => readKubeconfig(`users: [{name: a, user: {token: b}}, {name: c, user: ${user}}]`);
    assert.deepEqual(users('{exec: {command: x}}').insecureAuth, ['exec']);
    assert.deepEqual(users('{auth-provider: {name: gcp}, client-key: /k}').insecureAuth, [
      'auth-provider',
      'clientKey',
    ]);
    assert.deepEqual(users('{auth-provider: {name: oidc}, client-key: "", tokenFile: null}').insecureAuth, []);
  });

  it('tell what client-go refuses, in any entry', () => {
    const valid = `
current-context: a
clusters:
- {name: c, cluster: {server: "https://c.example.com", certificate-authority-data: Zm9v}}
- {name: d, cluster: {server: "https://d.example.com", certificate-authority: /etc/ca.crt}}
contexts:
- {name: a, context: {cluster: c, user: u}}
- {name: b, context: {cluster: d, user: v}}
users:
- {name: u, user: {token: t}}
- {name: v, user: {client-certificate-data: Zm9v, client-key-data: Zm9v}}
`;
    const flawsAfter = (from: string, to: string) => {
      assert.ok(valid.includes(from), from);
      return readKubeconfig(valid.replace(from, to)).flaws;
    };
    const cases: readonly (readonly [from: string, to: string, flaw: string])[] = [
      ['current-context: a', 'current-context: c', 'unknown-current-context'],
      ['user: v}', 'user: w}', 'context-with-unknown-user'],
      [', user: v}', '}', 'context-without-user'],
      ['cluster: d,', 'cluster: e,', 'context-with-unknown-cluster'],
      ['cluster: d,', 'cluster: "",', 'context-without-cluster'],
      ['server: "https://d.example.com", ', '', 'cluster-without-server'],
      ['/etc/ca.crt', '/root/.minikube/ca.crt', 'authority-in-home-folder'],
      ['/etc/ca.crt', '/etc/ca.crt, certificate-authority-data: Zm9v', 'authority-written-twice'],
      [', client-key-data: Zm9v', '', 'certificate-without-key'],
      ['{token: t}', '{token: t, username: u}', 'several-ways-to-log-in'],
    ];
    assert.deepEqual(readKubeconfig(valid).flaws, []);
    for (const [from, to, flaw] of cases) assert.deepEqual(flawsAfter(from, to), [flaw], to);
    // What is templated, or left to client-go's defaults, is unknown.
    assert.deepEqual(flawsAfter('current-context: a', 'current-context: "{{ .name }}"'), []);
    assert.deepEqual(flawsAfter('name: u,', 'name: "{{ .name }}",'), []);
    assert.deepEqual(flawsAfter('current-context: a', ''), []);
  });

  it('that are none are unknown', () => {
    for (const text of ['', '[]', 'a: {', '- clusters', 'clusters: 1', 'clusters: [{cluster: []}]'])
      assert.deepEqual(readKubeconfig(text), { server: 'unknown', insecureAuth: [], flaws: [] });
  });
});

describe('root certificates', () => {
  const pem = (body: string) => `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;

  it('are the same whatever stands around them, and in any order', () => {
    const [a, b] = [pem('QUJD'), pem('REVG')];
    assert.deepEqual(rootDigests(a + b), rootDigests(`# root\r\n${b.replaceAll('\n', '\r\n')}${a}${b}`));
    assert.notDeepEqual(rootDigests(a), rootDigests(b));
    assert.deepEqual(rootDigests(pem('QU\nJD')), rootDigests(a));
  });

  it('that cannot be read are unknown', () => {
    for (const text of ['', 'x', pem(''), pem('%%')]) assert.equal(rootDigests(text), undefined);
  });

  it('are those of cacerts alone, under the name that istiod looks for', () => {
    const text = (name: string, keys: string) =>
      `apiVersion: v1\nkind: Secret\nmetadata: {name: ${name}}\nstringData: {${keys}}\n`;
    const body = JSON.stringify(pem('QUJD'));
    const roots = (name: string, keys: string) => {
      const { rootCertificates } = secretOf(text(name, keys));
      return rootCertificates && 'value' in rootCertificates ? rootCertificates.value : rootCertificates?.unknown;
    };
    assert.deepEqual(roots('cacerts', `root-cert.pem: ${body}`), rootDigests(pem('QUJD')));
    assert.deepEqual(roots('cacerts', `tls.crt: x, ca.crt: ${body}`), rootDigests(pem('QUJD')));
    assert.equal(roots('cacerts', `ca.crt: ${body}`), undefined);
    assert.equal(roots('other', `root-cert.pem: ${body}`), undefined);
    assert.equal(roots('cacerts', 'root-cert.pem: "{{ .Values.root }}"'), 'template');
  });
});

describe('what becomes a Secret', () => {
  it('sealed: name, labels of the template, keys', () => {
    const secret = secretOf(`apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata: {name: a, namespace: b}
spec: {encryptedData: {west: AgB}, template: {metadata: {labels: {istio/multiCluster: "true"}}}}
`);
    assert.deepEqual([secret.name.value, keysOf(secret), secret.encrypted], ['a', ['west'], true]);
    assert.ok(secret.kubeconfigs && 'value' in secret.kubeconfigs);
    assert.deepEqual(secret.kubeconfigs.value.get('west'), { server: 'unknown', insecureAuth: [], flaws: [] });
  });

  it('drawn from elsewhere: name of the target, keys as far as they are written', () => {
    const external = (spec: string) =>
      secretOf(
        `apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: a, labels: {istio/multiCluster: "true"}}\nspec: ${spec}\n`,
      );
    const plain = external('{target: {name: t}, data: [{secretKey: west}]}');
    assert.deepEqual([plain.name.value, keysOf(plain)], ['t', ['west']]);
    assert.ok(plain.kubeconfigs && 'value' in plain.kubeconfigs);
    const open = external('{dataFrom: [{extract: {key: k}}]}');
    assert.ok(open.kubeconfigs && 'unknown' in open.kubeconfigs);
    assert.equal(external('{target: {template: {data: {west: x}}}}').kubeconfigs, undefined);
  });
});
