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

/** What is not written as it should be is no ability. */
export function clientAbilities({ capabilities, initializationOptions }: InitializeParams): ClientAbilities {
  const workspace = isObject(capabilities) ? capabilities.workspace : undefined;
  const operations: unknown = workspace?.workspaceEdit?.resourceOperations;
  const announced = (isObject(initializationOptions) ? initializationOptions : {}) as InitializationOptions;
  return {
    configuration: workspace?.configuration === true,
    configurationRegistration: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    workspaceFolders: workspace?.workspaceFolders === true,
    fileWatching: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    documentChanges: workspace?.workspaceEdit?.documentChanges === true,
    createFiles: Array.isArray(operations) && operations.includes('create'),
    ignoreCommand: announced.ignoreCommand === true,
    topologyChanged: announced.topologyChanged === true,
  };
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
