/** What the configuration makes of a rule's findings. */
import type { Config } from './config.ts';
import type { ConfiguredSeverity } from './configuration-schema.ts';
import { matcherOf } from './globs.ts';

type Reported = Exclude<ConfiguredSeverity, 'off'>;

/**
 * The severity of a finding in a file; undefined if the rule is off there.
 * @param stated the severity that the rule gives
 * @param file relative to the root of the world
 */
export function severityOf(config: Config, rule: string, stated: Reported, file: string): Reported | undefined {
  const setting = config.rules.get(rule);
  if (setting === undefined) return stated;
  const { severity = stated, exclude } =
    typeof setting === 'string' ? { severity: setting, exclude: undefined } : setting;
  if (severity === 'off' || (exclude !== undefined && matcherOf(exclude)(config.base + file))) return undefined;
  return severity;
}
