/** `initialize`, `initialized`: who the client is, what we can do, and the start of everything else. */
import {
  CodeActionKind,
  type Connection,
  DidChangeWorkspaceFoldersNotification,
  ErrorCodes,
  type InitializeError,
  type InitializeParams,
  type InitializeResult,
  MessageType,
  ResponseError,
  ShowMessageNotification,
  TextDocumentSyncKind,
} from 'vscode-languageserver';
import { TOOL } from '../report/tool.ts';
import { clientAbilities, isObject } from './client-abilities.ts';
import { FIX_ALL } from './fix-all.ts';
import { indexFolders } from './index-folders.ts';
import type { Platform } from './platform.ts';
import { Session } from './session.ts';
import { pullSettings, registerSettings } from './settings.ts';
import { registerWatchers } from './watched-files.ts';

/** @param begin is given the session, before any other message is handled */
export function answerInitialize(connection: Connection, platform: Platform, begin: (session: Session) => void): void {
  let isBegun = false;
  // Other requests that nobody handles are those of a client which did not begin, or unknown.
  connection.onRequest((method) => {
    const code = isBegun ? ErrorCodes.MethodNotFound : ErrorCodes.ServerNotInitialized;
    return new ResponseError(code, isBegun ? `Unhandled method ${method}` : `${method} before initialize`);
  });
  connection.onInitialize((params) => {
    if (isBegun) return new ResponseError<InitializeError>(ErrorCodes.InvalidRequest, 'initialize once more');
    isBegun = true;
    const session = new Session(connection, platform, clientAbilities(params));
    const folders = foldersOf(params);
    for (const uri of folders) session.addFolder(uri);
    begin(session);
    connection.onInitialized(async () => {
      session.handle('starting', start(session, folders));
      try {
        await Promise.all([registerWatchers(session), registerSettings(session)]);
      } catch (error) {
        session.failed('registering at the client', error);
      }
    });
    const result: InitializeResult = {
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
        // In the configuration file only.
        completionProvider: { triggerCharacters: [' ', '{', '[', '"'] },
        hoverProvider: true,
        documentLinkProvider: {},
        codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.RefactorRewrite, FIX_ALL] },
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      },
      serverInfo: { name: TOOL.name, version: TOOL.version },
    };
    return result;
  });
}

/** The folders that are open, whatever is written of them; none: nothing but a single file is. */
function foldersOf({ workspaceFolders, rootUri }: InitializeParams): readonly string[] {
  if (!Array.isArray(workspaceFolders)) return typeof rootUri === 'string' ? [rootUri] : [];
  return urisOf(workspaceFolders);
}

/** Of folders that the client names; what is no URI is what they have in its place, written out. */
function urisOf(folders: readonly unknown[] | null | undefined): readonly string[] {
  return (folders ?? []).map((folder) => {
    const uri = isObject(folder) && 'uri' in folder ? folder.uri : folder;
    return typeof uri === 'string' ? uri : JSON.stringify(uri);
  });
}

/** One that cannot be read keeps nobody from the others. */
async function tellOfNoFolders({ connection, platform }: Session, uris: readonly string[]): Promise<void> {
  const none: string[] = [];
  for (const uri of uris) {
    const root = platform.rootOf(uri);
    if (root === undefined || (await platform.host.files.kind(root)) !== 'folder') none.push(uri);
  }
  if (none.length === 0) return;
  const message = `Ambient Multicluster reads nothing of these, which are no folders on this machine: ${none.join(', ')}`;
  await connection.sendNotification(ShowMessageNotification.type, { type: MessageType.Warning, message });
}

async function start(session: Session, folders: readonly string[]): Promise<void> {
  const { connection, client } = session;
  // Before anything is waited for: a folder that comes at once must not be missed.
  if (client.workspaceFolders) {
    connection.onNotification(DidChangeWorkspaceFoldersNotification.type, ({ event }) => {
      const added = urisOf(event.added);
      const left = urisOf(event.removed).flatMap((uri) => session.removeFolder(uri));
      const worlds = added.map((uri) => session.addFolder(uri)).filter((world) => world !== undefined);
      session.handle('looking at folders', tellOfNoFolders(session, added));
      const open = [...left, ...worlds].filter((world) => session.worlds.get(world.folder.uri) === world);
      session.handle('reading a folder', indexFolders(session, open));
    });
  }
  await tellOfNoFolders(session, folders);
  session.configure(await pullSettings(session));
  await indexFolders(session, [...session.worlds.values()]);
}
