/** Commands of the plan that this version does not have. */
import type { Command } from './command.ts';
import { UsageError } from './io.ts';

/** A command that says so, whatever its arguments. */
function unavailable(name: string): Command {
  return {
    name,
    operands: '',
    summary: 'not available in this version',
    options: [],
    most: Number.POSITIVE_INFINITY,
    run: async () => {
      throw new UsageError(`${name} is not available in this version`);
    },
  };
}

export const UNAVAILABLE: readonly Command[] = ['trace', 'diff'].map(unavailable);
