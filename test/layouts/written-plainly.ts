/** Meshes written as plain manifests and values. */
import { chartOf, clustersOf, fileOf, isValues, manifestsOf, Writing, type WrittenLayout } from './writing.ts';

export const PLAIN: readonly WrittenLayout[] = [
  {
    name: 'a folder for each cluster',
    installedBy: 'operator',
    write(world) {
      const out = new Writing();
      for (const { cluster, manifest } of world) out.add(`clusters/${cluster}/${fileOf(manifest)}`, cluster, manifest);
      return out.files;
    },
  },
  {
    name: 'a file for each cluster',
    installedBy: 'operator',
    write(world) {
      const out = new Writing();
      for (const { cluster, manifest } of world) out.add(`mesh/${cluster}.yaml`, cluster, manifest);
      return out.files;
    },
  },
  {
    name: 'folders by component, files by cluster',
    installedBy: 'operator',
    write(world) {
      const out = new Writing();
      for (const { cluster, manifest } of world) {
        const { name } = manifest.metadata;
        // The name of a remote secret tells of another cluster.
        const file = manifest.kind === 'Secret' ? `${cluster}/${name}` : `${name}-${cluster}`;
        out.add(`${String(manifest.kind).toLowerCase()}s/${file}.yaml`, cluster, manifest);
      }
      return out.files;
    },
  },
  {
    name: 'a folder for each application, and in it for each cluster',
    installedBy: 'operator',
    write(world) {
      const out = new Writing();
      for (const { cluster, manifest } of world) {
        const area = manifest.metadata.namespace ?? manifest.metadata.name;
        out.add(`${area}/${cluster}/${fileOf(manifest)}`, cluster, manifest);
      }
      return out.files;
    },
  },
  {
    name: 'lists in one file for each cluster',
    installedBy: 'operator',
    write(world) {
      const out = new Writing();
      for (const cluster of clustersOf(world)) {
        const items = manifestsOf(world, cluster);
        out.add(`rendered/${cluster}/all.yaml`, cluster, { apiVersion: 'v1', kind: 'List', items });
      }
      return out.files;
    },
  },
  {
    name: 'Sail resources in a folder for each cluster',
    installedBy: 'sail',
    write(world) {
      const out = new Writing();
      for (const { cluster, manifest } of world) out.add(`env/prod/${cluster}/${fileOf(manifest)}`, cluster, manifest);
      return out.files;
    },
  },
  {
    name: 'values of Helm in a folder for each cluster',
    installedBy: 'values',
    write(world) {
      const out = new Writing();
      for (const one of world) {
        const file = isValues(one) ? `${chartOf(one)}-values.yaml` : fileOf(one.manifest);
        out.add(`clusters/${one.cluster}/${file}`, one.cluster, one.manifest);
      }
      return out.files;
    },
  },
];
