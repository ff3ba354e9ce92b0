/** Meshes written as plain manifests and values. */
import { chartOf, clustersOf, fileOf, isValues, manifestsOf, placed, Writing, type WrittenLayout } from './writing.ts';

export const PLAIN: readonly WrittenLayout[] = [
  {
    name: 'a folder for each cluster',
    installedBy: 'operator',
    write: placed(({ cluster, manifest }) => `clusters/${cluster}/${fileOf(manifest)}`),
  },
  {
    name: 'a file for each cluster',
    installedBy: 'operator',
    write: placed(({ cluster }) => `mesh/${cluster}.yaml`),
  },
  {
    name: 'folders by component, files by cluster',
    installedBy: 'operator',
    write: placed(
      ({
        cluster,
        manifest: {
          kind,
          metadata: { name },
        },
      }) => {
        // The name of a remote secret tells of another cluster.
        const file = kind === 'Secret' ? `${cluster}/${name}` : `${name}-${cluster}`;
        return `${String(kind).toLowerCase()}s/${file}.yaml`;
      },
    ),
  },
  {
    name: 'a folder for each application, and in it for each cluster',
    installedBy: 'operator',
    write: placed(({ cluster, manifest }) => {
      const area = manifest.metadata.namespace ?? manifest.metadata.name;
      return `${area}/${cluster}/${fileOf(manifest)}`;
    }),
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
    write: placed(({ cluster, manifest }) => `env/prod/${cluster}/${fileOf(manifest)}`),
  },
  {
    name: 'values of Helm in a folder for each cluster',
    installedBy: 'values',
    write: placed((one) => {
      const file = isValues(one) ? `${chartOf(one)}-values.yaml` : fileOf(one.manifest);
      return `clusters/${one.cluster}/${file}`;
    }),
  },
];
