/** Meshes written as bases and overlays of kustomize, and as what Flux applies. */
import { stringify } from 'yaml';
import type { Manifest } from '../rules/correct-worlds.ts';
import {
  apart,
  chartOf,
  clustersOf,
  common,
  deletion,
  fileOf,
  fluxKustomization,
  HELM_REPOSITORY,
  helmRelease,
  identity,
  isValues,
  kustomization,
  manifestsOf,
  merged,
  nested,
  operations,
  overlays,
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
        return patches.length === 0 ? {} : { patches: names.map((path) => ({ path })) };
      }).files,
  },
  {
    name: 'overlays of kustomize with operations in line',
    installedBy: 'sail',
    write: (world, correct) =>
      overlays(
        world,
        correct,
        (_out, _folder, _cluster, { changed, lacked }) => {
          const patches = [
            ...changed.map(({ before, after }) => ({
              target: { kind: before.kind, name: before.metadata.name },
              patch: stringify(operations(before, after)),
            })),
            ...lacked.map((manifest) => ({ patch: stringify(deletion(manifest)) })),
          ];
          return patches.length === 0 ? {} : { patches };
        },
        { base: 'platform/base', overlay: (cluster) => `platform/clusters/${cluster}` },
      ).files,
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
        for (const manifest of manifestsOf(world, cluster))
          out.add(`apps/${cluster}/${fileOf(manifest)}`, cluster, manifest);
      }
      return out.files;
    },
  },
  {
    name: 'Flux with HelmReleases that clusters patch',
    installedBy: 'values',
    write(world, correct) {
      const out = new Writing();
      const charts = [...new Set(correct.filter(isValues).map(chartOf))];
      for (const chart of charts)
        out.add(`infrastructure/base/${chart}.yaml`, undefined, helmRelease(chart, sharedValues(correct, chart)));
      out.add('infrastructure/base/repository.yaml', undefined, HELM_REPOSITORY);
      out.add(
        'infrastructure/base/kustomization.yaml',
        undefined,
        kustomization({ resources: ['repository.yaml', ...charts.map((chart) => `${chart}.yaml`)] }),
      );
      const base = common(correct);
      for (const manifest of base) out.add(`apps/base/${fileOf(manifest)}`, undefined, manifest);
      out.add('apps/base/kustomization.yaml', undefined, kustomization({ resources: [...new Set(base.map(fileOf))] }));
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
        const { own, changed, lacked } = apart(world, cluster, base);
        for (const manifest of own) out.add(`apps/${cluster}/${fileOf(manifest)}`, cluster, manifest);
        const changes = [
          ...changed.map(({ before, after }) => ({
            target: { kind: before.kind, name: before.metadata.name, namespace: before.metadata.namespace },
            patch: stringify(operations(before, after)),
          })),
          ...lacked.map((manifest) => ({ patch: stringify(deletion(manifest)) })),
        ];
        out.add(
          `apps/${cluster}/kustomization.yaml`,
          cluster,
          kustomization({
            resources: ['../base', ...new Set(own.map(fileOf))],
            ...(changes.length === 0 ? {} : { patches: changes }),
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
      for (const manifest of base) out.add(`mesh/${fileOf(manifest)}`, undefined, manifest);
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
        const { own, changed, lacked } = apart(world, cluster, inBase);
        for (const manifest of own) out.add(`clusters/${cluster}/${fileOf(manifest)}`, cluster, manifest);
        for (const { before, after } of changed)
          patches.push({
            target: { kind: before.kind, name: before.metadata.name },
            patch: stringify(operations(before, after)),
          });
        for (const manifest of lacked) patches.push({ patch: stringify(deletion(manifest)) });
        out.add(
          `clusters/${cluster}/mesh.yaml`,
          cluster,
          fluxKustomization('mesh', './mesh', {
            postBuild: { substitute: { cluster_name: cluster, cluster_network: `network-${cluster}` } },
            ...(patches.length === 0 ? {} : { patches }),
          }),
        );
      }
      return out.files;
    },
  },
];
