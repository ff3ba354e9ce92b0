/** `check --format concise`: one line per finding. */

import { atLeast } from '../base/severity.ts';
import type { Severity } from '../rules/rule.ts';
import { placeText, plain } from './plain-text.ts';
import type { World } from './world.ts';

/** @param least findings below this severity are left out */
export function checkConcise({ findings }: World, least: Severity): string {
  return findings
    .filter(({ severity }) => atLeast(severity, least))
    .map(
      ({ location, severity, rule, message }) =>
        `${placeText(location.file, location.range.start)}: ${severity} ${rule.id}: ${plain(message)}\n`,
    )
    .join('');
}
