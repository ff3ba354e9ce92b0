/** Which meshes a file lies near to, where a workspace holds several: what one repository in it shares is not that of its neighbours. */
import { folderOf } from '../base/relative-path.ts';
import { remember } from '../base/remember.ts';
import type { ClusterId, Layout, MeshGroup } from '../layout/layout.ts';
import type { Whereabouts } from '../mesh/unread-store.ts';

export class Neighbourhood {
  private meshes: readonly MeshGroup[] | undefined;
  /** The meshes of which files lie below a folder. */
  private below: ReadonlyMap<string, ReadonlySet<MeshGroup>> = new Map();

  constructor(private readonly layout: () => Layout | undefined) {}

  /** The clusters of the meshes in the first folder above a file that holds files of any. */
  clustersNear(file: string): Whereabouts {
    const below = this.current();
    for (let folder = folderOf(file); folder !== ''; folder = folderOf(folder)) {
      const near = below.get(folder);
      if (near !== undefined) return clustersOf(near);
    }
    return 'anywhere';
  }

  private current(): ReadonlyMap<string, ReadonlySet<MeshGroup>> {
    const layout = this.layout();
    if (layout !== undefined && layout.meshes !== this.meshes) {
      this.meshes = layout.meshes;
      this.below = foldersOf(layout);
    }
    return this.below;
  }
}

function clustersOf(meshes: ReadonlySet<MeshGroup>): readonly ClusterId[] {
  return [...meshes].flatMap(({ clusters }) => clusters);
}

function foldersOf({ meshes, clusters }: Layout): ReadonlyMap<string, ReadonlySet<MeshGroup>> {
  const folders = new Map<string, Set<MeshGroup>>();
  for (const mesh of meshes) {
    for (const file of mesh.clusters.flatMap((id) => clusters.get(id)?.files ?? [])) {
      for (let folder = folderOf(file); folder !== ''; folder = folderOf(folder)) {
        const known = remember(folders, folder, () => new Set<MeshGroup>());
        if (known.has(mesh)) break;
        known.add(mesh);
      }
    }
  }
  return folders;
}
