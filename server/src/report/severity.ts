/** How many findings there are of each severity. */
import { SEVERITIES, type Severity } from '../base/severity.ts';
import { counted } from '../rules/shared/wording.ts';

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
