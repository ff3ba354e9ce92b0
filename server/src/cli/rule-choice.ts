/** `--only` and `--skip`: which rules' findings count. */
import { FINDING_IDS, OWN_RULES } from '../engine/findings/own-rules.ts';
import { type RuleChoice, takesRule } from '../report/world.ts';
import { didYouMean } from './did-you-mean.ts';
import { UsageError } from './io.ts';
import type { ParsedArgs } from './parse-args.ts';

/** @throws UsageError for a rule that does not exist, and where none is left */
export function ruleChoice(args: ParsedArgs): RuleChoice {
  const choice: RuleChoice = { only: ruleIds(args, 'only'), skip: ruleIds(args, 'skip') };
  if (chosenRules(choice).length === 0) throw new UsageError('--only and --skip leave no rule');
  return choice;
}

/**
 * Whether findings of a rule stand for those that follow from them: only if they are told, as with rules that are off. Where only the
 * ids outside the catalogue are chosen all do, since what these say of suppressions is about all rules.
 */
export function standsForOthers(choice: RuleChoice): (rule: string) => boolean {
  const isAboutAll = choice.only.length > 0 && choice.only.every((id) => OWN_RULES.some((own) => own.id === id));
  return isAboutAll ? () => true : (rule) => takesRule(choice, rule);
}

/** The ids of all rules that a choice leaves, in order. */
export function chosenRules(choice: RuleChoice): readonly string[] {
  return FINDING_IDS.filter((id) => takesRule(choice, id)).sort();
}

function ruleIds(args: ParsedArgs, option: string): readonly string[] {
  const ids = (args.values.get(option) ?? []).flatMap((text) => text.split(',')).map((id) => id.trim());
  for (const id of ids) {
    if (!FINDING_IDS.includes(id))
      throw new UsageError(`--${option} ${id}: no such rule${didYouMean(id, FINDING_IDS)}`);
  }
  return ids;
}
