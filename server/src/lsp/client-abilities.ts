/** What the client says it can do, as far as the server cares. */
import type { InitializeParams } from 'vscode-languageserver';
import type { InitializationOptions } from './protocol.ts';

export interface ClientAbilities {
  /** It can be asked for its settings. */
  readonly configuration: boolean;
  /** It tells of changed settings if it is asked to. */
  readonly configurationRegistration: boolean;
  readonly workspaceFolders: boolean;
  /** It watches files for servers that ask for it. */
  readonly fileWatching: boolean;
  /** Edits with versions; without it, plain changes. */
  readonly documentChanges: boolean;
  readonly createFiles: boolean;
  readonly ignoreCommand: boolean;
  readonly topologyChanged: boolean;
}

export function clientAbilities({ capabilities, initializationOptions }: InitializeParams): ClientAbilities {
  const { workspace } = capabilities;
  const announced = (isObject(initializationOptions) ? initializationOptions : {}) as InitializationOptions;
  return {
    configuration: workspace?.configuration === true,
    configurationRegistration: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    workspaceFolders: workspace?.workspaceFolders === true,
    fileWatching: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    documentChanges: workspace?.workspaceEdit?.documentChanges === true,
    createFiles: workspace?.workspaceEdit?.resourceOperations?.includes('create') === true,
    ignoreCommand: announced.ignoreCommand === true,
    topologyChanged: announced.topologyChanged === true,
  };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
