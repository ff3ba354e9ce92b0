/** The command line: from arguments to an exit status. */

import { TOOL } from '../report/tool.ts';
import { counted } from '../rules/shared/wording.ts';
import type { Command } from './command.ts';
import { checkCommand } from './commands/check.ts';
import { clustersCommand } from './commands/clusters.ts';
import { effectiveCommand } from './commands/effective.ts';
import { explainCommand } from './commands/explain.ts';
import { initCommand } from './commands/init.ts';
import { reportCommand } from './commands/report.ts';
import { rulesCommand } from './commands/rules.ts';
import { serverCommand } from './commands/server.ts';
import { didYouMean } from './did-you-mean.ts';
import { commandHelp, generalHelp } from './help.ts';
import { EXIT, type ExitStatus, type Io, UsageError } from './io.ts';
import { GLOBAL_OPTIONS } from './options.ts';
import { parseArgs } from './parse-args.ts';
import { rememberedRun } from './remembered-run.ts';
import { UNAVAILABLE } from './unavailable.ts';

const COMMANDS: readonly Command[] = [
  checkCommand,
  reportCommand,
  clustersCommand,
  initCommand,
  effectiveCommand,
  explainCommand,
  rulesCommand,
  serverCommand,
];

/** Runs the command line. Whatever goes wrong ends in one line for the user and an exit status, never in a stack trace. */
export async function run(argv: readonly string[], io: Io): Promise<ExitStatus> {
  try {
    return await dispatch(argv, io);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    io.err(`ambient-multicluster: ${error instanceof UsageError ? message : `internal error: ${message}`}`);
    return EXIT.usage;
  }
}

async function dispatch(argv: readonly string[], io: Io): Promise<ExitStatus> {
  const missing = UNAVAILABLE.find(({ name }) => name === argv[0]);
  const named = missing ?? COMMANDS.find(({ name }) => name === argv[0]);
  if (missing !== undefined) return missing.run({ positionals: [], values: new Map() }, io);
  const command = named ?? checkCommand;
  const specs = [...command.options, ...GLOBAL_OPTIONS];
  const args = parseArgs(named === undefined ? argv : argv.slice(1), specs);
  if (args.values.has('help')) {
    io.out(named === undefined ? generalHelp([...COMMANDS]) : commandHelp(command));
    return EXIT.ok;
  }
  if (args.values.has('version')) {
    io.out(`${TOOL.version}\n`);
    return EXIT.ok;
  }
  const [word, ...more] = args.positionals;
  if (named === undefined && word !== undefined && more.length === 0) await checkWord(word, io);
  if (args.positionals.length > command.most) {
    const most = command.most === 0 ? 'no operands' : `at most ${counted(command.most, 'operand')}`;
    throw new UsageError(`${command.name} takes ${most}`);
  }
  if (command.remembered?.(args) !== true || args.values.has('no-cache')) return command.run(args, io);
  return rememberedRun(argv, io, (recorded) => command.run(args, recorded));
}

/** A single word that is neither a command nor a path is most likely a misspelt command. */
async function checkWord(word: string, io: Io): Promise<void> {
  const hint = didYouMean(
    word,
    COMMANDS.map(({ name }) => name),
  );
  if (hint === '' || /[/\\.]/.test(word) || (await io.host.files.kind(`${io.cwd}/${word}`)) !== undefined) return;
  if (COMMANDS.some(({ name }) => name === word)) throw new UsageError(`options stand behind the command: ${word} ...`);
  throw new UsageError(`no such command or path: ${word}${hint}`);
}
