/** One client's session: its worlds, one for each workspace folder or for several that are one mesh, and what its handlers share. */
import type { Connection, PublishDiagnosticsParams, TextDocumentContentChangeEvent } from 'vscode-languageserver';
import { MessageType, ShowMessageNotification, TextDocuments } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { ClientAbilities } from './client-abilities.ts';
import { type Folder, fileOf, folderOf, partsOf } from './folder.ts';
import { joinedFiles } from './joined-files.ts';
import type { Platform } from './platform.ts';
import { Publisher } from './publisher.ts';
import { NO_SETTINGS, type ServerSettings } from './settings.ts';
import { TopologyTeller } from './topology-teller.ts';
import { World } from './world.ts';

export interface Found {
  readonly world: World;
  /** Relative to the world's folder. */
  readonly file: string;
}

export class Session {
  settings: ServerSettings = NO_SETTINGS;
  readonly documents = new TextDocuments({ create: TextDocument.create, update: updated });
  /** By the URI of the folder. */
  readonly worlds = new Map<string, World>();
  private readonly publisher: Publisher;
  private readonly teller: TopologyTeller;
  private readonly failures = new Set<string>();
  private toldOfMemory = false;
  /** Notifications whose handling goes on. */
  private readonly handling = new Set<Promise<void>>();

  constructor(
    readonly connection: Connection,
    readonly platform: Platform,
    readonly client: ClientAbilities,
  ) {
    const send = (params: PublishDiagnosticsParams): Promise<void> => connection.sendDiagnostics(params);
    this.publisher = new Publisher(send, this.openDocument, platform, this.failed);
    this.teller = new TopologyTeller(connection, () => [...this.worlds.values()], client.topologyChanged);
  }

  /** The world and the file that a document is; undefined outside of every folder. */
  find(uri: string): Found | undefined {
    const world = folderOf(this.worlds.values(), uri);
    const file = world === undefined ? undefined : fileOf(world.folder, uri);
    return world === undefined || file === undefined ? undefined : { world, file };
  }

  /** The document of a file as the client has it open. */
  readonly openDocument = (world: World, file: string): { uri: string; version: number } | undefined => {
    if (!world.buffers.has(file)) return undefined;
    const document = this.documents.all().find(({ uri }) => fileOf(world.folder, uri) === file);
    // Not the document itself: it would be sent with all its text.
    return document && { uri: document.uri, version: document.version };
  };

  /**
   * Adds the world of a folder; what is open in it counts at once. Its reading is started by `indexFolders`.
   * @param parts the folders that are one world; `uri` is the one that they have in common
   */
  addFolder(uri: string, parts?: readonly Folder[]): World | undefined {
    const folder = { uri: uri.replace(/\/$/, ''), root: this.platform.rootOf(uri) };
    const { root } = folder;
    if (root === undefined) return undefined;
    const events = {
      changed: (world: World) => this.changed(world),
      recalled: (world: World) => {
        this.changed(world);
        return this.publisher.idle(world);
      },
      outdated: (world: World) => void world.index(() => {}),
      failed: this.failed,
      short: this.tellOfMemory,
    };
    const added: Folder = parts === undefined ? { uri: folder.uri, root } : { uri: folder.uri, root, parts };
    const { host } = this.platform;
    const files = parts === undefined ? host.files : joinedFiles(host.files, partsOf(added));
    const world = new World(
      added,
      { ...this.platform, host: { ...host, files } },
      events,
      this.settings.engine,
      this.settings.renderCharts,
    );
    this.worlds.set(folder.uri, world);
    for (const document of this.documents.all()) {
      const found = this.find(document.uri);
      if (found?.world === world) world.buffers.set(found.file, document.getText());
    }
    return world;
  }

  /** @returns new worlds of the folders that were one with it */
  removeFolder(uri: string): readonly World[] {
    const key = uri.replace(/\/$/, '');
    const world = [...this.worlds.values()].find(({ folder }) => uris(folder).includes(key));
    if (world === undefined) return [];
    this.forget(world);
    const left = uris(world.folder).filter((part) => part !== key);
    return left.map((part) => this.addFolder(part)).filter((added) => added !== undefined);
  }

  /** Makes one world of folders that have been several, or the other way round. @returns it, to be read */
  replaceWorlds(worlds: readonly World[], folder: Folder): World | undefined {
    for (const world of worlds) this.forget(world);
    return this.addFolder(folder.uri, folder.parts);
  }

  private forget(world: World): void {
    world.dispose();
    if (this.worlds.get(world.folder.uri) === world) this.worlds.delete(world.folder.uri);
    this.publisher.retract(world);
    this.teller.changed();
  }

  configure(settings: ServerSettings): void {
    this.settings = settings;
    for (const world of this.worlds.values()) world.configure(settings.engine, settings.renderCharts);
  }

  /** Does what a notification asks for. `settled` waits for it; what goes wrong is logged. */
  handle(what: string, work: Promise<void>): void {
    const handled = work
      .catch((error: unknown) => this.failed(what, error))
      .finally(() => this.handling.delete(handled));
    this.handling.add(handled);
  }

  /** Resolves when everything that the client has told of so far is concluded from, and the client has been told what. */
  async settled(): Promise<void> {
    do {
      await Promise.all(this.handling);
      await Promise.all([...this.worlds.values()].map((world) => world.settled()));
      await Promise.all([...this.worlds.values()].map((world) => this.publisher.idle(world)));
    } while (this.handling.size > 0);
  }

  /** Shows what a world concluded, if it is still one of ours. */
  changed(world: World): void {
    if (this.worlds.get(world.folder.uri) !== world) return;
    this.publisher.publish(world, this.settings.diagnosticMode);
    this.teller.changed();
  }

  private readonly tellOfMemory = (files: number): void => {
    if (this.toldOfMemory) return;
    this.toldOfMemory = true;
    const limit = this.platform.host.memory.limitMegabytes;
    const message =
      `${files} files of this workspace are not read: they do not fit into the ${limit} MB of memory that the Ambient Multicluster language server may use. ` +
      `The setting ambientMulticluster.server.maxMemory gives it more (in other editors NODE_OPTIONS=--max-old-space-size=${2 * limit}); ambientMulticluster.exclude leaves out what is no manifest.`;
    void this.connection.sendNotification(ShowMessageNotification.type, { type: MessageType.Warning, message });
  };

  /** Errors go to the log, each once; the user is never shown one. */
  readonly failed = (what: string, error: unknown): void => {
    const text = `${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
    if (this.failures.has(text)) return;
    this.failures.add(text);
    this.connection.console.error(text);
  };
}

/** The document after changes; those of the whole text have no range, which some clients write as null. */
function updated(
  document: TextDocument,
  changes: readonly TextDocumentContentChangeEvent[],
  version: number,
): TextDocument {
  const whole = changes.map((change) => ('range' in change && change.range !== null ? change : { text: change.text }));
  return TextDocument.update(document, whole, version);
}

/** The folders that a world is of, as the client knows them. */
export function uris({ uri, parts }: Folder): readonly string[] {
  return parts === undefined ? [uri] : parts.map((part) => part.uri);
}
