/** Severities as SARIF's levels. It has three of them, so that a rank tells a hint from a remark. */
import type { Severity } from '../../rules/rule.ts';

export interface Level {
  readonly level: 'error' | 'warning' | 'note';
  /** From 0 to 100 (SARIF 2.1.0, 3.27.25). */
  readonly rank: number;
}

export const LEVELS: Readonly<Record<Severity, Level>> = {
  error: { level: 'error', rank: 90 },
  warning: { level: 'warning', rank: 60 },
  info: { level: 'note', rank: 30 },
  hint: { level: 'note', rank: 10 },
};
