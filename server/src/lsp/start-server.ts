/** Starts the language server in Node, on standard input and output. */
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { nodeHost } from '../host/node/node-host.ts';
import { rulePage } from '../host/node/rule-page.ts';
import type { Platform } from './platform.ts';
import { serve } from './serve.ts';

export const nodePlatform: Platform = {
  host: nodeHost,
  rootOf: (uri) => {
    try {
      return fileURLToPath(uri);
    } catch {
      return undefined; // another scheme than `file:`
    }
  },
  rulePage,
  nextTurn: () => setImmediate(),
};

/** Runs until the client leaves. */
export function startServer(): Promise<void> {
  return new Promise((resolve) => {
    const connection = createConnection(ProposedFeatures.all, process.stdin, process.stdout);
    connection.onExit(resolve);
    serve(connection, nodePlatform);
  });
}
