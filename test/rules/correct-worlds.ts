/** Correct workspaces of several clusters, as documents that a defect can be put into. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import type { Files } from './workspace.ts';

/** A value that was read from YAML, to be changed at will. */
// biome-ignore lint/suspicious/noExplicitAny: a manifest with a defect has any shape
export type Manifest = any;

export interface Placed {
  readonly file: string;
  readonly cluster: string;
  manifest: Manifest;
}

/** The documents of a workspace whose clusters are folders of `clusters`. */
export type World = Placed[];

export function worldOf(files: Files): World {
  return [...files].flatMap(([file, text]) =>
    parseAllDocuments(text).map((document) => ({
      file,
      cluster: file.split('/')[1] ?? '',
      manifest: document.toJS() as Manifest,
    })),
  );
}

export function filesOf(world: World): Files {
  const texts = new Map<string, string[]>();
  for (const { file, manifest } of world) texts.set(file, [...(texts.get(file) ?? []), stringify(manifest)]);
  return new Map([...texts].map(([file, documents]) => [file, documents.join('---\n')]));
}

function filesBelow(folder: string): Files {
  const files = readdirSync(folder, { recursive: true }).map(String);
  return new Map(
    files
      .filter((file) => file.endsWith('.yaml'))
      .sort()
      .map((file) => [file.split('\\').join('/'), readFileSync(join(folder, file), 'utf8')]),
  );
}

/** A waypoint that nothing uses. Where a cluster writes any, none of them is made by a command. */
const SPARE = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: spare, namespace: sample, labels: { istio.io/global: "true" } }
spec: { gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }
`;

/** Policies and routes for `sample/helloworld` and its waypoint; a global Service without one. */
const BOUND = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: callers, namespace: sample }
spec:
  targetRefs: [{ kind: Service, group: "", name: helloworld }]
  rules: [{ from: [{ source: { namespaces: [sample] } }] }]
---
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: { name: tokens, namespace: sample }
spec:
  targetRefs: [{ kind: Gateway, group: gateway.networking.k8s.io, name: waypoint }]
  jwtRules: [{ issuer: https://issuer.example.com, jwksUri: https://issuer.example.com/keys }]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: helloworld, namespace: sample }
spec:
  parentRefs: [{ kind: Service, group: "", name: helloworld, port: 5000 }]
  rules: [{ backendRefs: [{ name: helloworld, port: 5000 }] }]
---
apiVersion: v1
kind: Namespace
metadata: { name: open, labels: { istio.io/dataplane-mode: ambient } }
---
apiVersion: v1
kind: Service
metadata: { name: plain, namespace: open, labels: { istio.io/global: "true" } }
spec: { selector: { app: plain }, ports: [{ name: http, port: 80 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: plain, namespace: open }
spec: { template: { metadata: { labels: { app: plain } } } }
`;

function remoteSecret(cluster: string): string {
  const server = `https://${cluster}.example.com:6443`;
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: cluster, cluster: { server } }],
    users: [{ name: cluster, user: { token: 'none' } }],
    contexts: [{ name: cluster, context: { cluster, user: cluster } }],
    'current-context': cluster,
  };
  return stringify({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: `istio-remote-secret-${cluster}`,
      namespace: 'istio-system',
      labels: { 'istio/multiCluster': 'true' },
      annotations: { 'networking.istio.io/cluster': cluster },
    },
    stringData: { [cluster]: stringify(kubeconfig) },
  });
}

/** The correct example, with policies and with remote secrets for every pair. */
export function example(): World {
  const files = new Map(filesBelow('examples/correct'));
  const clusters = ['east', 'north', 'west'];
  for (const cluster of clusters) {
    files.set(`clusters/${cluster}/bound.yaml`, BOUND);
    files.set(`clusters/${cluster}/spare.yaml`, SPARE);
    const others = clusters.filter((other) => other !== cluster);
    files.set(`clusters/${cluster}/secrets.yaml`, others.map(remoteSecret).join('---\n'));
  }
  return worldOf(files);
}

/** The base of the cases that were judged by Istio's own code: two clusters, no install settings but a mesh config. */
export function golden(): World {
  const cases = JSON.parse(readFileSync('test/golden/mesh.json', 'utf8')) as Readonly<
    Record<string, { readonly files: Readonly<Record<string, string>> } | undefined>
  >;
  const { files } = cases['curated/waypoint-from-namespace'] ?? assert.fail('no such case');
  const manifests = Object.entries(files).filter(([file]) => file.endsWith('.yaml'));
  const spare = ['cluster1', 'cluster2'].map((cluster) => [`clusters/${cluster}/spare.yaml`, SPARE] as const);
  return worldOf(new Map([...manifests.map(([file, text]) => [`clusters/${file}`, text] as const), ...spare]));
}
