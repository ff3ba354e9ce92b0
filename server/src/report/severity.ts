/** Severities in order, and how many findings there are of each. */
import type { Severity } from '../rules/rule.ts';
import { counted } from '../rules/wording.ts';

/** From the gravest to the least. */
export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info', 'hint'];

/** True if `severity` is as grave as `threshold` or graver. */
export function atLeast(severity: Severity, threshold: Severity): boolean {
  return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(threshold);
}

export type Totals = Readonly<Record<Severity, number>>;

export function totals(findings: Iterable<{ readonly severity: Severity }>): Totals {
  const counts = { error: 0, warning: 0, info: 0, hint: 0 };
  for (const { severity } of findings) counts[severity]++;
  return counts;
}

const PLURALS: Readonly<Record<Severity, readonly [one: string, many: string]>> = {
  error: ['error', 'errors'],
  warning: ['warning', 'warnings'],
  info: ['remark', 'remarks'],
  hint: ['hint', 'hints'],
};

/** Such as `['2 errors', '1 warning']`; severities without a finding are left out. */
export function countWords(counts: Totals): readonly string[] {
  return SEVERITIES.filter((severity) => counts[severity] > 0).map((severity) =>
    counted(counts[severity], ...PLURALS[severity]),
  );
}
