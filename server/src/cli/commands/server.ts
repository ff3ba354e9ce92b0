/** `server`: the language server, for any editor. */
import type { Command } from '../command.ts';
import { EXIT, UsageError } from '../io.ts';

export const serverCommand: Command = {
  name: 'server',
  operands: '--stdio',
  summary: 'the language server, for any editor',
  options: [{ name: 'stdio', help: 'speak the Language Server Protocol on standard input and output' }],
  most: 0,
  run: async (args, io) => {
    if (!args.values.has('stdio')) throw new UsageError('server needs --stdio: that is the one way it speaks');
    await io.serve();
    return EXIT.ok;
  },
};
