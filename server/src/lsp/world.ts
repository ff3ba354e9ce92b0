/** The world of one workspace folder, or of several that are one mesh: its engine, the documents open in it, and the loop that follows their changes. */
import { sameData } from '../base/same-data.ts';
import type { Settings } from '../config/config.ts';
import type { ConfigArea } from '../config/config-area.ts';
import { Engine, type FileChange } from '../engine/engine.ts';
import type { PlacedFinding, Snapshot } from '../engine/snapshot.ts';
import type { Files, WorkspaceOptions } from '../host/ports.ts';
import { ChartRenderer } from './chart-renderer.ts';
import { ownAreas, walkedOf } from './config-files.ts';
import type { Folder } from './folder.ts';
import { MarkIndex } from './mark-index.ts';
import type { Mark } from './marks.ts';
import { newPace } from './pace.ts';
import type { Platform } from './platform.ts';
import { isKubernetes, readFolder } from './read-folder.ts';
import { FolderMemory } from './remembered-findings.ts';
import { UnfittedFiles } from './unfitted-files.ts';

export type WorldState = 'indexing' | 'ready' | 'stopped';

export interface WorldEvents {
  /** There is a new snapshot, or another state. */
  readonly changed: (world: World) => void;
  /** What was found the last time can be shown. Resolves when it is: nothing else is done before. */
  readonly recalled: (world: World) => Promise<void>;
  readonly failed: (what: string, error: unknown) => void;
  /** The configuration takes other files now: the folder must be read again. */
  readonly outdated: (world: World) => void;
  /** So many files are left out, since memory does not suffice. */
  readonly short: (files: number) => void;
}

export class World {
  state: WorldState = 'indexing';
  kubernetes = false;
  /** Texts of the documents that are open: they count instead of what is on disk. */
  readonly buffers = new Map<string, string>();
  /** What was concluded last from all that was known then: it stands until the next conclusion. */
  snapshot: Snapshot;
  private readonly marks = new MarkIndex();
  /** What was found here the last time, and holds still: it is shown until something is concluded. */
  private recalled: readonly PlacedFinding[] | undefined;
  /** Set while the folder is read for the first time, as long as nothing interferes. */
  private memory: FolderMemory | undefined;
  private edits = 0;
  private engine: Engine;
  private readonly charts: ChartRenderer;
  /** Where which configuration file holds, whether or not it exists. */
  areas: readonly ConfigArea[];
  private walked: WorkspaceOptions = { include: [], exclude: [] };
  private files = new Set<string>();
  private readonly unfitted: UnfittedFiles;
  /** What has not been taken by the engine yet, the newest of each file. */
  private readonly changes = new Map<string, FileChange>();
  /** What changed on disk in charts that were rendered: Helm reads files that nothing else reads, and no open documents. */
  private readonly chartFiles = new Set<string>();
  /** The engine has once taken the whole folder. */
  private complete = false;
  /** The snapshot is older than what the folder's last reading found. */
  private isBehind = false;
  private following: Promise<void> | undefined;
  private begin = (): void => {};
  /** Resolves when the folder begins to be read for the first time. */
  private readonly begun = new Promise<void>((resolve) => {
    this.begin = resolve;
  });
  private reading: { readonly abort: AbortController; readonly done: Promise<void> } | undefined;

  constructor(
    readonly folder: Folder,
    private readonly platform: Platform,
    private readonly events: WorldEvents,
    private settings: Settings,
    private renderCharts: boolean,
  ) {
    this.unfitted = new UnfittedFiles(platform.host.memory);
    this.charts = new ChartRenderer(platform.host.charts, folder.root, events.failed);
    this.areas = ownAreas(folder);
    this.engine = new Engine({ settings, areas: this.areas });
    this.snapshot = this.engine.snapshot;
  }

  /** The files of the folder, or of its parts. */
  get fileSystem(): Files {
    return this.platform.host.files;
  }

  /** What the client is to be told of. */
  get findings(): readonly PlacedFinding[] {
    return this.recalled ?? this.snapshot.findings;
  }

  /** The marks of what was concluded last in a file. */
  marksIn(file: string): readonly Mark[] {
    for (const _ of this.marks.follow(this.snapshot.findings));
    return this.marks.in(file);
  }

  /** What to tell the user: as long as nothing is concluded from what has been read, the indexing goes on. */
  get shownState(): WorldState {
    return this.isBehind ? 'indexing' : this.state;
  }

  /** Reads the folder anew; a reading under way is given up. The old conclusions stand until the new ones are there. */
  index(onRead: (files: number) => void): Promise<void> {
    this.reading?.abort.abort();
    const abort = new AbortController();
    const done = this.read(abort, onRead)
      .catch((error: unknown) => this.events.failed('reading the folder', error))
      .finally(() => {
        if (this.reading?.abort === abort) this.reading = undefined;
      });
    this.reading = { abort, done };
    this.begin();
    return done;
  }

