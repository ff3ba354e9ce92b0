/** A world of files in memory, as deployment tools see it. */
import type { DocumentId } from '../../server/src/base/anchor.ts';
import { endsAll } from '../../server/src/base/failure.ts';
import { showPath } from '../../server/src/base/path.ts';
import type { DeployFile, DeployFiles } from '../../server/src/deploy/deploy-files.ts';
import type { Deployment, DeployObject, DeployWorld } from '../../server/src/deploy/deployment.ts';
import { deploymentsOf } from '../../server/src/deploy/deployments.ts';
import { textAt } from '../../server/src/deploy/read-text.ts';
import { type Conclusion, Conclusions } from '../../server/src/deploy/remembered.ts';
import { DocumentTable } from '../../server/src/yaml/documents.ts';
import type { Node } from '../../server/src/yaml/node.ts';
import { brokenAs } from '../../server/src/yaml/parse.ts';
import { type Cursor, entries, items, rootCursor } from '../../server/src/yaml/read.ts';

export class DeployTree implements DeployWorld, DeployFiles {
  readonly table = new DocumentTable();
  readonly onFailure = endsAll;
  readonly files = this;

  /** @param texts by path; null is a file that cannot be read */
  constructor(private readonly texts: Readonly<Record<string, string | null>>) {
    for (const [path, text] of Object.entries(texts)) if (text !== null) this.table.update(path, text);
  }

  file(path: string): DeployFile | 'missing' | 'unread' {
    const text = this.texts[path];
    if (text === undefined) return 'missing';
    if (text === null) return 'unread';
    return { text, documents: () => (this.table.file(path)?.documents ?? []).map(({ id }) => this.document(id)) };
  }

  private document(id: DocumentId): { id: DocumentId; root: Node | undefined; broken: boolean | 'too-large' } {
    const parsed = this.table.parsed(id);
    return { id, root: parsed?.root, broken: parsed !== undefined && brokenAs(parsed) };
  }

  isFolder(path: string): boolean {
    return path === '' || Object.keys(this.texts).some((file) => file.startsWith(`${path}/`));
  }

  children(folder: string): readonly { readonly name: string; readonly folder: boolean }[] {
    const start = folder === '' ? '' : `${folder}/`;
    const found = new Map<string, boolean>();
    for (const file of Object.keys(this.texts)) {
      if (!file.startsWith(start)) continue;
      const [name = '', ...rest] = file.slice(start.length).split('/');
      found.set(name, rest.length > 0);
    }
    return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, isFolder]) => ({ name, folder: isFolder }));
  }

  /** All documents that are objects. */
  all(): readonly DeployObject[] {
    return Object.keys(this.texts).flatMap((file) =>
      (this.table.file(file)?.documents ?? []).flatMap(({ id }) => {
        const root = this.table.parsed(id)?.root;
        return root === undefined ? [] : [{ file, object: rootCursor(id, root) }];
      }),
    );
  }

  objects(kind: string): readonly DeployObject[] {
    return this.all().filter(({ object }) => textAt(object, 'kind') === kind);
  }

  private readonly conclusions = new Conclusions(() => this);

  remembered<T>(conclude: Conclusion<T>, key: string): T {
    return this.conclusions.of(conclude, key);
  }

  /** All deployments, in order of files. */
  deployments(): readonly Deployment[] {
    return this.all().flatMap(({ file, object }) => deploymentsOf(object, file, this) ?? []);
  }

  /** The place of a node as `file:line /path`. */
  place({ at }: Cursor): string {
    const location = this.table.locate(at);
    return `${location?.file}:${(location?.range.start.line ?? -1) + 1} ${showPath(at.path)}`;
  }

  /** Every scalar below a cursor, as `/path: text (file:line)`. */
  lines(cursor: Cursor | undefined, path = ''): readonly string[] {
    if (cursor === undefined) return [];
    const { node } = cursor;
    if (node.type === 'scalar') return [`${path}: ${node.text} (${this.place(cursor).split(' ')[0]})`];
    if (node.type === 'seq') return items(cursor).flatMap((item, index) => this.lines(item, `${path}/${index}`));
    return entries(cursor).flatMap(([key, value]) => this.lines(value, `${path}/${key}`));
  }
}
