/**
 * The kustomize builds of the world. A kustomization that no other one includes is deployed as it is built: its file then states what
 * the build gives, and the files that go into it state nothing by themselves.
 */

import type { DocumentId } from '../../base/anchor.ts';
import { type Watched, watched } from '../../base/incremental.ts';
import { outermost } from '../../base/outermost.ts';
import { folderOf, resolvePath } from '../../base/relative-path.ts';
import { sameData } from '../../base/same-data.ts';
import { builtFacts, deletedFacts, openFacts } from '../../deploy/built-facts.ts';
import { isPartly, type KustomizeBuild } from '../../deploy/kustomize/build-result.ts';
import { NO_FACTS } from '../../facts/extract.ts';
import type { KustomizationFacts } from '../../facts/kustomization-paths.ts';
import type { FileFacts } from '../../layout/file-facts.ts';
import type { SkipReason } from '../../layout/layout.ts';

/** A kustomization of the world. */
interface Kustomization {
  readonly file: string;
  readonly names: KustomizationFacts;
  readonly build: Watched<KustomizeBuild>;
}

/** A build that is deployed as it is. */
export interface Root {
  /** The file of its kustomization. */
  readonly file: string;
  readonly build: KustomizeBuild;
}

/** What the file of a root states, and what that was concluded from. */
interface Told {
  readonly facts: FileFacts;
  readonly names: KustomizationFacts;
  readonly build: KustomizeBuild;
}

export class Builds {
  private readonly kustomizations = new Map<string, Kustomization>();
  /** Folders whose builds may give something else than before. */
  private readonly due = new Set<string>();
  /** In order. */
  private rootFolders: readonly string[] = [];
  /** By file. */
  private readonly told = new Map<string, Told>();
  /** Files and folders that kustomizations leave out on purpose. */
  private left: ReadonlySet<string> = new Set();
  /** Folders that only what is left out tells a tool to deploy. */
  private leftDeployed: ReadonlySet<string> = new Set();
  /** True if other kustomizations may be the roots than those that were found last. */
  private isRegrouped = false;
  /** True if one that may be a root was refused for what it holds twice: what the others hold decides then, too. */
  private hasRefused = false;
  /** Folders that a tool is told to deploy: not roots, and neither is what includes them. */
  private deployedFolders: ReadonlySet<string> = new Set();

  /** @param build what kustomize makes of the kustomization in a folder */
  constructor(private readonly build: (folder: string) => KustomizeBuild) {}

  get pending(): boolean {
    return this.due.size > 0;
  }

  /** What a file states as the root of a build; undefined if it is none. */
  factsOf(file: string): FileFacts | undefined {
    return this.told.get(file)?.facts;
  }

  /** What a kustomization builds; undefined where a folder has none. */
  of(folder: string): KustomizeBuild | undefined {
    return this.kustomizations.get(folder)?.build.get();
  }

  /** The builds of roots, and of the folders that a tool is told to deploy. */
  *ofDeployed(): Generator<KustomizeBuild> {
    for (const folder of new Set([...this.rootFolders, ...this.deployedFolders])) {
      const build = this.of(folder);
      if (build !== undefined) yield build;
    }
  }

  /** The builds of all roots, in order of their folders. */
  get roots(): readonly Root[] {
    return this.rootFolders.flatMap((folder) => {
      const known = this.kustomizations.get(folder);
      return known === undefined ? [] : [{ file: known.file, build: known.build.get() }];
    });
  }

  /** A file changed: it is a kustomization that names something, or it is none (any more). */
  update(file: string, names: KustomizationFacts | undefined): void {
    const folder = folderOf(file);
    const known = this.kustomizations.get(folder);
    if (names === undefined) {
      if (known?.file !== file) return;
      known.build.dispose();
      this.kustomizations.delete(folder);
      this.isRegrouped = true;
    } else if (known?.file !== file) {
      known?.build.dispose();
      const build = watched(
        () => this.build(folder),
        () => this.due.add(folder),
      );
      this.kustomizations.set(folder, { file, names, build });
      this.isRegrouped = true;
    } else if (!sameData(known.names, names)) {
      this.kustomizations.set(folder, { ...known, names });
      this.isRegrouped = true;
    }
    this.due.add(folder);
  }

  /** The document for which kustomize cannot read what the root in a file lists. */
  brokenPartOf(file: string): DocumentId | undefined {
    const [first] = this.told.get(file)?.build.problems ?? [];
    return first?.class === 'invalid-yaml' ? first.related[0]?.doc : undefined;
  }

  /** True for a file or folder that a kustomization leaves out on purpose: an entry of its lists is a comment. */
  leavesOut(path: string): boolean {
    return this.left.has(path);
  }

  get leftFolders(): ReadonlySet<string> {
    return this.leftDeployed;
  }

  get deployed(): ReadonlySet<string> {
    return this.deployedFolders;
  }

