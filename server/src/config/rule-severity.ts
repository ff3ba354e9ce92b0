/** What the configuration makes of a rule's findings. */
import { type Configs, configOf } from './config.ts';
import { asConfigured } from './config-area.ts';
import type { ConfiguredSeverity } from './configuration-schema.ts';
import { matcherOf } from './globs.ts';

type Reported = Exclude<ConfiguredSeverity, 'off'>;

/** A rule as far as its severity is concerned. */
export interface Severable {
  readonly id: string;
  /** Off unless the configuration gives it a severity. */
  readonly offByDefault?: true;
}

/**
 * The severity of a finding in a file; undefined if the rule is off there.
 * @param stated the severity that the rule gives
 * @param file relative to the root of the world
 */
export function severityOf(
  configs: Configs,
  { id, offByDefault }: Severable,
  stated: Reported,
  file: string,
): Reported | undefined {
  const { rules, area } = configOf(configs, file);
  const setting = rules.get(id);
  const unset = offByDefault === true ? 'off' : stated;
  if (setting === undefined) return unset === 'off' ? undefined : unset;
  const { severity = unset, exclude } =
    typeof setting === 'string' ? { severity: setting, exclude: undefined } : setting;
  if (severity === 'off' || (exclude !== undefined && excludes(exclude, asConfigured(area, file)))) return undefined;
  return severity;
}

function excludes(exclude: readonly string[], path: string | undefined): boolean {
  return path !== undefined && matcherOf(exclude)(path);
}

/** True if the configuration says how grave the findings of a rule are that stand in a file. */
export function isWeighed(configs: Configs, id: string, file: string): boolean {
  const setting = configOf(configs, file).rules.get(id);
  return typeof setting === 'string' || setting?.severity !== undefined;
}
