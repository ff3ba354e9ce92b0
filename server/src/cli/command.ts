/** What a command of the command line is. */
import type { ExitStatus, Io } from './io.ts';
import type { OptionSpec } from './options.ts';
import type { ParsedArgs } from './parse-args.ts';

export interface Command {
  readonly name: string;
  /** What stands behind the name in the help, such as `[path...]`. */
  readonly operands: string;
  /** One line. */
  readonly summary: string;
  /** More lines for the command's own help. */
  readonly details?: string;
  /** Besides the global ones. */
  readonly options: readonly OptionSpec[];
  /** At most this many operands. */
  readonly most: number;
  /** True for arguments with which it only tells what may be kept: it may tell it again while all that it read is the same. */
  readonly remembered?: (args: ParsedArgs) => boolean;
  run(args: ParsedArgs, io: Io): Promise<ExitStatus>;
}
