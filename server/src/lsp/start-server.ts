/** Starts the language server in Node, on standard input and output. */
import { readFile, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { nodeHost } from '../host/node/node-host.ts';
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
  /** `docs/rules` of the package, beside the folder that this program was bundled into. */
  rulePage: async (rule) => {
    const program = await realpath(process.argv[1] ?? '');
    return readFile(join(dirname(program), '..', 'docs', 'rules', `${rule}.md`), 'utf8').catch(() => undefined);
  },
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
