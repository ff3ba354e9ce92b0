/** Create Configuration File: opens the file that says what is inferred now, unsaved; an existing one is opened as it is. */
import * as vscode from 'vscode';
import { type InitConfigParams, type InitConfigResult, METHODS } from '../../server/src/lsp/protocol.ts';
import { registerCommand } from './command.ts';
import type { LanguageServer } from './language-server.ts';

export function registerConfigurationCommand(server: LanguageServer): vscode.Disposable {
  return registerCommand(
    'ambientMulticluster.createConfiguration',
    'The configuration file could not be created',
    async () => {
      const active = vscode.window.activeTextEditor?.document.uri;
      const params: InitConfigParams = active === undefined ? {} : { uri: active.toString() };
      const created = await server.request<InitConfigResult | null>(METHODS.initConfig, params);
      if (created === null) throw new Error('no folder is open');
      await openUnlessThere(vscode.Uri.parse(created.uri), created.text);
    },
  );
}

/** Nothing is written until the user saves, and an existing file is never overwritten. */
async function openUnlessThere(uri: vscode.Uri, text: string): Promise<void> {
  const there = await vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
  const document = await vscode.workspace.openTextDocument(there ? uri : uri.with({ scheme: 'untitled' }));
  await vscode.window.showTextDocument(document);
  if (there || document.getText() !== '') return;
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, new vscode.Position(0, 0), text);
  await vscode.workspace.applyEdit(edit);
}
