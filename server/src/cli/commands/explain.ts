/** `explain`: the page of a rule. */
import { OWN_RULES } from '../../engine/own-rules.ts';
import { RULES } from '../../rules/registry.ts';
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
    const ids = RULES.map((rule) => rule.id);
    // They have no page: their messages say all there is.
    const own = OWN_RULES.find((rule) => rule.id === id);
    const page =
      own !== undefined ? `# ${own.id}\n\n${own.summary}\n` : ids.includes(id) ? await io.rulePage(id) : undefined;
    if (page === undefined) throw new UsageError(`no such rule: ${id}${didYouMean(id, ids)}`);
    io.out(page);
    return EXIT.ok;
  },
};
