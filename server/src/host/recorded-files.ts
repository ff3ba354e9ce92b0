/**
 * What a run reads through the host: written down as it happens, so that a later run can see whether it would read the same. It looks at
 * the stamps of the files first; if they are others, at what is in them.
 */
import { createHash } from 'node:crypto';
import type { FileRead, Files, ListedFile, StampedFile, WorkspaceOptions } from './ports.ts';

/** One question to the host, with its arguments. */
export type Read =
  | readonly ['workspace', string, Omit<WorkspaceOptions, 'signal'>]
  | readonly ['file', string, string, boolean]
  | readonly ['named', string]
  | readonly ['includes', string, string, Omit<WorkspaceOptions, 'signal'>]
  | readonly ['configuration', string, string]
  | readonly ['kind', string];

/** What was read. It tells nothing of what is in a file. */
export interface Seen {
  /** The digest of all that was read. */
  readonly contents: string;
  /** The same with stamps of the workspace's files instead of their texts; undefined if a file has none. */
  readonly stamps: string | undefined;
}

type Batch = readonly (FileRead | ListedFile)[];
type Batches = Batch[];

/** The digest of answers, in the order of the questions. */
class Digest {
  private readonly hash = createHash('sha256');

  add(answer: unknown): void {
    this.hash.update(`${JSON.stringify(answer) ?? ''}\n`);
  }

  addText(file: string, text: string): void {
    this.hash.update(`${JSON.stringify(file)} ${text.length}\n`).update(text);
  }

  /** Of everything so far. */
  get value(): string {
    return this.hash.copy().digest('hex');
  }
}

/** The digest of answers of which those about whole workspaces are stamps. */
class StampDigest {
  private readonly digest = new Digest();
  complete = true;

  add(answer: unknown): void {
    this.digest.add(answer);
  }

  addFile(found: FileRead | StampedFile | ListedFile): void {
    const stamp = 'listed' in found ? 'listed' : 'stamp' in found ? found.stamp : undefined;
    if (stamp === undefined) this.complete = false;
    else if (this.complete) this.digest.addText(found.file, stamp);
  }

  get value(): string | undefined {
    return this.complete ? this.digest.value : undefined;
  }
}

/** The host's files, and what was asked of them so far. */
export class RecordedFiles implements Files {
  readonly reads: Read[] = [];
  private readonly contents = new Digest();
  private readonly stamped = new StampDigest();

  /**
   * @param files the host's
   * @param known workspaces that were read just now, by their questions; each is handed out once
   */
  constructor(
    private readonly files: Files,
    private readonly known: Map<string, Batches> = new Map(),
  ) {}

  get seen(): Seen {
    return { contents: this.contents.value, stamps: this.stamped.value };
  }

  async *workspace(root: string, { signal, ...options }: WorkspaceOptions): AsyncGenerator<Batch> {
    const read: Read = ['workspace', root, options];
    this.reads.push(read);
    const question = JSON.stringify(read);
    const known = this.known.get(question);
    this.known.delete(question);
    for await (const batch of known === undefined
      ? this.files.workspace(root, { ...options, stamped: true, ...(signal && { signal }) })
      : handedOut(known)) {
      for (const found of batch) {
        this.stamped.addFile(found);
        if ('text' in found) this.contents.addText(found.file, found.text);
        else this.contents.add('skipped' in found ? [found.file, found.skipped] : found);
      }
      yield batch;
    }
  }

  stamps(root: string, options: WorkspaceOptions): ReturnType<Files['stamps']> {
    return this.files.stamps(root, options);
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

  sameFiles(root: string, names: Iterable<string>): ReturnType<Files['sameFiles']> {
    return this.files.sameFiles(root, names);
  }

  write(path: string, text: Iterable<string>, expected?: string | null): Promise<void> {
    return this.files.write(path, text, expected);
  }

  byteOrderMark(path: string, expected: string): Promise<string> {
    return this.files.byteOrderMark(path, expected);
  }

  private answered<T>(read: Read, answer: T): T {
    this.reads.push(read);
    this.contents.add(answer);
    this.stamped.add(answer);
    return answer;
  }
}

/** Batches one after the other, each forgotten when it was taken. */
async function* handedOut(batches: Batches): AsyncGenerator<Batch> {
  for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) yield batch;
}

/** What reading the same again has given. */
/**
 * What an entry of the cache holds; undefined for one that another program wrote, whatever is in it.
 * @param lists the fields, beside those that every entry has, that are lists
 */
export function keptEntry<T extends { readonly reads: readonly Read[]; readonly seen: Seen }>(
  text: string | undefined,
  lists: readonly (keyof T)[],
): T | undefined {
  if (text === undefined) return undefined;
  try {
    const entry: T | null = JSON.parse(text);
    const isOurs =
      Array.isArray(entry?.reads) && isRecord(entry.seen) && lists.every((key) => Array.isArray(entry[key]));
    return isOurs && entry.reads.every((read) => Array.isArray(read) && KINDS.has(read[0])) ? entry : undefined;
  } catch {
    return undefined;
  }
}

const KINDS: ReadonlySet<unknown> = new Set<Read[0]>([
  'workspace',
  'file',
  'named',
  'includes',
  'configuration',
  'kind',
]);

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

export interface ReadAgain {
  /** True if it is the same in every respect. */
  readonly same: boolean;
  readonly seen: Seen;
  /** The workspaces that had to be read, by their questions. */
  readonly known: Map<string, Batches>;
}

/** Asks the same questions again; what files hold only if their stamps do not tell. */
export async function readAgain(reads: readonly Read[], before: Seen, files: Files): Promise<ReadAgain> {
  const known = new Map<string, Batches>();
  if (before.stamps !== undefined && (await stampsOf(reads, files)) === before.stamps) {
    return { same: true, seen: before, known };
  }
  const recorded = new RecordedFiles(files);
  for (const read of reads) {
    if (read[0] !== 'workspace') await ask(read, recorded);
    else {
      const batches: Batches = [];
      for await (const batch of recorded.workspace(read[1], read[2])) batches.push(batch);
      known.set(JSON.stringify(read), batches);
    }
  }
  const { seen } = recorded;
  return { same: seen.contents === before.contents, seen, known };
}

async function stampsOf(reads: readonly Read[], files: Files): Promise<string | undefined> {
  const digest = new StampDigest();
  for (const read of reads) {
    if (read[0] !== 'workspace') digest.add(await ask(read, files));
    else for await (const batch of files.stamps(read[1], read[2])) for (const found of batch) digest.addFile(found);
    if (!digest.complete) return undefined;
  }
  return digest.value;
}

function ask(read: Exclude<Read, readonly ['workspace', ...unknown[]]>, files: Files): Promise<unknown> {
  switch (read[0]) {
    case 'file':
      return files.file(read[1], read[2], read[3]);
    case 'named':
      return files.named(read[1]);
    case 'includes':
      return files.includes(read[1], read[2], read[3]);
    case 'configuration':
      return files.configuration(read[1], read[2]);
    case 'kind':
      return files.kind(read[1]);
  }
}
