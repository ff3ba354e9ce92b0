/** `initialize`, `initialized`: who the client is, what we can do, and the start of everything else. */
import {
  CodeActionKind,
  type Connection,
  DidChangeWorkspaceFoldersNotification,
  type InitializeParams,
  type InitializeResult,
  TextDocumentSyncKind,
} from 'vscode-languageserver';
import { TOOL } from '../report/tool.ts';
import { clientAbilities } from './client-abilities.ts';
import { FIX_ALL } from './fix-all.ts';
import { indexFolders } from './index-folders.ts';
import type { Platform } from './platform.ts';
import { Session } from './session.ts';
import { pullSettings, registerSettings } from './settings.ts';
import { registerWatchers } from './watched-files.ts';

/** @param begin is given the session, before any other message is handled */
export function answerInitialize(connection: Connection, platform: Platform, begin: (session: Session) => void): void {
  connection.onInitialize((params): InitializeResult => {
    const session = new Session(connection, platform, clientAbilities(params));
    for (const uri of foldersOf(params)) session.addFolder(uri);
    begin(session);
    connection.onInitialized(async () => {
      session.handle('starting', start(session));
      try {
        await Promise.all([registerWatchers(session), registerSettings(session)]);
      } catch (error) {
        session.failed('registering at the client', error);
      }
    });
    return {
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
  });
}

/** The folders that are open; none: nothing but a single file is. */
function foldersOf({ workspaceFolders, rootUri }: InitializeParams): readonly string[] {
  if (workspaceFolders !== undefined && workspaceFolders !== null) return workspaceFolders.map(({ uri }) => uri);
  return rootUri === null || rootUri === undefined ? [] : [rootUri];
}

async function start(session: Session): Promise<void> {
  const { connection, client } = session;
  // Before anything is waited for: a folder that comes at once must not be missed.
  if (client.workspaceFolders) {
    connection.onNotification(DidChangeWorkspaceFoldersNotification.type, ({ event: { added, removed } }) => {
      const left = removed.flatMap(({ uri }) => session.removeFolder(uri));
      const worlds = added.map(({ uri }) => session.addFolder(uri)).filter((world) => world !== undefined);
      const open = [...left, ...worlds].filter((world) => session.worlds.get(world.folder.uri) === world);
      session.handle('reading a folder', indexFolders(session, open));
    });
  }
  session.configure(await pullSettings(session));
  await indexFolders(session, [...session.worlds.values()]);
}
