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
import { RestartPolicy } from './restart-policy.ts';

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
      { scheme: 'file', pattern: '**/{*.yaml,*.yml,Kustomization}' },
    ],
    initializationOptions: announced,
    diagnosticCollectionName: 'ambient-multicluster',
    // The server starts no program where the workspace is not trusted.
    middleware: {
      workspace: {
        configuration: async (params, token, next) => {
          const values = await next(params, token);
          return Array.isArray(values) ? values.map((value, i) => withTrust(value, params.items[i]?.section)) : values;
        },
      },
    },
    outputChannel: output,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    initializationFailedHandler: () => false,
    errorHandler: {
      error: () => ({ action: ErrorAction.Continue, handled: true }),
      closed: () => afterEnd(restarts, output),
    },
  };
  // VS Code's own Node runs the bundle.
  const command = {
    command: process.execPath,
    // Asked for whenever it is started.
    get args() {
      return [SMALL_NEW_SPACE, ...memoryLimit(), program, 'server', '--stdio'];
    },
    options: { env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' } },
  };
  const client = new LanguageClient(SETTINGS_SECTION, 'Ambient Multicluster', command, options);
  const changed = new vscode.EventEmitter<TopologyChanged>();
  const listening = client.onNotification(METHODS.topologyChanged, (change: TopologyChanged) => changed.fire(change));
  const trusting = vscode.workspace.onDidGrantWorkspaceTrust(() =>
    client.sendNotification('workspace/didChangeConfiguration', { settings: null }),
  );
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
      trusting.dispose();
      changed.dispose();
      return client.dispose();
    },
  };
}

/** Megabytes for what V8 has just made. What the server holds is old: with V8's own 16 it took 20 to 30 more and answered no sooner. */
const SMALL_NEW_SPACE = '--max-semi-space-size=4';

/** How much V8 may use, if the user says so. */
function memoryLimit(): readonly string[] {
  const megabytes = vscode.workspace.getConfiguration(SETTINGS_SECTION).get<unknown>('server.maxMemory');
  return Number.isInteger(megabytes) ? [`--max-old-space-size=${Math.max(Number(megabytes), 256)}`] : [];
}

/** Our settings, and whether the workspace is trusted. */
function withTrust(value: unknown, section: string | undefined): unknown {
  const isOurs = section === SETTINGS_SECTION && typeof value === 'object' && value !== null;
  return isOurs ? { ...value, trusted: vscode.workspace.isTrusted } : value;
}

/** The server has ended by itself: waits, and says what is to be done. */
async function afterEnd(restarts: RestartPolicy, output: vscode.LogOutputChannel): Promise<CloseHandlerResult> {
  const restart = restarts.ended(Date.now());
  if (restart === undefined) {
    void tellOfEnd(restarts);
    return { action: CloseAction.DoNotRestart, handled: true };
  }
  const { delayMs, tell } = restart;
  output.warn(`The language server ended; it is started again in ${delayMs / 1000} s.`);
  if (tell) void tellOfRestart();
  await new Promise((resolve) => setTimeout(resolve, delayMs));
  return { action: CloseAction.Restart, handled: true };
}

const SHOW = 'Show Output';

async function tellOfRestart(): Promise<void> {
  const chosen = await vscode.window.showWarningMessage(
    'The Ambient Multicluster language server ended unexpectedly. It is started again, now and whenever that happens.',
    SHOW,
  );
  if (chosen === SHOW) await vscode.commands.executeCommand('ambientMulticluster.showOutput');
}

async function tellOfEnd(restarts: RestartPolicy): Promise<void> {
  const restart = 'Restart';
  const chosen = await vscode.window.showErrorMessage(
    'The Ambient Multicluster language server keeps ending and is not started again.',
    restart,
    SHOW,
  );
  restarts.forget();
  if (chosen === restart) await vscode.commands.executeCommand('ambientMulticluster.restartServer');
  if (chosen === SHOW) await vscode.commands.executeCommand('ambientMulticluster.showOutput');
}
