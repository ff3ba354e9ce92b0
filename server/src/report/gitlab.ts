/** `check --format gitlab`: a Code Quality report, which GitLab shows beside the changes of a merge request. */

import { atLeast } from '../base/severity.ts';
import type { PlacedFinding } from '../engine/snapshot.ts';
import type { Severity } from '../rules/rule.ts';
import { mapped, Rows } from './json-pieces.ts';
import { plain } from './plain-text.ts';
import type { ProjectPath } from './project-path.ts';
import type { World } from './world.ts';

/** https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format */
export interface CodeQualityIssue {
  readonly description: string;
  readonly check_name: string;
  /** GitLab tells by it which findings are new, and takes only one of each. */
  readonly fingerprint: string;
  readonly severity: 'critical' | 'major' | 'minor' | 'info';
  readonly location: {
    /** Relative to the project, without `./`. */
    readonly path: string;
    readonly lines: { readonly begin: number; readonly end: number };
  };
}

const SEVERITIES: Readonly<Record<Severity, CodeQualityIssue['severity']>> = {
  error: 'critical',
  warning: 'major',
  info: 'minor',
  hint: 'info',
};

/** @param least findings below this severity are left out */
export function codeQuality({ findings }: World, least: Severity, path: ProjectPath): Rows {
  const uses = new Map<string, number>();
  const shown = findings.filter(({ severity }) => atLeast(severity, least));
  const issue = ({ id, rule, severity, message, location: { file, range } }: PlacedFinding): CodeQualityIssue => {
    const before = uses.get(id) ?? 0;
    uses.set(id, before + 1);
    return {
      description: plain(message),
      check_name: rule.id,
      fingerprint: before === 0 ? id : `${id}-${before + 1}`,
      severity: SEVERITIES[severity],
      location: { path: path(file), lines: { begin: range.start.line + 1, end: range.end.line + 1 } },
    };
  };
  return new Rows(mapped(shown, issue));
}
