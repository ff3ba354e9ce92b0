/** Files in memory, as deployment tools see them. */
import type { Anchor } from '../../server/src/base/anchor.ts';
import { endsAll } from '../../server/src/base/failure.ts';
import { type Cell, cell } from '../../server/src/base/incremental.ts';
import type { DeployFile, DeployFiles } from '../../server/src/deploy/deploy-files.ts';
import { DocumentTable } from '../../server/src/yaml/documents.ts';
import { brokenAs } from '../../server/src/yaml/parse.ts';

/** A tree of files that can be edited; what reads it is computed again when that changes. */
export class MemoryFiles implements DeployFiles {
  readonly documents = new DocumentTable();
  readonly onFailure = endsAll;
  private readonly texts = new Map<string, Cell<string | undefined>>();
  private readonly paths: Cell<readonly string[]> = cell([]);
  /** Paths of files that are there, but not known. */
  readonly unread = new Set<string>();

  private readonly folders: Cell<ReadonlySet<string>> = cell(new Set());
  private complete = false;

  constructor(files: Readonly<Record<string, string>>) {
    for (const [path, text] of Object.entries(files)) this.write(path, text);
    this.complete = true;
    this.list();
  }

  write(path: string, text: string | undefined): void {
    if (text === undefined) this.documents.remove(path);
    else this.documents.update(path, text);
    const known = this.texts.get(path);
    if (known === undefined) this.texts.set(path, cell(text));
    else known.set(text);
    if (this.complete) this.list();
  }

  /** Tells what is there: after each edit, but not after each file of the first ones. */
  private list(): void {
    const paths = [...this.texts].flatMap(([name, value]) => (value.get() === undefined ? [] : [name])).sort();
    if (paths.join('\n') === this.paths.get().join('\n')) return;
    this.paths.set(paths);
    const folders = new Set<string>(paths.length > 0 ? [''] : []);
    for (const path of paths) {
      for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1))
        folders.add(path.slice(0, end));
    }
    this.folders.set(folders);
  }

  file(path: string): DeployFile | 'missing' | 'unread' {
    if (this.unread.has(path)) return 'unread';
    let known = this.texts.get(path);
    if (known === undefined) {
      known = cell<string | undefined>(undefined);
      this.texts.set(path, known);
    }
    const text = known.get();
    if (text === undefined) return 'missing';
    return {
      text,
      documents: () =>
        (this.documents.file(path)?.documents ?? []).map(({ id }) => {
          const parsed = this.documents.parsed(id);
          return { id, root: parsed?.root, broken: parsed !== undefined && brokenAs(parsed) };
        }),
    };
  }

  isFolder(path: string): boolean {
    return this.folders.get().has(path);
  }

  children(folder: string): readonly { readonly name: string; readonly folder: boolean }[] {
    const prefix = folder === '' ? '' : `${folder}/`;
    const found = new Map<string, boolean>();
    for (const path of this.paths.get()) {
      if (!path.startsWith(prefix)) continue;
      const [name = '', ...rest] = path.slice(prefix.length).split('/');
      found.set(name, rest.length > 0);
    }
    return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, isFolder]) => ({ name, folder: isFolder }));
  }

  /** The place of an anchor, as `file:line: text of the line`. */
  line(anchor: Anchor | undefined): string {
    const location = anchor && this.documents.locate(anchor);
    if (location === undefined) return 'nowhere';
    const line = this.documents.file(location.file)?.text.split(/\r\n|\n|\r/)[location.range.start.line] ?? '';
    return `${location.file}: ${line.trim()}`;
  }
}
