/** The command `ambient-multicluster`: joins the command line to the process, and to the language server. */
import { text } from 'node:stream/consumers';
import { cacheFolder, nodeCache } from '../host/node/node-cache.ts';
import { nodeHost } from '../host/node/node-host.ts';
import { rulePage } from '../host/node/rule-page.ts';
import { forTerminal, plainStart } from '../report/plain-text.ts';
import { EXIT, type Io, UsageError } from './io.ts';
import { run } from './run.ts';

// A machine that starts afresh for every run has no use for it.
const folder = process.env.CI ? undefined : cacheFolder(process.env);
const cache = folder === undefined ? undefined : nodeCache(folder, process.argv[1] ?? '');

const io: Io = {
  cwd: process.cwd(),
  env: process.env,
  host: cache === undefined ? nodeHost : { ...nodeHost, cache },
  terminal: process.stdout.isTTY === true,
  // Formats for programs hold texts as they are: what only people look at must not reach their terminal so.
  out: (result, painted = false) => process.stdout.write(process.stdout.isTTY ? forTerminal(result, painted) : result),
  err: (line) => process.stderr.write(`${plainStart(line)}\n`),
  readStdin: async () => {
    if (process.stdin.isTTY) throw new UsageError('nothing is piped to standard input');
    return text(process.stdin);
  },
  rulePage,
  serve: async () => (await import('../lsp/start-server.ts')).startServer(cache),
};

// A reader that has seen enough (`| head`) closes the pipe: that is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(process.exitCode);
  io.err(`ambient-multicluster: cannot write to standard output: ${error.message}`);
  process.exit(EXIT.usage);
});
process.stderr.on('error', () => {});

// Not `process.exit`: what is still on its way to a pipe would be lost.
run(process.argv.slice(2), io).then((status) => {
  process.exitCode = status;
});
