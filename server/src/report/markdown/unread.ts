/** What could not be read, or belongs to no cluster, and why: silence about it promises nothing. */

import type { SkippedFile } from '../../layout/layout.ts';
import { PLACELESSNESS, type PlacelessFile } from '../../layout/placeless-files.ts';
import { skippedByReason } from '../../layout/skip-reasons.ts';
import { counted } from '../../rules/shared/wording.ts';
import type { Documents } from '../../yaml/source.ts';
import { unreadParts } from '../unread-parts.ts';
import { escapeMarkdown, fileLink } from './escape.ts';

/** More files of one reason are folded, and beyond the second number only counted. */
const SHOWN = 10;
const MOST_FOLDED = 500;

export function unreadSection(skipped: readonly SkippedFile[], documents: Documents): string {
  return [
    '## What could not be read, and why',
    'What these files say is taken for unknown, and never for wrong.',
    ...skippedByReason(skipped).map(({ reason, why, files }) => {
      const links = files.map(({ file, parts = [] }) => {
        const unknown = unreadParts(parts, documents).map(escapeMarkdown);
        return unknown.length === 0 ? fileLink(file) : `${fileLink(file)} (not known: ${unknown.join('; ')})`;
      });
      return folded(`**${why}** (\`${reason}\`, ${counted(files.length, 'file')})`, links, 'report --format json');
    }),
  ].join('\n\n');
}

/** What was read, and counts nowhere. */
export function placelessSection(placeless: readonly PlacelessFile[]): string {
  return [
    '## What belongs to no cluster, and why',
    ...Object.entries(PLACELESSNESS).flatMap(([reason, why]) => {
      const links = placeless.flatMap((one) => (one.reason === reason ? fileLink(one.file) : []));
      return links.length === 0
        ? []
        : folded(`**${why}** (${counted(links.length, 'file')})`, links, 'clusters --format json');
    }),
  ].join('\n\n');
}

/** @param command lists all of them */
function folded(head: string, links: readonly string[], command: string): string {
  const more = links.slice(SHOWN, SHOWN + MOST_FOLDED);
  const left = links.length - SHOWN - more.length;
  const shown = `${head}: ${links.slice(0, SHOWN).join(', ')}`;
  if (more.length === 0) return shown;
  const rest = `${more.join(', ')}${left > 0 ? `, … and ${left} more (\`${command}\`)` : ''}`;
  return `${shown}\n\n<details><summary>${links.length - SHOWN} more</summary>\n\n${rest}\n\n</details>`;
}
