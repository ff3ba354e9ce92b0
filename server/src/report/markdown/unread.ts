/** What could not be read, and why: silence about it promises nothing. */

import type { SkippedFile } from '../../layout/layout.ts';
import { skippedByReason } from '../../layout/skip-reasons.ts';
import { counted } from '../../rules/wording.ts';
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
      const folded = links.slice(SHOWN, SHOWN + MOST_FOLDED);
      const left = links.length - SHOWN - folded.length;
      const shown = `**${why}** (\`${reason}\`, ${counted(files.length, 'file')}): ${links.slice(0, SHOWN).join(', ')}`;
      if (folded.length === 0) return shown;
      const rest = `${folded.join(', ')}${left > 0 ? `, … and ${left} more (\`report --format json\`)` : ''}`;
      return `${shown}\n\n<details><summary>${links.length - SHOWN} more</summary>\n\n${rest}\n\n</details>`;
    }),
  ].join('\n\n');
}
