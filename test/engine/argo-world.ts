/** A repository of Argo CD with three clusters, and what is told of it. */
import { editedTexts } from '../../server/src/yaml/text-edits.ts';
import { engineOf } from './import-world.ts';

export const REPOSITORY = "repoURL: 'https://git.example.com/acme/mesh.git', targetRevision: main";

/** An ApplicationSet with one application for each element. */
export const set = (name: string, generator: string, destination: string, source: string): string =>
  `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: { name: ${name} }
spec:
  goTemplate: true
  generators: [${generator}]
  template:
    metadata: { name: '${name}-{{.path.basename}}{{.cluster}}' }
    spec:
      destination:
        name: ${destination}
        namespace: istio-system
      source: ${source}
`;
export const application = (name: string, destination: string, path: string): string =>
  `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: ${name} }
spec:
  destination:
    name: ${destination}
  source: { ${REPOSITORY}, path: ${path} }
`;

export const CLUSTERS = '{ list: { elements: [{ cluster: oslo }, { cluster: paris }, { cluster: tokyo }] } }';
export const CHART =
  "{ repoURL: 'https://istio-release.storage.googleapis.com/charts', chart: istiod, targetRevision: 1.30.2";
export const ISTIOD = set(
  'istiod',
  CLUSTERS,
  "'{{.cluster}}'",
  `${CHART}, helm: { valuesObject: { profile: ambient, global: { multiCluster: { clusterName: '{{.cluster}}' } } } } }`,
);
export const DIRECTORIES = `{ git: { ${REPOSITORY.replace('targetRevision', 'revision')}, directories: [{ path: 'deploy/*' }] } }`;
export const apps = (destination: string): string =>
  set('apps', DIRECTORIES, destination, `{ ${REPOSITORY}, path: '{{.path.path}}' }`);

export const NAMESPACE = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: web }\n';
export const FOLDERS = Object.fromEntries(
  ['oslo', 'paris', 'tokyo'].map((name) => [`deploy/${name}/namespace.yaml`, NAMESPACE]),
);

export function told(files: Readonly<Record<string, string>>): readonly (readonly [string, readonly string[]])[] {
  const { findings, documents } = engineOf({ 'argocd/istiod.yaml': ISTIOD, ...FOLDERS, ...files }).snapshot;
  return findings
    .filter(({ rule }) => rule.id === 'invalid-kustomization')
    .map(({ severity, message, location: { file, range }, fixes }) => [
      `${file}:${range.start.line + 1} ${severity} ${message}`,
      fixes().flatMap(({ edits }) => [...(editedTexts(documents, edits())?.values() ?? [])]),
    ]);
}
