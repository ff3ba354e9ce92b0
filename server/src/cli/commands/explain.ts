/** `explain`: the page of a rule. */
import { FINDING_IDS } from '../../engine/findings/own-rules.ts';
import type { Command } from '../command.ts';
import { didYouMean } from '../did-you-mean.ts';
import { EXIT, UsageError } from '../io.ts';

export const explainCommand: Command = {
  name: 'explain',
  operands: '<rule>',
  summary: "a rule's page: what it finds, why it matters, how to fix it",
  options: [],
  most: 1,
  run: async ({ positionals: [id] }, io) => {
    if (id === undefined) throw new UsageError('explain needs the id of a rule; ambient-multicluster rules lists them');
    const page = FINDING_IDS.includes(id) ? await io.rulePage(id) : undefined;
    if (page === undefined) throw new UsageError(`no such rule: ${id}${didYouMean(id, FINDING_IDS)}`);
    io.out(page);
    return EXIT.ok;
  },
};
