/** The formats of `check`: which there are, and how each is made. */
import type { Severity } from '../rules/rule.ts';
import { checkConcise } from './check-concise.ts';
import { checkFields } from './check-json.ts';
import { checkText } from './check-text.ts';
import { checkGithub } from './github.ts';
import { codeQuality } from './gitlab.ts';
import { type Fields, jsonPieces, type Rows } from './json-pieces.ts';
import { checkJunit } from './junit.ts';
import type { Paint } from './paint.ts';
import type { ProjectPath } from './project-path.ts';
import { sarifFields } from './sarif/log.ts';
import type { World } from './world.ts';

export const CHECK_FORMATS = ['text', 'concise', 'json', 'sarif', 'github', 'gitlab', 'junit'] as const;
export type CheckFormat = (typeof CHECK_FORMATS)[number];

export interface CheckStyle {
  /** Findings below this severity are left out; json has all. */
  readonly least: Severity;
  readonly paint: Paint;
  /** Whether the summary line ends the text. */
  readonly summary: boolean;
  /** Milliseconds so far. */
  readonly elapsed: number;
  /** The paths for the services that show findings beside a project's files. */
  readonly path: ProjectPath;
  /** The ids of the rules that ran. */
  readonly rules: readonly string[];
  /** Whether sarif has the suppressed findings too. */
  readonly suppressed: boolean;
  /** Whether what GitHub cannot annotate goes to the job summary. */
  readonly jobSummary: boolean;
}

/** In pieces, of which many are short: thousands of findings make a text that is too long to be kept. */
export function renderCheck(format: CheckFormat, world: World, style: CheckStyle): Iterable<string> {
  const { least, path } = style;
  switch (format) {
    case 'text':
      return [checkText(world, least, style)];
    case 'concise':
      return [checkConcise(world, least)];
    case 'json':
      return json(checkFields(world, style.elapsed));
    case 'sarif':
      return json(sarifFields(world, style));
    case 'github':
      return [checkGithub(world, { least, path, summary: style.jobSummary })];
    case 'gitlab':
      return json(codeQuality(world, least, path));
    case 'junit':
      return [checkJunit(world, style.rules, least, path)];
  }
}

function* json(value: Fields | Rows): Generator<string, void> {
  yield* jsonPieces(value);
  yield '\n';
}
