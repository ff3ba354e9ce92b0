/** The builds and the units that each file goes into. */
import { folderOf, isWithin } from '../base/relative-path.ts';
import type { Layout } from '../layout/layout.ts';
import type { Builds } from './builds.ts';
import type { Deployments } from './deployments.ts';
import type { BuildUse } from './overlay-edits.ts';

export class FileUses {
  private builds: ReturnType<Builds['readers']> = new Map();
  private units: ReturnType<Deployments['readers']> = new Map();

  /** @returns the files that go into a build now and did not before, or the other way round */
  refresh(builds: Builds, deployments: Deployments): readonly string[] {
    const before = this.builds;
    this.builds = builds.readers();
    this.units = deployments.readers();
    const files = new Set([...before.keys(), ...this.builds.keys()]);
    return [...files].filter((file) => before.has(file) !== this.builds.has(file));
  }

  /** True if a file goes into a build. */
  isBuilt(file: string): boolean {
    return this.builds.has(file);
  }

  of(file: string, layout: Layout | undefined): readonly BuildUse[] {
    const clustersOf = (id: string) => layout?.placement.get(id) ?? [];
    return [
      ...(this.builds.get(file) ?? []).map(({ file: root, build }) => ({ root, build, clusters: clustersOf(root) })),
      ...(this.units.get(file) ?? []).map(({ id, build }) => ({ root: undefined, build, clusters: clustersOf(id) })),
    ];
  }

  /** True if builds of several clusters may read a file. */
  isShared(file: string): boolean {
    return (
      (this.builds.get(file) ?? []).some(({ file: root }) => !isWithin(file, folderOf(root))) ||
      (this.units.get(file)?.length ?? 0) > 1
    );
  }
}
