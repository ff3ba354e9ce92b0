/** Starts the language server in Node, on standard input and output. */
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createConnection, ProposedFeatures, StreamMessageReader } from 'vscode-languageserver/node';
import { nodeHost } from '../host/node/node-host.ts';
import { rulePage } from '../host/node/rule-page.ts';
import { MessageStream } from './message-stream.ts';
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

/** Runs until the client leaves, or is no more. */
export function startServer(): Promise<void> {
  return new Promise((resolve) => {
    const { stdin, stdout } = process;
    const connection = createConnection(
      ProposedFeatures.all,
      new StreamMessageReader(stdin),
      new MessageStream(stdout),
    );
    let isShutDown = false;
    connection.onShutdown(() => {
      isShutDown = true;
    });
    connection.onExit(resolve);
    for (const event of ['end', 'close']) stdin.on(event, () => process.exit(isShutDown ? 0 : 1));
    serve(connection, nodePlatform);
  });
}
