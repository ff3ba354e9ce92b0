/** The job summary beside `check --format github`: the verdict, and the findings for which GitHub has no annotation left. */

import type { PlacedFinding } from '../../engine/snapshot.ts';
import type { Severity } from '../../rules/rule.ts';
import { counted } from '../../rules/shared/wording.ts';
import { annotatedFindings } from '../github.ts';
import { placeText } from '../plain-text.ts';
import type { ProjectPath } from '../project-path.ts';
import { countWords, totals } from '../severity.ts';
import type { World } from '../world.ts';
import { escapeMarkdown, table } from './escape.ts';

/** GitHub takes 1 MiB for each step; characters of several bytes need room too. */
const MOST_CHARACTERS = 250_000;

/** @param least findings below this severity are left out */
export function jobSummary(world: World, least: Severity, path: ProjectPath): string {
  const { annotated, rest } = annotatedFindings(world, least);
  const words = countWords(totals([...annotated, ...rest]));
  const verdict = `${words.length === 0 ? 'No findings' : words.join(', ')} in ${counted(world.snapshot.files, 'file')}.`;
  const parts = ['## Istio Ambient Multicluster', verdict];
  if (rest.length > 0) {
    const rows = rest.map((finding) => row(finding, path));
    const shown = rowsThatFit(rows);
    parts.push(
      annotated.length === 0 ? '' : `${counted(annotated.length, 'finding')} are annotations; these are the others:`,
      table(['Severity', 'Finding', 'Rule', 'Place'], shown),
    );
    if (shown.length < rows.length) parts.push(`And ${counted(rows.length - shown.length, 'finding')} more.`);
  }
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function row({ severity, message, rule, location }: PlacedFinding, path: ProjectPath): readonly string[] {
  return [severity, message, rule.id, placeText(path(location.file), location.range.start)].map(escapeMarkdown);
}

function rowsThatFit(rows: readonly (readonly string[])[]): readonly (readonly string[])[] {
  let room = MOST_CHARACTERS;
  const first = rows.findIndex((cells) => {
    room -= cells.join('   ').length;
    return room < 0;
  });
  return first < 0 ? rows : rows.slice(0, first);
}