  /** The user wants no more reading. Nothing is concluded from half a world: an earlier one stands, if there is one. */
  cancel(): void {
    if (this.state !== 'indexing') return;
    this.reading?.abort.abort();
    this.enter(this.complete ? 'ready' : 'stopped');
    this.follow();
  }

  dispose(): void {
    this.reading?.abort.abort();
    this.changes.clear();
  }

  /** Resolves when everything known so far has been concluded from. */
  async settled(): Promise<void> {
    await this.begun;
    while (this.reading !== undefined || this.following !== undefined) {
      await this.reading?.done;
      await this.following;
    }
  }

  /** True if nothing is being read or followed: what is read of the snapshot goes together. */
  get isStill(): boolean {
    return this.reading === undefined && !this.isFollowing;
  }

  /** True if something has not been concluded from yet. */
  get isFollowing(): boolean {
    return this.following !== undefined;
  }

  /** Resolves when the changes known so far have been followed; does not wait for the folder to be read. */
  async followed(): Promise<void> {
    await this.following;
  }

  /** A document was opened or edited. */
  async edit(file: string, text: string): Promise<void> {
    this.buffers.set(file, text);
    this.edits++;
    if (!(await this.takes(file))) return;
    const newest = this.buffers.get(file);
    if (newest !== undefined) this.take({ file, text: newest });
  }

  /** A document was closed: what is on disk counts again. */
  async close(file: string): Promise<void> {
    this.buffers.delete(file);
    await this.reread([file]);
  }

  /** Files came, changed or went on disk. */
  async reread(files: Iterable<string>): Promise<void> {
    this.memory = undefined;
    const pace = newPace(this.platform);
    for (const file of files) {
      if (this.buffers.has(file) || !(await this.takes(file))) continue;
      const read = await this.content(file);
      if (!this.buffers.has(file)) this.take(read);
      await pace.step();
    }
  }

  /** Something happened to files on disk: charts that have them are rendered anew. */
  renderAnew(files: Iterable<string>): void {
    for (const file of files) if (this.charts.reads(file)) this.chartFiles.add(file);
    if (this.chartFiles.size > 0) this.follow();
  }

  /** Paths went, or came, that may be folders: rereads the files known below them, and those that are there now. */
  async rereadBelow(paths: ReadonlySet<string>): Promise<void> {
    const { root } = this.folder;
    const { files: host } = this.platform.host;
    const files = new Set([...this.files].filter((file) => isBelow(file, paths)));
    for (const path of paths) {
      const kind = await host.kind(`${root}/${path}`);
      if (kind === 'file') files.add(path);
      // A folder that is never read, or that git ignores, is not walked.
      if (kind !== 'folder' || !(await host.includes(root, `${path}/any.yaml`, this.walked))) continue;
      for await (const batch of host.workspace(root, { ...this.walked, within: [path] })) {
        for (const read of batch) if (!('listed' in read)) files.add(read.file);
      }
    }
    await this.reread(files);
  }

  /** @param renderCharts whether Helm may be started */
  configure(settings: Settings, renderCharts: boolean): void {
    if (!sameData([settings, renderCharts], [this.settings, this.renderCharts])) {
      this.memory = undefined;
      this.recalled = undefined;
    }
    this.settings = settings;
    this.renderCharts = renderCharts;
    this.engine.configure(settings);
    this.follow();
  }

  /** What counts of a file: an open document, else what is on disk. */
  private async content(file: string): Promise<FileChange> {
    const text = this.buffers.get(file);
    return text === undefined
      ? (this.memory?.recording ?? this.platform.host.files).file(this.folder.root, file, this.engine.imported(file))
      : { file, text };
  }

  /** Whether a file is one that the folder's reading takes. Synchronous in effect for the files that are known. */
  private async takes(file: string): Promise<boolean> {
    if (this.isConfiguration(file) || this.files.has(file) || this.engine.reads(file)) return true;
    if (this.state !== 'ready') return false; // the reading under way finds it
    return this.platform.host.files.includes(this.folder.root, file, this.walked);
  }

  private isConfiguration(file: string): boolean {
    return this.areas.some((area) => area.file === file);
  }

  private take(change: FileChange): void {
    const { file } = change;
    if ('gone' in change) this.files.delete(file);
    else if (!this.isConfiguration(file)) this.files.add(file);
    if ('text' in change) this.kubernetes ||= isKubernetes(change.text);
    this.changes.set(file, this.unfitted.fitted(change, this.buffers.has(file)));
    this.follow();
  }

  /** Two worlds at once would not fit: the old conclusions do not stand until the new ones are there. */
  private makeRoomForAll(): void {
    if (!this.complete || !this.unfitted.fillsHalf) return;
    this.complete = false;
    this.engine = new Engine({ settings: this.settings, areas: this.areas });
    this.snapshot = this.engine.snapshot;
    this.charts.reset();
    this.unfitted.empty();
  }

