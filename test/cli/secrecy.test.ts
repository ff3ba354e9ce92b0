/** Whatever a Secret holds, no part of it leaves the files: not in facts, findings or mesh, not in any format, not on standard error. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Engine } from '../../server/src/engine/engine.ts';
import { CORRECT } from '../report/two-clusters.ts';
import { CommandLine } from './command-line.ts';

/** Text that occurs nowhere by chance. */
const secret = fc.stringMatching(/^[A-Za-z0-9]{20,40}$/);

interface Secrets {
  readonly host: string;
  readonly token: string;
  readonly user: string;
  readonly privateKey: string;
  readonly certificate: string;
  readonly other: string;
}
const secrets: fc.Arbitrary<Secrets> = fc.record({
  host: secret,
  token: secret,
  user: secret,
  privateKey: secret,
  certificate: secret,
  other: secret,
});

interface Shape {
  readonly base64: boolean;
  readonly label: string;
  readonly namespace: string;
  readonly key: string;
  readonly server: string;
  readonly provider: boolean;
}
const shape: fc.Arbitrary<Shape> = fc.record({
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

function manifests(values: Secrets, form: Shape): string {
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
  const sealed = `apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata: { name: sealed, namespace: istio-system }
spec: { encryptedData: { west: ${values.other} }, template: { metadata: { labels: { istio/multiCluster: "true" } } } }
`;
  return [remote, ca, other, sealed].join('---\n');
}

/** Everything that can be reached from a value by following fields, in one text. The text of the files themselves is passed over. */
function everything(value: unknown, passOver: readonly unknown[]): string {
  const seen = new Set<unknown>(passOver);
  const texts: string[] = [];
  const queue: unknown[] = [value];
  while (queue.length > 0) {
    const next = queue.pop();
    if (typeof next === 'string') texts.push(next);
    if (typeof next !== 'object' || next === null || seen.has(next)) continue;
    seen.add(next);
    if (next instanceof Map) queue.push(...[...next].flat());
    else if (next instanceof Set) queue.push(...next);
    queue.push(...Object.keys(next), ...Object.values(next));
  }
  return texts.join('\n');
}

/** The values of a text's base64 lines, in pieces: a part of one is as bad as the whole. */
function encodedPieces(manifest: string): readonly string[] {
  return [...manifest.matchAll(/"([A-Za-z0-9+/=]{24,})"/g)].flatMap(([, value = '']) => value.match(/.{16}/g) ?? []);
}

function assertNone(values: Secrets, manifest: string, where: string, text: string): void {
  for (const piece of encodedPieces(manifest)) assert.ok(!text.includes(piece), `${where} holds base64 of a value`);
  for (const [name, value] of Object.entries(values) as [string, string][]) {
    assert.ok(!text.toLowerCase().includes(value.toLowerCase()), `${where} holds ${name}`);
  }
}

describe('secrecy', () => {
  const line = new CommandLine();
  after(() => line.dispose());

  it('of facts, mesh and findings', () => {
    let found = 0;
    fc.assert(
      fc.property(secrets, shape, (values, form) => {
        const text = manifests(values, form);
        const logged: unknown[] = [];
        const engine = new Engine({
          configFile: '.ambient-multicluster.yaml',
          today: '2026-11-24',
          onRuleFailure: (...failure) => logged.push(failure),
        });
        const files = Object.entries({ ...CORRECT, 'clusters/west/secrets.yaml': text });
        const snapshot = engine.apply(files.map(([file, content]) => ({ file, text: content })));
        found += snapshot.findings.length;
        const objects = snapshot.meshes.flatMap((mesh) => mesh.clusters.map(({ id }) => mesh.objects(id, 'Secret')));
        const fixes = snapshot.findings.flatMap((finding) => finding.fixes().map((fix) => fix.edits()));
        const { documents, ...rest } = snapshot;
        assertNone(values, text, 'the snapshot', everything([rest, objects, fixes, logged], [documents]));
      }),
      { numRuns: 60 },
    );
    assert.ok(found > 30, `${found} findings`);
  });

  const COMMANDS = [
    ...['text', 'concise', 'json', 'sarif', 'github', 'gitlab', 'junit'].map((format) => [
      'check',
      '--min-severity',
      'hint',
      '--format',
      format,
    ]),
    ...['markdown', 'json'].map((format) => ['report', '--format', format]),
    ...['text', 'json'].map((format) => ['clusters', '--format', format]),
  ];

  it('of every format, and of standard error', async () => {
    await fc.assert(
      fc.asyncProperty(secrets, shape, async (values, form) => {
        const text = manifests(values, form);
        line.write({ ...CORRECT, 'clusters/west/secrets.yaml': text });
        for (const command of COMMANDS) {
          const { out, err, status } = await line.run(...command);
          assert.ok(status < 2, `${command.join(' ')}: ${err}`);
          assertNone(values, text, command.join(' '), out + err);
        }
      }),
      { numRuns: 8 },
    );
  });
});