  /**
   * Builds what is due.
   * @param deployed folders that a tool is told to deploy
   * @param left folders that only what is left out tells a tool to deploy: no roots either
   * @returns the files that state something else now
   */
  refresh(deployed = this.deployedFolders, left = this.leftDeployed): ReadonlySet<string> {
    const isDeployedElse = !sameData(deployed, this.deployedFolders) || !sameData(left, this.leftDeployed);
    if (this.due.size === 0 && !isDeployedElse) return new Set();
    this.deployedFolders = deployed;
    this.leftDeployed = left;
    const due = [...this.due].flatMap((folder) => this.kustomizations.get(folder) ?? []);
    this.due.clear();
    const isRegrouped =
      this.isRegrouped ||
      isDeployedElse ||
      this.hasRefused ||
      due.some((known) => this.told.has(known.file) && isRefused(known.build.get()));
    return new Set(
      isRegrouped
        ? this.regroup()
        : due.flatMap((root) => (this.told.has(root.file) && this.tell(root) ? root.file : [])),
    );
  }

  /** Finds the roots. @returns the files that state something else now */
  private *regroup(): Generator<string> {
    this.isRegrouped = false;
    this.hasRefused = false;
    this.left = new Set([...this.kustomizations].flatMap(([folder, { names }]) => pathsLeftOut(folder, names)));
    const tops = outermost(
      [...this.kustomizations.keys()].sort(),
      (folder) => this.includedBy(folder),
      (folder) => !this.isComponent(folder),
    ).filter((folder) => !this.left.has(folder) && !this.leftDeployed.has(folder));
    this.rootFolders = [...new Set(tops.flatMap((folder) => [...this.rootsAt(folder, new Set())]))].sort();
    const roots = this.rootFolders.flatMap((folder) => this.kustomizations.get(folder) ?? []);
    const files = new Set(roots.map(({ file }) => file));
    for (const file of this.told.keys()) {
      if (files.has(file)) continue;
      this.told.delete(file);
      yield file;
    }
    for (const root of roots) if (this.tell(root)) yield root.file;
  }

  /** Brings what a root states up to date; false if that is what it stated before. */
  private tell({ file, names, build }: Kustomization): boolean {
    const told = this.told.get(file);
    const built = build.get();
    if (told?.build === built && told.names === names) return false;
    this.told.set(file, { facts: factsOfBuild(file, names, built), names, build: built });
    return true;
  }

  private isComponent(folder: string): boolean {
    return this.kustomizations.get(folder)?.names.isComponent === true;
  }

  /** Folders of the kustomizations that one names. */
  private includedBy(folder: string): readonly string[] {
    return (this.kustomizations.get(folder)?.names.paths ?? []).flatMap((path) => {
      const target = resolvePath(folder, path);
      return target !== undefined && target !== folder && this.kustomizations.has(target) ? [target] : [];
    });
  }

  private includesDeployed(folder: string, seen: Set<string>): boolean {
    return this.includedBy(folder).some((part) => {
      if (this.deployedFolders.has(part)) return true;
      if (seen.has(part)) return false;
      seen.add(part);
      return this.includesDeployed(part, seen);
    });
  }

  /**
   * The roots at or below a top. One that gathers folders which hold the same objects cannot be built, so that it only lists what is
   * deployed folder by folder.
   */
  private *rootsAt(folder: string, above: Set<string>): Generator<string> {
    const known = this.kustomizations.get(folder);
    if (known === undefined || above.has(folder) || this.deployedFolders.has(folder)) return;
    const parts = [...new Set(this.includedBy(folder))].filter((part) => !this.isComponent(part));
    const hasTwice = isRefused(known.build.get());
    this.hasRefused ||= hasTwice;
    // What includes a folder that is deployed by itself only lists it, or is an alternative to it.
    const isDeployed = this.deployedFolders.size > 0 && this.includesDeployed(folder, new Set());
    if (!isDeployed && !(hasTwice && this.overlap(parts))) yield folder;
    else for (const part of parts) yield* this.rootsAt(part, new Set(above).add(folder));
  }

  /** True if two folders hold an object of the same name. */
  private overlap(folders: readonly string[]): boolean {
    const seen = new Set<string>();
    return folders.some((folder) => {
      const ids = new Set((this.of(folder)?.objects ?? []).map(({ current }) => JSON.stringify(current)));
      const overlaps = [...ids].some((id) => seen.has(id));
      for (const id of ids) seen.add(id);
      return overlaps;
    });
  }
}

function pathsLeftOut(folder: string, { leavesOut = [] }: KustomizationFacts): readonly string[] {
  return leavesOut.flatMap((path) => resolvePath(folder, path) ?? []);
}

function isRefused({ problems }: KustomizeBuild): boolean {
  return problems.some((problem) => problem.class === 'duplicate-id');
}

function factsOfBuild(file: string, names: KustomizationFacts, build: KustomizeBuild): FileFacts {
  const { objects, problems, unknown, uses, isOpen } = build;
  const deleted = deletedFacts(build, file);
  const facts = objects.map((object) => builtFacts(object, file));
  return {
    file,
    documents: [{ ...NO_FACTS, kustomization: names }, ...(isOpen ? facts.map(openFacts) : facts)],
    uses,
    ...(deleted.length === 0 ? {} : { deleted }),
    ...(isPartly(build) ? { skipped: reasonOf(problems, unknown, file) } : {}),
  };
}

function reasonOf([first]: KustomizeBuild['problems'], unknown: KustomizeBuild['unknown'], file: string): SkipReason {
  if (unknown.some(({ what, why }) => why === 'template' && what === file)) return 'template';
  return first?.class === 'invalid-yaml' && first.folder === folderOf(file) ? 'broken-yaml' : 'kustomization';
}
