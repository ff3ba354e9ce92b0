/** The files of the world as builds read them: what a build has read is remembered, and the build runs again when it changes. */
import type { Failure } from '../../base/failure.ts';
import { type Cell, cell } from '../../base/incremental.ts';
import { folderOf, inFolder } from '../../base/relative-path.ts';
import { remember } from '../../base/remember.ts';
import { sameData } from '../../base/same-data.ts';
import type { DeployDocument, DeployFile, DeployFiles } from '../../deploy/deploy-files.ts';
import type { DocumentTable } from '../../yaml/documents.ts';
import { brokenAs } from '../../yaml/parse.ts';
import type { SourceFile } from '../../yaml/source.ts';

type Content = ReturnType<DeployFiles['file']>;
type Child = ReturnType<DeployFiles['children']>[number];

export class FileTree implements DeployFiles {
  private readonly contents = new Map<string, Cell<Content>>();
  /** Files in the workspace, and the folders above them: how many files lie below each child of a folder. */
  private readonly below = new Map<string, Map<string, number>>();
  private readonly childCells = new Map<string, Cell<readonly Child[]>>();
  private readonly present = new Set<string>();
  /** Files that a build has asked for and that nobody has given yet. */
  private readonly asked = new Set<string>();
  /** Files that builds have asked for and that were given, or are not there. */
  private readonly answered = new Set<string>();
  /** Files that are not there and should be. */
  private readonly missed = new Set<string>();

  /** @param came told of each file that is there now and was not before */
  constructor(
    private readonly documents: DocumentTable,
    readonly onFailure: Failure,
    private readonly came: (file: string) => void = () => {},
  ) {}

  file(path: string): Content {
    const held = remember(this.contents, path, () => cell<Content>(this.known(path)));
    const content = held.get();
    if (content !== 'unread' || this.answered.has(path)) return content;
    if (this.isFolder(path)) return 'missing';
    this.asked.add(path);
    return content;
  }

  isFolder(path: string): boolean {
    return this.children(path).length > 0;
  }

  children(folder: string): readonly Child[] {
    return remember(this.childCells, folder, () => cell(this.listed(folder), sameData)).get();
  }

  /** Files whose content builds ask for, in order. */
  get wanted(): readonly string[] {
    return [...this.asked].sort();
  }

  /** True if the text of a file must be kept although no fact is in it. */
  wants(file: string): boolean {
    return this.asked.has(file) || this.contents.has(file);
  }

  /**
   * A file came or changed, or one that was asked for was read.
   * @param source undefined where its content is not known
   */
  update(file: string, source: SourceFile | undefined): void {
    if (this.asked.delete(file)) this.answered.add(file);
    this.list(file);
    this.contents.get(file)?.set(source === undefined ? 'unread' : this.contentOf(source));
  }

  /** A file is there; what is in it is read when a build asks for it. */
  list(file: string): void {
    if (this.present.has(file)) return;
    this.present.add(file);
    this.missed.delete(file);
    this.count(file, 1);
    this.came(file);
  }

  get files(): Iterable<string> {
    return this.present;
  }

  has(file: string): boolean {
    return this.present.has(file);
  }

  /** True if a file or a folder is not there and should be. */
  misses(path: string): boolean {
    return this.missed.has(path) && !this.isFolder(path);
  }

  /** True if one is missed beside others that are there. */
  lacks(path: string): boolean {
    return this.misses(path) && this.isFolder(folderOf(path));
  }

  /**
   * A file went, or one that was asked for does not exist.
   * @param isMissed it should be there
   */
  remove(file: string, isMissed = false): void {
    if (isMissed) this.missed.add(file);
    else this.missed.delete(file);
    const answer = this.asked.delete(file);
    if (answer) this.answered.add(file);
    else {
      this.answered.delete(file);
      // Where its content was not known before either, no build runs again for that, and none would ask.
      if (this.contents.has(file)) this.asked.add(file);
    }
    if (this.present.delete(file)) this.count(file, -1);
    this.contents.get(file)?.set(answer ? 'missing' : 'unread');
  }

  private known(path: string): Content {
    const source = this.documents.file(path);
    return source === undefined ? 'unread' : this.contentOf(source);
  }

  private contentOf({ text, file }: SourceFile): DeployFile {
    let documents: readonly DeployDocument[] | undefined;
    return {
      text,
      documents: () => {
        documents ??= (this.documents.file(file)?.documents ?? []).map(({ id }): DeployDocument => {
          const parsed = this.documents.parsed(id);
          return { id, root: parsed?.root, broken: parsed === undefined || brokenAs(parsed) };
        });
        return documents;
      },
    };
  }

  /** Counts a file in, or out of, all folders above it. */
  private count(file: string, by: 1 | -1): void {
    const steps = file.split('/');
    let folder = '';
    for (const step of steps) {
      const children = remember(this.below, folder, () => new Map<string, number>());
      const left = (children.get(step) ?? 0) + by;
      if (left === 0) children.delete(step);
      else children.set(step, left);
      this.childCells.get(folder)?.set(this.listed(folder));
      folder = inFolder(folder, step);
    }
  }

  private listed(folder: string): readonly Child[] {
    const prefix = folder === '' ? '' : `${folder}/`;
    return [...(this.below.get(folder)?.keys() ?? [])]
      .sort()
      .map((name) => ({ name, folder: !this.present.has(prefix + name) }));
  }
}