  private async read(abort: AbortController, onRead: (files: number) => void): Promise<void> {
    this.makeRoomForAll();
    this.enter('indexing');
    this.memory = this.newMemory();
    const recalled = await this.memory?.recall();
    if (abort.signal.aborted) return;
    if (recalled !== undefined && (await this.buffersAreSaved())) {
      this.recalled = recalled;
      await this.events.recalled(this);
    }
    const { host } = this.platform;
    const files = this.memory?.recording ?? host.files;
    const read = await readFolder(
      this.folder,
      { ...this.platform, host: { ...host, files } },
      {
        settings: this.settings,
        buffers: this.buffers,
        signal: abort.signal,
        onFailure: this.events.failed,
        onRead,
        onUnreadable: (file) =>
          this.events.failed('reading the configuration', `${file} cannot be read; there is none, then`),
      },
    );
    if (read === undefined || abort.signal.aborted) return;
    await this.following;
    this.engine = read.engine;
    this.charts.reset();
    this.engine.configure(this.settings); // they may have changed meanwhile
    this.areas = read.areas;
    this.walked = read.walked;
    this.files = read.files;
    this.unfitted.replace(read.unfitted);
    this.kubernetes = read.kubernetes;
    this.complete = true;
    this.isBehind = true;
    this.state = 'ready';
    // Documents that were edited meanwhile, or are no files on disk yet.
    for (const [file, text] of this.buffers) await this.edit(file, text);
    this.follow();
    await this.following;
    await this.keep(this.snapshot.findings);
  }

  /** Undefined if there is none: what was concluded once is no more than what is concluded from now. */
  private newMemory(): FolderMemory | undefined {
    const { cache, clock, files } = this.platform.host;
    if (cache === undefined || this.complete || this.renderCharts || this.folder.parts !== undefined) return undefined;
    return new FolderMemory(cache, files, [this.folder.root, this.settings, clock.today()]);
  }

  private async keep(findings: readonly PlacedFinding[]): Promise<void> {
    const isSaved = this.memory !== undefined && (await this.buffersAreSaved());
    if (isSaved && this.unfitted.size === 0) await this.memory?.keep(findings);
    this.memory = undefined;
  }

  /** True if what is open says what is on disk, and nobody types meanwhile. */
  private async buffersAreSaved(): Promise<boolean> {
    const { edits } = this;
    for (const [file, text] of this.buffers) {
      const saved = await this.platform.host.files.file(this.folder.root, file);
      if (!('text' in saved) || saved.text !== text) return false;
    }
    return edits === this.edits;
  }

  /** The files that nobody looks at. */
  private *unseen(): Generator<string> {
    for (const file of this.files) if (!this.buffers.has(file)) yield file;
  }

  private enter(state: WorldState): void {
    this.state = state;
    this.events.changed(this);
  }

  private follow(): void {
    if (this.state !== 'ready') return;
    this.following ??= this.followAll()
      .catch((error: unknown) => this.events.failed('following a change', error))
      .finally(() => {
        this.following = undefined;
        if (this.changes.size > 0 || this.chartFiles.size > 0) this.follow();
      });
  }

  /** Follows changes to the end, in slices. What is told is whole: half of it would make squiggles go and come back. */
  private async followAll(): Promise<void> {
    const pace = newPace(this.platform);
    await pace.turn(); // edits that are on their way together are followed together
    do {
      const changed = [...this.changes.keys(), ...this.chartFiles];
      this.chartFiles.clear();
      for (const [file, change] of this.changes) {
        this.changes.delete(file);
        this.engine.update([change]);
        await pace.step();
      }
      for (const file of this.engine.wanted()) {
        this.engine.update([await this.content(file)]);
        await pace.step();
      }
      if (this.engine.wanted().length > 0) continue;
      await this.charts.follow(this.engine, this.renderCharts, changed);
      if (this.engine.wanted().length > 0) continue;
      const snapshot = this.engine.settleUntil(pace.over);
      if (snapshot !== undefined) {
        this.snapshot = snapshot;
        this.recalled = undefined;
        this.isBehind = false;
        this.events.changed(this);
        if (this.unfitted.size > 0) this.events.short(this.unfitted.size);
      }
      for (const change of this.unfitted.leaveOut(this.unseen())) this.changes.set(change.file, change);
      await pace.turn();
    } while (this.changes.size > 0 || this.chartFiles.size > 0 || this.engine.pending);
    if (!sameData(walkedOf(this.folder, this.snapshot.configs), this.walked)) this.events.outdated(this);
  }
}

/** True if a file is one of some paths, or below one. */
function isBelow(file: string, paths: ReadonlySet<string>): boolean {
  for (let end = file.lastIndexOf('/'); end > 0; end = file.lastIndexOf('/', end - 1)) {
    if (paths.has(file.slice(0, end))) return true;
  }
  return paths.has(file);
}
