/** The files below a folder as builds read them: one after the other, as they are asked for. */
import { join } from 'node:path';
import { endsAll } from '../base/failure.ts';
import type { DeployDocument, DeployFile, DeployFiles } from '../deploy/deploy-files.ts';
import type { Files } from '../host/ports.ts';
import { DocumentTable } from '../yaml/documents.ts';

type Content = ReturnType<DeployFiles['file']>;

/** What was asked for and is not known counts as unread, until `read` has run. */
export class FilesOnDemand implements DeployFiles {
  readonly documents = new DocumentTable();
  readonly onFailure = endsAll;
  private readonly contents = new Map<string, Content>();
  private readonly folders = new Set<string>();
  private readonly asked = new Set<string>();

  /** @param root an absolute path: nothing outside of it is read */
  constructor(
    private readonly files: Files,
    private readonly root: string,
  ) {}

  file(path: string): Content {
    const known = this.contents.get(path);
    if (known === undefined) this.asked.add(path);
    return known ?? 'unread';
  }

  isFolder(path: string): boolean {
    this.file(path);
    return this.folders.has(path);
  }

  children(): readonly { readonly name: string; readonly folder: boolean }[] {
    return [];
  }

  /** Reads what was asked for since the last time; false if that is nothing. */
  async read(): Promise<boolean> {
    const paths = [...this.asked];
    this.asked.clear();
    for (const path of paths) this.contents.set(path, await this.contentOf(path));
    return paths.length > 0;
  }

  private async contentOf(path: string): Promise<Content> {
    if ((await this.files.kind(join(this.root, path))) === 'folder') {
      this.folders.add(path);
      return 'missing';
    }
    const read = await this.files.file(this.root, path);
    if ('gone' in read) return 'missing';
    return 'skipped' in read ? 'unread' : this.known(path, read.text);
  }

  private known(path: string, text: string): DeployFile {
    const { documents } = this.documents.update(path, text);
    let parsed: readonly DeployDocument[] | undefined;
    return {
      text,
      documents: () => {
        parsed ??= documents.map(({ id }) => {
          const document = this.documents.parsed(id);
          return { id, root: document?.root, broken: (document?.problems.length ?? 0) > 0 };
        });
        return parsed;
      },
    };
  }
}

/** What a computation over the files comes to when everything that it asks for is read. */
export async function settled<T>(files: FilesOnDemand, compute: () => T): Promise<T> {
  for (;;) {
    const result = compute();
    if (!(await files.read())) return result;
  }
}
