/** `check --format github`: workflow commands, which GitHub shows as annotations of the changed lines. */

import { atLeast, SEVERITIES } from '../base/severity.ts';
import type { PlacedFinding } from '../engine/snapshot.ts';
import type { Severity } from '../rules/rule.ts';
import { placeText, plain } from './plain-text.ts';
import type { ProjectPath } from './project-path.ts';
import type { World } from './world.ts';

type Kind = 'error' | 'warning' | 'notice';

/** GitHub drops what a step says beyond so many annotations of a kind. */
const MOST_OF_A_KIND = 10;

const KINDS: Readonly<Record<Severity, Kind>> = { error: 'error', warning: 'warning', info: 'notice', hint: 'notice' };

/** The findings as GitHub can take them, the gravest first. */
export interface Annotated {
  readonly annotated: readonly PlacedFinding[];
  /** Those that GitHub would drop. */
  readonly rest: readonly PlacedFinding[];
}

/** @param least findings below this severity are left out */
export function annotatedFindings({ findings }: World, least: Severity): Annotated {
  const counts: Record<Kind, number> = { error: 0, warning: 0, notice: 0 };
  const annotated: PlacedFinding[] = [];
  const rest: PlacedFinding[] = [];
  for (const severity of SEVERITIES.filter((one) => atLeast(one, least))) {
    for (const finding of findings.filter((one) => one.severity === severity)) {
      const fits = counts[KINDS[severity]]++ < MOST_OF_A_KIND;
      (fits ? annotated : rest).push(finding);
    }
  }
  return { annotated, rest };
}

export interface GithubOptions {
  readonly least: Severity;
  readonly path: ProjectPath;
  /** Whether the rest goes to the job summary; else the log has it. */
  readonly summary: boolean;
}

export function checkGithub(world: World, { least, path, summary }: GithubOptions): string {
  const { annotated, rest } = annotatedFindings(world, least);
  const logged = summary ? [] : rest.map((finding) => logLine(finding, path));
  const lines = [...annotated.map((finding) => annotation(finding, path)), ...logged];
  return lines.map((line) => `${line}\n`).join('');
}

function annotation({ severity, rule, message, location, related }: PlacedFinding, path: ProjectPath): string {
  const { start, end } = location.range;
  const oneLine = start.line === end.line;
  const properties = {
    file: plain(path(location.file)),
    line: start.line + 1,
    endLine: end.line + 1,
    // GitHub takes columns only where there is one line.
    ...(oneLine ? { col: start.character + 1, endColumn: end.character + 1 } : {}),
    title: rule.id,
  };
  const told = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
  const sides = related.map(
    ({ location: place, message: text }) => `${placeText(path(place.file), place.range.start)}: ${plain(text)}`,
  );
  return `::${KINDS[severity]} ${told.join(',')}::${escapeData([plain(message), ...sides].join('\n'))}`;
}

/** It starts with a severity, so that no file can make a command of it. */
function logLine({ severity, rule, message, location }: PlacedFinding, path: ProjectPath): string {
  return `${severity}: ${placeText(path(location.file), location.range.start)}: ${plain(message)} [${rule.id}]`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
