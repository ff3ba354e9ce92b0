/** What a report holds of an object is what was read of it: read again, it states the same. */
import assert from 'node:assert/strict';
import { extractFacts, extractObject } from '../../server/src/facts/extract.ts';
import type { ObjectFact } from '../../server/src/facts/objects.ts';
import { objectManifest, REPORTED_KINDS } from '../../server/src/report/object-manifest.ts';
import { DocumentTable } from '../../server/src/yaml/documents.ts';
import { rootCursor } from '../../server/src/yaml/read.ts';
import { FIXTURES, workspace } from '../rules/workspace.ts';

type Reported = Parameters<typeof objectManifest>[0];

function isReported(object: ObjectFact): object is Reported {
  return (REPORTED_KINDS as readonly string[]).includes(object.kind);
}

function objectsOf(text: string): readonly ObjectFact[] {
  const table = new DocumentTable();
  return table.update('a.yaml', text).documents.flatMap(({ id }) => {
    const root = table.parsed(id)?.root;
    return root === undefined ? [] : extractFacts(id, root, 'a.yaml').objects;
  });
}

function again(object: Reported): ObjectFact | undefined {
  const table = new DocumentTable();
  const [document] = table.update('r.json', JSON.stringify(objectManifest(object))).documents;
  const root = document && table.parsed(document.id)?.root;
  return root && document && extractObject(rootCursor(document.id, root), 'r.json').objects[0];
}

/** Without places, annotations that are nobody's business, and why it is that something cannot be read. */
function meaning(value: unknown, key = ''): unknown {
  if (key === 'annotations' || key === 'podAnnotations') return null;
  if (Array.isArray(value)) return value.map((item) => meaning(item));
  if (value instanceof Map) return [...value].map(([name, item]) => [name, meaning(item)]);
  if (typeof value !== 'object' || value === null) return value;
  if ('unknown' in value) return 'unknown';
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, item]) =>
      name === 'at' || name === 'localityLbSetting' ? [[name, item !== undefined]] : [[name, meaning(item, name)]],
    ),
  );
}

/** Kinds of which the `spec` is not told. */
const WITHHELD: ReadonlySet<string> = new Set(['Telemetry', 'WasmPlugin', 'EnvoyFilter']);

function compare(object: Reported): void {
  const { spec: _, ...read } = again(object) as ObjectFact & { spec?: unknown };
  const { spec: __, ...stated } = object as Reported & { spec?: unknown };
  assert.deepEqual(meaning(read), meaning(stated), JSON.stringify(objectManifest(object)));
  if (!WITHHELD.has(object.kind) && 'spec' in object)
    assert.deepEqual(meaning((again(object) as { spec?: unknown }).spec), meaning(object.spec));
}

describe('manifests in reports', () => {
  it('state what the objects of all fixtures state', () => {
    const texts = new Set(
      [...FIXTURES.values()].flatMap((tests) => tests.flatMap((test) => [...workspace(test).files.values()])),
    );
    let count = 0;
    for (const text of texts) {
      for (const object of objectsOf(text).filter(isReported)) {
        compare(object);
        count++;
      }
    }
    assert.ok(count > 400, `${count} objects`);
  });

  const strange: Readonly<Record<string, string>> = {
    'placeholders everywhere': `apiVersion: v1
kind: Service
metadata: { name: a, namespace: "{{ ns }}", labels: { app: "\${APP}", on: true, n: 7, empty: , map: {} } }
spec: { type: <type>, selector: "{{ s }}", ports: [{ port: "{{ p }}", targetPort: http }, { port: 80 }] }
`,
    'a templated key': `apiVersion: v1
kind: Namespace
metadata: { name: a, labels: { "{{ key }}": x, b: c } }
`,
    'a gateway that cannot be read as a whole': `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: a, namespace: b }
spec:
  gatewayClassName: istio-east-west
  infrastructure: { labels: {}, parametersRef: { group: "", kind: ConfigMap, name: "{{ x }}" } }
  addresses: [{ type: Hostname, value: "{{ x }}" }]
  listeners:
    - { name: mesh, port: 15008, protocol: HBONE, tls: { mode: Terminate, options: { a: b } }, allowedRoutes: { namespaces: { from: Selector, selector: { matchLabels: { c: d } } } } }
`,
    'a policy that cannot be read as a whole': `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: a, namespace: b }
spec:
  targetRefs: [{ kind: Service, group: "", name: c }]
  action: DENY
  rules: [{ from: [{ source: { principals: [x, "{{ y }}"] } }] }]
`,
    'a cron job': `apiVersion: batch/v1
kind: CronJob
metadata: { name: a, namespace: b }
spec: { jobTemplate: { spec: { template: { metadata: { labels: { app: a } }, spec: { hostNetwork: true } } } } }
`,
    'a pod': `apiVersion: v1
kind: Pod
metadata: { name: a, namespace: b, labels: { app: a } }
spec: { hostNetwork: true, serviceAccountName: s }
`,
  };
  for (const [title, text] of Object.entries(strange)) {
    it(`state the same: ${title}`, () => {
      const objects = objectsOf(text).filter(isReported);
      assert.equal(objects.length, 1);
      for (const object of objects) compare(object);
    });
  }
});
