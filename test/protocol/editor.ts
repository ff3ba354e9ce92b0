/** An editor for tests: speaks the protocol with our server over streams in memory, about a real folder. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { pathToFileURL } from 'node:url';
import {
  type ClientCapabilities,
  type CodeAction,
  CodeActionRequest,
  ConfigurationRequest,
  createConnection,
  createProtocolConnection,
  type Diagnostic,
  DidChangeTextDocumentNotification,
  DidChangeWatchedFilesNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  type FileChangeType,
  InitializedNotification,
  type InitializeParams,
  InitializeRequest,
  type InitializeResult,
  LogMessageNotification,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  type Range,
  type Registration,
  RegistrationRequest,
  ShowMessageNotification,
  StreamMessageReader,
  StreamMessageWriter,
  type TextEdit,
  type WorkspaceEdit,
  type WorkspaceFolder,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { nodeHost } from '../../server/src/host/node/node-host.ts';
import type { Platform } from '../../server/src/lsp/platform.ts';
import { METHODS } from '../../server/src/lsp/protocol.ts';
import { serve } from '../../server/src/lsp/serve.ts';
import { nodePlatform } from '../../server/src/lsp/start-server.ts';

/** Files by path, relative to the folder. */
export type FolderFiles = Readonly<Record<string, string>>;

export interface EditorOptions {
  readonly capabilities?: ClientCapabilities;
  readonly initializationOptions?: unknown;
  readonly settings?: unknown;
  /** What the client names beside the folder, as workspace folders. */
  readonly others?: readonly unknown[];
  readonly platform?: Partial<Platform>;
}

/** What VS Code can do, as far as the server cares. */
const CAPABILITIES: ClientCapabilities = {
  workspace: {
    configuration: true,
    workspaceFolders: true,
    didChangeConfiguration: { dynamicRegistration: true },
    didChangeWatchedFiles: { dynamicRegistration: true },
    workspaceEdit: { documentChanges: true, resourceOperations: ['create'] },
  },
};

let hurriedMs = 0;

/** A machine so slow that every slice of work is used up at once, wherever the server asks. */
export const HURRIED: Partial<Platform> = {
  host: { ...nodeHost, clock: { ...nodeHost.clock, now: () => (hurriedMs += 1000) } },
};

const opened: Editor[] = [];

/** Opens a folder with these files; waits until the server has read it, unless `wait` is false. */
export async function openEditor(files: FolderFiles, options: EditorOptions = {}, wait = true): Promise<Editor> {
  const root = mkdtempSync(join(tmpdir(), 'ambient-multicluster-protocol-'));
  const editor = new Editor(root, options);
  opened.push(editor);
  for (const [file, text] of Object.entries(files)) editor.write(file, text);
  await editor.start();
  if (wait) await editor.settle();
  return editor;
}

/** Opens the folder of another editor, as it is then. Does not wait. */
export async function openAgain({ root }: Editor, options: EditorOptions): Promise<Editor> {
  const editor = new Editor(root, options);
  opened.push(editor);
  await editor.start();
  return editor;
}

/** Closes what a test has opened: for `afterEach`. */
export function closeEditors(): void {
  for (const editor of opened.splice(0)) editor.close();
}

export class Editor {
  readonly connection: ProtocolConnection;
  readonly diagnostics = new Map<string, readonly Diagnostic[]>();
  /** Files in the order in which diagnostics came for them. */
  readonly publications: string[] = [];
  readonly registrations: Registration[] = [];
  readonly log: string[] = [];
  /** What the user is shown. */
  readonly shown: string[] = [];
  settings: unknown;
  result: InitializeResult | undefined;
  private readonly documents = new Map<string, TextDocument>();
  private readonly dispose: () => void;

