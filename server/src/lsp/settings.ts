/** The client's settings: asked for, or pushed by clients that cannot be asked. */
import { DidChangeConfigurationNotification } from 'vscode-languageserver';
import type { Settings } from '../config/config.ts';
import { SETTINGS_SECTION } from './protocol.ts';
import type { DiagnosticMode } from './publisher.ts';
import type { Session } from './session.ts';

export interface ServerSettings {
  /** What the engine reads of them. */
  readonly engine: Settings;
  readonly diagnosticMode: DiagnosticMode;
  /** True if Helm may be started: the user wants it, and the client says that the workspace is trusted. */
  readonly renderCharts: boolean;
}

export const NO_SETTINGS: ServerSettings = { engine: {}, diagnosticMode: 'workspace', renderCharts: false };

/** Settings of any shape; what does not fit counts as not set. */
export function readSettings(value: unknown): ServerSettings {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return NO_SETTINGS;
  const { diagnosticMode, helm, trusted, ...engine } = value as Readonly<Record<string, unknown>>;
  const render = (helm as { readonly render?: unknown } | null | undefined)?.render;
  return {
    engine,
    diagnosticMode: diagnosticMode === 'openFilesOnly' ? 'openFilesOnly' : 'workspace',
    renderCharts: render === true && trusted === true,
  };
}

/** Asks the client for its settings. */
export async function pullSettings({ connection, client, settings, failed }: Session): Promise<ServerSettings> {
  if (!client.configuration) return settings;
  try {
    return readSettings(await connection.workspace.getConfiguration(SETTINGS_SECTION));
  } catch (error) {
    failed('reading the settings', error);
    return settings;
  }
}

/** `workspace/didChangeConfiguration`. */
export function followSettings(session: Session): void {
  const configure = async (settings: unknown): Promise<void> => {
    const pushed = (settings as Readonly<Record<string, unknown>> | null | undefined)?.[SETTINGS_SECTION];
    session.configure(session.client.configuration ? await pullSettings(session) : readSettings(pushed));
  };
  session.connection.onDidChangeConfiguration(({ settings }) =>
    session.handle('following the settings', configure(settings)),
  );
}

/** Asks to be told when the settings change. */
export async function registerSettings({ connection, client }: Session): Promise<void> {
  if (!client.configurationRegistration) return;
  await connection.client.register(DidChangeConfigurationNotification.type, { section: SETTINGS_SECTION });
}
