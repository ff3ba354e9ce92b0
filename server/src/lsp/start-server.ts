/** Starts the language server in Node, on standard input and output. */
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { nodeHost } from '../host/node/node-host.ts';
import { rulePage } from '../host/node/rule-page.ts';
import type { Cache } from '../host/ports.ts';
import { MessageSource } from './message-source.ts';
import { MessageStream } from './message-stream.ts';
import type { Platform } from './platform.ts';
import { serve } from './serve.ts';

export const nodePlatform: Platform = {
  host: nodeHost,
  rootOf: (uri) => {
    try {
      const path = fileURLToPath(uri);
      return path.includes('\0') ? undefined : path;
    } catch {
      return undefined; // another scheme than `file:`
    }
  },
  rulePage,
  nextTurn: () => setImmediate(),
};

/**
 * How much garbage may heap up before V8 collects it, in per cent of what is in use. By itself it allows up to three times as much, which
 * suits a server that has a machine for itself; this one shares it with an editor.
 */
const HEAP_GROWTH = 20;

/**
 * Runs until the client leaves, is no more, or sends what is no message.
 * @param cache undefined where nothing is kept
 */
export function startServer(cache: Cache | undefined): Promise<void> {
  // The limit is read at every collection; Node leaves V8's flags open to changes (`node.cc`, `--no-freeze-flags-after-init`).
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH}`);
  return new Promise((resolve) => {
    const { stdin, stdout } = process;
    const connection = createConnection(
      ProposedFeatures.all,
      new MessageSource(stdin, (why) => {
        process.stderr.write(`what the client sends is no message: ${why}\n`);
        process.exit(1);
      }),
      new MessageStream(stdout),
    );
    connection.onExit(resolve);
    const served = serve(
      connection,
      cache === undefined ? nodePlatform : { ...nodePlatform, host: { ...nodeHost, cache } },
    );
    for (const event of ['end', 'close']) stdin.on(event, () => process.exit(served.isShutDown ? 0 : 1));
  });
}