  constructor(
    readonly root: string,
    private readonly options: EditorOptions,
  ) {
    const [toServer, toClient] = [new PassThrough(), new PassThrough()];
    const server = createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient));
    serve(server, { ...nodePlatform, ...options.platform });
    this.connection = createProtocolConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer));
    this.settings = options.settings ?? null;
    this.connection.onNotification(PublishDiagnosticsNotification.type, ({ uri, diagnostics }) => {
      this.publications.push(this.file(uri));
      this.diagnostics.set(this.file(uri), diagnostics);
    });
    this.connection.onRequest(ConfigurationRequest.type, ({ items }) => items.map(() => this.settings));
    this.connection.onRequest(RegistrationRequest.type, ({ registrations }) => {
      this.registrations.push(...registrations);
    });
    this.connection.onNotification(LogMessageNotification.type, ({ message }) => {
      this.log.push(message);
    });
    this.connection.onNotification(ShowMessageNotification.type, ({ message }) => {
      this.shown.push(message);
    });
    this.dispose = () => {
      this.connection.dispose();
      server.dispose();
    };
  }

  async start(): Promise<void> {
    this.connection.listen();
    const params: InitializeParams = {
      processId: null,
      rootUri: null,
      workspaceFolders: [
        ...((this.options.others ?? []) as WorkspaceFolder[]),
        { uri: pathToFileURL(this.root).href, name: 'test' },
      ],
      capabilities: this.options.capabilities ?? CAPABILITIES,
      initializationOptions: this.options.initializationOptions,
    };
    this.result = await this.connection.sendRequest(InitializeRequest.type, params);
    await this.connection.sendNotification(InitializedNotification.type, {});
  }

  close(): void {
    this.dispose();
    rmSync(this.root, { recursive: true, force: true });
  }

  /** Waits until the server has concluded from everything that it was told. */
  async settle(): Promise<void> {
    await this.connection.sendRequest(METHODS.report, { format: 'json' });
  }

  uri(file: string): string {
    return pathToFileURL(join(this.root, file)).href;
  }

  write(file: string, text: string): void {
    const path = join(this.root, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  remove(path: string): void {
    rmSync(join(this.root, path), { recursive: true });
  }

  open(file: string, text: string): Promise<void> {
    const textDocument = { uri: this.uri(file), languageId: 'yaml', version: 1, text };
    this.documents.set(file, TextDocument.create(textDocument.uri, 'yaml', 1, text));
    return this.connection.sendNotification(DidOpenTextDocumentNotification.type, { textDocument });
  }

  /** Replaces every occurrence of `before` in an open document, as typing would. */
  async type(file: string, before: string, after: string): Promise<void> {
    const document = this.document(file);
    const text = document.getText();
    assert.ok(text.includes(before), `${file} holds no ${before}`);
    const edits: TextEdit[] = [];
    for (let at = text.indexOf(before); at >= 0; at = text.indexOf(before, at + before.length)) {
      const range = { start: document.positionAt(at), end: document.positionAt(at + before.length) };
      edits.unshift({ range, newText: after });
    }
    await this.change(file, edits);
  }

  /** Sends edits, from the last to the first, as one change. */
  private async change(file: string, edits: readonly TextEdit[]): Promise<void> {
    const document = this.document(file);
    const version = document.version + 1;
    const contentChanges = edits.map(({ range, newText }) => ({ range, text: newText }));
    this.documents.set(file, TextDocument.update(document, contentChanges, version));
    const textDocument = { uri: document.uri, version };
    await this.connection.sendNotification(DidChangeTextDocumentNotification.type, { textDocument, contentChanges });
  }

  closeDocument(file: string): Promise<void> {
    const { uri } = this.document(file);
    this.documents.delete(file);
    return this.connection.sendNotification(DidCloseTextDocumentNotification.type, { textDocument: { uri } });
  }

  /** The text of an open document. */
  text(file: string): string {
    return this.document(file).getText();
  }

  /** Tells of what happened on disk. */
  watched(...changes: readonly (readonly [path: string, type: FileChangeType])[]): Promise<void> {
    const events = changes.map(([path, type]) => ({ uri: this.uri(path), type }));
    return this.connection.sendNotification(DidChangeWatchedFilesNotification.type, { changes: events });
  }

  /** The diagnostics of a file with this code. */
  found(file: string, code: string): readonly Diagnostic[] {
    return (this.diagnostics.get(file) ?? []).filter((diagnostic) => diagnostic.code === code);
  }

  /** The one diagnostic of a file with this code. */
  only(file: string, code: string): Diagnostic {
    const [diagnostic, ...others] = this.found(file, code);
    const all = JSON.stringify([...this.diagnostics], null, 1);
    assert.ok(diagnostic !== undefined && others.length === 0, `${file} has not one ${code}: ${all}\n${this.log}`);
    return diagnostic;
  }

  async codeActions(file: string, range: Range, only?: readonly string[]): Promise<readonly CodeAction[]> {
    const context = { diagnostics: [], ...(only === undefined ? {} : { only: [...only] }) };
    const params = { textDocument: { uri: this.uri(file) }, range, context };
    const actions = await this.connection.sendRequest(CodeActionRequest.type, params);
    return (actions ?? []).filter((action): action is CodeAction => 'title' in action);
  }

  /** Applies an edit as an editor does: all documents that it changes must be open, those that it creates open empty. */
  async apply({ documentChanges = [], changes = {} }: WorkspaceEdit): Promise<void> {
    for (const change of documentChanges) {
      if ('kind' in change) {
        assert.equal(change.kind, 'create');
        await this.open(this.file(change.uri), '');
      } else {
        const edits = change.edits.filter((edit): edit is TextEdit => 'newText' in edit);
        await this.change(this.file(change.textDocument.uri), fromLastToFirst(edits));
      }
    }
    for (const [uri, edits] of Object.entries(changes)) await this.change(this.file(uri), fromLastToFirst(edits));
  }

  private file(uri: string): string {
    return decodeURIComponent(uri.slice(pathToFileURL(this.root).href.length + 1));
  }

  private document(file: string): TextDocument {
    const document = this.documents.get(file);
    assert.ok(document, `${file} is not open`);
    return document;
  }
}

function fromLastToFirst(edits: readonly TextEdit[]): TextEdit[] {
  return [...edits].sort(
    (a, b) => b.range.start.line - a.range.start.line || b.range.start.character - a.range.start.character,
  );
}
