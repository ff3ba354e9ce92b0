/** What the product asks of the machine it runs on. `root` names a folder as the host writes it: an absolute path in Node. */

/** What is at a path. `file` is relative to the root of the world, with `/`. */
export type FileRead =
  | { readonly file: string; readonly text: string; readonly stamp?: string | undefined }
  | {
      readonly file: string;
      readonly skipped: 'too-large' | 'binary' | 'unreadable';
      readonly stamp?: string | undefined;
    }
  | {
      readonly file: string;
      readonly gone: true;
      /** Set where it should be there: git keeps everything else that is beside it, and does not ignore it. */
      readonly isMissed?: true;
    };

/** A file of which only the name is told: what it holds is read when it is asked for. */
export interface ListedFile {
  readonly file: string;
  readonly listed: true;
}

/** A file with its stamp, which is another one when the file has been written; undefined if that cannot be told. */
export interface StampedFile {
  readonly file: string;
  readonly stamp: string | undefined;
}

/** Globs of what is read and of what is not. */
export interface Selection {
  /** Relative to `globBase`. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** The root as the globs see it: '' or such as `clusters/east/` if the configuration file is two folders up. */
  readonly globBase?: string;
}

export interface WorkspaceOptions extends Selection {
  /** Where the root is several folders: what is read of each of them instead, by its path below the root. */
  readonly parts?: Readonly<Record<string, Selection>>;
  /** Only these folders and files of the root; they are read even if they are ignored. */
  readonly within?: readonly string[];
  /** The user named what is `within`: it is read even if it is a link out of the root. */
  readonly named?: true;
  /** With the stamp of each file as it was when it was read. */
  readonly stamped?: true;
  readonly signal?: AbortSignal;
}

/** The configuration file that holds for a folder, which may be one that cannot be read. */
export type FoundConfiguration = FoundFile & Exclude<FileRead, { readonly gone: true }>;

interface FoundFile {
  /** Relative to the folder, with `/`; may start with `../`. */
  readonly file: string;
  /** The folder as the configuration's globs see it: '' or such as `clusters/east/` if the file is two folders up. */
  readonly globBase: string;
}

/** A file system in which the manifests lie. */
export interface Files {
  /**
   * Reads every file of the workspace, in batches small enough for an event loop that must not stall. Files of JSON, which generators
   * look for by name, are listed.
   */
  workspace(root: string, options: WorkspaceOptions): AsyncIterable<readonly (FileRead | ListedFile)[]>;
  /** The stamps of the files that `workspace` would give, in the same order; none of them is read. */
  stamps(root: string, options: WorkspaceOptions): AsyncIterable<readonly (StampedFile | ListedFile)[]>;
  /**
   * One file again, whatever the options say of it; a link out of the root is as good as gone.
   * @param named the configuration names it: it may lie in a folder that is never read otherwise, such as `vendor`
   */
  file(root: string, file: string, named?: boolean): Promise<FileRead>;
  /** A file that the user named, wherever it is. */
  named(path: string): Promise<FileRead>;
  /** True if `workspace` would read this file if it existed. */
  includes(root: string, file: string, options: WorkspaceOptions): Promise<boolean>;
  /** The nearest file of this name from `root` up to the root of its repository, where it must be itself. */
  configuration(root: string, name: string): Promise<FoundConfiguration | undefined>;
  /** What is at a path, links followed; undefined if nothing is there or it may not be looked at. */
  kind(path: string): Promise<'file' | 'folder' | undefined>;
  /** Of these files and folders those that are one by several names, which links give: all of its names, the one that no link is part of first. */
  sameFiles(root: string, names: Iterable<string>): Promise<readonly (readonly string[])[]>;
  /**
   * Replaces a file at once: a reader sees the old text or the new one, whatever happens meanwhile. Rejects if it cannot, and
   * if the file does not hold `expected` (as UTF-8) any more; `null`: if it exists.
   * @param text all of it, or its pieces
   */
  write(path: string, text: Iterable<string>, expected?: string | null): Promise<void>;
  /** The byte order mark before the text of a file, which the text is told without; '' if it has none. Rejects as `write` does. */
  byteOrderMark(path: string, expected: string): Promise<string>;
}

/** A chart of the workspace that is to be rendered. */
export interface ChartRequest {
  /** Relative to the root, with `/`. */
  readonly folder: string;
  readonly release: string;
  readonly namespace: string;
  /** JSON. */
  readonly values: string;
}

/** What Helm gives, or why it gives nothing. */
export type ChartRendering = { readonly text: string } | { readonly problem: string };

/** Starts Helm; only where the user trusts what is in the workspace and has asked for it. */
export interface Charts {
  render(root: string, request: ChartRequest): Promise<ChartRendering>;
}

export interface Clock {
  /** The date of today, such as `2027-03-31`. */
  today(): string;
  /** Milliseconds since some fixed moment. */
  now(): number;
}

/** Keeps between runs what can be computed again. Nothing that goes wrong with it is an error: what is damaged or lost is not there. */
export interface Cache {
  get(name: string): Promise<string | undefined>;
  set(name: string, text: string): Promise<void>;
}

/** What this process may fill with objects. */
export interface Memory {
  /** The share of it that is in use, from 0 to 1, as it was measured last. */
  readonly used: number;
  /** Number of measures so far; each tells what was in use when it was begun. */
  readonly collections: number;
  readonly limitMegabytes: number;
}

export interface Host {
  readonly files: Files;
  readonly memory: Memory;
  readonly clock: Clock;
  readonly charts: Charts;
  /** Absent where nothing is kept. */
  readonly cache?: Cache;
}
