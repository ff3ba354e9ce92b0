/** The extension: starts the language server and shows what it is sent; decides nothing. */
import * as vscode from 'vscode';
import { registerConfigurationCommand } from './create-configuration.ts';
import { registerExplainCommand } from './explain-rule.ts';
import { registerIgnoreCommand } from './ignore.ts';
import { startLanguageServer } from './language-server.ts';
import { registerServerCommands } from './server-commands.ts';
import { showStatus } from './status.ts';
import { registerReport } from './topology-report.ts';
import { showTopology } from './topology-view.ts';
import { registerWhyCluster } from './why-cluster.ts';

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const output = vscode.window.createOutputChannel('Ambient Multicluster', { log: true });
  const server = startLanguageServer(context.asAbsolutePath('dist/cli.cjs'), output);
  context.subscriptions.push(
    output,
    server,
    registerServerCommands(server, output),
    registerReport(server),
    registerExplainCommand(server),
    registerConfigurationCommand(server),
    registerIgnoreCommand(server),
    registerWhyCluster(server),
    showTopology(server),
    showStatus(server),
  );
  await server.started;
}
