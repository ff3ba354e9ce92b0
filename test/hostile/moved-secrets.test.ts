/** What a Secret holds is told nowhere, also where the tools that deploy it put it somewhere else. */
import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { CommandLine } from '../cli/command-line.ts';
import { CORRECT } from '../report/two-clusters.ts';

type Files = Readonly<Record<string, string>>;

const FOLDER = 'clusters/west/moved';
const SECRET = `apiVersion: v1
kind: Secret
metadata: { name: source, namespace: sample }
stringData: { istio.io/global: TOPSECRETa, kind: TOPSECRETb, list: "TOPSECRETc,TOPSECRETd" }
`;
const SERVICE = `apiVersion: v1
kind: Service
metadata: { name: target, namespace: sample, labels: { istio.io/global: "true" }, annotations: { a: b } }
spec: { ports: [{ port: 80 }] }
`;
const AS_SERVICE = '- { op: replace, path: /kind, value: Service }';
const MOVED = '- { op: move, from: /stringData, path: /metadata/labels }';

/** A kustomization of the Secret and the Service. */
function kustomized(rest: string): Files {
  return {
    [`${FOLDER}/kustomization.yaml`]: `resources: [secret.yaml, service.yaml]\n${rest}`,
    [`${FOLDER}/secret.yaml`]: SECRET,
    [`${FOLDER}/service.yaml`]: SERVICE,
  };
}

/** Patches of the Secret, one after the other. */
function patched(...patches: readonly (readonly string[])[]): Files {
  const entries = patches.map(
    (lines) =>
      `  - target: { name: source }\n    options: { allowKindChange: true }\n    patch: |-\n${lines.map((line) => `      ${line}\n`).join('')}`,
  );
  return kustomized(`patches:\n${entries.join('')}`);
}

/** A replacement from the Secret into the Service. */
function replaced(field: string, target: string, more = ''): Files {
  return kustomized(`replacements:
  - source: { kind: Secret, fieldPath: "${field}" }
    targets: [{ select: { kind: Service }, fieldPaths: ["${target}"] }]
${more}`);
}

const KUSTOMIZED: Readonly<Record<string, Files>> = {
  'a Secret that a patch makes a Service of': patched([AS_SERVICE, MOVED]),
  'a Secret whose content is moved first': patched([MOVED, AS_SERVICE]),
  'a Secret that one patch makes a Service of, and another one moves': patched([AS_SERVICE], [MOVED]),
  'a Secret that a merge makes a Service of': patched(
    ['{ apiVersion: v1, kind: Service, metadata: { name: source } }'],
    [MOVED],
  ),
  'a Secret that a replacement makes a Service of': kustomized(`replacements:
  - sourceValue: Service
    targets: [{ select: { kind: Secret }, fieldPaths: [kind] }]
transformers:
  - |-
    { apiVersion: builtin, kind: PatchJson6902Transformer, metadata: { name: t }, target: { kind: Service, name: source },
      jsonOp: '[{ "op": "move", "from": "/stringData", "path": "/metadata/labels" }]' }
`),
  'a patch of a Secret': patched(
    ['{ apiVersion: v1, kind: Secret, metadata: { name: source }, stringData: { istio.io/global: TOPSECRETe } }'],
    [AS_SERVICE, MOVED],
  ),
  'an operation that puts something into a Secret': patched([
    '- { op: add, path: /stringData/istio.io~1global, value: TOPSECRETf }',
    AS_SERVICE,
    MOVED,
  ]),
  'a made Secret that a patch makes a Service of': kustomized(`secretGenerator:
  - { name: made, namespace: sample, literals: ["istio.io/global=TOPSECRETg"] }
patches:
  - target: { kind: Secret, name: made }
    options: { allowKindChange: true }
    patch: |-
      ${AS_SERVICE}
      - { op: move, from: /data, path: /metadata/labels }
`),
  'a file of which a ConfigMap is made, too': {
    ...kustomized(`configMapGenerator: [{ name: open, namespace: sample, envs: [both.env] }]
secretGenerator: [{ name: closed, namespace: sample, envs: [./both.env] }]
replacements:
  - source: { kind: ConfigMap, fieldPath: data.global }
    targets: [{ select: { kind: Service }, fieldPaths: ["metadata.labels.[istio.io/global]"] }]
`),
    [`${FOLDER}/both.env`]: 'global=TOPSECRETm\n',
  },
  'an apiVersion from a Secret': replaced('stringData.kind', 'apiVersion'),
  'a name from a Secret, with a prefix': {
    ...replaced('stringData.kind', 'metadata.name'),
    'clusters/west/prefixed/kustomization.yaml': 'namePrefix: a-\nresources: [../moved]\n',
  },
  'a name from a Secret that two objects have': {
    ...replaced('stringData.kind', 'metadata.name'),
    'clusters/west/alone/kustomization.yaml': `resources: [../moved]
patches:
  - target: { kind: Secret }
    patch: '{ $patch: delete, apiVersion: v1, kind: Secret, metadata: { name: source } }'
`,
    'clusters/west/twice/kustomization.yaml': 'resources: [../alone, ../alone]\n',
  },
};

