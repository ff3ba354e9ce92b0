/** The command behind "Ignore ..." actions: asks for the reason, then applies the server's edit. */
import * as vscode from 'vscode';
import type { WorkspaceEdit } from 'vscode-languageclient';
import { IGNORE_COMMAND, type IgnoreParams, METHODS } from '../../server/src/lsp/protocol.ts';
import { registerCommand } from './command.ts';
import type { LanguageServer } from './language-server.ts';

export function registerIgnoreCommand(server: LanguageServer): vscode.Disposable {
  return registerCommand(IGNORE_COMMAND, 'The finding could not be ignored', async (ignored: IgnoreParams) => {
    const reason = await vscode.window.showInputBox({
      title: `Ignore ${ignored.rule}`,
      prompt: 'Why may this stay as it is? Others will read the reason beside the code.',
      validateInput: (text) => (text.trim() === '' ? 'Say why, in a few words.' : undefined),
    });
    if (reason === undefined) return;
    const params: IgnoreParams = { ...ignored, reason: reason.trim() };
    const edit = await server.request<WorkspaceEdit | null>(METHODS.ignoreEdit, params);
    const converted = await server.client.protocol2CodeConverter.asWorkspaceEdit(edit);
    if (converted === undefined) throw new Error('it is no more');
    await vscode.workspace.applyEdit(converted);
  });
}
