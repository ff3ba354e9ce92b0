/** Meshes written as bases and overlays of kustomize, and as what Flux applies. */
import { stringify } from 'yaml';
import type { Manifest } from '../rules/correct-worlds.ts';
import {
  apart,
  chartOf,
  chartsOf,
  clustersOf,
  common,
  deletion,
  fileOf,
  fluxKustomization,
  HELM_REPOSITORY,
  helmRelease,
  identity,
  kustomization,
  manifestsOf,
  merged,
  nested,
  operations,
  overlays,
  patchesFor,
  patching,
  sharedValues,
  valuesOf,
  Writing,
  type WrittenLayout,
} from './writing.ts';

export const OVERLAYS: readonly WrittenLayout[] = [
  {
    name: 'overlays of kustomize with merge patches in files',
    installedBy: 'operator',
    write: (world, correct) =>
      overlays(world, correct, (out, folder, cluster, { changed, lacked }) => {
        const patches = [
          ...changed.map(({ before, after }) => ({ ...identity(before), ...nested(before, merged(before, after)) })),
          ...lacked.map(deletion),
        ];
        const names = patches.map((patch) => `patch-${fileOf(patch)}`);
        for (const [i, patch] of patches.entries()) out.add(`${folder}/${names[i]}`, cluster, patch);
        return patching(names.map((path) => ({ path })));
      }).files,
  },
  {
    name: 'overlays of kustomize with operations in line',
    installedBy: 'sail',
    write: (world, correct) =>
      overlays(world, correct, (_out, _folder, _cluster, changes) => patching(patchesFor(changes)), {
        base: 'platform/base',
        overlay: (cluster) => `platform/clusters/${cluster}`,
      }).files,
  },
  {
    name: 'Flux with HelmReleases in a folder for each cluster',
    installedBy: 'values',
    write(world) {
      const out = new Writing();
      for (const cluster of clustersOf(world)) {
        out.add(
          `clusters/${cluster}/infrastructure.yaml`,
          cluster,
          fluxKustomization('infrastructure', `./infrastructure/${cluster}`),
        );
        out.add(`clusters/${cluster}/apps.yaml`, cluster, fluxKustomization('apps', `./apps/${cluster}`));
        out.add(`infrastructure/${cluster}/repository.yaml`, cluster, HELM_REPOSITORY);
        for (const one of valuesOf(world, cluster))
          out.add(`infrastructure/${cluster}/${chartOf(one)}.yaml`, cluster, helmRelease(chartOf(one), one.manifest));
        out.addManifests(`apps/${cluster}`, cluster, manifestsOf(world, cluster));
      }
      return out.files;
    },
  },
  {
    name: 'Flux with HelmReleases that clusters patch',
    installedBy: 'values',
    write(world, correct) {
      const out = new Writing();
      const charts = chartsOf(correct);
      for (const chart of charts)
        out.add(`infrastructure/base/${chart}.yaml`, undefined, helmRelease(chart, sharedValues(correct, chart)));
      out.add('infrastructure/base/repository.yaml', undefined, HELM_REPOSITORY);
      out.add(
        'infrastructure/base/kustomization.yaml',
        undefined,
        kustomization({ resources: ['repository.yaml', ...charts.map((chart) => `${chart}.yaml`)] }),
      );
      const base = common(correct);
      out.addBase('apps/base', base);
      for (const cluster of clustersOf(correct)) {
        out.add(
          `clusters/${cluster}/infrastructure.yaml`,
          cluster,
          fluxKustomization('infrastructure', `./infrastructure/${cluster}`),
        );
        out.add(`clusters/${cluster}/apps.yaml`, cluster, fluxKustomization('apps', `./apps/${cluster}`));
        const patches = valuesOf(world, cluster).map((one) => {
          const chart = chartOf(one);
          const { kind, apiVersion, metadata } = helmRelease(chart, {});
          const values = merged(sharedValues(correct, chart), one.manifest);
          return stringify({ apiVersion, kind, metadata, spec: { values } });
        });
        out.add(
          `infrastructure/${cluster}/kustomization.yaml`,
          cluster,
          kustomization({ resources: ['../base'], patches: patches.map((patch) => ({ patch })) }),
        );
        const changes = apart(world, cluster, base);
        out.addManifests(`apps/${cluster}`, cluster, changes.own);
        const namespaced = ({ kind, metadata: { name, namespace } }: Manifest) => ({ kind, name, namespace });
        out.add(
          `apps/${cluster}/kustomization.yaml`,
          cluster,
          kustomization({
            resources: ['../base', ...new Set(changes.own.map(fileOf))],
            ...patching(patchesFor(changes, namespaced)),
          }),
        );
      }
      return out.files;
    },
  },
  {
    name: 'Flux with variables, and patches of clusters',
    installedBy: 'values',
    write(world, correct) {
      const out = new Writing();
      const clusters = clustersOf(correct);
      const first = clusters[0] ?? '';
      const asVariables = (manifest: Manifest): Manifest =>
        JSON.parse(
          JSON.stringify(manifest)
            .replaceAll(`network-${first}`, '$' + '{cluster_network}')
            .replaceAll(`"${first}"`, '"$' + '{cluster_name}"'),
        );
      const filled = (manifest: Manifest, cluster: string): Manifest =>
        JSON.parse(
          JSON.stringify(manifest)
            .replaceAll('$' + '{cluster_network}', `network-${cluster}`)
            .replaceAll('$' + '{cluster_name}', cluster),
        );
      const base = manifestsOf(correct, first)
        .filter(({ kind }) => kind !== 'Secret')
        .map(asVariables);
      out.addManifests('mesh', undefined, base);
      for (const one of valuesOf(correct, first))
        out.add(`mesh/${chartOf(one)}.yaml`, undefined, helmRelease(chartOf(one), asVariables(one.manifest)));
      for (const cluster of clusters) {
        const patches: Manifest[] = [];
        for (const one of valuesOf(world, cluster)) {
          const chart = chartOf(one);
          const before = valuesOf(correct, first).find((other) => chartOf(other) === chart)?.manifest;
          const changes = operations(filled(asVariables(before), cluster), one.manifest, ['spec', 'values']);
          if (changes.length > 0)
            patches.push({ target: { kind: 'HelmRelease', name: chart }, patch: stringify(changes) });
        }
        const inBase = base.map((manifest) => filled(manifest, cluster));
        const changes = apart(world, cluster, inBase);
        out.addManifests(`clusters/${cluster}`, cluster, changes.own);
        patches.push(...patchesFor(changes));
        out.add(
          `clusters/${cluster}/mesh.yaml`,
          cluster,
          fluxKustomization('mesh', './mesh', {
            postBuild: { substitute: { cluster_name: cluster, cluster_network: `network-${cluster}` } },
            ...patching(patches),
          }),
        );
      }
      return out.files;
    },
  },
];
