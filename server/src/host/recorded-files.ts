/** What a run reads through the host: written down as it happens, so that a later run can see whether it would read the same. */
import { createHash } from 'node:crypto';
import type { FileRead, Files, ListedFile, WorkspaceOptions } from './ports.ts';

/** One question to the host, with its arguments. */
export type Read =
  | readonly ['workspace', string, Omit<WorkspaceOptions, 'signal'>]
  | readonly ['file', string, string, boolean]
  | readonly ['named', string]
  | readonly ['includes', string, string, Omit<WorkspaceOptions, 'signal'>]
  | readonly ['configuration', string, string]
  | readonly ['kind', string];

type Batch = readonly (FileRead | ListedFile)[];
type Batches = Batch[];

/** The digest of answers, in the order of the questions. It tells nothing of what is in a file. */
class Digest {
  private readonly hash = createHash('sha256');

  add(answer: unknown): void {
    this.hash.update(`${JSON.stringify(answer) ?? ''}\n`);
  }

  addFile(read: FileRead | ListedFile): void {
    if ('text' in read) this.hash.update(`${JSON.stringify(read.file)} ${read.text.length}\n`).update(read.text);
    else this.add(read);
  }

  /** Of everything so far. */
  get value(): string {
    return this.hash.copy().digest('hex');
  }
}

/** The host's files, and what was asked of them so far. */
export class RecordedFiles implements Files {
  readonly reads: Read[] = [];
  private readonly digest = new Digest();

  /**
   * @param files the host's
   * @param known workspaces that were read just now, by their questions; each is handed out once
   */
  constructor(
    private readonly files: Files,
    private readonly known: Map<string, Batches> = new Map(),
  ) {}

  get seen(): string {
    return this.digest.value;
  }

  async *workspace(root: string, { signal, ...options }: WorkspaceOptions): AsyncGenerator<Batch> {
    const read: Read = ['workspace', root, options];
    this.reads.push(read);
    const question = JSON.stringify(read);
    const known = this.known.get(question);
    this.known.delete(question);
    for await (const batch of known === undefined
      ? this.files.workspace(root, { ...options, ...(signal && { signal }) })
      : handedOut(known)) {
      for (const file of batch) this.digest.addFile(file);
      yield batch;
    }
  }

  async file(root: string, file: string, named = false): Promise<FileRead> {
    return this.answered(['file', root, file, named], await this.files.file(root, file, named));
  }

  async named(path: string): Promise<FileRead> {
    return this.answered(['named', path], await this.files.named(path));
  }

  async includes(root: string, file: string, { signal, ...options }: WorkspaceOptions): Promise<boolean> {
    return this.answered(['includes', root, file, options], await this.files.includes(root, file, options));
  }

  async configuration(root: string, name: string): ReturnType<Files['configuration']> {
    return this.answered(['configuration', root, name], await this.files.configuration(root, name));
  }

  async kind(path: string): ReturnType<Files['kind']> {
    return this.answered(['kind', path], await this.files.kind(path));
  }

  write(path: string, text: Iterable<string>, expected?: string | null): Promise<void> {
    return this.files.write(path, text, expected);
  }

  private answered<T>(read: Read, answer: T): T {
    this.reads.push(read);
    this.digest.add(answer);
    return answer;
  }
}

/** Batches one after the other, each forgotten when it was taken. */
async function* handedOut(batches: Batches): AsyncGenerator<Batch> {
  for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) yield batch;
}

/**
 * Asks the same questions again.
 * @returns the digest of the answers, and the workspaces that were read, by their questions
 */
export async function readAgain(
  reads: readonly Read[],
  files: Files,
): Promise<{ readonly seen: string; readonly known: Map<string, Batches> }> {
  const recorded = new RecordedFiles(files);
  const known = new Map<string, Batches>();
  for (const read of reads) {
    switch (read[0]) {
      case 'workspace': {
        const batches: Batches = [];
        for await (const batch of recorded.workspace(read[1], read[2])) batches.push(batch);
        known.set(JSON.stringify(read), batches);
        break;
      }
      case 'file':
        await recorded.file(read[1], read[2], read[3]);
        break;
      case 'named':
        await recorded.named(read[1]);
        break;
      case 'includes':
        await recorded.includes(read[1], read[2], read[3]);
        break;
      case 'configuration':
        await recorded.configuration(read[1], read[2]);
        break;
      case 'kind':
        await recorded.kind(read[1]);
        break;
    }
  }
  return { seen: recorded.seen, known };
}
