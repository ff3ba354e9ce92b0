/** The commands about the server itself: reindex, restart, show its output. */
import * as vscode from 'vscode';
import { METHODS } from '../../server/src/lsp/protocol.ts';
import { registerCommand } from './command.ts';
import type { LanguageServer } from './language-server.ts';

export function registerServerCommands(server: LanguageServer, output: vscode.OutputChannel): vscode.Disposable {
  return vscode.Disposable.from(
    registerCommand('ambientMulticluster.reindex', 'The workspace could not be read', () =>
      server.request(METHODS.reindex),
    ),
    registerCommand('ambientMulticluster.restartServer', 'The language server could not be restarted', () =>
      server.client.restart(),
    ),
    registerCommand('ambientMulticluster.showOutput', 'The output cannot be shown', () => output.show()),
  );
}
