/** The command `ambient-multicluster`: joins the command line to the process, and to the language server. */
import { readFile, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { nodeHost } from '../host/node/node-host.ts';
import { type Io, UsageError } from './io.ts';
import { run } from './run.ts';

/** `docs/rules` of the package, beside the folder that this program was bundled into. */
async function rulePage(rule: string): Promise<string | undefined> {
  const program = await realpath(process.argv[1] ?? '');
  return readFile(join(dirname(program), '..', 'docs', 'rules', `${rule}.md`), 'utf8').catch(() => undefined);
}

const io: Io = {
  cwd: process.cwd(),
  env: process.env,
  host: nodeHost,
  terminal: process.stdout.isTTY === true,
  out: (result) => process.stdout.write(result),
  err: (line) => process.stderr.write(`${line}\n`),
  readStdin: async () => {
    if (process.stdin.isTTY) throw new UsageError('nothing is piped to standard input');
    return text(process.stdin);
  },
  rulePage,
  serve: async () => (await import('../lsp/start-server.ts')).startServer(),
};

// A reader that has seen enough (`| head`) closes the pipe: that is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? process.exitCode : 2);
});
process.stderr.on('error', () => {});

// Not `process.exit`: what is still on its way to a pipe would be lost.
run(process.argv.slice(2), io).then((status) => {
  process.exitCode = status;
});
