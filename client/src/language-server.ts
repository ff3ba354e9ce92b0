/** Starts the language server, and starts it again, more and more patiently, when it ends by itself. */
import * as vscode from 'vscode';
import {
  CloseAction,
  type CloseHandlerResult,
  ErrorAction,
  LanguageClient,
  type LanguageClientOptions,
  RevealOutputChannelOn,
} from 'vscode-languageclient/node';
import {
  type InitializationOptions,
  METHODS,
  SETTINGS_SECTION,
  type TopologyChanged,
} from '../../server/src/lsp/protocol.ts';

/** After so many ends within so many minutes it is left alone. */
const MOST_RESTARTS = 5;
const WITHIN_MS = 3 * 60_000;
/** Before the first restart; doubled with each. */
const FIRST_DELAY_MS = 500;

export interface LanguageServer extends vscode.Disposable {
  readonly client: LanguageClient;
  /** Resolves when the server answers, or has failed to. */
  readonly started: Promise<void>;
  /** What the server last said of the topology, and then every change. */
  readonly onTopologyChanged: vscode.Event<TopologyChanged>;
  request<R>(method: string, params?: unknown): Promise<R>;
}

/** @param program the bundled command line, which is the server too */
export function startLanguageServer(program: string, output: vscode.LogOutputChannel): LanguageServer {
  const restarts = new RestartPolicy();
  const announced: InitializationOptions = { ignoreCommand: true, topologyChanged: true };
  const options: LanguageClientOptions = {
    documentSelector: [
      { scheme: 'file', language: 'yaml' },
      { scheme: 'file', pattern: '**/*.{yaml,yml}' },
    ],
    initializationOptions: announced,
    diagnosticCollectionName: 'ambient-multicluster',
    outputChannel: output,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    initializationFailedHandler: () => false,
    errorHandler: {
      error: () => ({ action: ErrorAction.Continue, handled: true }),
      closed: () => restarts.ended(output),
    },
  };
  // VS Code's own Node runs the bundle.
  const command = {
    command: process.execPath,
    args: [program, 'server', '--stdio'],
    options: { env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' } },
  };
  const client = new LanguageClient(SETTINGS_SECTION, 'Ambient Multicluster', command, options);
  const changed = new vscode.EventEmitter<TopologyChanged>();
  const listening = client.onNotification(METHODS.topologyChanged, (change: TopologyChanged) => changed.fire(change));
  const started = client.start().catch((error: unknown) => output.error(`The language server did not start: ${error}`));
  return {
    client,
    started,
    onTopologyChanged: changed.event,
    request: async (method, params) => {
      await started;
      return client.sendRequest(method, params ?? null);
    },
    dispose: () => {
      listening.dispose();
      changed.dispose();
      return client.dispose();
    },
  };
}

/** When to restart a server that ended by itself. */
class RestartPolicy {
  private ends: number[] = [];

  async ended(output: vscode.LogOutputChannel): Promise<CloseHandlerResult> {
    const now = Date.now();
    this.ends = [...this.ends.filter((end) => now - end < WITHIN_MS), now];
    const count = this.ends.length;
    if (count > MOST_RESTARTS) {
      void this.tell();
      return { action: CloseAction.DoNotRestart, handled: true };
    }
    const delay = FIRST_DELAY_MS * 2 ** (count - 1);
    output.warn(`The language server ended; it is started again in ${delay / 1000} s.`);
    await new Promise((resolve) => setTimeout(resolve, delay));
    return { action: CloseAction.Restart, handled: true };
  }

  private async tell(): Promise<void> {
    const restart = 'Restart';
    const show = 'Show Output';
    const chosen = await vscode.window.showErrorMessage(
      'The Ambient Multicluster language server keeps ending and is not started again.',
      restart,
      show,
    );
    this.ends = [];
    if (chosen === restart) await vscode.commands.executeCommand('ambientMulticluster.restartServer');
    if (chosen === show) await vscode.commands.executeCommand('ambientMulticluster.showOutput');
  }
}
