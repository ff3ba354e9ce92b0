/** Meshes written as what Argo CD, helmfile, umbrella charts and Open Cluster Management deploy. */
import type { Manifest } from '../rules/correct-worlds.ts';
import {
  application,
  CHARTS,
  chartOf,
  chartsOf,
  clustersOf,
  FROM_CHART,
  manifestsOf,
  merged,
  REPOSITORY,
  sharedValues,
  valuesOf,
  Writing,
  type WrittenLayout,
} from './writing.ts';

export const DEPLOYMENTS: readonly WrittenLayout[] = [
  {
    name: 'Argo CD with Applications of each cluster that hold values',
    installedBy: 'values',
    write(world) {
      const out = new Writing();
      for (const cluster of clustersOf(world)) {
        for (const one of valuesOf(world, cluster))
          out.add(
            `argocd/${cluster}/${chartOf(one)}.yaml`,
            cluster,
            application(
              `${chartOf(one)}-${cluster}`,
              cluster,
              FROM_CHART(chartOf(one), { valuesObject: one.manifest }),
            ),
          );
        const source = { repoURL: REPOSITORY, path: `manifests/${cluster}`, targetRevision: 'main' };
        out.add(`argocd/${cluster}/mesh.yaml`, cluster, application(`mesh-${cluster}`, cluster, source));
        out.addManifests(`manifests/${cluster}`, cluster, manifestsOf(world, cluster));
      }
      return out.files;
    },
  },
  {
    name: 'Argo CD with an ApplicationSet over a list, and layers of values',
    installedBy: 'values',
    write(world, correct) {
      const out = new Writing();
      const clusters = clustersOf(correct);
      const elements = clusters.map((cluster) => ({ cluster, url: `https://${cluster}.example.com:6443` }));
      const set = (name: string, template: Manifest): Manifest => ({
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'ApplicationSet',
        metadata: { name, namespace: 'argocd' },
        spec: {
          goTemplate: true,
          generators: [{ list: { elements } }],
          template: {
            metadata: { name: `${name}-{{ .cluster }}` },
            spec: {
              project: 'default',
              destination: { name: '{{ .cluster }}', namespace: 'istio-system' },
              ...template,
            },
          },
        },
      });
      const charts = chartsOf(correct);
      for (const chart of charts) {
        const shared = sharedValues(correct, chart);
        out.add(`values/${chart}/common.yaml`, undefined, shared);
        for (const cluster of clusters) {
          const one = valuesOf(world, cluster).find((other) => chartOf(other) === chart);
          if (one !== undefined) out.add(`values/${chart}/${cluster}.yaml`, cluster, merged(shared, one.manifest));
        }
        out.add(
          `applications/${chart}.yaml`,
          undefined,
          set(chart, {
            sources: [
              { repoURL: REPOSITORY, targetRevision: 'main', ref: 'repo' },
              FROM_CHART(chart, {
                valueFiles: [`$repo/values/${chart}/common.yaml`, `$repo/values/${chart}/{{ .cluster }}.yaml`],
              }),
            ],
          }),
        );
      }
      out.add(
        'applications/mesh.yaml',
        undefined,
        set('mesh', { source: { repoURL: REPOSITORY, targetRevision: 'main', path: 'mesh/{{ .cluster }}' } }),
      );
      for (const cluster of clusters) out.addManifests(`mesh/${cluster}`, cluster, manifestsOf(world, cluster));
      return out.files;
    },
  },
  {
    name: 'a helmfile with an environment for each cluster',
    installedBy: 'values',
    write(world, correct) {
      const out = new Writing();
      const clusters = clustersOf(correct);
      const charts = chartsOf(correct);
      const environments = clusters.map((cluster) => `  ${cluster}: {}\n`).join('');
      const releases = charts
        .map(
          (chart) =>
            `  - name: ${chart}\n    namespace: istio-system\n    chart: istio/${chart}\n    version: 1.30.2\n` +
            `    values:\n      - values/{{ .Environment.Name }}/${chart}.yaml\n`,
        )
        .join('');
      out.add(
        'helmfile.yaml',
        undefined,
        `environments:\n${environments}---\nrepositories:\n  - name: istio\n    url: ${CHARTS}\nreleases:\n${releases}`,
      );
      for (const cluster of clusters) {
        for (const one of valuesOf(world, cluster))
          out.add(`values/${cluster}/${chartOf(one)}.yaml`, cluster, one.manifest);
        out.addManifests(`manifests/${cluster}`, cluster, manifestsOf(world, cluster));
      }
      return out.files;
    },
  },
  {
    name: 'umbrella charts with values for each cluster',
    installedBy: 'values',
    write(world, correct) {
      const out = new Writing();
      const charts = chartsOf(correct);
      out.add('charts/mesh/Chart.yaml', undefined, {
        apiVersion: 'v2',
        name: 'mesh',
        version: '0.1.0',
        dependencies: charts.map((chart) => ({ name: chart, version: '1.30.2', repository: CHARTS })),
      });
      for (const cluster of clustersOf(correct)) {
        const values = valuesOf(world, cluster).map((one) => [chartOf(one), one.manifest] as const);
        out.add(`charts/mesh/values-${cluster}.yaml`, cluster, Object.fromEntries(values));
        out.addManifests(`manifests/${cluster}`, cluster, manifestsOf(world, cluster));
      }
      return out.files;
    },
  },
  {
    name: 'policies of Open Cluster Management',
    installedBy: 'sail',
    write(world) {
      const out = new Writing();
      for (const cluster of clustersOf(world)) {
        const templates = manifestsOf(world, cluster).map((objectDefinition) => ({
          complianceType: 'musthave',
          objectDefinition,
        }));
        out.add(
          `policies/mesh-${cluster}.yaml`,
          cluster,
          {
            apiVersion: 'policy.open-cluster-management.io/v1',
            kind: 'Policy',
            metadata: { name: `mesh-${cluster}`, namespace: 'policies' },
            spec: {
              remediationAction: 'enforce',
              disabled: false,
              'policy-templates': [
                {
                  objectDefinition: {
                    apiVersion: 'policy.open-cluster-management.io/v1',
                    kind: 'ConfigurationPolicy',
                    metadata: { name: `mesh-${cluster}` },
                    spec: { remediationAction: 'enforce', severity: 'high', 'object-templates': templates },
                  },
                },
              ],
            },
          },
          {
            apiVersion: 'cluster.open-cluster-management.io/v1beta1',
            kind: 'Placement',
            metadata: { name: `mesh-${cluster}`, namespace: 'policies' },
            spec: {
              predicates: [{ requiredClusterSelector: { labelSelector: { matchLabels: { name: cluster } } } }],
            },
          },
          {
            apiVersion: 'policy.open-cluster-management.io/v1',
            kind: 'PlacementBinding',
            metadata: { name: `mesh-${cluster}`, namespace: 'policies' },
            placementRef: {
              apiGroup: 'cluster.open-cluster-management.io',
              kind: 'Placement',
              name: `mesh-${cluster}`,
            },
            subjects: [{ apiGroup: 'policy.open-cluster-management.io', kind: 'Policy', name: `mesh-${cluster}` }],
          },
        );
      }
      return out.files;
    },
  },
];