/** Secrets as nobody should write them, and what Secrets are made of. */
const ODD = `apiVersion: v1
kind: Secret
metadata: { name: source, namespace: sample }
stringData: |
  token: TOPSECRETn
---
apiVersion: v1
kind: Secret
metadata: { name: lists, namespace: sample }
data: [TOPSECRETo, { x: TOPSECRETp }]
stringdata: { y: TOPSECRETq }
west: TOPSECRETr
---
apiVersion: v1
kind: secret
metadata: { name: lower, namespace: sample }
data: { y: TOPSECRETs }
---
apiVersion: v1
kind: Secret
metadata: { name: alias, namespace: sample }
stringData: &all { a: TOPSECRETt }
other: *all
---
apiVersion: v1
kind: SecretList
metadata: { name: listed }
items:
  - metadata: { name: one, namespace: sample }
    data: { x: TOPSECRETu }
---
apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata: { name: sealed, namespace: sample }
spec: { template: { data: { y: TOPSECRETv } } }
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: external, namespace: sample }
spec: { target: { template: { data: { y: TOPSECRETw } } } }
`;

const ODDLY_WRITTEN: Readonly<Record<string, Files>> = {
  'Secrets of odd shapes': { ...kustomized(''), [`${FOLDER}/secret.yaml`]: ODD },
  'a field that a Secret should not have': {
    ...replaced('stringData', 'metadata.labels.[istio.io/global]'),
    [`${FOLDER}/secret.yaml`]: ODD,
  },
};

const CLUSTER = `apiVersion: v1
kind: Secret
metadata: { name: west, namespace: argocd, labels: { argocd.argoproj.io/secret-type: cluster } }
stringData: { name: west, server: "https://TOPSECRETh.example", project: TOPSECRETi, config: "{}" }
`;

/** An ApplicationSet for the clusters of Argo CD, whose Secrets are in git. */
function appliedTo(path: string, goTemplate: boolean): Files {
  const server = goTemplate ? '{{.server}}' : '{{server}}';
  return {
    'argocd/cluster.yaml': CLUSTER,
    'argocd/applications.yaml': `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: { name: applications, namespace: argocd }
spec:
  goTemplate: ${goTemplate}
  generators: [{ clusters: {} }]
  template:
    metadata: { name: "a-${server}" }
    spec:
      project: default
      destination: { server: "${server}", namespace: sample }
      source: { repoURL: https://git.example/a.git, path: "${path}" }
`,
  };
}

const APPLIED: Readonly<Record<string, Files>> = {
  'a path with the project of a cluster': appliedTo('apps/{{project}}', false),
  'a path with the address of a cluster': appliedTo('apps/{{server}}', false),
  'a path that a template makes of a project': appliedTo('apps/{{ .project | lower }}', true),
  'the path of an application that a replacement takes from a Secret': {
    ...kustomized(`replacements:
  - source: { kind: Secret, fieldPath: stringData.kind }
    targets: [{ select: { kind: Application }, fieldPaths: [spec.source.path] }]
`),
    [`${FOLDER}/service.yaml`]: `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: one, namespace: argocd }
spec:
  destination: { name: west, namespace: sample }
  source: { repoURL: https://git.example/a.git, path: x }
`,
    'argocd/root.yaml': `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: root, namespace: argocd }
spec:
  destination: { name: west, namespace: argocd }
  source: { repoURL: https://git.example/a.git, path: ${FOLDER} }
`,
  },
};

const COMMENTED: Readonly<Record<string, Files>> = {
  'comments in Secrets': {
    'clusters/west/comments.yaml': `${SECRET.replace(/TOPSECRET/g, 'x')}# ambient-multicluster-ignore TOPSECRETj
---
# ambient-multicluster-ignore TOPSECRETk, scope-not-uniform: TOPSECRETl
${SECRET.replace(/TOPSECRET/g, 'x').replace('source', 'other')}  a: *broken
`,
  },
};

const SECRETS = /TOPSECRET.?|VE9QU0VDUkVU.?/gi;

describe('hostile: Secrets that are moved', () => {
  async function told(files: Files): Promise<readonly string[]> {
    const line = new CommandLine();
    line.write({ ...CORRECT, ...files });
    const overlays = Object.keys(files).filter((file) => file.endsWith('/kustomization.yaml'));
    const found: string[] = [];
    for (const command of [
      ['check', '--format', 'json', '--min-severity', 'hint'],
      ['report', '--format', 'json'],
      ['report'],
      ['clusters'],
      ...overlays.map((file) => ['effective', '--overlay', dirname(file), '--format', 'json']),
    ]) {
      const { out, err } = await line.run(...command);
      for (const [secret] of (out + err).matchAll(SECRETS)) found.push(`${command.join(' ')}: ${secret}`);
    }
    line.dispose();
    return [...new Set(found)];
  }

  it('would be told if they were none', async () => {
    const files = Object.fromEntries(
      Object.entries(patched([AS_SERVICE, MOVED])).map(([file, text]) => [
        file,
        text.replace('kind: Secret', 'kind: Sicret'),
      ]),
    );
    assert.notDeepEqual(await told(files), []);
  });

  for (const [what, files] of Object.entries({ ...KUSTOMIZED, ...APPLIED, ...COMMENTED, ...ODDLY_WRITTEN })) {
    it(what, async () => {
      assert.deepEqual(await told(files), []);
    });
  }
});
