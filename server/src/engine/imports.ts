/** The reports that the configurations import: which files they are, what they state, and what is wrong with them. */
import type { Anchor, DocumentId } from '../base/anchor.ts';
import { cell, type Watched, watched } from '../base/incremental.ts';
import { resolvePath } from '../base/relative-path.ts';
import { sameData } from '../base/same-data.ts';
import type { ConfigProblem } from '../config/config.ts';
import type { DeployFile } from '../deploy/deploy-files.ts';
import { type ReportProblem, readSavedReport } from '../facts/saved-report/saved-report.ts';
import type { ImportedCluster } from '../layout/imported-clusters.ts';
import { importedId } from '../layout/imported-clusters.ts';
import type { Layout, SkipReason } from '../layout/layout.ts';
import { rootCursor } from '../yaml/read.ts';
import type { FileTree } from './deployed/file-tree.ts';

/** An entry of `imports`. */
export interface ImportEntry {
  readonly path: string;
  /** What it means, relative to the root of the world; undefined for what lies outside of that, or of the configuration's folder. */
  readonly file: string | undefined;
  /** Undefined where the editor's settings say it. */
  readonly at: Anchor | undefined;
}

interface Import extends ImportEntry {
  readonly clusters: readonly ImportedCluster[];
  readonly problem: Problem | undefined;
}

type Problem = ReportProblem | 'outside' | 'elsewhere' | 'missing' | 'unread' | 'no-json';

export class Imports {
  private readonly entries = cell<readonly ImportEntry[]>([], sameData);
  private readonly reading: Watched<readonly Import[]>;
  private known: readonly Import[] = [];
  pending = true;

  /** @param skipped why a file was not read */
  constructor(
    tree: FileTree,
    private readonly skipped: (file: string) => SkipReason | undefined,
  ) {
    this.reading = watched(
      () => this.entries.get().map((entry) => readImport(entry, tree)),
      () => {
        this.pending = true;
      },
    );
  }

  configure(entries: readonly ImportEntry[]): void {
    this.entries.set(entries);
  }

  /** Reads what has changed. @returns the reports before and after, if something has */
  refresh(): ReadonlySet<string> | undefined {
    if (!this.pending) return undefined;
    const before = this.known;
    this.known = this.reading.get();
    this.pending = false;
    return before === this.known ? undefined : new Set([...before, ...this.known].flatMap(({ file }) => file ?? []));
  }

  /** True if any cluster is imported. */
  get some(): boolean {
    return this.known.some(({ clusters }) => clusters.length > 0);
  }

  /** A report that is named twice is read once. */
  get clusters(): readonly ImportedCluster[] {
    const byFile = new Map(this.known.map(({ file, clusters }) => [file, clusters]));
    return [...byFile.values()].flat();
  }

  /** True if a file is a report that is imported: it states nothing as a manifest. */
  has(file: string): boolean {
    return this.known.some((one) => one.file === file);
  }

  /** What is wrong with the entries of the configuration files. */
  problems(layout: Layout): readonly ConfigProblem[] {
    return this.known.flatMap((one): ConfigProblem[] => {
      const told = one.at && this.problemOf(one, layout);
      return one.at === undefined || told === undefined ? [] : [{ at: one.at, ...told }];
    });
  }

  private problemOf({ path, file, problem, clusters }: Import, layout: Layout): Omit<ConfigProblem, 'at'> | undefined {
    const skipped = file === undefined ? undefined : this.skipped(file);
    switch (problem) {
      case 'outside':
        return {
          message: `'${path}' lies outside of the folder of this file, where nothing is read. Save the report in the repository.`,
        };
      case 'elsewhere':
        return {
          message: `'${path}' is not read: it lies outside of the opened folder.`,
          severity: 'hint',
        };
      case 'missing':
        return {
          message: `There is no file '${path}'. Save a report of the other repository there: \`ambient-multicluster report --format json\`.`,
        };
      case 'unread':
        return skipped === undefined
          ? undefined
          : { message: `'${path}' cannot be read: ${SKIPPED[skipped] ?? skipped}.` };
      case 'no-json':
        return { message: `'${path}' is damaged: it is no JSON. Save the report anew.` };
      case 'no-report':
        return {
          message: `'${path}' is no json report of ambient-multicluster. Save one: \`ambient-multicluster report --format json\`.`,
        };
      case 'another-version':
        return {
          message: `'${path}' is a report in another version of the format than 1, the one that is read. Save the report anew.`,
        };
      case 'no-facts':
        return {
          message: `'${path}' does not tell what is in its clusters. Save the report anew.`,
          severity: 'warning',
        };
      default:
        if (clusters.length === 0) return { message: `'${path}' holds no cluster.`, severity: 'info' };
        return joinsNothing(clusters, layout)
          ? {
              message: `No cluster in '${path}' belongs to a mesh of this workspace: none has the name, or the meshID, of one here. Nothing is compared with them.`,
              severity: 'info',
            }
          : undefined;
    }
  }
}

const SKIPPED: { readonly [R in SkipReason]?: string } = {
  'too-large': 'it is larger than 20 MB. Save `ambient-multicluster check --format json`, which is shorter',
  binary: 'it is not text',
  unreadable: 'it is not a file that may be read',
};

function joinsNothing(clusters: readonly ImportedCluster[], { meshes, clusters: placed }: Layout): boolean {
  const alone = new Set(clusters.map(importedId).filter((id) => placed.has(id)));
  if (alone.size < clusters.length) return false;
  return !meshes.some(
    (mesh) =>
      mesh.clusters.some((id) => alone.has(id)) && mesh.clusters.some((id) => placed.get(id)?.imported === undefined),
  );
}

function readImport(entry: ImportEntry, tree: FileTree): Import {
  const { file } = entry;
  const failed = (problem: Problem): Import => ({ ...entry, clusters: [], problem });
  if (file === undefined) return failed((resolvePath('', entry.path) ?? '') === '' ? 'outside' : 'elsewhere');
  const content = tree.file(file);
  if (content === 'missing' || content === 'unread') return failed(content);
  const { root, doc } = jsonRoot(content);
  if (root === undefined) return failed('no-json');
  const { clusters, problem } = readSavedReport(rootCursor(doc, root), file);
  return { ...entry, clusters: clusters.map((cluster) => ({ ...cluster, file })), problem };
}

function jsonRoot(content: DeployFile) {
  const [document, ...more] = content.documents();
  const root = more.length > 0 || document?.broken ? undefined : document?.root;
  return { root: root?.type === 'map' && root.flow ? root : undefined, doc: document?.id as DocumentId };
}
