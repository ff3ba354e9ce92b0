/** A `helm` for tests, first on the PATH: renders a Service whose label is the value `global`, and writes down how it was called. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const PROGRAM = `#!${process.execPath}
const { appendFileSync, readFileSync } = require('node:fs');
const values = JSON.parse(readFileSync(0, 'utf8'));
appendFileSync(__dirname + '/calls', JSON.stringify([process.argv.slice(2), values, process.cwd()]) + '\\n');
if (values.hang) setInterval(() => {}, 1000);
else if (values.fail) {
  console.error('Error: ' + values.fail + '\\nmore of it');
  process.exit(1);
} else console.log(
  '---\\n# Source: shop/templates/service.yaml\\napiVersion: v1\\nkind: Service\\nmetadata:\\n  name: cart\\n  labels:\\n' +
    '    istio.io/global: "' + values.global + '"\\nspec:\\n  ports:\\n    - name: http\\n      port: 80',
);
`;

export class FakeHelm {
  readonly folder: string;
  private readonly path = process.env.PATH;

  /** @param folder where the program lies; one of its own if none is given */
  constructor(folder = mkdtempSync(join(tmpdir(), 'fake-helm-'))) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }');
    writeFileSync(join(folder, 'helm'), PROGRAM);
    chmodSync(join(folder, 'helm'), 0o755);
    process.env.PATH = `${folder}${delimiter}${this.path}`;
  }

  /** Arguments, values and folder of each call. */
  get calls(): readonly (readonly [readonly string[], unknown, string])[] {
    const file = join(this.folder, 'calls');
    const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
    return lines.map((line) => JSON.parse(line));
  }

  dispose(): void {
    if (this.path === undefined) delete process.env.PATH;
    else process.env.PATH = this.path;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Two clusters with an application whose chart makes one Service, global in one of them. */
export function shopFiles(east: string, west: string): Readonly<Record<string, string>> {
  const install = (cluster: string, network: string) => `apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata: { name: istio, namespace: istio-system }
spec:
  profile: ambient
  tag: 1.30.2
  values:
    pilot: { env: { AMBIENT_ENABLE_MULTI_NETWORK: "true" } }
    global: { meshID: mesh1, multiCluster: { clusterName: ${cluster} }, network: ${network} }
---
apiVersion: v1
kind: Namespace
metadata: { name: istio-system, labels: { topology.istio.io/network: ${network} } }
---
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio.io/dataplane-mode: ambient } }
`;
  return {
    'clusters/east/mesh.yaml': install('east', 'network1'),
    'clusters/west/mesh.yaml': install('west', 'network2'),
    'charts/shop/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 0.1.0\n',
    'charts/shop/values.yaml': 'global: "true"\n',
    'charts/shop/templates/service.yaml': '{{- if .Values.global }}\napiVersion: v1\n{{- end }}\n',
    'values/east.yaml': `global: "${east}"\n`,
    'values/west.yaml': `global: "${west}"\n`,
    'argocd/shop.yaml': `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: { name: shop, namespace: argocd }
spec:
  generators:
    - list: { elements: [{ cluster: east }, { cluster: west }] }
  template:
    metadata: { name: 'shop-{{cluster}}' }
    spec:
      destination: { name: '{{cluster}}', namespace: shop }
      source:
        repoURL: https://example.com/org/repo.git
        path: charts/shop
        helm: { valueFiles: ['../../values/{{cluster}}.yaml'] }
`,
  };
}
