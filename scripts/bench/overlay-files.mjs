// A repository of bases and overlays: for each application, and for Istio itself, one base and an overlay for each cluster, which an
// ApplicationSet deploys.
import { clusterFiles } from './mesh-manifests.mjs';

/** The files of so many applications in so many clusters; as many overlays as both multiplied, and one more for each cluster. */
export function* overlayFiles(applications, clusters) {
  const names = Array.from({ length: clusters }, (_, i) => `c${String(i + 1).padStart(2, '0')}`);
  yield ['argocd/mesh.yaml', APPLICATION_SET];
  for (const name of names) {
    const files = clusterFiles(name, names).map(([file, text]) => [file.slice(file.lastIndexOf('/') + 1), text]);
    yield [`infra/overlays/${name}/kustomization.yaml`, kustomization(files.map(([file]) => file))];
    for (const [file, text] of files) yield [`infra/overlays/${name}/${file}`, text];
  }
  for (let n = 0; n < applications; n++) yield* applicationFiles(`shop-${String(n).padStart(3, '0')}`, names);
}

function* applicationFiles(namespace, clusters) {
  const apps = ['app-0', 'app-1', 'app-2', 'app-3'];
  yield [
    `apps/${namespace}/base/kustomization.yaml`,
    `namespace: ${namespace}\n${kustomization(['namespace.yaml', ...apps.map((app) => `${app}.yaml`)])}`,
  ];
  yield [
    `apps/${namespace}/base/namespace.yaml`,
    `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${namespace}\n  labels:\n    istio.io/dataplane-mode: ambient\n`,
  ];
  for (const app of apps) yield [`apps/${namespace}/base/${app}.yaml`, application(app)];
  for (const cluster of clusters) {
    const folder = `apps/${namespace}/overlays/${cluster}`;
    yield [`${folder}/kustomization.yaml`, `${kustomization(['../../base'])}patches:\n  - path: replicas.yaml\n`];
    yield [
      `${folder}/replicas.yaml`,
      `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: app-0\n  namespace: ${namespace}\nspec:\n  replicas: 2\n`,
    ];
  }
}

function kustomization(resources) {
  return `resources:\n${resources.map((resource) => `  - ${resource}\n`).join('')}`;
}

function application(name) {
  return `apiVersion: v1
kind: Service
metadata:
  name: ${name}
  labels:
    istio.io/global: "true"
spec:
  selector:
    app: ${name}
  ports:
    - name: http
      port: 8080
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  replicas: 1
  selector:
    matchLabels:
      app: ${name}
  template:
    metadata:
      labels:
        app: ${name}
    spec:
      containers:
        - name: app
          image: registry.example.com/${name}:1.0.0
`;
}

const APPLICATION_SET = `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata:
  name: mesh
  namespace: argocd
spec:
  goTemplate: true
  generators:
    - git:
        repoURL: https://git.example.com/platform/mesh.git
        revision: HEAD
        directories:
          - path: apps/*/overlays/*
          - path: infra/overlays/*
  template:
    metadata:
      name: '{{ .path.basename }}-{{ index .path.segments 1 }}'
    spec:
      project: default
      source:
        repoURL: https://git.example.com/platform/mesh.git
        targetRevision: HEAD
        path: '{{ .path.path }}'
      destination:
        name: '{{ .path.basename }}'
        namespace: '{{ index .path.segments 1 }}'
`;
