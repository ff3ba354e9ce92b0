/** Meshes written in ways that mix tools: values in generated ConfigMaps, charts of kustomize, overlays of regions and of applications. */
import { stringify } from 'yaml';
import type { Manifest } from '../rules/correct-worlds.ts';
import {
  apart,
  application,
  CHARTS,
  chartOf,
  chartsOf,
  clustersOf,
  common,
  FROM_CHART,
  fileOf,
  fluxKustomization,
  HELM_REPOSITORY,
  helmRelease,
  isValues,
  kustomization,
  manifestsOf,
  merged,
  overlays,
  patchesFor,
  patching,
  REPOSITORY,
  sharedValues,
  valuesOf,
  Writing,
  type WrittenLayout,
} from './writing.ts';

const REGIONS: Readonly<Record<string, string>> = { east: 'us', north: 'eu', west: 'us' };

export const MIXED: readonly WrittenLayout[] = [
  {
    name: 'Argo CD with values as text, and overlays of kustomize',
    installedBy: 'values',
    write(world, correct) {
      const roots = { base: 'mesh/base', overlay: (cluster: string) => `mesh/overlays/${cluster}` };
      const out = overlays(world, correct, (_out, _folder, _cluster, changes) => patching(patchesFor(changes)), roots);
      for (const cluster of clustersOf(correct)) {
        const apps = valuesOf(world, cluster).map((one) =>
          application(
            `${cluster}-${chartOf(one)}`,
            cluster,
            FROM_CHART(chartOf(one), { values: stringify(one.manifest) }),
          ),
        );
        const source = { repoURL: REPOSITORY, path: `mesh/overlays/${cluster}`, targetRevision: 'HEAD' };
        out.add(`bootstrap/${cluster}.yaml`, cluster, ...apps, application(`${cluster}-mesh`, cluster, source));
      }
      return out.files;
    },
  },
  {
    name: 'one folder that Argo CD patches for each cluster',
    installedBy: 'values',
    write(world, correct) {
      const out = new Writing();
      const base = common(correct);
      out.addBase('mesh/base', base);
      for (const cluster of clustersOf(correct)) {
        const changes = apart(world, cluster, base);
        out.addManifests(`mesh/own/${cluster}`, cluster, changes.own);
        const source = (path: string, kustomize: Manifest): Manifest => ({
          repoURL: REPOSITORY,
          path,
          targetRevision: 'main',
          ...(Object.keys(kustomize).length === 0 ? {} : { kustomize }),
        });
        for (const one of valuesOf(world, cluster)) {
          const chart = FROM_CHART(chartOf(one), { valuesObject: one.manifest });
          out.add(
            `apps/${cluster}/${chartOf(one)}.yaml`,
            cluster,
            application(`${chartOf(one)}-${cluster}`, cluster, chart),
          );
        }
        out.add(
          `apps/${cluster}/mesh.yaml`,
          cluster,
          application(`mesh-${cluster}`, cluster, source('mesh/base', patching(patchesFor(changes)))),
          application(`own-${cluster}`, cluster, source(`mesh/own/${cluster}`, {})),
        );
      }
      return out.files;
    },
  },
  {
    name: 'overlays of kustomize for regions and their clusters',
    installedBy: 'operator',
    write(world, correct) {
      const roots = { base: 'base', overlay: (cluster: string) => `regions/${REGIONS[cluster]}/${cluster}` };
      const out = overlays(world, correct, (_out, _folder, _cluster, changes) => patching(patchesFor(changes)), roots);
      for (const region of new Set(Object.values(REGIONS)))
        out.add(
          `regions/${region}/common/kustomization.yaml`,
          undefined,
          kustomization({ resources: ['../../../base'], labels: [{ pairs: { region } }] }),
        );
      for (const cluster of clustersOf(correct)) {
        const file = `regions/${REGIONS[cluster]}/${cluster}/kustomization.yaml`;
        const { text = '' } = out.files.get(file) ?? {};
        out.files.set(file, { text: text.replace('../../../base', '../common'), cluster });
      }
      return out.files;
    },
  },
  {
    name: 'Flux with values that kustomize generates from files',
    installedBy: 'values',
    write(world, correct) {
      const out = new Writing();
      const charts = chartsOf(correct);
      for (const cluster of clustersOf(correct)) {
        const folder = `clusters/${cluster}/istio`;
        out.add(
          `clusters/${cluster}/istio.yaml`,
          cluster,
          fluxKustomization('istio', `./${folder}`),
          fluxKustomization('mesh', `./mesh/${cluster}`),
        );
        out.add(`${folder}/repository.yaml`, cluster, HELM_REPOSITORY);
        for (const one of valuesOf(world, cluster)) {
          const chart = chartOf(one);
          const { spec, ...release } = helmRelease(chart, {});
          const { values: _, ...rest } = spec;
          const valuesFrom = [{ kind: 'ConfigMap', name: `${chart}-values`, valuesKey: 'values.yaml' }];
          out.add(`${folder}/${chart}.yaml`, cluster, { ...release, spec: { ...rest, valuesFrom } });
          out.add(`${folder}/values/${chart}.yaml`, cluster, one.manifest);
        }
        out.add(
          `${folder}/kustomization.yaml`,
          cluster,
          kustomization({
            namespace: 'istio-system',
            resources: ['repository.yaml', ...charts.map((chart) => `${chart}.yaml`)],
            configMapGenerator: charts.map((chart) => ({
              name: `${chart}-values`,
              files: [`values.yaml=values/${chart}.yaml`],
            })),
            generatorOptions: { disableNameSuffixHash: true },
          }),
        );
        out.addManifests(`mesh/${cluster}`, cluster, manifestsOf(world, cluster));
      }
      return out.files;
    },
  },
  {
    name: 'charts that kustomize inflates in overlays',
    installedBy: 'values',
    write(world, correct) {
      const inflated = (cluster: string): Manifest => ({
        helmCharts: valuesOf(world, cluster).map((one) => ({
          name: chartOf(one),
          repo: CHARTS,
          version: '1.30.2',
          releaseName: chartOf(one),
          namespace: 'istio-system',
          valuesInline: one.manifest,
        })),
      });
      return overlays(world, correct, (_out, _folder, cluster, changes) => ({
        ...inflated(cluster),
        ...patching(patchesFor(changes)),
      })).files;
    },
  },
  {
    name: 'an ApplicationSet over the folders of clusters, and overlays of each application',
    installedBy: 'values',
    write(world, correct) {
      const out = new Writing();
      const base = common(correct);
      const areaOf = ({ metadata }: Manifest): string => metadata.namespace ?? metadata.name;
      const manifests = [...correct, ...world].filter((one) => !isValues(one));
      const areas = [...new Set(manifests.map(({ manifest }) => areaOf(manifest)))];
      const clusters = clustersOf(correct);
      for (const area of areas) {
        const shared = base.filter((manifest) => areaOf(manifest) === area);
        out.addBase(`apps/${area}/base`, shared);
        for (const cluster of clusters) {
          const folder = `apps/${area}/overlays/${cluster}`;
          const changes = apart(
            world.filter((one) => isValues(one) || areaOf(one.manifest) === area),
            cluster,
            shared,
          );
          out.addManifests(`${folder}`, cluster, changes.own);
          out.add(
            `${folder}/kustomization.yaml`,
            cluster,
            kustomization({
              resources: [...(shared.length > 0 ? ['../../base'] : []), ...new Set(changes.own.map(fileOf))],
              ...patching(patchesFor(changes)),
            }),
          );
        }
      }
      const charts = chartsOf(correct);
      for (const chart of charts) {
        const shared = sharedValues(correct, chart);
        if (Object.keys(shared).length > 0) out.add(`istio/${chart}/values.yaml`, undefined, shared);
        for (const cluster of clusters) {
          const one = valuesOf(world, cluster).find((other) => chartOf(other) === chart);
          if (one === undefined) continue;
          out.add(`istio/${chart}/${cluster}.yaml`, cluster, merged(shared, one.manifest));
          const valueFiles = [
            ...(Object.keys(shared).length > 0 ? [`$values/istio/${chart}/values.yaml`] : []),
            `$values/istio/${chart}/${cluster}.yaml`,
          ];
          const sources = [
            FROM_CHART(chart, { valueFiles }),
            { repoURL: REPOSITORY, targetRevision: 'main', ref: 'values' },
          ];
          out.add(`argocd/${cluster}/${chart}.yaml`, cluster, application(`${chart}-${cluster}`, cluster, sources));
        }
      }
      out.add('argocd/apps.yaml', undefined, {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'ApplicationSet',
        metadata: { name: 'apps', namespace: 'argocd' },
        spec: {
          goTemplate: true,
          generators: [
            { git: { repoURL: REPOSITORY, revision: 'main', directories: [{ path: 'apps/*/overlays/*' }] } },
          ],
          template: {
            metadata: { name: '{{ index .path.segments 1 }}-{{ .path.basename }}' },
            spec: {
              project: 'default',
              source: { repoURL: REPOSITORY, targetRevision: 'main', path: '{{ .path.path }}' },
              destination: { name: '{{ .path.basename }}' },
            },
          },
        },
      });
      return out.files;
    },
  },
];
