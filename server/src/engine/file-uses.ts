/** The builds and the units that each file goes into. */
import { folderOf, isWithin } from '../base/relative-path.ts';
import type { ClusterId, Layout } from '../layout/layout.ts';
import type { YamlValue } from '../yaml/edit.ts';
import type { Builds } from './builds.ts';
import type { Deployments } from './deployments.ts';
import type { BuildUse } from './overlay-edits.ts';

export class FileUses {
  private builds: ReturnType<Builds['readers']> = new Map();
  private units: ReturnType<Deployments['readers']> = new Map();

  /** @returns the files that go into a build, or into a unit, now and did not before, or the other way round */
  refresh(builds: Builds, deployments: Deployments): readonly string[] {
    const before = [this.builds, this.units];
    this.builds = builds.readers();
    this.units = deployments.readers();
    const after = [this.builds, this.units];
    const files = new Set([...before, ...after].flatMap((uses) => [...uses.keys()]));
    return [...files].filter((file) => before.some((uses, i) => uses.has(file) !== after[i]?.has(file)));
  }

  /** True if a file goes into a build or a unit. */
  isUsed(file: string): boolean {
    return this.builds.has(file) || this.units.has(file);
  }

  /** True if a file goes into a build. */
  isBuilt(file: string): boolean {
    return this.builds.has(file);
  }

  /** The roots of the builds, and the ids of the units, that a file goes into. */
  idsOf(file: string): readonly string[] {
    const roots = (this.builds.get(file) ?? []).map((use) => use.file);
    return [...roots, ...(this.units.get(file) ?? []).map(({ id }) => id)];
  }

  of(file: string, layout: Layout | undefined): readonly BuildUse[] {
    const clustersOf = (id: string) => layout?.placement.get(id) ?? [];
    return [
      ...(this.builds.get(file) ?? []).map(({ file: root, build }) => ({ root, build, clusters: clustersOf(root) })),
      ...(this.units.get(file) ?? []).map(({ id, build }) => ({ root: undefined, build, clusters: clustersOf(id) })),
    ];
  }

  /** The build of a cluster into which an object belongs: one that has objects of its namespace, if there is one. */
  rootOf(cluster: ClusterId, object: YamlValue, layout: Layout | undefined): BuildUse | undefined {
    const files = new Set([...this.builds.keys(), ...this.units.keys()]);
    const all = [...files]
      .flatMap((file) => this.of(file, layout))
      .filter(({ clusters }) => clusters.includes(cluster));
    const namespace = (object as { readonly metadata?: { readonly namespace?: string } }).metadata?.namespace;
    return all.find(({ build }) => build?.objects.some(({ current }) => current.namespace === namespace)) ?? all[0];
  }

  /** True if builds of several clusters may read a file. */
  isShared(file: string): boolean {
    return (
      (this.builds.get(file) ?? []).some(({ file: root }) => !isWithin(file, folderOf(root))) ||
      (this.units.get(file)?.length ?? 0) > 1
    );
  }
}
